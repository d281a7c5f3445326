"""Dispatches in the database, and the powers of units that route them."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from governance.directory.tables import power, unit
from governance.dispatch.tables import designation, dispatch, dispatch_event

D = dispatch.c


def holders(connection: sa.Connection, kind: str, at: datetime) -> list[dict[str, Any]]:
    """Active units with a power of this kind at that instant: {unit, kind (of unit), name_zh, name_en, basis, area, valid_to}.
    A power without an area holds where its unit is."""
    running = (power.c.valid_from <= at, sa.or_(power.c.valid_to.is_(None), power.c.valid_to > at))
    active = (unit.c.status == "active", unit.c.valid_from <= at, sa.or_(unit.c.valid_to.is_(None), unit.c.valid_to > at))
    query = (
        sa.select(
            unit.c.id.label("unit"),
            unit.c.kind,
            unit.c.name_zh,
            unit.c.name_en,
            power.c.legal_basis.label("basis"),
            sa.func.coalesce(power.c.area, unit.c.area).label("area"),
            power.c.valid_to,
        )
        .join_from(power, unit, power.c.unit == unit.c.id)
        .where(power.c.kind == kind, *running, *active)
        .order_by(unit.c.id, power.c.id)
    )
    return _all(connection, query)


def insert(connection: sa.Connection, values: Mapping[str, Any]) -> None:
    connection.execute(dispatch.insert(), dict(values))


def update(connection: sa.Connection, dispatch_id: str, values: Mapping[str, Any]) -> None:
    connection.execute(dispatch.update().where(D.id == dispatch_id).values(**values))


def get(connection: sa.Connection, dispatch_id: str) -> dict[str, Any] | None:
    """The dispatch, locked until the transaction ends."""
    return _first(connection, sa.select(dispatch).where(D.id == dispatch_id).with_for_update())


def of_case(connection: sa.Connection, instance: str, case_no: str) -> dict[str, Any] | None:
    query = sa.select(dispatch).where(D.instance == instance, D.case_no == case_no).with_for_update()
    return _first(connection, query)


def add_event(connection: sa.Connection, values: Mapping[str, Any]) -> None:
    connection.execute(dispatch_event.insert(), dict(values))


def events(connection: sa.Connection, dispatch_id: str) -> list[dict[str, Any]]:
    """What happened to a dispatch, oldest first."""
    c = dispatch_event.c
    return _all(connection, sa.select(dispatch_event).where(c.dispatch == dispatch_id).order_by(c.at, c.id))


def insert_designation(connection: sa.Connection, values: Mapping[str, Any]) -> None:
    connection.execute(designation.insert(), dict(values))


def designation_of(connection: sa.Connection, instance: str, case_no: str) -> dict[str, Any] | None:
    """The newest final designation of a case."""
    c = designation.c
    query = sa.select(designation).where(c.instance == instance, c.case_no == case_no).order_by(c.at.desc(), c.id.desc())
    return _first(connection, query.limit(1))


def _first(connection: sa.Connection, query: sa.Select[Any]) -> dict[str, Any] | None:
    found = connection.execute(query).first()
    return None if found is None else dict(found._mapping)


def _all(connection: sa.Connection, query: sa.Select[Any]) -> list[dict[str, Any]]:
    return [dict(r._mapping) for r in connection.execute(query)]
