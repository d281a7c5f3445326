"""Trial runs of the designer are played with the example runs' own machinery, on a world that reaches nothing outside itself."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import asdict
from datetime import datetime
from pathlib import Path
from typing import Any

from cogov.cases.files import Case, cases_of
from cogov.cases.run import CaseFailed, CaseRun
from cogov.cases.world import World
from cogov.settings import ROOT
from engine.commands.library import Library
from engine.forms.rules import RuleRegistry
from engine.store.database import Database

#: people of the bundled example runs, and of the demo
_ROSTERS = ROOT / "tests/rosters"
_DEMO = ROOT / "cogov/demo/roster.yaml"


_log = logging.getLogger(__name__)


class TrialRun:
    """A case run whose document may come from a browser: what cannot be read fails its step."""

    def __init__(self, world: World, case: Case) -> None:
        self._run = CaseRun(world, case)

    @property
    def instances(self) -> list[str]:
        return self._run.instances

    def begin(self) -> None:
        self._readable(self._run.case.start, self._run.begin)

    def perform(self, step: Mapping[str, Any]) -> None:
        self._readable(step, lambda: self._run.perform(step))

    def end(self, expected: Mapping[str, Any]) -> None:
        self._readable(expected, lambda: self._run.end(expected))

    def flows(self) -> dict[str, set[str]]:
        return self._run.flows()

    def _readable(self, step: object, work: Callable[[], None]) -> None:
        try:
            work()
        except (KeyError, ValueError, TypeError, AttributeError) as unreadable:
            _log.warning("a step of a trial could not be read: %s", step, exc_info=True)
            raise CaseFailed(self._run.case, step, f"{type(unreadable).__name__}: {unreadable}") from unreadable


class Stage:
    """Implements governance.designer.stage.Stage. One for the process: definitions that trials read are kept by content."""

    def __init__(self, zone: str, rules: RuleRegistry) -> None:
        self._zone = zone
        self._library = Library(rules)

    def rosters(self) -> Mapping[str, Path]:
        return {"demo": _DEMO, **{path.stem: path for path in sorted(_ROSTERS.glob("*.yaml"))}}

    def default_roster(self) -> Path:
        return _DEMO

    def world(self, database: Database, at: datetime, folder: Path, *, services: Mapping[str, Any], watch: Callable[[], None]) -> World:
        return World(database, at, folder, answers=services, zone=self._zone, closed=True, library=self._library, watch=watch)

    def run(self, world: World, document: Mapping[str, Any], process: str) -> TrialRun:
        (case,) = cases_of({"process": process, "clock": world.clock.now(), "roster": "", "cases": [{"name": "", **document}]})
        return TrialRun(world, case)

    def cases(self, data: Mapping[str, Any]) -> Sequence[Mapping[str, Any]]:
        found: Iterable[Case] = cases_of(data)
        return [asdict(case) for case in found]
