"""What a command of the command line enqueues is for the workers."""

from __future__ import annotations

from pathlib import Path

import pytest
from click.testing import CliRunner

from cogov import migrations
from cogov.cli import main
from engine.clock import SystemClock
from engine.jobs.dbos import DbosJobs
from engine.store.database import Database
from tests.integration.engine.models import end, model, start, timer, user


def test_timers_of_a_procedure_that_is_deployed_by_hand_are_left_to_the_workers(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    url = f"sqlite:///{tmp_path / 'cogov.sqlite'}"
    monkeypatch.setenv("COGOV_DATA", str(tmp_path))
    monkeypatch.setenv("COGOV_DATABASE_URL", url)
    migrations.upgrade(url)
    for path, content in model("daily", start(inner=timer("timeCycle", "R/PT24H")) + user("look") + end(), "begin look\nlook done").items():
        (tmp_path / "package" / path).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / "package" / path).write_bytes(content)
    done = CliRunner().invoke(main, ["deploy", str(tmp_path / "package")])
    assert done.exit_code == 0, done.output
    database = Database(url)
    assert DbosJobs(database, SystemClock()).figures().later == 1
    database.dispose()
