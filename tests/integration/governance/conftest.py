"""One PostgreSQL database for the whole run, emptied between tests: creating one per test would take longer than the tests."""

from __future__ import annotations

import uuid
from collections.abc import Iterator

import psycopg
import pytest
import sqlalchemy as sa

from engine.store.database import Database
from engine.store.metadata import metadata


@pytest.fixture(scope="session")
def shared_postgres(postgres_server: str) -> Iterator[Database]:
    name = f"cogov_{uuid.uuid4().hex[:12]}"
    with psycopg.connect(postgres_server, autocommit=True) as admin:
        admin.execute(f"CREATE DATABASE {name}")
    made = Database(sa.make_url(postgres_server).set(database=name).render_as_string(hide_password=False))
    made.create_all()
    yield made
    made.dispose()
    with psycopg.connect(postgres_server, autocommit=True) as admin:
        admin.execute(f"DROP DATABASE {name} WITH (FORCE)")


@pytest.fixture(params=["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)])
def empty_database(request: pytest.FixtureRequest) -> Iterator[Database]:
    """A database without rows, on SQLite in memory and on PostgreSQL."""
    if request.param == "postgres":
        shared: Database = request.getfixturevalue("shared_postgres")
        with shared.write() as connection:
            for table in reversed(metadata.sorted_tables):  # DELETE is far quicker here than TRUNCATE, which makes new files
                connection.execute(table.delete())
        yield shared
        return
    made = Database("sqlite://")
    made.create_all()
    yield made
    made.dispose()
