"""Deadlines as the engine and people see them."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from engine.definitions.model import Label
from engine.ports import DeadlineView
from engine.values import duration_text
from governance.calendars.calendar import Calendar
from governance.deadlines import store
from governance.deadlines.records import MICROSECOND, counter_of
from governance.deadlines.store import Row
from governance.desk.views import Due


def view(row: Row) -> DeadlineView:
    """As the engine's expressions see it."""
    left = _left_text(row.left_us * MICROSECOND, row.clock) if row.left_us is not None else None
    return DeadlineView(id=row.code, due=row.due_at, started=row.started_at, clock=row.clock, state=row.state, remaining=left)


def due_seen(connection: Any, row: Row, calendar: Calendar, at: datetime) -> Due:
    """As people see it at `at`, with the account of how it came about."""
    moment = row.closed_at or row.paused_at or at
    counter = counter_of(row, calendar)
    # while paused `due_at` is a forecast; what was used and left then is exact
    used = row.used_us / max(row.used_us + (row.left_us or 0), 1) if row.state == "paused" else counter.share_at(moment)
    working = row.clock == "working" and row.state in store.OPEN
    changed = store.changes(connection, row.id) if row.pauses or row.extensions else []
    text = Label("；".join([row.text_zh, *(c.text_zh for c in changed)]), "; ".join([row.text_en, *(c.text_en for c in changed)]))
    return Due(
        at=row.due_at,
        clock=row.clock,
        state=row.state,
        started=row.started_at,
        limit=row.limit_text,
        used=used,
        working_days_left=calendar.working_days_between(calendar.day_of(moment), calendar.day_of(row.due_at)) if working else None,
        computation=text,
        pause_reason=row.pause_reason,
        was_late=row.overdue_at is not None or (row.state == "running" and at > row.due_at),
    )


def _left_text(left: timedelta, clock: str) -> str:
    """ISO 8601; working time in hours only, since a working day has not 24 of them."""
    if clock == "natural":
        return duration_text(left)
    hours, rest = divmod(left // timedelta(minutes=1), 60)
    return f"PT{hours}H" + (f"{rest}M" if rest else "")
