"""Functions of dates, times and durations. The moment comes from the environment's clock."""

from __future__ import annotations

from calendar import monthrange
from datetime import UTC, date, datetime, time, timedelta, timezone
from decimal import Decimal
from typing import Any

from engine.errors import ExpressionFailed
from engine.feel import temporal
from engine.feel.builtins.registry import builtin
from engine.feel.environment import Run
from engine.feel.kinds import NUMBERS, local
from engine.values import YearsMonths

_MILLION = Decimal(1_000_000)
_DAY_NAMES = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
_MONTH_NAMES = (
    "January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November", "December",
)  # fmt: skip


def _moment(run: Run) -> datetime:
    now = run.environment.now
    if now is None:
        raise ExpressionFailed("now() and today() need a clock, and this evaluation has none")
    return local(now, run.zone)


@builtin("now")
def _now(run: Run) -> datetime:
    return _moment(run)


@builtin("today")
def _today(run: Run) -> date:
    return _moment(run).date()


def _whole(number: Decimal) -> int:
    if number != number.to_integral_value() or abs(number) > 999_999_999:
        raise ValueError(number)
    return int(number)


@builtin("date", "from: string|date|moment")
def _date(_: Run, value: Any) -> date | None:
    if isinstance(value, str):
        return temporal.parse_date(value)
    return value.date() if isinstance(value, datetime) else value


@builtin("date", "year: number, month: number, day: number")
def _date_of(_: Run, year: Decimal, month: Decimal, day: Decimal) -> date | None:
    try:
        return date(_whole(year), _whole(month), _whole(day))
    except ValueError:
        return None


@builtin("date and time", "from: string|date|moment")
def _date_and_time(_: Run, value: Any) -> datetime | None:
    if isinstance(value, str):
        return temporal.parse_date_time(value)
    return value if isinstance(value, datetime) else datetime.combine(value, time())


@builtin("date and time", "date: date|moment, time: time")
def _date_at_time(_: Run, day: date, clock: time) -> datetime:
    return datetime.combine(day.date() if isinstance(day, datetime) else day, clock)


@builtin("time", "from: string|time|moment|date")
def _time(_: Run, value: Any) -> time | None:
    if isinstance(value, str):
        return temporal.parse_time(value)
    if isinstance(value, datetime):
        return value.timetz()
    return value if isinstance(value, time) else time(tzinfo=UTC)


@builtin("time", "hour: number, minute: number, second: number, offset?: days")
def _time_of(_: Run, hour: Decimal, minute: Decimal, second: Decimal, offset: timedelta | None = None) -> time | None:
    try:
        seconds, micros = divmod(int(NUMBERS.multiply(second, _MILLION)), 1_000_000)
        return time(_whole(hour), _whole(minute), seconds, micros, None if offset is None else timezone(offset))
    except (ValueError, OverflowError):
        return None


@builtin("duration", "from: string|days|months")
def _duration(_: Run, value: Any) -> timedelta | YearsMonths | None:
    return temporal.parse_duration(value) if isinstance(value, str) else value


@builtin("years and months duration", "from: date|moment, to: date|moment")
def _years_and_months_duration(_: Run, start: date, end: date) -> YearsMonths:
    """Whole months from one day to the other."""
    months = (end.year - start.year) * 12 + end.month - start.month
    if months > 0 and end.day < start.day:
        months -= 1
    elif months < 0 and end.day > start.day:
        months += 1
    return YearsMonths(months)


@builtin("day of week", "date: date|moment")
def _day_of_week(_: Run, day: date) -> str:
    return _DAY_NAMES[day.weekday()]


@builtin("month of year", "date: date|moment")
def _month_of_year(_: Run, day: date) -> str:
    return _MONTH_NAMES[day.month - 1]


@builtin("day of year", "date: date|moment")
def _day_of_year(_: Run, day: date) -> Decimal:
    return Decimal(day.timetuple().tm_yday)


@builtin("week of year", "date: date|moment")
def _week_of_year(_: Run, day: date) -> Decimal:
    return Decimal(day.isocalendar().week)


@builtin("last day of month", "date: date|moment")
def _last_day_of_month(_: Run, day: date) -> date:
    return date(day.year, day.month, monthrange(day.year, day.month)[1])
