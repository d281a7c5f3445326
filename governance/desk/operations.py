"""What operators see: open incidents of the areas they administer, without the content of the cases."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from engine.actor import Actor
from engine.definitions.model import Label
from engine.errors import Forbidden, NotFound
from engine.jobs import failures
from engine.jobs.failures import JobFailure
from governance.application import Application
from governance.desk.protection import WITHHELD, Sight
from governance.desk.reading import Look, look, require_person
from governance.directory.may import Scope, decide

_RIGHT = "admin.retry"


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


def operates(seen: Look) -> bool:
    """Whether the reader administers any area."""
    return bool(_areas(seen))


def incidents(app: Application, actor: Actor) -> Sequence[IncidentRow]:
    """Open incidents of the areas the reader administers, the newest first. Raises Forbidden for everybody else."""
    require_person(actor)
    queries = app.engine.queries
    with app.database.read() as connection:
        seen = look(app, actor, connection)
        if not _areas(seen):
            raise Forbidden
        found = []
        for line in queries.incidents(limit=200).items:
            details = queries.instance(line.instance)
            case = details.line
            if not decide(seen.reach, _RIGHT, Scope(area=case.area)):
                continue
            process = queries.process_of(line.instance, line.process)
            node = process.nodes.get(line.node or "")
            name = node.name if node is not None and node.name.zh else Label(line.node or "", line.node or "")
            found.append(
                IncidentRow(
                    id=line.id, instance=line.instance, number=case.number, process=process.name, element=name, code=line.code,
                    message=Sight(seen, details).incident_text(line).in_(actor.language), at=line.at,
                )
            )  # fmt: skip
    return found


def job_failures(app: Application, actor: Actor) -> Sequence[JobFailure]:
    """Jobs that failed or are tried again: of the cases the reader administers, and of no case for who administers the whole
    installation. Words that may quote a case are kept back as in `incidents`. Raises Forbidden for who operates nowhere."""
    require_person(actor)
    with app.database.read() as connection:
        seen = look(app, actor, connection)
        if not _areas(seen):
            raise Forbidden
        return [_told(app, seen, f) for f in failures.open_ones(connection) if _covers(app, seen, f)]


def retry_job(app: Application, actor: Actor, failure: str) -> None:
    """Try a failed job again; who did so is kept with it. Raises NotFound (also for who may not see it), Conflict."""
    require_person(actor)
    with app.database.write() as connection:
        found = failures.by_id(connection, failure)
        if found is None or not _covers(app, look(app, actor, connection), found):
            raise NotFound(f"there is no failed job {failure}", failure=failure)
        app.jobs.retry_failed(connection, failure, actor.person)


def _covers(app: Application, seen: Look, failure: JobFailure) -> bool:
    try:
        area = app.engine.queries.instance(failure.instance).line.area if failure.instance else None
    except NotFound:  # the case is deleted
        area = None
    return bool(decide(seen.reach, _RIGHT, Scope(area=area)))


def _told(app: Application, seen: Look, failure: JobFailure) -> JobFailure:
    """What an error says may quote the case it happened in."""
    if failure.instance is None:
        return failure
    try:
        sight = Sight(seen, app.engine.queries.instance(failure.instance))
    except NotFound:
        return failure
    if sight.open_as_a_whole and not sight.hidden_names():
        return failure
    return replace(failure, message=WITHHELD.in_(seen.actor.language))


def _areas(seen: Look) -> set[str | None]:
    """Areas where the reader may let incidents go on."""
    granted = {area for areas in seen.reach.grants.values() for area in areas}
    return {area for area in granted if decide(seen.reach, _RIGHT, Scope(area=area))}
