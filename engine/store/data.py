"""Data stores: values that processes share and that outlive every instance."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from engine.store import rows
from engine.store.tables import data_store


def read(connection: sa.Connection, store: str, *, hold: bool = False) -> Any:
    """What the store holds, null when there is nothing yet. `hold`: nobody else changes it until the transaction ends."""
    statement = sa.select(data_store.c.value).where(data_store.c.name == store)
    return connection.execute(statement.with_for_update() if hold else statement).scalar_one_or_none()


def write(connection: sa.Connection, values: Mapping[str, Any], instance: str, at: datetime) -> None:
    """Put these values in; `instance` did it."""
    rows.upsert(
        connection,
        data_store,
        [{"name": name, "value": value, "instance": instance, "at": at} for name, value in sorted(values.items())],
    )
