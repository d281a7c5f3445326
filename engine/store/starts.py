"""Start events that begin instances by themselves: timers and conditions of the newest version of each process."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from engine.store import rows
from engine.store.tables import standing_start

_KEY = (standing_start.c.process, standing_start.c.node, standing_start.c.event)


def replace(connection: sa.Connection, processes: Sequence[str], new: Sequence[Mapping[str, Any]]) -> None:
    """Forget what began these processes by itself; `new` does from now on."""
    connection.execute(sa.delete(standing_start).where(standing_start.c.process.in_(list(processes))))
    rows.insert(connection, standing_start, new)


def one(connection: sa.Connection, process: str, node: str, event: int) -> Any | None:
    """The row of a start event, locked."""
    statement = sa.select(standing_start).where(*(column == value for column, value in zip(_KEY, (process, node, event), strict=True)))
    return connection.execute(statement.with_for_update()).one_or_none()


def of_kind(connection: sa.Connection, kind: str) -> list[Any]:
    """All rows of a kind (``timer`` or ``conditional``), in one order."""
    return list(connection.execute(sa.select(standing_start).where(standing_start.c.kind == kind).order_by(*_KEY)))


def arm(connection: sa.Connection, row: Any, due: datetime | None, rest: str | None) -> None:
    """The next occurrence of a timer; None: it is used up."""
    found = sa.and_(*(column == getattr(row, column.name) for column in _KEY))
    if due is None:
        connection.execute(sa.delete(standing_start).where(found))
        return
    values = {"due_at": due, "rest": rest, "generation": row.generation + 1}
    connection.execute(sa.update(standing_start).where(found).values(**values))


def hold(connection: sa.Connection, row: Any, held: bool) -> None:
    """Remember whether a condition is true, so that it begins an instance only when it becomes true."""
    found = sa.and_(*(column == getattr(row, column.name) for column in _KEY))
    connection.execute(sa.update(standing_start).where(found).values(held=held, generation=row.generation + 1))
