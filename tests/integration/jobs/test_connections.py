"""The job engine's own connections on SQLite wait for the disk as the application's do: its commits hold everybody else up."""

from __future__ import annotations

from pathlib import Path

import pytest
from dbos._dbos import _get_dbos_instance

from engine.clock import SystemClock
from engine.jobs.dbos import DbosJobs, migrate_jobs
from engine.store.database import Database

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
