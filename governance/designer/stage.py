"""Where a trial is played: what the composition root gives (example runs live there), and databases prepared for it."""

from __future__ import annotations

import threading
import time
from collections import OrderedDict
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from pathlib import Path
from typing import Any, Protocol

from engine.actor import SYSTEM
from engine.clock import MovableClock
from engine.errors import AlreadyCompleted, CogovError, Conflict, FormInvalid, InstanceEnded, NotExpected, NotFound, NotOffered
from engine.jobs.memory import MemoryJobs
from engine.store.database import Database
from governance.application import Application
from governance.designer import store
from governance.designer.checking import content_of
from governance.directory import store as directory
from governance.directory.roster import load_roster, read_roster

#: a trial answers within this many seconds, or says that it takes too long [A]
MOST_SECONDS = 20.0
#: steps of one trial [A]
MOST_STEPS = 200
#: the roster of a case that was tried with the installation's own people
INSTALLATION = "installation"
_KEPT = 6


class TooLong(Conflict):
    """The trial takes too long."""

    code = "too_long"


class Budget:
    """Stops a trial that does not end: `spend` is called before every job and step."""

    def __init__(self, seconds: float = MOST_SECONDS) -> None:
        self._seconds, self._begun = seconds, time.monotonic()

    def spend(self) -> None:
        """Raises TooLong."""
        if time.monotonic() - self._begun > self._seconds:
            raise TooLong(
                f"试运行超过 {self._seconds:g} 秒，已停止；请检查循环，或把等待分成几步 / "
                f"the trial took more than {self._seconds:g} seconds and was stopped; look for a loop, or wait in smaller steps",
                seconds=self._seconds,
            )


class World(Protocol):
    """An application in memory with a clock that is moved."""

    app: Application
    clock: MovableClock
    jobs: MemoryJobs


class Run(Protocol):
    """One run of a case document, step by step."""

    @property
    def instances(self) -> list[str]:
        """Instances it began, in order."""

    def begin(self) -> None:
        """The start. Raises an AssertionError whose cause is what was refused."""

    def perform(self, step: Mapping[str, Any]) -> None:
        """One step; raises like `begin`."""

    def end(self, expected: Mapping[str, Any]) -> None:
        """What must have come about at the end; raises like `begin`."""

    def flows(self) -> dict[str, set[str]]:
        """Process → sequence flows taken."""


class Stage(Protocol):
    """Made by the composition root."""

    def rosters(self) -> Mapping[str, Path]:
        """People that example runs name: roster name → file."""

    def default_roster(self) -> Path:
        """People for an installation that has none yet."""

    def world(self, database: Database, at: datetime, folder: Path, *, services: Mapping[str, Any], watch: Callable[[], None]) -> World:
        """An application on that database that calls nothing outside it; `services` answer instead of handlers of that name."""

    def run(self, world: Any, document: Mapping[str, Any], process: str) -> Run:
        """In a world that this stage made: a run of a case (docs/reference/cases.md) of `process`."""

    def cases(self, data: Mapping[str, Any]) -> Sequence[Mapping[str, Any]]:
        """The runs of a parsed cases.yaml, each with what its head gives: name, process, clock, roster, area, start, steps, ends, settings,
        services."""


class Prepared:
    """Databases with people and procedures in them, by content; a trial begins with a copy."""

    def __init__(self, stage: Stage) -> None:
        self._stage = stage
        self._lock = threading.Lock()
        self._kept: OrderedDict[tuple[str, ...], bytes] = OrderedDict()

    def database(self, app: Application, files: Mapping[str, bytes], at: datetime, roster: str | None, folder: Path) -> Database:
        """A database in memory for one trial. `roster`: a roster's name; None: a copy of the installation's own directory without
        phones and accounts. Raises DeployRefused, NotFound (no such roster)."""
        roster = None if roster == INSTALLATION else roster
        with app.database.read() as connection:
            people = roster or f"here:{store.directory_stamp(connection)}"
        key = (content_of(files), people, at.isoformat())
        with self._lock:
            known = self._kept.get(key)
            if known is not None:
                self._kept.move_to_end(key)
        if known is None:
            known = self._prepare(app, files, at, roster, folder)
            with self._lock:
                self._kept[key] = known
                while len(self._kept) > _KEPT:
                    self._kept.popitem(last=False)
        database = Database("sqlite://")
        database.restore(known)
        return database

    def _prepare(self, app: Application, files: Mapping[str, bytes], at: datetime, roster: str | None, folder: Path) -> bytes:
        database = Database("sqlite://")
        try:
            database.create_all()
            world = self._stage.world(database, at, folder, services={}, watch=lambda: None)
            with database.write() as connection:
                self._people(app, world.app, connection, at, roster)
                world.app.calendars.seed(connection, at)
            world.app.engine.deploy(files, actor=SYSTEM)
            return database.snapshot()
        finally:
            database.dispose()

    def _people(self, app: Application, there: Application, connection: Any, at: datetime, roster: str | None) -> None:
        if roster is None:
            with app.database.read() as here:
                if not directory.is_empty(here):
                    store.copy_directory(here, connection)
                    return
        path = self._stage.default_roster() if roster is None else self._stage.rosters().get(roster)
        if path is None:
            raise NotFound(f"没有名册 {roster} / there is no roster {roster}", roster=roster)
        load_roster(connection, read_roster(path), at=at, settings=there.settings, calendars=there.calendars, zone=there.zone.key)


def cause_of(failed: AssertionError, language: str) -> dict[str, Any]:
    """What went wrong in a step, for the reader: code, message, details, and errors with pointers into the form."""
    cause = failed.__cause__
    if not isinstance(cause, CogovError):
        text = str(cause or failed)
        words = f"this step did not go as written: {text}" if language == "en" else f"这一步没有照写的那样进行：{text}"
        return {"code": "not_as_written", "message": words, "details": {}, "errors": []}
    zh, en = next((texts for kind, texts in _SENTENCES if type(cause) is kind), ("", ""))
    if not zh:
        zh, _slash, en = cause.message.partition(" / ")
    facts = {name: value for name, value in cause.details.items() if name != "errors"}
    return {
        "code": cause.code, "message": (en or zh) if language == "en" else zh, "details": facts, "errors": cause.details.get("errors", []),
    }  # fmt: skip


_SENTENCES: tuple[tuple[type[CogovError], tuple[str, str]], ...] = (
    (FormInvalid, ("表单有需要修改的地方", "the form has values that must be changed")),
    (NotOffered, ("这件任务没有分派给此人", "this is not offered to this person")),
    (NotExpected, ("现在没有等待这一步", "nothing waits for this now")),
    (InstanceEnded, ("事项已经结束", "the case has ended")),
    (AlreadyCompleted, ("这件任务已经办过了", "this task is completed already")),
)
