"""Hand-offs in the database."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from governance.handoffs.tables import handoff


def insert(connection: sa.Connection, values: Mapping[str, Any]) -> None:
    connection.execute(handoff.insert(), dict(values))


def get(connection: sa.Connection, handoff_id: str) -> dict[str, Any] | None:
    found = connection.execute(sa.select(handoff).where(handoff.c.id == handoff_id)).first()
    return None if found is None else dict(found._mapping)


def close(connection: sa.Connection, handoff_id: str, note: str, at: datetime) -> None:
    which = (handoff.c.id == handoff_id, handoff.c.state == "open")
    connection.execute(handoff.update().where(*which).values(state="closed", note=note, closed=at))


def listed(
    connection: sa.Connection, *, target: str | None, areas: Sequence[str] | None, is_open: bool, limit: int
) -> list[dict[str, Any]]:
    """Hand-offs, oldest first: of a target, of areas, open or closed."""
    query = sa.select(handoff).where(handoff.c.state == ("open" if is_open else "closed"))
    if target is not None:
        query = query.where(handoff.c.target == target)
    if areas is not None:
        query = query.where(handoff.c.area.in_(list(areas)))
    return [dict(h._mapping) for h in connection.execute(query.order_by(handoff.c.opened, handoff.c.id).limit(limit))]


def of_instance(connection: sa.Connection, instance: str) -> list[dict[str, Any]]:
    query = sa.select(handoff).where(handoff.c.instance == instance).order_by(handoff.c.opened, handoff.c.id)
    return [dict(h._mapping) for h in connection.execute(query)]
