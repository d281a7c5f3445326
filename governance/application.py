"""The application: the engine with everything that makes it co-governance, wired once. Knows no web framework."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from argon2 import PasswordHasher

from engine.clock import Clock
from engine.commands.library import Library
from engine.definitions.model import Label
from engine.engine import Engine
from engine.errors import NotFound
from engine.files.filestore import FileStore
from engine.ports import Jobs
from engine.services import Services
from engine.store import definitions, work
from engine.store.database import Database
from governance import schema  # noqa: F401  declares every table
from governance import services as bundled
from governance.accounts.accounts import Accounts
from governance.accounts.sign_in import SignIn
from governance.calendars.calendars import Calendars
from governance.deadlines.deadlines import JOB as DEADLINE_JOB
from governance.deadlines.deadlines import Deadlines, Work
from governance.directory import store as places
from governance.directory.directory import Directory
from governance.directory.may import Permissions
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
from governance.papers.sealing import Seals
from governance.papers.template_check import check_templates
from governance.publicity.publicity import Publicity
from governance.registers import store as rows
from governance.registers.boards import Boards
from governance.registers.declarations import Declarations
from governance.registers.reaction import Registers
from governance.scoring.scoring import Scoring
from governance.settings import declared
from governance.settings.settings import Settings
from governance.signing.signing import Signing

REARM_JOB = "rearm"


@dataclass(frozen=True, slots=True, kw_only=True)
class Application:
    """What use cases work with. Made by `build`."""

    database: Database
    clock: Clock
    zone: ZoneInfo
    engine: Engine
    jobs: Jobs
    directory: Directory
    permissions: Permissions
    settings: Settings
    calendars: Calendars
    deadlines: Deadlines
    notices: Notices
    registers: Registers
    boards: Boards
    publicity: Publicity
    documents: Documents
    signing: Signing
    scoring: Scoring
    meetings: Meetings
    opinions: Opinions
    papers: Papers
    printing: Printing
    seals: Seals
    dispatch: Dispatching
    accounts: Accounts
    sign_in: SignIn
    files: FileStore
    services: Services
    #: layouts of workbooks (processes/*/*.import.yaml)
    import_files: tuple[Path, ...] = ()

    @property
    def place(self) -> Label:
        """Name of the installation: its topmost area."""
        with self.database.read() as connection:
            tops = [p for p in places.all_areas(connection, self.clock.now()) if p.parent is None]
        return tops[0].name if tops else Label("共治", "Cogov")


def build(
    database: Database,
    *,
    clock: Clock,
    jobs: Jobs,
    files: Path,
    zone: str = "Asia/Shanghai",
    setting_files: Iterable[Path] = (),
    import_files: Iterable[Path] = (),
    services: Services | None = None,
    hasher: PasswordHasher | None = None,
    library: Library | None = None,
) -> Application:
    """Wire an application on an open database. `files` is the folder of uploads; `setting_files` declare more settings
    (processes/*/*.settings.yaml), `import_files` what workbooks it takes in; `services` are those a model may call, by default the
    bundled ones. Call `jobs.launch()` to let jobs run. `library`: see Engine."""
    settings = Settings({**declared.bundled(), **declared.from_files(setting_files)})
    settings.follow(declared.of_deployed)
    directory = Directory(settings)
    calendars = Calendars(zone=zone)
    settings.use_tree(directory.area_path)
    calendars.use_tree(directory.area_path)
    notices = Notices(directory, jobs=jobs)
    deadlines = Deadlines(calendars, settings, jobs, notices, directory)
    documents = Documents(names=_names_by(directory), zone=ZoneInfo(zone))
    signing = Signing(documents=documents, directory=directory)
    scoring = Scoring(settings=settings, people=directory)
    publicity = Publicity(calendars=calendars)
    meetings = Meetings(directory=directory, calendars=calendars, settings=settings, notices=notices, jobs=jobs)
    opinions = Opinions(settings=settings, calendars=calendars, directory=directory, notices=notices, jobs=jobs)
    papers = Papers(
        directory=directory,
        settings=settings,
        contents=Contents(files / "papers"),
        jobs=jobs,
        zone=ZoneInfo(zone),
        # the engine is made below, with the papers among its resources
        definitions_of=lambda connection, instance: engine.queries.definitions_of(connection, instance),  # noqa: PLW0108
    )
    seals = Seals(files.parent / "keys")
    printing = Printing(database, clock, papers.contents, seals, settings)
    routing = Routing(settings=settings, directory=directory)
    dispatch = Dispatching(routing)
    store = FileStore(files, clock)
    declarations = Declarations(lambda: _register_files(database, engine), stamp=lambda connection: _stamp(database, connection))
    registers = Registers(
        declarations,
        zone=ZoneInfo(zone),
        area_code=places.area_code,
        nearest_due=lambda connection, instance: _nearest_due(deadlines, connection, instance, clock.now()),
    )
    boards = Boards(
        declarations,
        names=_names_by(directory),
        codes=lambda: _code_labels(engine),
        panels={
            "documents": lambda connection, instance, _at: documents.of_instance(connection, instance),
            "signing": lambda connection, instance, _at: signing.of_instance(connection, instance),
            "publicity": publicity.of_instance,
            "scores": lambda connection, instance, _at: scoring.of_instance(connection, instance),
        },
        zone=ZoneInfo(zone),
    )
    services = services or Services(*bundled.handlers())
    engine = Engine(
        database,
        clock=clock,
        jobs=jobs,
        services=services,
        directory=directory,
        deadlines=deadlines,
        functions=GovernanceFunctions(calendars, deadlines, settings),
        people=directory,
        files=store,
        reactions=(registers, VacancyAlert(directory, notices, settings), EnteredNotice(directory, notices)),
        zone=zone,
        checks=(check_templates,),
        library=library,
        resources={
            "settings": settings,
            "directory": directory,
            "calendars": calendars,
            "deadlines": deadlines,
            "notices": notices,
            "registers": registers,
            "publicity": publicity,
            "documents": documents,
            "signing": signing,
            "scoring": scoring,
            "meetings": meetings,
            "opinions": opinions,
            "papers": papers,
            "dispatch": dispatch,
            "files": store,
        },
    )
    routing.connect(lambda connection, table, inputs: _decided(engine, connection, table, inputs))
    deadlines.connect(
        work_of=_work_of,
        # after the commit: the deadline may have moved inside a command that runs on the same instance
        rearm=lambda connection, instance: jobs.enqueue(connection, REARM_JOB, {"instance": instance}),
    )
    jobs.register(REARM_JOB, lambda payload: _follow(engine, registers, payload["instance"]))
    jobs.register(DEADLINE_JOB, deadlines.alarm_handler(database.write, clock))
    jobs.register(PRINT_JOB, lambda payload: printing.job(payload["issue"]))
    jobs.register("notice", notices.delivery_handler(database.write))
    accounts = Accounts(settings, hasher=hasher)
    return Application(
        database=database, clock=clock, zone=ZoneInfo(zone), engine=engine, jobs=jobs, directory=directory,
        permissions=Permissions(directory), settings=settings, calendars=calendars, deadlines=deadlines, notices=notices,
        registers=registers, boards=boards, publicity=publicity, documents=documents, signing=signing, scoring=scoring, meetings=meetings,
        opinions=opinions, papers=papers, printing=printing, seals=seals, dispatch=dispatch, accounts=accounts,
        sign_in=SignIn(database, clock, accounts, directory), files=store, services=services, import_files=tuple(import_files),
    )  # fmt: skip


def _names_by(directory: Directory) -> Names:
    """Chinese names for the frozen texts, which are written in Chinese."""

    def names(connection: Any, ids: Iterable[str], at: datetime) -> dict[str, str]:
        wanted = list(ids)
        found = {key: label.zh for key, label in directory.names(connection, wanted).items()}
        return found | {key: place.name.zh for key, place in directory.places(connection, wanted, at).items()}

    return names


def _decided(engine: Engine, connection: Any, table: str, inputs: Mapping[str, Any]) -> Any:
    """The value of a deployed decision table; None when it is not deployed."""
    try:
        return engine.runtime.library.current(connection).decide(table, inputs, lambda *_: None)
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
        return definitions.current_digest(connection)
    with database.read() as own:
        return definitions.current_digest(own)


def _nearest_due(deadlines: Deadlines, connection: Any, instance: str, now: datetime) -> datetime | None:
    running = [due.at for _element, _code, due in deadlines.of_instance(connection, instance, now) if due.state in ("running", "paused")]
    return min(running, default=None)


def _work_of(connection: Any, token: str) -> Work:
    found = work.tasks_of_tokens(connection, [token])
    if not found:
        return Work()
    task = found[0]
    holders = [f"person:{task.assignee}"] if task.assignee else list(task.selectors)
    title = "" if rows.is_of_a_party(connection, task.instance) else task.title or ""
    return Work(selectors=holders, name=Label(task.name_zh, task.name_en), title=title, link=f"/tasks/{task.id}")
