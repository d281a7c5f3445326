"""Reservations in the database."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql, sqlite

from governance.resources.tables import reservation, reserved_resource


def lock(connection: sa.Connection, resource: str, at: datetime) -> None:
    """Hold the resource's own line until the transaction ends."""
    dialect = postgresql if connection.dialect.name == "postgresql" else sqlite
    connection.execute(dialect.insert(reserved_resource).values(resource=resource, last=at).on_conflict_do_nothing())
    connection.execute(reserved_resource.update().where(reserved_resource.c.resource == resource).values(last=at))


def overlapping(connection: sa.Connection, resource: str, first: date, last: date) -> list[dict[str, Any]]:
    """Reservations that are not released and share a day with the period, earliest first."""
    r = reservation.c
    query = sa.select(reservation).where(r.resource == resource, r.released.is_(None), r.first_day <= last, r.last_day >= first)
    return [dict(found._mapping) for found in connection.execute(query.order_by(r.first_day, r.id))]


def insert(connection: sa.Connection, values: Mapping[str, Any]) -> None:
    connection.execute(reservation.insert(), dict(values))


def release(connection: sa.Connection, holder: str, reason: str, at: datetime) -> int:
    """Release everything the holder has; how many reservations that were."""
    which = (reservation.c.holder == holder, reservation.c.released.is_(None))
    return int(connection.execute(reservation.update().where(*which).values(released=at, reason=reason)).rowcount)


def held(connection: sa.Connection, first: date, last: date, resources: Sequence[str] | None = None) -> list[dict[str, Any]]:
    """Open reservations in a period, by resource: the occupancy calendar."""
    r = reservation.c
    query = sa.select(reservation).where(r.released.is_(None), r.first_day <= last, r.last_day >= first)
    if resources is not None:
        query = query.where(r.resource.in_(list(resources)))
    return [dict(found._mapping) for found in connection.execute(query.order_by(r.resource, r.first_day, r.id))]
