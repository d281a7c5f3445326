"""Reads and writes of setting rows."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from governance.settings.tables import setting

_CACHE = "cogov.settings"


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    key: str
    value: Any
    source: str
    area: str | None
    valid_from: datetime
    changed_by: str | None
    changed_at: datetime


def rows(connection: sa.Connection, key: str) -> list[Row]:
    """Every row of a key, oldest first. All settings (some hundred rows) are read once per transaction."""
    transaction = connection.get_transaction()
    cached = connection.info.get(_CACHE)
    if transaction is None or cached is None or cached[0] is not transaction:
        everything = _read(connection)
        # the first statement begins the transaction, so ask for it again
        cached = (connection.get_transaction(), everything)
        connection.info[_CACHE] = cached
    found: list[Row] = cached[1].get(key, [])
    return found


def insert(connection: sa.Connection, row: Mapping[str, Any]) -> None:
    connection.execute(setting.insert().values(**row))
    connection.info.pop(_CACHE, None)


def _read(connection: sa.Connection) -> dict[str, list[Row]]:
    found: dict[str, list[Row]] = {}
    for r in connection.execute(sa.select(setting).order_by(setting.c.valid_from, setting.c.changed_at, setting.c.id)):
        found.setdefault(r.key, []).append(
            Row(
                key=r.key,
                value=r.value,
                source=r.source,
                area=r.area,
                valid_from=r.valid_from,
                changed_by=r.changed_by,
                changed_at=r.changed_at,
            )
        )
    return found
