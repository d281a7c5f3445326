"""The application: the engine with everything that makes it co-governance, wired once. Knows no web framework."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from zoneinfo import ZoneInfo

from argon2 import PasswordHasher

from engine.clock import Clock
from engine.commands.library import Library
from engine.definitions.model import Label
from engine.engine import Engine
from engine.files.filestore import FileStore
from engine.jobs.retry import RetryPolicy
from engine.ports import Jobs
from engine.services import Services
from engine.store.database import Database
from governance import schema, wiring  # noqa: F401  declares every table
from governance import services as bundled
from governance.accounts.accounts import Accounts
from governance.accounts.sign_in import SignIn
from governance.calendars.calendars import Calendars
from governance.deadlines.deadlines import Deadlines
from governance.directory import store as places
from governance.directory.directory import Directory
from governance.directory.may import Permissions
from governance.dispatch.dispatching import Dispatching
from governance.documents.documents import Documents
from governance.meetings.work import Meetings
from governance.notices.notices import Notices
from governance.opinions.opinions import Opinions
from governance.papers.papers import Papers
from governance.papers.printing import Printing
from governance.papers.sealing import Seals
from governance.publicity.publicity import Publicity
from governance.registers.boards import Boards
from governance.registers.reaction import Registers
from governance.retention.retention import Retention
from governance.scoring.scoring import Scoring
from governance.settings.settings import Settings
from governance.signing.signing import Signing


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
    retention: Retention
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
    retry: RetryPolicy | None = None,
) -> Application:
    """Wire an application on an open database. `files` is the folder of uploads; `setting_files` declare more settings
    (processes/*/*.settings.yaml), `import_files` what workbooks it takes in; `services` are those a model may call, by default the
    bundled ones. Call `jobs.launch()` to let jobs run. `library`, `retry`: see Engine."""
    ground = wiring.make_ground(zone, jobs, setting_files)

    def engine_of() -> Engine:
        return engine

    tools = wiring.make_tools(ground, files, engine_of)
    store = FileStore(files, clock)
    registers, boards = wiring.make_registers(ground, tools, database, engine_of)
    services = services or Services(*bundled.handlers())
    retention = Retention(ground.settings, store, tools.papers.contents, clock, ground.zone)
    engine = wiring.make_engine(
        ground, tools, registers, database, clock=clock, store=store, services=services, library=library, retention=retention, retry=retry
    )
    seals = Seals(files.parent / "keys")
    printing = Printing(database, clock, tools.papers.contents, seals, ground.settings)
    wiring.connect(ground, tools, registers, engine, printing)
    accounts = Accounts(ground.settings, hasher=hasher)
    return Application(
        database=database, clock=clock, zone=ground.zone, engine=engine, jobs=jobs, directory=ground.directory,
        permissions=Permissions(ground.directory), settings=ground.settings, calendars=ground.calendars, deadlines=ground.deadlines,
        notices=ground.notices, registers=registers, boards=boards, publicity=tools.publicity, documents=tools.documents,
        signing=tools.signing, scoring=tools.scoring, meetings=tools.meetings, opinions=tools.opinions, papers=tools.papers,
        printing=printing, seals=seals, dispatch=tools.dispatch, accounts=accounts,
        sign_in=SignIn(database, clock, accounts, ground.directory), files=store, retention=retention,
        services=services, import_files=tuple(import_files),
    )  # fmt: skip
