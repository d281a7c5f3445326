"""How a deadline counts: used and left time in its own clock, thresholds, due moments after a pause or extension. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from governance.calendars.calendar import Calendar
from governance.calendars.limits import Limit, end_of_period

#: What belongs to a day when it ends at 24:00, i.e. 00:00 of the next.
_TICK = timedelta(microseconds=1)


@dataclass(frozen=True, slots=True, kw_only=True)
class Counter:
    """`used` before `counted_from` (earlier stretches between pauses), then running to `due`."""

    calendar: Calendar
    clock: str
    used: timedelta
    counted_from: datetime
    due: datetime

    def between(self, start: datetime, end: datetime) -> timedelta:
        """Time of this clock in ``[start, end]``."""
        return self.calendar.working_time_between(start, end) if self.clock == "working" else end - start

    def after(self, start: datetime, amount: timedelta) -> datetime:
        """The moment when `amount` of this clock has passed since `start`."""
        return self.calendar.add_working_time(start, amount) if self.clock == "working" else start + amount

    @property
    def total(self) -> timedelta:
        """All the time allowed."""
        return self.used + self.between(self.counted_from, self.due)

    def used_at(self, at: datetime) -> timedelta:
        return self.used + self.between(self.counted_from, at)

    def share_at(self, at: datetime) -> float:
        """Share of the time used: 0 at the start, 1 when due, more when late."""
        total = self.total
        return self.used_at(at) / total if total else float(at >= self.due)

    def moment_of(self, percent: int) -> datetime:
        """When this share of the time is used. Not before the running stretch began."""
        if percent == 100:
            return self.due
        if percent > 100:
            return self.after(self.due, self.total * (percent - 100) / 100)
        missing = self.total * percent / 100 - self.used
        return self.after(self.counted_from, missing) if missing > timedelta(0) else self.counted_from


def due_after_pause(calendar: Calendar, limit: Limit, resumed: datetime, left: timedelta) -> datetime:
    """When the time left ends. Limits in whole days still end at the end of a day, so a pause never shortens them."""
    if limit.unit == "WH":
        return calendar.add_working_time(resumed, left)
    if limit.unit == "WD":
        return calendar.closing(calendar.day_of(calendar.add_working_time(resumed, left)))
    if limit.unit == "D":
        return end_of_period(calendar, calendar.day_of(resumed + left - _TICK))
    return resumed + left


def due_extended(calendar: Calendar, due: datetime, by: Limit) -> datetime:
    """The new due moment when `by` is added to `due`."""
    if by.unit == "WD":
        return calendar.closing(calendar.add_working_days(calendar.day_of(due - _TICK), by.count))
    if by.unit == "WH":
        return calendar.add_working_time(due, timedelta(hours=by.count))
    assert by.span is not None
    if by.unit == "D":
        return end_of_period(calendar, calendar.day_of(due - _TICK) + by.span)
    return due + by.span
