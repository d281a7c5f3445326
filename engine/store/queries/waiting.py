"""What is open in instances."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa

from engine.store.tables import (
    action,
    subscription,
    timer,
    token,
)

Rows = list[Any]


def tokens(connection: sa.Connection, instance_id: str) -> Rows:
    return list(connection.execute(sa.select(token).where(token.c.instance == instance_id).order_by(token.c.seq)))


def timers(connection: sa.Connection, instance_id: str | None, limit: int) -> Rows:
    """Armed timers, the next first."""
    statement = sa.select(timer)
    if instance_id is not None:
        statement = statement.where(timer.c.instance == instance_id)
    return list(connection.execute(statement.order_by(timer.c.due_at, timer.c.token).limit(limit)))


def subscriptions(connection: sa.Connection, instance_id: str) -> Rows:
    return list(connection.execute(sa.select(subscription).where(subscription.c.instance == instance_id).order_by(subscription.c.id)))


def actions(connection: sa.Connection, instance_id: str) -> Rows:
    return list(connection.execute(sa.select(action).where(action.c.instance == instance_id).order_by(action.c.token)))


def public_actions(connection: sa.Connection, limit: int) -> Rows:
    """Buttons that people without an account may press now, the newest first."""
    return list(connection.execute(sa.select(action).where(action.c.public).order_by(action.c.token.desc()).limit(limit)))
