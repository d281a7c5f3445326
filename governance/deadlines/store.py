"""Reads and writes of deadlines. A row that is changed is read under a lock."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from engine.store import rows as statements
from engine.store.along import forget, kept
from governance.deadlines.tables import deadline, deadline_action, deadline_change, deadline_mark, overdue

OPEN = ("running", "paused")


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """A deadline as stored; the columns are explained in tables.py."""

    id: str
    instance: str
    process: str
    number: str | None
    area: str | None
    token: str
    element: str
    code: str
    limit_text: str
    clock: str
    calendar: str
    calendar_version: int
    started_at: datetime
    due_at: datetime
    original_due_at: datetime
    state: str
    ladder: str
    steps: Sequence[int]
    next_step: int
    next_at: datetime | None
    generation: int
    used_us: int
    counted_from: datetime
    left_us: int | None
    paused_at: datetime | None
    pauses: int
    paused_us: int
    pause_reason: str | None
    extensions: int
    overdue_at: datetime | None
    closed_at: datetime | None
    text_zh: str
    text_en: str
    account: Mapping[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """A pause, resumption or extension."""

    kind: str
    at: datetime
    requested_by: str | None
    approved_by: str | None
    reason: str | None
    note: str
    due_before: datetime
    due_after: datetime
    text_zh: str
    text_en: str


_NEWEST = (
    sa.select(deadline)
    .where(deadline.c.instance == sa.bindparam("instance_id"), deadline.c.code == sa.bindparam("deadline_code"))
    .order_by(deadline.c.started_at.desc(), deadline.c.id.desc())
    .limit(1)
)
_NEWEST_LOCKED = _NEWEST.with_for_update()
_OPEN_OF_TOKEN = sa.select(deadline).where(deadline.c.token == sa.bindparam("token_id"), deadline.c.state.in_(OPEN)).with_for_update()


_OF_INSTANCE = sa.select(deadline).where(deadline.c.instance == sa.bindparam("instance_id")).order_by(deadline.c.started_at, deadline.c.id)
#: deadlines that this transaction opened, and has not changed since: the newest of their id
_KEPT = "opened deadlines"


def insert(connection: sa.Connection, row: Row) -> None:
    connection.execute(deadline.insert(), {f: getattr(row, f) for f in Row.__slots__})
    opened: dict[tuple[str, str], Row] = kept(connection, _KEPT, dict)
    opened[row.instance, row.code] = row


def update(connection: sa.Connection, row_id: str, values: Mapping[str, Any]) -> None:
    connection.execute(deadline.update().where(deadline.c.id == row_id).values(**values))
    forget(connection, _KEPT)


def locked(connection: sa.Connection, row_id: str) -> Row | None:
    """The row, locked until the end of the transaction."""
    return _one(connection.execute(sa.select(deadline).where(deadline.c.id == row_id).with_for_update()).first())


def newest(connection: sa.Connection, instance: str, code: str, *, lock: bool = False) -> Row | None:
    """The newest deadline with this id of the model in an instance."""
    opened: dict[tuple[str, str], Row] = kept(connection, _KEPT, dict)
    if not lock and (instance, code) in opened:
        return opened[instance, code]
    return _one(connection.execute(_NEWEST_LOCKED if lock else _NEWEST, {"instance_id": instance, "deadline_code": code}).first())


def open_of_token(connection: sa.Connection, token: str) -> list[Row]:
    return [_row(r) for r in connection.execute(_OPEN_OF_TOKEN, {"token_id": token})]


def of_tokens(connection: sa.Connection, tokens: Iterable[str]) -> dict[str, Row]:
    """Token → its newest deadline."""
    wanted = sorted(set(tokens))
    if not wanted:
        return {}
    query = sa.select(deadline).where(deadline.c.token.in_(wanted)).order_by(deadline.c.started_at, deadline.c.id)
    return {r.token: _row(r) for r in connection.execute(query)}


def of_instance(connection: sa.Connection, instance: str) -> list[Row]:
    """Every deadline of an instance, oldest first."""
    return [_row(r) for r in connection.execute(_OF_INSTANCE, {"instance_id": instance})]


def nearest_open(connection: sa.Connection, instance: str) -> datetime | None:
    """When the next deadline of an instance that is not over falls due, however many are over."""
    query = sa.select(deadline.c.due_at).where(deadline.c.instance == instance, deadline.c.state.in_(OPEN))
    return connection.execute(query.order_by(deadline.c.due_at).limit(1)).scalar_one_or_none()


def add_change(connection: sa.Connection, values: Mapping[str, Any]) -> None:
    connection.execute(deadline_change.insert().values(**values))


def changes(connection: sa.Connection, row_id: str) -> list[Change]:
    """Oldest first."""
    query = sa.select(deadline_change).where(deadline_change.c.deadline == row_id).order_by(deadline_change.c.at, deadline_change.c.id)
    return [Change(**{f: getattr(r, f) for f in Change.__slots__}) for r in connection.execute(query)]


def add_marks(connection: sa.Connection, rows: Sequence[Mapping[str, Any]]) -> None:
    if rows:
        connection.execute(deadline_mark.insert(), [dict(r) for r in rows])


def marks(connection: sa.Connection, row_id: str) -> list[tuple[int, datetime]]:
    """Thresholds passed: (percent, when)."""
    query = sa.select(deadline_mark.c.percent, deadline_mark.c.passed_at).where(deadline_mark.c.deadline == row_id)
    return [(r.percent, r.passed_at) for r in connection.execute(query.order_by(deadline_mark.c.percent))]


def add_overdue(connection: sa.Connection, row_id: str, units: Iterable[str], at: datetime) -> None:
    """These units let the deadline pass. Repeating it changes nothing."""
    statements.insert_missing(connection, overdue, [{"deadline": row_id, "unit": unit, "at": at} for unit in sorted(set(units))])


def overdues_since(connection: sa.Connection, units: Iterable[str], since: datetime) -> dict[str, int]:
    """Unit → deadlines it has let pass after `since`."""
    query = sa.select(overdue.c.unit, sa.func.count()).where(overdue.c.unit.in_(sorted(set(units))), overdue.c.at > since)
    return {str(unit): int(n) for unit, n in connection.execute(query.group_by(overdue.c.unit))}


def act_once(connection: sa.Connection, row_id: str, action: str, step: str, at: datetime) -> bool:
    """Note that a step sets this going; False when it was set going before. The deadline's row is locked by the caller."""
    if acted(connection, row_id, action):
        return False
    connection.execute(deadline_action.insert(), {"deadline": row_id, "action": action, "step": step, "at": at})
    return True


def acted(connection: sa.Connection, row_id: str, action: str) -> bool:
    """Whether the action was set going for this deadline."""
    query = sa.select(sa.literal(1)).where(deadline_action.c.deadline == row_id, deadline_action.c.action == action)
    return connection.execute(query).first() is not None


def _one(row: Any) -> Row | None:
    return _row(row) if row is not None else None


def _row(row: Any) -> Row:
    return Row(**{f: getattr(row, f) for f in Row.__slots__})
