"""A world for one run: an application in memory (or on a given database) with a movable clock, a roster and the bundled procedures."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime
from pathlib import Path
from typing import Any

from argon2 import PasswordHasher

from cogov.bootstrap import bundled_files, extra_services, import_files, setting_files
from engine.actor import SYSTEM
from engine.clock import MovableClock
from engine.commands.library import Library
from engine.errors import ServiceRefused
from engine.jobs.memory import MemoryJobs
from engine.services import Services, service
from engine.store.database import Database
from governance import services as bundled
from governance.application import Application, build
from governance.directory.roster import load_roster

#: accounts of example runs are not guarded: cheap hashes
_CHEAP = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1)


class World:
    """The application of a run and the means to move its time."""

    def __init__(
        self,
        database: Database,
        at: datetime,
        files: Path,
        *,
        answers: Mapping[str, Any] | None = None,
        zone: str = "Asia/Shanghai",
        closed: bool = False,
        library: Library | None = None,
        watch: Callable[[], None] | None = None,
    ) -> None:
        """`closed`: services that reach outside the database are not called (a model that needs one is refused unless `answers` has
        an answer for it). `library`: definitions read already. `watch` is called before every job."""
        self.clock = MovableClock(at)
        self.jobs = MemoryJobs(self.clock, before=watch)
        self.app: Application = build(
            database,
            clock=self.clock,
            jobs=self.jobs,
            files=files,
            zone=zone,
            setting_files=setting_files(),
            import_files=import_files(),
            services=_services(answers or {}, closed=closed),
            hasher=_CHEAP,
            library=library,
        )

    def prepare(
        self, roster: Mapping[str, Any], *, settings: Mapping[str, Any] | None = None, area: str | None = None,
        files: Mapping[str, bytes] | None = None,
    ) -> None:  # fmt: skip
        """Calendar, roster, settings of the run, procedures: the bundled ones, or `files`."""
        app = self.app
        with app.database.write() as connection:
            app.calendars.seed(connection, self.clock.now())
            load_roster(connection, roster, at=self.clock.now(), settings=app.settings, calendars=app.calendars, zone=app.zone.key)
        self.put_settings(settings or {}, area)
        app.engine.deploy(bundled_files() if files is None else files, actor=SYSTEM)

    def put_settings(self, settings: Mapping[str, Any], area: str | None = None) -> None:
        """Values for this run."""
        with self.app.database.write() as connection:
            for key, value in settings.items():
                self.app.settings.put(connection, key, value, self.clock.now(), source="case", area=area)


def _services(answers: Mapping[str, Any], *, closed: bool) -> Services:
    """The bundled services, some of them answering what the case says."""
    handlers = [*bundled.handlers(), *extra_services()]
    kept = [h for h in handlers if h.__service__.name not in answers]
    if closed:
        kept = [h if h.__service__.inline else _refusing(h.__service__.name) for h in kept]
    return Services(*kept, *(_answering(name, answer) for name, answer in answers.items()))


def _refusing(name: str) -> Any:
    @service(name)
    def refused(_call: Any, **_inputs: Any) -> Any:
        """Reaches outside: not called here."""
        raise ServiceRefused(
            f"试运行不调用外部服务 {name}，请在 services 里写上它的回答 / a trial does not call {name}: give its answer under services",
            service=name,
        )

    return refused


def _answering(name: str, answer: Any) -> Any:
    @service(name)
    def answered(_call: Any, **_inputs: Any) -> Any:
        """Answers what the case says."""
        return answer

    return answered
