"""Arithmetic of working time: pure functions of a calendar, no clock and no database (domain 3.3, 3.4)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from engine.definitions.model import Label
from engine.errors import CogovError

Hours = tuple[tuple[time, time], ...]

#: Working hours unless a calendar says otherwise [A].
OFFICE_HOURS: Hours = ((time(9), time(12)), (time(13, 30), time(17, 30)))
_DAY = timedelta(days=1)
_SATURDAY = 5
#: No rest lasts longer; a longer search means a calendar without working days.
_LONGEST_REST = 366


class NoWorkingDay(CogovError):
    """The calendar has no working day within a year. Enter working days or working hours."""

    code = "no_working_day"


@dataclass(frozen=True, slots=True, kw_only=True)
class DayRule:
    """A day that differs from Monday–Friday: ``rest`` (holiday) or ``work`` (make-up day), perhaps with hours of its own."""

    kind: str
    name: Label = field(default_factory=Label)
    hours: Hours | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Calendar:
    """One version of a business calendar. `years`: those whose holidays are entered; in others only weekends rest."""

    id: str = "cn"
    version: int = 1
    zone: ZoneInfo = field(default_factory=lambda: ZoneInfo("Asia/Shanghai"))
    hours: Hours = OFFICE_HOURS
    days: Mapping[date, DayRule] = field(default_factory=dict)
    years: frozenset[int] = frozenset()
    basis: str = ""

    def is_working_day(self, day: date) -> bool:
        rule = self.days.get(day)
        return rule.kind == "work" if rule else day.weekday() < _SATURDAY

    def hours_of(self, day: date) -> Hours:
        """The working intervals of a day, empty on rest days."""
        if not self.is_working_day(day):
            return ()
        rule = self.days.get(day)
        return rule.hours if rule and rule.hours is not None else self.hours

    def day_of(self, at: datetime) -> date:
        """The day of a moment in the calendar's zone."""
        return at.astimezone(self.zone).date()

    def moment(self, day: date, clock: time) -> datetime:
        return datetime.combine(day, clock, self.zone).astimezone(UTC)

    def closing(self, day: date) -> datetime:
        """When work ends on that day; the usual closing time on a rest day."""
        hours = self.hours_of(day) or self.hours
        return self.moment(day, hours[-1][1])

    def end_of_day(self, day: date) -> datetime:
        """24:00 of that day."""
        return self.moment(day + _DAY, time(0))

    def add_working_days(self, day: date, count: int) -> date:
        """The `count`-th working day after `day` (before, when negative); the day itself is not counted. 0 gives `day`."""
        step = _DAY if count > 0 else -_DAY
        for _ in range(abs(count)):
            day = self._next_working(day + step, step)
        return day

    def next_working_day(self, day: date) -> date:
        """`day` itself when it is a working day, else the first one after it."""
        return self._next_working(day, _DAY)

    def working_days_between(self, start: date, end: date) -> int:
        """Working days after `start` up to and including `end`; negative when `end` is earlier. Inverse of add_working_days."""
        if end < start:
            return -self.working_days_between(end, start)
        return sum(self.is_working_day(start + timedelta(days=n)) for n in range(1, (end - start).days + 1))

    def add_working_time(self, at: datetime, amount: timedelta) -> datetime:
        """The moment when `amount` (≥ 0) of working time has passed since `at`. Zero gives `at`."""
        left = amount
        if left <= timedelta(0):
            return at
        for begin, end in self._intervals(at):
            if end - begin >= left:
                return begin + left
            left -= end - begin
        raise NoWorkingDay()

    def working_time_between(self, start: datetime, end: datetime) -> timedelta:
        """Working time in ``[start, end]``; negative when `end` is earlier."""
        if end < start:
            return -self.working_time_between(end, start)
        total = timedelta(0)
        day, last = self.day_of(start), self.day_of(end)
        while day <= last:
            for opens, closes in self.hours_of(day):
                begin, stop = max(self.moment(day, opens), start), min(self.moment(day, closes), end)
                total += max(stop - begin, timedelta(0))
            day += _DAY
        return total

    def _next_working(self, day: date, step: timedelta) -> date:
        for _ in range(_LONGEST_REST):
            if self.is_working_day(day):
                return day
            day += step
        raise NoWorkingDay()

    def _intervals(self, at: datetime) -> Iterator[tuple[datetime, datetime]]:
        """Working intervals from `at` on, the first one cut at `at`."""
        day, idle = self.day_of(at), 0
        while idle <= _LONGEST_REST:
            idle += 1
            for opens, closes in self.hours_of(day):
                begin, end = max(self.moment(day, opens), at.astimezone(UTC)), self.moment(day, closes)
                if end > begin:
                    idle = 0
                    yield begin, end
            day += _DAY
