"""Example runs: each in a world of its own."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

import pytest

from cogov.cases import Case, CaseFailed, CaseRun, CasesFile, read_cases
from cogov.cases.world import World
from engine.definitions.package import load_folder
from engine.store.database import Database
from tests.beginnings import begin

ROOT = Path(__file__).resolve().parents[2]
FILES = [read_cases(path) for path in sorted((ROOT / "processes").rglob("cases.yaml"))]

PACKAGE = load_folder(ROOT)


def run_case(case: Case, database: Database, folder: Path) -> CaseRun:
    """Run a case in a world of its own; raises CaseFailed."""
    run = CaseRun(_world(case, database, folder), case)
    run.run()
    return run


def _world(case: Case, database: Database, folder: Path) -> World:
    roster = (ROOT / "tests/rosters" / f"{case.roster}.yaml").read_text("utf8")
    world = begin(database, roster, case.clock, folder, area=case.area, answers=case.services)
    world.put_settings(case.settings, case.area)
    return world


class Coverage:
    """Sequence flows taken so far, by process; runs what was not run in this session."""

    def __init__(self, folder: Path) -> None:
        self._folder, self._done = folder, set[tuple[str, str]]()
        self.flows: dict[str, set[str]] = {}

    def add(self, file: CasesFile, case: Case, run: CaseRun) -> None:
        self._done.add((str(file.path), case.name))
        for process, flows in run.flows().items():
            self.flows.setdefault(process, set()).update(flows)

    def complete(self, process: str, enough: Callable[[set[str]], bool]) -> None:
        """Run cases until `enough` of the flows of the process are taken: its own first, then those of its callers, and theirs; the
        others last, since a message reaches a procedure from anywhere."""
        near = nearness(process)
        for file in sorted(FILES, key=lambda f: near.get(f.process, len(near))):
            for case in file.cases:
                if enough(self.flows.get(process, set())):
                    return
                if (str(file.path), case.name) in self._done:
                    continue
                self._done.add((str(file.path), case.name))
                with suppress(CaseFailed):  # its own test tells
                    self.add(file, case, run_case(case, Database("sqlite://"), self._folder))


def nearness(process: str) -> dict[str, int]:
    """How many calls away a procedure is that calls this one: itself 0, its callers 1, their callers 2 …"""
    found, edge = {process: 0}, {process}
    while edge:
        callers = {
            key for key, model in PACKAGE.processes.items() for node in model.nodes.values() if node.called and node.called.process in edge
        }
        edge = callers - set(found)
        found.update(dict.fromkeys(edge, max(found.values()) + 1))
    return found


@pytest.fixture(scope="session")
def coverage(tmp_path_factory: pytest.TempPathFactory) -> Coverage:
    return Coverage(tmp_path_factory.mktemp("files"))
