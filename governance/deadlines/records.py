"""The rows of deadlines, written: each change raises the generation and sets the alarm anew."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

from engine.definitions.model import Label
from engine.errors import CogovError, NotFound
from engine.ids import uuid7
from engine.ports import Jobs
from governance.calendars.calendar import Calendar
from governance.calendars.calendars import Calendars
from governance.deadlines import store
from governance.deadlines.counting import Counter
from governance.deadlines.store import Row

#: Name of the alarm job; payload {deadline: id, generation: n}.
JOB = "deadline"

#: Name of the alarm job; payload {deadline: id, generation: n}.
JOB = "deadline"
OVERDUE = 100
MICROSECOND = timedelta(microseconds=1)
#: Told by the wiring: connection, instance id → re-arm the instance's timers inside the transaction.
Rearm = Callable[[Any, str], None]


class DeadlineRefused(CogovError):
    """This deadline cannot be changed like that."""

    code = "deadline_refused"


class Records:
    """Writes deadlines. `rearm` is given when the engine is built around this."""

    def __init__(self, calendars: Calendars, jobs: Jobs) -> None:
        self._calendars, self._jobs = calendars, jobs
        self.rearm: Rearm | None = None

    def running(self, connection: Any, instance: str, deadline: str) -> Row:
        """The newest deadline with this id, locked. Raises NotFound, or DeadlineRefused when it does not run."""
        row = store.newest(connection, instance, deadline, lock=True)
        if row is None:
            raise unknown(deadline)
        if row.state != "running":
            raise DeadlineRefused("该时限不在计时中 / this deadline is not running", state=row.state)
        return row

    def calendar_of(self, connection: Any, row: Row) -> Calendar:
        """The calendar the row was computed in, in its version then."""
        return self._calendars.version(connection, row.calendar, row.calendar_version)

    def save(self, connection: Any, before: Row, after: Row, kind: str, at: datetime, text: Label, **facts: Any) -> None:
        """Write a change, replace the alarm, move the instance's timers."""
        values = {f: getattr(after, f) for f in Row.__slots__ if getattr(after, f) != getattr(before, f)}
        self.advance(connection, before, values)
        store.add_change(
            connection,
            {
                "id": uuid7(milliseconds(at)),
                "deadline": before.id,
                "kind": kind,
                "at": at,
                "due_before": before.due_at,
                "due_after": after.due_at,
                "text_zh": text.zh,
                "text_en": text.en,
                **facts,
            },
        )
        if self.rearm is not None:
            self.rearm(connection, before.instance)

    def advance(self, connection: Any, row: Row, values: Mapping[str, Any]) -> Row:
        """Write `values` with the next generation and set its alarm."""
        row = replace(row, **{**values, "generation": row.generation + 1})
        store.update(connection, row.id, {**values, "generation": row.generation})
        self.set_alarm(connection, row)
        return row

    def set_alarm(self, connection: Any, row: Row) -> None:
        """One pending job per deadline: its next threshold."""
        if row.next_at is not None:
            payload = {"deadline": row.id, "generation": row.generation}
            self._jobs.enqueue(connection, JOB, payload, at=row.next_at, key=f"deadline:{row.id}:{row.generation}")


def counter_of(row: Row, calendar: Calendar) -> Counter:
    """How this row counts."""
    return Counter(calendar=calendar, clock=row.clock, used=row.used_us * MICROSECOND, counted_from=row.counted_from, due=row.due_at)


def with_next(row: Row, calendar: Calendar) -> Row:
    """The row with its next alarm computed anew."""
    return replace(row, next_at=counter_of(row, calendar).moment_of(row.steps[row.next_step]))


def passed_by(row: Row, calendar: Calendar, at: datetime) -> list[tuple[int, datetime]]:
    """Thresholds not yet marked that lie at or before `at`, with their moments."""
    counter = counter_of(row, calendar)
    moments = [(p, counter.moment_of(p)) for p in row.steps[row.next_step :]]
    return [(p, m) for p, m in moments if m <= at]


def mark(row: Row, percent: int, passed: datetime, noticed: datetime, told: Sequence[str]) -> dict[str, Any]:
    """A threshold that was passed, with who was told."""
    return {"deadline": row.id, "percent": percent, "passed_at": passed, "noticed_at": noticed, "told": list(told)}


def unknown(deadline: str) -> NotFound:
    return NotFound(f"没有名为 {deadline} 的时限 / there is no deadline {deadline} in this case", deadline=deadline)


def milliseconds(at: datetime) -> int:
    return int(at.timestamp() * 1000)
