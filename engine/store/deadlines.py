"""Rows of the plain deadlines of engine.standalone."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import sqlalchemy as sa

from engine.store import rows
from engine.store.tables import plain_deadline


def put(connection: sa.Connection, row: Mapping[str, Any]) -> None:
    rows.upsert(connection, plain_deadline, [row])


def newest(connection: sa.Connection, instance: str, name: str) -> Any | None:
    statement = sa.select(plain_deadline).where(plain_deadline.c.instance == instance, plain_deadline.c.name == name)
    return connection.execute(statement.order_by(plain_deadline.c.started_at.desc(), plain_deadline.c.token.desc()).limit(1)).one_or_none()


def close(connection: sa.Connection, token: str, state: str) -> None:
    statement = sa.update(plain_deadline).where(plain_deadline.c.token == token, plain_deadline.c.state == "running")
    connection.execute(statement.values(state=state))


def follow(connection: sa.Connection, token: str, element: str) -> None:
    statement = sa.update(plain_deadline).where(plain_deadline.c.token == token, plain_deadline.c.state == "running")
    connection.execute(statement.values(element=element))
