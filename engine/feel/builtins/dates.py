"""Functions of dates, times and durations. The moment comes from the environment's clock."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta, timezone
from decimal import Decimal
from typing import Any

from engine.feel import temporal
from engine.feel.builtins.registry import builtin
from engine.feel.durations import SECOND, YearsMonths
from engine.feel.environment import Run
from engine.feel.errors import ExpressionFailed
from engine.feel.kinds import NUMBERS, local
from engine.feel.parts import weekday
from engine.feel.wide import (
    MOST_YEARS,
    AnyDate,
    AnyMoment,
    AnyTime,
    WideMoment,
    WideTime,
    civil,
    clock_nanos,
    date_part,
    day_number,
    day_number_of,
    days_in_month,
    instant_of,
    make_date,
    make_moment,
    make_time,
    moment_at,
    time_part,
    ymd,
)
from engine.feel.zones import region

_NANO = Decimal(SECOND)
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
    if number != number.to_integral_value() or abs(number) > MOST_YEARS:
        raise ValueError(number)
    return int(number)


@builtin("date", "from: string|date|moment")
def _date(_: Run, value: Any) -> AnyDate | None:
    return temporal.parse_date(value) if isinstance(value, str) else date_part(value)


@builtin("date", "year: number, month: number, day: number")
def _date_of(_: Run, year: Decimal, month: Decimal, day: Decimal) -> AnyDate | None:
    try:
        return make_date(_whole(year), _whole(month), _whole(day))
    except ValueError:
        return None


@builtin("date and time", "from: string|date|moment")
def _date_and_time(_: Run, value: Any) -> AnyMoment | None:
    if isinstance(value, str):
        return temporal.parse_date_time(value)
    return value if isinstance(value, (datetime, WideMoment)) else make_moment(day_number(value), 0, None)


@builtin("date and time", "date: date|moment, time: time")
def _date_at_time(_: Run, day: AnyDate, clock: AnyTime) -> AnyMoment:
    return make_moment(day_number(day), clock_nanos(clock), clock.tzinfo)


@builtin("date and time", "date: moment, timezone: string")
def _date_and_time_in(_: Run, moment: AnyMoment, timezone: str) -> AnyMoment | None:
    """The same moment on the clock of a zone; a local reading of the clock becomes one of that zone."""
    zone = region(timezone)
    if zone is None:
        return None
    instant = instant_of(moment)
    return make_moment(day_number(moment), clock_nanos(moment), zone) if instant is None else moment_at(instant, zone)


@builtin("time", "from: string|time|moment|date")
def _time(_: Run, value: Any) -> AnyTime | None:
    if isinstance(value, str):
        return temporal.parse_time(value)
    if isinstance(value, (datetime, WideMoment)):
        return time_part(value)
    return value if isinstance(value, (time, WideTime)) else time(tzinfo=UTC)


@builtin("time", "hour: number, minute: number, second: number, offset?: days")
def _time_of(_: Run, hour: Decimal, minute: Decimal, second: Decimal, offset: timedelta | None = None) -> AnyTime | None:
    try:
        hours, minutes, nanos = _whole(hour), _whole(minute), int(NUMBERS.multiply(second, _NANO))
        if not (0 <= hours <= 23 and 0 <= minutes <= 59 and 0 <= nanos < 60 * SECOND):
            return None
        return make_time((hours * 60 + minutes) * 60 * SECOND + nanos, None if offset is None else timezone(offset))
    except (ValueError, OverflowError, TypeError):
        return None


@builtin("duration", "from: string|days|months")
def _duration(_: Run, value: Any) -> Any:
    return temporal.parse_duration(value) if isinstance(value, str) else value


@builtin("years and months duration", "from: date|moment, to: date|moment")
def _years_and_months_duration(_: Run, start: AnyDate, end: AnyDate) -> YearsMonths | None:
    """Whole months from one day to the other."""
    (first_year, first_month, first_day), (last_year, last_month, last_day) = ymd(start), ymd(end)
    months = (last_year - first_year) * 12 + last_month - first_month
    if months > 0 and last_day < first_day:
        months -= 1
    elif months < 0 and last_day > first_day:
        months += 1
    return YearsMonths(months)


@builtin("day of week", "date: date|moment")
def _day_of_week(_: Run, day: AnyDate) -> str:
    return _DAY_NAMES[weekday(day) - 1]


@builtin("month of year", "date: date|moment")
def _month_of_year(_: Run, day: AnyDate) -> str:
    return _MONTH_NAMES[ymd(day)[1] - 1]


@builtin("day of year", "date: date|moment")
def _day_of_year(_: Run, day: AnyDate) -> Decimal:
    return Decimal(day_number(day) - day_number_of(ymd(day)[0], 1, 1) + 1)


@builtin("week of year", "date: date|moment")
def _week_of_year(_: Run, day: AnyDate) -> Decimal:
    """The week by ISO 8601: it belongs to the year of its Thursday."""
    thursday = day_number(day) - weekday(day) + 4
    return Decimal((thursday - day_number_of(civil(thursday)[0], 1, 1)) // 7 + 1)


@builtin("last day of month", "date: date|moment")
def _last_day_of_month(_: Run, day: AnyDate) -> AnyDate:
    year, month, _day = ymd(day)
    return make_date(year, month, days_in_month(year, month))
