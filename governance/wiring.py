"""The steps in which an application is wired: ground, tools, registers, engine, and what joins them. Each knows only those before."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from engine.clock import Clock
from engine.commands import removal
from engine.commands.library import Library
from engine.definitions.model import Label
from engine.engine import Engine
from engine.errors import NotFound
from engine.feel import Environment
from engine.files.filestore import FileStore
from engine.jobs.retry import RetryPolicy
from engine.ports import Jobs
from engine.services import Services
from engine.store import definitions, work
from engine.store.database import Database
from governance.calendars.calendars import Calendars
from governance.deadlines.deadlines import Deadlines
from governance.deadlines.ladder import Work
from governance.deadlines.records import JOB as DEADLINE_JOB
from governance.directory import store as places
from governance.directory.directory import Directory
from governance.dispatch.dispatching import Dispatching
from governance.dispatch.routing import Routing
from governance.documents.documents import Documents, Names
from governance.functions import GovernanceFunctions
from governance.meetings.work import Meetings
from governance.notices.entered import EnteredNotice
from governance.notices.notices import Notices
from governance.notices.vacancy import VacancyAlert
from governance.opinions.opinions import Opinions
from governance.papers.contents import Contents
from governance.papers.papers import PRINT_JOB, Papers
from governance.papers.printing import Printing
from governance.papers.template_check import check_templates
from governance.publicity.publicity import Publicity
from governance.reference import store as reference
from governance.registers import store as rows
from governance.registers.boards import Boards
from governance.registers.declarations import Declarations
from governance.registers.reaction import Registers
from governance.retention.retention import Retention
from governance.scoring.scoring import Scoring
from governance.settings import declared
from governance.settings.settings import Settings
from governance.signing.signing import Signing

REARM_JOB = "rearm"
#: the engine is made after those who ask it
EngineOf = Callable[[], Engine]


@dataclass(frozen=True, slots=True, kw_only=True)
class Ground:
    """What everything else stands on: settings, people, time, and telling people."""

    zone: ZoneInfo
    jobs: Jobs
    settings: Settings
    directory: Directory
    calendars: Calendars
    notices: Notices
    deadlines: Deadlines


@dataclass(frozen=True, slots=True, kw_only=True)
class Tools:
    """What models call as services."""

    documents: Documents
    signing: Signing
    scoring: Scoring
    publicity: Publicity
    meetings: Meetings
    opinions: Opinions
    papers: Papers
    routing: Routing
    dispatch: Dispatching


def make_ground(zone: str, jobs: Jobs, setting_files: Iterable[Path]) -> Ground:
    """Settings and calendars are looked up along the tree of areas."""
    settings = Settings({**declared.bundled(), **declared.from_files(setting_files)})
    settings.follow(declared.of_deployed)
    directory = Directory(settings)
    calendars = Calendars(zone=zone)
    settings.use_tree(directory.area_path)
    calendars.use_tree(directory.area_path)
    notices = Notices(directory, jobs=jobs)
    deadlines = Deadlines(calendars, settings, jobs, notices, directory)
    return Ground(
        zone=ZoneInfo(zone), jobs=jobs, settings=settings, directory=directory, calendars=calendars, notices=notices, deadlines=deadlines
    )


def make_tools(ground: Ground, files: Path, engine_of: EngineOf) -> Tools:
    """`files`: folder of uploads and papers."""
    settings, directory, calendars, notices, jobs = ground.settings, ground.directory, ground.calendars, ground.notices, ground.jobs
    documents = Documents(names=names_by(directory), zone=ground.zone)
    routing = Routing(settings=settings, directory=directory)
    papers = Papers(
        directory=directory, settings=settings, contents=Contents(files / "papers"), jobs=jobs, zone=ground.zone,
        # asked when it is called: the engine is made later
        definitions_of=lambda connection, instance: engine_of().queries.definitions_of(connection, instance),  # noqa: PLW0108
    )  # fmt: skip
    return Tools(
        documents=documents, signing=Signing(documents=documents, directory=directory),
        scoring=Scoring(settings=settings, people=directory), publicity=Publicity(calendars=calendars), papers=papers,
        routing=routing, dispatch=Dispatching(routing),
        meetings=Meetings(directory=directory, calendars=calendars, settings=settings, notices=notices, jobs=jobs),
        opinions=Opinions(settings=settings, calendars=calendars, directory=directory, notices=notices, jobs=jobs),
    )  # fmt: skip


def make_registers(ground: Ground, tools: Tools, database: Database, engine_of: EngineOf) -> tuple[Registers, Boards]:
    """The rows of registers, and their pages."""
    declarations = Declarations(lambda: _register_files(database, engine_of()), stamp=lambda connection: _stamp(database, connection))
    registers = Registers(
        declarations, zone=ground.zone, area_code=places.area_code,
        nearest_due=ground.deadlines.nearest_due,
    )  # fmt: skip
    boards = Boards(
        declarations,
        names=names_by(ground.directory),
        codes=lambda: _code_labels(engine_of()),
        panels={
            "documents": lambda connection, instance, _at: tools.documents.of_instance(connection, instance),
            "signing": lambda connection, instance, _at: tools.signing.of_instance(connection, instance),
            "publicity": tools.publicity.of_instance,
            "scores": lambda connection, instance, _at: tools.scoring.of_instance(connection, instance),
        },
        zone=ground.zone,
    )
    return registers, boards


def make_engine(
    ground: Ground, tools: Tools, registers: Registers, database: Database, *, clock: Clock, store: FileStore, services: Services,
    library: Library | None, retention: Retention, retry: RetryPolicy | None,
) -> Engine:  # fmt: skip
    """Registers, vacancy alerts and notices of entries are its reactions; what services need of us are its resources; a case that is
    removed goes only when its keeping time is over, and with everything kept of it here."""
    notices = ground.notices
    alerts = VacancyAlert(ground.directory, notices, ground.settings), EnteredNotice(ground.directory, notices)
    engine = Engine(
        database,
        clock=clock,
        jobs=ground.jobs,
        services=services,
        directory=ground.directory,
        deadlines=ground.deadlines,
        functions=GovernanceFunctions(ground.calendars, ground.deadlines, ground.settings),
        people=ground.directory,
        files=store,
        reactions=(registers, *alerts),
        zone=ground.zone.key,
        checks=(check_templates,),
        library=library,
        removals=(retention.forget,),
        along=(reference.STAMP,),
        retry=retry,
        resources={
            "settings": ground.settings,
            "directory": ground.directory,
            "calendars": ground.calendars,
            "deadlines": ground.deadlines,
            "notices": ground.notices,
            "registers": registers,
            "publicity": tools.publicity,
            "documents": tools.documents,
            "signing": tools.signing,
            "scoring": tools.scoring,
            "meetings": tools.meetings,
            "opinions": tools.opinions,
            "papers": tools.papers,
            "dispatch": tools.dispatch,
            "files": store,
        },
    )
    engine.acts[removal.REMOVE] = retention.remove_item
    return engine


def connect(ground: Ground, tools: Tools, registers: Registers, engine: Engine, printing: Printing) -> None:
    """What needs the engine gets it, and every job its handler."""
    jobs, database, clock = ground.jobs, engine.database, engine.runtime.clock
    tools.routing.connect(lambda connection, table, inputs: _decided(engine, connection, table, inputs))
    ground.deadlines.connect(
        work_of=_work_of,
        # after the commit: the deadline may have moved inside a command that runs on the same instance
        rearm=lambda connection, instance: jobs.enqueue(connection, REARM_JOB, {"instance": instance}),
    )
    jobs.register(REARM_JOB, lambda payload: _follow(engine, registers, payload["instance"]))
    jobs.register(DEADLINE_JOB, ground.deadlines.alarm_handler(database.write, clock))
    jobs.register(PRINT_JOB, lambda payload: printing.job(payload["issue"]))
    jobs.register("notice", ground.notices.delivery_handler(database.write))


def names_by(directory: Directory) -> Names:
    """Chinese names for the frozen texts, which are written in Chinese."""

    def names(connection: Any, ids: Iterable[str], at: datetime) -> dict[str, str]:
        wanted = list(ids)
        found = {key: label.zh for key, label in directory.names(connection, wanted).items()}
        return found | {key: place.name.zh for key, place in directory.places(connection, wanted, at).items()}

    return names


def _decided(engine: Engine, connection: Any, table: str, inputs: Mapping[str, Any]) -> Any:
    """The value of a deployed decision table; None when it is not deployed."""
    runtime = engine.runtime
    now = runtime.clock.now()
    try:
        bound = runtime.library.current(connection)
        bound.environment = lambda: Environment(now=now, zone=runtime.zone, functions=runtime.functions.bind(connection, None, now))
        return bound.decide(table, inputs).value
    except NotFound:
        return None


def _follow(engine: Engine, registers: Registers, instance: str) -> None:
    """A deadline moved: timers, task rows and register rows follow."""
    engine.rearm(instance)
    with engine.database.write() as connection:
        registers.refresh_due(connection, instance)


def _code_labels(engine: Engine) -> dict[str, dict[str, Label]]:
    """Code list → code → name, for columns of kind code."""
    return {name: {c["code"]: Label(c["zh"], c["en"]) for c in entries} for name, entries in engine.queries.codes().items()}


def _register_files(database: Database, engine: Engine) -> list[tuple[str, bytes]]:
    with database.read() as connection:
        current = engine.runtime.library.current(connection)
        return [(f"{key}.register.yaml", current.text("register", key)) for key in current.keys("register")]


def _stamp(database: Database, connection: Any) -> str | None:
    """Changes with every deployment."""
    if connection is not None:
        return definitions.known_digest(connection)
    with database.read() as own:
        return definitions.current_digest(own)


def _work_of(connection: Any, token: str) -> Work:
    found = work.tasks_of_tokens(connection, [token])
    if not found:
        return Work()
    task = found[0]
    holders = [f"person:{task.assignee}"] if task.assignee else list(task.selectors)
    title = "" if rows.is_of_a_party(connection, task.instance) else task.title or ""
    return Work(selectors=holders, name=Label(task.name_zh, task.name_en), title=title, link=f"/tasks/{task.id}")
