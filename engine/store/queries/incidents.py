"""Incidents."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

import sqlalchemy as sa

from engine.store.tables import (
    incident,
    instance,
)

Rows = list[Any]


def count_open_incidents(connection: sa.Connection) -> int:
    """How many incidents are open in all cases."""
    return connection.execute(sa.select(sa.func.count()).select_from(incident).where(incident.c.state == "open")).scalar_one()


def incidents(
    connection: sa.Connection, *, state: str | None, instance_id: str | None, after: str | None,
    limit: int, areas: Collection[str | None] | None = None,
) -> Rows:  # fmt: skip
    """Incidents, the newest first."""
    statement = sa.select(incident)
    if state is not None:
        statement = statement.where(incident.c.state == state)
    if instance_id is not None:
        statement = statement.where(incident.c.instance == instance_id)
    if areas is not None:
        statement = statement.where(incident.c.instance.in_(sa.select(instance.c.id).where(instance.c.area.in_(areas))))
    if after is not None:
        statement = statement.where(incident.c.id < after)
    return list(connection.execute(statement.order_by(incident.c.id.desc()).limit(limit)))
