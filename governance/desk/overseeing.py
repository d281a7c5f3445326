"""What administrators look through across cases: cases by number, suspended ones, versions and what runs in them, kept messages.
Everything of the areas where the reader has the right, nothing of what the cases are about."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from engine.actor import Actor
from engine.commands.suspension import Suspension
from engine.definitions.model import Label
from engine.errors import Forbidden
from engine.oversight import Case, ExpiredMessage, KeptMessage
from governance.application import Application
from governance.desk.operations import areas
from governance.desk.powers import administering
from governance.desk.reading import Look, look, require_person

OPERATE = "admin.operate"
_PAGE = 50


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """What a list of cases is narrowed to. `text`: an id, or how a number begins."""

    text: str = ""
    process: str = ""
    state: str = ""
    suspended: bool = False
    failing: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseRow:
    case: Case
    process: Label


@dataclass(frozen=True, slots=True, kw_only=True)
class VersionRow:
    """A deployed version. `stopped`: why no new case begins in it."""

    version: int
    deployed_at: datetime
    running: int
    suspended: int
    newest: bool
    stopped: Suspension | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ProcedureRow:
    key: str
    name: Label
    version: int
    running: int
    stopped: bool


def cases(app: Application, actor: Actor, wanted: Wanted, *, after: str | None = None) -> tuple[list[CaseRow], str | None]:
    """Cases of the areas the reader operates, the newest first, and the cursor of the following ones. Raises Forbidden."""
    seen_areas = _areas(app, actor)
    found = app.engine.oversight.cases(
        areas=seen_areas, processes=[wanted.process] if wanted.process else None, state=wanted.state or None, suspended=wanted.suspended,
        failing=wanted.failing, text=wanted.text or None, after=after, limit=_PAGE + 1,
    )  # fmt: skip
    named = names(app)
    rows = [CaseRow(case=case, process=named.get(case.process, Label(case.process))) for case in found[:_PAGE]]
    return rows, found[_PAGE - 1].id if len(found) > _PAGE else None


def names(app: Application) -> Mapping[str, Label]:
    """Key → name of every procedure."""
    return {model.id: model.name for model, _ in app.engine.queries.catalogue()}


def people(app: Application, actor: Actor, ids: Iterable[str | None]) -> Mapping[str, str]:
    """Person id → name in the reader's language."""
    with app.database.read() as connection:
        return look(app, actor, connection).names(ids)


def may(app: Application, actor: Actor, right: str) -> bool:
    """Whether the actor has an administrative right for the whole installation."""
    try:
        administering(app, actor, right, None)
    except Forbidden:
        return False
    return True


def procedures(app: Application, actor: Actor) -> list[ProcedureRow]:
    """Every procedure with what runs of it. For those who administer the installation. Raises Forbidden."""
    administering(app, actor, "operate", None)
    catalogue = app.engine.queries.catalogue()
    running = app.engine.queries.running([model.id for model, _ in catalogue])
    stopped = {one.process for one in app.engine.suspended_definitions()}
    return [
        ProcedureRow(key=model.id, name=model.name, version=version, running=running.get(model.id, 0), stopped=model.id in stopped)
        for model, version in catalogue
    ]


def versions(app: Application, actor: Actor, process: str) -> tuple[Label, list[VersionRow]]:
    """The versions of a procedure, the newest first. For those who administer the installation. Raises NotFound, Forbidden."""
    administering(app, actor, "operate", None)
    name = app.engine.queries.process(process).name
    load = app.engine.oversight.load(process)
    stopped = {one.version: one for one in app.engine.suspended_definitions() if one.process == process}
    lines = app.engine.queries.definitions("process", process)
    rows = []
    for line in lines:
        runs = load.get(line.version)
        rows.append(
            VersionRow(
                version=line.version, deployed_at=line.deployed_at, running=runs.running if runs else 0,
                suspended=runs.suspended if runs else 0, newest=line is lines[0], stopped=stopped.get(line.version) or stopped.get(None),
            )
        )  # fmt: skip
    return name, rows


def running_in(app: Application, actor: Actor, process: str, version: int) -> list[Case]:
    """Cases that run in a version, the newest first, at most 200. For those who administer the installation. Raises Forbidden."""
    administering(app, actor, "migrate", None)
    return app.engine.oversight.cases(areas=None, processes=[process], version=version, state="running", limit=200)


def kept_messages(app: Application, actor: Actor, *, after: str | None = None) -> tuple[Sequence[KeptMessage], str | None]:
    """Messages nobody has taken yet, and the cursor of the following ones. For those who may send messages. Raises Forbidden."""
    administering(app, actor, "message", None)
    found = app.engine.oversight.kept_messages(after=after, limit=_PAGE + 1)
    return found[:_PAGE], found[_PAGE - 1].id if len(found) > _PAGE else None


def expired_messages(app: Application, actor: Actor) -> Sequence[ExpiredMessage]:
    """Messages nobody took in time, the latest first, at most 50. For those who may send messages. Raises Forbidden."""
    administering(app, actor, "message", None)
    return app.engine.oversight.expired_messages()


def _areas(app: Application, actor: Actor) -> list[str] | None:
    """Areas the reader operates; None: the whole installation. Raises Forbidden for who operates nowhere."""
    require_person(actor)
    with app.database.read() as connection:
        seen: Look = look(app, actor, connection)
        found = areas(seen, OPERATE)
        if not found:
            raise Forbidden
        whole = bool(seen.reach.roots) and seen.reach.roots <= found
    return None if whole else sorted(area for area in found if area is not None)
