"""Idempotency keys and the answers first given under them."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from engine.store.tables import command


def answer_of(connection: sa.Connection, key: str) -> dict[str, Any] | None:
    """The answer stored under `key`, or None."""
    found: dict[str, Any] | None = connection.execute(sa.select(command.c.answer).where(command.c.key == key)).scalar_one_or_none()
    return found


def remember(connection: sa.Connection, key: str, answer: Mapping[str, Any], at: datetime) -> None:
    connection.execute(sa.insert(command).values(key=key, answer=dict(answer), at=at))


def forget_before(connection: sa.Connection, moment: datetime) -> int:
    """Delete keys older than `moment`. Returns how many."""
    return connection.execute(sa.delete(command).where(command.c.at < moment)).rowcount
