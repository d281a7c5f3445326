"""Example runs: each in a world of its own."""

from __future__ import annotations

from contextlib import suppress
from datetime import datetime
from pathlib import Path

import pytest
import yaml

from cogov.cases import Case, CaseFailed, CaseRun, CasesFile, read_cases
from cogov.cases.world import World
from engine.commands.library import Library
from engine.store.database import Database

ROOT = Path(__file__).resolve().parents[2]
#: (roster, moment) → a prepared database and the definitions read for it
_BEGINNINGS: dict[tuple[str, datetime], tuple[bytes, Library]] = {}
FILES = [read_cases(path) for path in sorted((ROOT / "processes").rglob("cases.yaml"))]


def run_case(case: Case, database: Database, folder: Path) -> CaseRun:
    """Run a case in a world of its own; raises CaseFailed."""
    run = CaseRun(_world(case, database, folder), case)
    run.run()
    return run


def _world(case: Case, database: Database, folder: Path) -> World:
    """Roster and procedures are written once for all cases that begin at the same moment with the same people; in memory or in a
    file, a case begins with a copy of that."""
    key = (case.roster, case.clock)
    if key not in _BEGINNINGS:
        _BEGINNINGS[key] = _beginning(case, folder)
    snapshot, library = _BEGINNINGS[key]
    if not database.in_memory:
        Path(str(database.url.database)).write_bytes(snapshot)
    world = World(database, case.clock, folder, answers=case.services, library=library)
    if database.in_memory:
        database.restore(snapshot)
    world.put_settings(case.settings, case.area)
    return world


def _beginning(case: Case, folder: Path) -> tuple[bytes, Library]:
    roster = yaml.safe_load((ROOT / "tests/rosters" / f"{case.roster}.yaml").read_text("utf8"))
    database = Database("sqlite://")
    world = World(database, case.clock, folder)
    database.create_all()  # all tables are declared once the application is wired
    world.prepare(roster, area=case.area)
    snapshot = database.snapshot()
    database.dispose()
    return snapshot, world.app.engine.runtime.library


class Coverage:
    """Sequence flows taken so far, by process; runs what was not run in this session."""

    def __init__(self, folder: Path) -> None:
        self._folder, self._done = folder, set[tuple[str, str]]()
        self.flows: dict[str, set[str]] = {}

    def add(self, file: CasesFile, case: Case, run: CaseRun) -> None:
        self._done.add((str(file.path), case.name))
        for process, flows in run.flows().items():
            self.flows.setdefault(process, set()).update(flows)

    def complete(self) -> None:
        for file in FILES:
            for case in file.cases:
                if (str(file.path), case.name) in self._done:
                    continue
                with suppress(CaseFailed):  # its own test tells
                    self.add(file, case, run_case(case, Database("sqlite://"), self._folder))


@pytest.fixture(scope="session")
def coverage(tmp_path_factory: pytest.TempPathFactory) -> Coverage:
    return Coverage(tmp_path_factory.mktemp("files"))
