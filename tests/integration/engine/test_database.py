"""Connections: what a block of reading sees inside a block of writing, and that it needs no second connection."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
import sqlalchemy as sa

from engine.store.database import Database
from engine.store.tables import resource


def _count(database: Database) -> int:
    with database.read() as connection:
        return int(connection.execute(sa.select(sa.func.count()).select_from(resource)).scalar_one())


def test_inside_a_write_one_reads_what_it_has_written_and_others_what_is_committed(database: Database) -> None:
    with database.write() as connection:
        connection.execute(resource.insert().values(digest="x", content=b"x"))
        assert _count(database) == 1
        with ThreadPoolExecutor(1) as other:
            assert other.submit(_count, database).result() == 0
    assert _count(database) == 1


def test_a_write_inside_a_write_gives_the_outer_one_back(database_url: str) -> None:
    database = Database(database_url)
    with database.write() as outer:
        with database.read() as first:
            assert first is outer
        if not database.is_sqlite:  # which has one writer at a time
            with database.write() as inner, database.read() as second:
                assert second is inner
        with database.read() as third:
            assert third is outer
    with database.read() as after:
        assert after is not outer
    database.dispose()


@pytest.mark.postgres
def test_as_many_writers_as_the_pool_is_large_may_read_too(postgres_url: str) -> None:
    database = Database(postgres_url, pool_size=2)
    barrier = Barrier(4)

    def work(_: int) -> int:
        with database.write():
            barrier.wait()
            with database.read() as connection:
                return int(connection.execute(sa.text("SELECT 1")).scalar_one())

    with ThreadPoolExecutor(4) as pool:
        assert list(pool.map(work, range(4))) == [1] * 4
    database.dispose()
