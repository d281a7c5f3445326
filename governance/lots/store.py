"""Lots in the database."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from governance.lots.tables import lot


def insert(connection: sa.Connection, values: Mapping[str, Any]) -> None:
    connection.execute(lot.insert(), dict(values))


def get(connection: sa.Connection, lot_id: str) -> dict[str, Any] | None:
    return _first(connection, sa.select(lot).where(lot.c.id == lot_id))


def of_purpose(connection: sa.Connection, instance: str, purpose: str) -> dict[str, Any] | None:
    return _first(connection, sa.select(lot).where(lot.c.instance == instance, lot.c.purpose == purpose))


def keep_seed(connection: sa.Connection, lot_id: str, seed: str, at: datetime, person: str | None) -> bool:
    """Store the seed unless there is one; whether it was stored."""
    undrawn = lot.update().where(lot.c.id == lot_id, lot.c.seed.is_(None))
    return connection.execute(undrawn.values(seed=seed, drawn_at=at, person=person)).rowcount == 1


def _first(connection: sa.Connection, query: sa.Select[Any]) -> dict[str, Any] | None:
    found = connection.execute(query).first()
    return None if found is None else dict(found._mapping)
