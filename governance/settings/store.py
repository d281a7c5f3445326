"""Reads and writes of setting rows."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

import sqlalchemy as sa

from governance.reference import store as reference
from governance.reference.memo import Memo
from governance.settings.tables import setting

#: what is remembered under it does not depend on time
ANY_TIME = datetime.max.replace(tzinfo=UTC)


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    key: str
    value: Any
    source: str
    area: str | None
    valid_from: datetime
    changed_by: str | None
    changed_at: datetime


def rows(connection: sa.Connection, key: str, memo: Memo) -> list[Row]:
    """Every row of a key, oldest first. All settings (some hundred rows) are read at once and remembered."""
    return _all(connection, memo).get(key, [])


def beginnings(connection: sa.Connection, memo: Memo) -> list[datetime]:
    """When each row begins to hold."""
    return [row.valid_from for rows_of in _all(connection, memo).values() for row in rows_of]


def insert(connection: sa.Connection, row: Mapping[str, Any]) -> None:
    connection.execute(setting.insert().values(**row))
    reference.renew(connection)


def _all(connection: sa.Connection, memo: Memo) -> dict[str, list[Row]]:
    return memo.get(connection, ANY_TIME, "settings", lambda: _read(connection))


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
