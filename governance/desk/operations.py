"""What operators see: open incidents of the areas they administer, without the content of the cases; who works on jobs."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from engine.actor import Actor
from engine.commands.operating import needed
from engine.definitions.model import Label
from engine.errors import CogovError, Forbidden
from engine.ports import JobFigures
from engine.queries import IncidentLine
from governance.application import Application
from governance.desk import cases
from governance.desk.protection import Sight
from governance.desk.reading import Look, look, require_person
from governance.directory.may import Scope, decide

RIGHT = "admin.retry"
#: a worker that has not beaten for so long is taken for dead
_ALIVE = timedelta(seconds=60)


@dataclass(frozen=True, slots=True, kw_only=True)
class IncidentRow:
    """One open incident: where and why, not what the case is about."""

    id: str
    instance: str
    number: str | None
    process: Label
    element: Label
    code: str
    message: str
    at: datetime
    #: where it stands: its token, and its element as an instruction names it (``procedure/element`` inside a call)
    token: str
    place: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Worker:
    """A process that works on jobs, with its last beat."""

    name: str
    beat: datetime
    alive: bool


def operates(seen: Look) -> bool:
    """Whether the reader administers any area."""
    return bool(areas(seen))


def areas(seen: Look, right: str = RIGHT) -> set[str | None]:
    """Areas where the reader has an administrative right: by default where he may let incidents go on."""
    granted = {area for found in seen.reach.grants.values() for area in found}
    return {area for area in granted if decide(seen.reach, right, Scope(area=area))}


def incidents(app: Application, actor: Actor) -> Sequence[IncidentRow]:
    """Open incidents of the areas the reader administers, the newest first. Raises Forbidden for everybody else."""
    require_person(actor)
    queries = app.engine.queries
    with app.database.read() as connection:
        seen = look(app, actor, connection)
        mine = areas(seen)
        if not mine:
            raise Forbidden
        found = []
        for line in queries.incidents(limit=200, areas=None if decide(seen.reach, RIGHT, Scope(area=None)) else mine).items:
            details = queries.instance(line.instance)
            case = details.line
            if not decide(seen.reach, RIGHT, Scope(area=case.area)):
                continue
            process = queries.process_of(line.instance, line.process)
            node = process.nodes.get(line.node or "")
            name = node.name if node is not None and node.name.zh else Label(line.node or "", line.node or "")
            found.append(
                IncidentRow(
                    id=line.id, instance=line.instance, number=case.number, process=process.name, element=name, code=line.code,
                    message=Sight(seen, details).incident_text(line).in_(actor.language), at=line.at, token=line.token,
                    place=place_of(line, case.process),
                )
            )  # fmt: skip
    return found


def place_of(line: IncidentLine, process: str) -> str:
    """The element of an incident as instructions name it."""
    return (line.node or "") if line.process == process else f"{line.process}/{line.node or ''}"


def retry_incidents(app: Application, actor: Actor, chosen: Iterable[tuple[str, str]], reason: str) -> list[tuple[str, CogovError]]:
    """Let many incidents go on: (instance, incident) each by itself. → those that were refused, with why. Raises ReasonMissing for all
    of them at once."""
    needed(reason)
    refused: list[tuple[str, CogovError]] = []
    for instance, incident in chosen:
        try:
            cases.retry(app, actor, instance, incident, reason)
        except CogovError as error:
            refused.append((incident, error))
    return refused


def figures(app: Application, actor: Actor) -> tuple[JobFigures, list[Worker]]:
    """How long the queue is and who works on it, the freshest beat first. Raises Forbidden for who operates nowhere."""
    require_person(actor)
    with app.database.read() as connection:
        if not operates(look(app, actor, connection)):
            raise Forbidden
    found, since = app.jobs.figures(), app.clock.now() - _ALIVE
    workers = [Worker(name=name, beat=beat, alive=beat >= since) for name, beat in found.beats.items()]
    return found, sorted(workers, key=lambda worker: worker.beat, reverse=True)
