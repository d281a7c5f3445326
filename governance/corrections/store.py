"""Requests in the database, and what stands in the way of one."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from governance.corrections.tables import correction_request as table
from governance.documents.tables import document, document_version
from governance.meetings.tables import meeting, seat
from governance.opinions.tables import opinion_round
from governance.papers.tables import paper_issue
from governance.publicity.tables import publication
from governance.scoring.tables import score_result
from governance.signing.tables import signature, signing
from governance.votes.tables import vote


@dataclass(frozen=True, slots=True, kw_only=True)
class Request:
    """One row of table `correction_request`."""

    id: str
    task: str
    instance: str
    area: str | None
    version: int
    form: Mapping[str, Any]
    reason: str
    asked_by: str
    asked_at: datetime
    entered: Mapping[str, Any] | None = None
    decided_by: str | None = None
    decided_at: datetime | None = None
    decision: str | None = None
    decision_reason: str = ""

    @property
    def by(self) -> str:
        """Whose correction it is: the asker's, or that of the person for whom he entered it."""
        return str((self.entered or {}).get("person") or self.asked_by)


_COLUMNS = [table.c[name] for name in Request.__slots__]


def add(connection: sa.Connection, request: Request) -> None:
    """Keep an open request. A second one for the same task breaks the unique `open_task`."""
    row = {name: getattr(request, name) for name in Request.__slots__}
    connection.execute(sa.insert(table).values({**row, "form": dict(request.form), "open_task": request.task}))


def get(connection: sa.Connection, request_id: str) -> Request | None:
    row = connection.execute(sa.select(*_COLUMNS).where(table.c.id == request_id)).one_or_none()
    return Request(**row._mapping) if row is not None else None


def open_of(connection: sa.Connection, task: str) -> Request | None:
    """The open request for a task."""
    row = connection.execute(sa.select(*_COLUMNS).where(table.c.open_task == task)).one_or_none()
    return Request(**row._mapping) if row is not None else None


def waiting(connection: sa.Connection) -> list[Request]:
    """All open requests, the oldest first."""
    rows = connection.execute(sa.select(*_COLUMNS).where(table.c.open_task.is_not(None)).order_by(table.c.asked_at, table.c.id))
    return [Request(**row._mapping) for row in rows]


def asked_by(connection: sa.Connection, person: str, limit: int) -> list[Request]:
    """What a person asked for, the newest first."""
    rows = connection.execute(sa.select(*_COLUMNS).where(table.c.asked_by == person).order_by(table.c.id.desc()).limit(limit))
    return [Request(**row._mapping) for row in rows]


def of_instance(connection: sa.Connection, instance: str) -> list[Request]:
    rows = connection.execute(sa.select(*_COLUMNS).where(table.c.instance == instance).order_by(table.c.id))
    return [Request(**row._mapping) for row in rows]


def decide(connection: sa.Connection, request_id: str, *, by: str, at: datetime, decision: str, reason: str) -> bool:
    """Close an open request. False: somebody has decided already."""
    closed = {"decided_by": by, "decided_at": at, "decision": decision, "decision_reason": reason, "open_task": None}
    statement = sa.update(table).where(table.c.id == request_id, table.c.open_task.is_not(None)).values(closed)
    return connection.execute(statement).rowcount == 1


def relied_on(connection: sa.Connection, instance: str, since: datetime) -> list[tuple[str, datetime]]:
    """What was signed, scored, counted or published in the case at or after a moment: (kind, when), the first first.

    A document frozen in the very command that took the submission in was made of it: the moment itself counts.
    """
    frozen = sa.select(document_version.c.at).join(document).where(document.c.instance == instance)
    signed = sa.select(signature.c.recorded.label("at")).join(signing).where(signing.c.instance == instance, signature.c.state == "signed")
    scored = sa.select(score_result.c.at).where(score_result.c.instance == instance)
    voted = sa.select(vote.c.opened.label("at")).where(vote.c.instance == instance, vote.c.state.not_in(("void", "annulled")))
    counted = sa.select(opinion_round.c.closed_at.label("at")).where(
        opinion_round.c.instance == instance, opinion_round.c.state == "closed"
    )
    minuted = sa.select(seat.c.confirmed_at.label("at")).join(meeting).where(meeting.c.instance == instance)
    posted = sa.select(publication.c.posted.label("at")).where(publication.c.instance == instance)
    issued = sa.select(paper_issue.c.at).where(paper_issue.c.instance == instance)
    kinds = {
        "frozen": frozen, "signed": signed, "scored": scored, "voted": voted, "counted": counted, "minuted": minuted,
        "published": posted, "issued": issued,
    }  # fmt: skip
    found = []
    for kind, select in kinds.items():
        at = select.subquery().c.at
        first = connection.execute(sa.select(sa.func.min(at)).where(at >= since)).scalar_one_or_none()
        if first is not None:
            found.append((kind, first))
    return sorted(found, key=lambda pair: pair[1])
