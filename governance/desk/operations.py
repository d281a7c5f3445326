"""What operators see: open incidents of the areas they administer, without the content of the cases."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from engine.actor import Actor
from engine.definitions.model import Label
from engine.errors import Forbidden
from governance.application import Application
from governance.desk.protection import Sight
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


def _areas(seen: Look) -> set[str | None]:
    """Areas where the reader may let incidents go on."""
    granted = {area for areas in seen.reach.grants.values() for area in areas}
    return {area for area in granted if decide(seen.reach, _RIGHT, Scope(area=area))}
