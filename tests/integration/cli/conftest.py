"""An installation that the commands find by the environment."""

from __future__ import annotations

from pathlib import Path

import pytest

from cogov.bootstrap import application
from cogov.settings import Settings
from engine.jobs.dbos import migrate_jobs
from engine.store.database import Database
from governance.application import Application


@pytest.fixture
def installed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Application:
    """Of its own, with nothing deployed; nothing works on its jobs."""
    monkeypatch.setenv("COGOV_DATA", str(tmp_path))
    url = f"sqlite:///{tmp_path / 'cogov.sqlite'}"
    monkeypatch.setenv("COGOV_DATABASE_URL", url)
    monkeypatch.chdir(tmp_path)
    database = Database(url)
    database.create_all()
    migrate_jobs(database)
    database.dispose()
    return application(Settings.load())
