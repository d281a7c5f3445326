"""An installation with one toy procedure deployed, and nothing else."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest

from engine.actor import SYSTEM
from engine.clock import MovableClock
from engine.jobs.memory import MemoryJobs
from engine.store.database import Database
from governance.application import Application, build
from governance.designer.templates import new_procedure

NOW = datetime(2026, 3, 2, 1, tzinfo=UTC)
TOY = new_procedure("toy", "玩具", "Toy", role=("community_worker", "社工", "Community worker"))
BPMN, FORM = "processes/toy/toy.bpmn", "forms/toy/handle.form.json"


def application(database: Database, folder: Path) -> Application:
    clock = MovableClock(NOW)
    app = build(database, clock=clock, jobs=MemoryJobs(clock), files=folder / "files")
    database.create_all()
    app.engine.deploy(TOY, actor=SYSTEM)
    return app


@pytest.fixture
def app(empty_database: Database, tmp_path: Path) -> Application:
    """On SQLite in memory and on PostgreSQL."""
    return application(empty_database, tmp_path)


@pytest.fixture
def shared_app(database: Database, tmp_path: Path) -> Application:
    """On SQLite in a file and on PostgreSQL: several may work at once."""
    return application(database, tmp_path)
