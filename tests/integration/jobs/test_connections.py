"""The job engine's own connections on SQLite wait for the disk as the application's do: its commits hold everybody else up."""

from __future__ import annotations

import threading
from datetime import UTC, datetime
from pathlib import Path

import pytest
import sqlalchemy as sa
from dbos._dbos import _get_dbos_instance

from engine.clock import SystemClock
from engine.jobs.connections import options_for
from engine.jobs.dbos import DbosJobs, migrate_jobs
from engine.store.database import Database
from engine.store.tables import job_executor

NORMAL, FULL = 1, 2


@pytest.mark.parametrize(("named", "expected"), [("NORMAL", NORMAL), ("FULL", FULL)])
def test_the_job_engine_waits_for_the_disk_as_the_application_does(tmp_path: Path, named: str, expected: int) -> None:
    database = Database(f"sqlite:///{tmp_path / 'cogov.sqlite'}", synchronous=named)
    database.create_all()
    migrate_jobs(database)
    jobs = DbosJobs(database, SystemClock())
    jobs.launch()
    try:
        with _get_dbos_instance()._sys_db.engine.connect() as connection:
            assert connection.exec_driver_sql("PRAGMA synchronous").scalar() == expected
    finally:
        jobs.shutdown()
        database.dispose()


def test_a_transaction_of_the_job_engine_takes_its_turn_with_those_of_the_application(tmp_path: Path) -> None:
    """Else whoever waits for the file sleeps although nobody writes any more."""
    database = Database(f"sqlite:///{tmp_path / 'cogov.sqlite'}", busy_timeout=0.1)
    database.create_all()
    engine = sa.create_engine(database.url, **options_for(database))
    tried: list[bool] = []

    def somebody_else() -> bool:
        thread = threading.Thread(target=lambda: tried.append(database.take_turn() and database.end_turn() is None))
        thread.start()
        thread.join()
        return tried[-1]

    for end in ("commit", "rollback"):
        with engine.connect() as connection:
            connection.exec_driver_sql("SELECT count(*) FROM job_executor").scalar()
            assert somebody_else()
            connection.execute(sa.insert(job_executor), {"id": end, "beat_at": datetime.now(UTC)})
            assert not somebody_else()
            getattr(connection, end)()
            assert somebody_else()
    with pytest.raises(sa.exc.IntegrityError), engine.connect() as connection:
        connection.execute(sa.insert(job_executor), [{"id": "one", "beat_at": datetime.now(UTC)}] * 2)
    assert somebody_else()
    with database.read() as connection:
        assert connection.execute(sa.select(job_executor.c.id)).scalars().all() == ["commit"]
    engine.dispose()
    database.dispose()
