"""Dates and times of any year of nine digits and in nanoseconds.

Python's own date, time and datetime are used wherever they can hold the value, so that a value has one form only; the Wide
classes hold the rest. All counting is in whole numbers: days from 0001-01-01 = 1, nanoseconds from midnight.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta, tzinfo

from engine.feel.durations import DAY, MICRO, SECOND
from engine.feel.zones import Region, zone_text

MOST_YEARS = 999_999_999
_BEFORE_MONTH = (0, 31, 59, 90, 120, 151, 181, 212, 243, 273, 304, 334)
#: days in 400, 100, 4 years
_DAYS_400, _DAYS_100, _DAYS_4 = 146_097, 36_524, 1_461


@dataclass(frozen=True, slots=True, order=True)
class WideDate:
    """A day before the year 1 or after the year 9999."""

    year: int
    month: int
    day: int

    def __str__(self) -> str:
        return day_text(self.year, self.month, self.day)


@dataclass(frozen=True, slots=True)
class WideTime:
    """A time of day in nanoseconds since midnight."""

    nanos: int
    tzinfo: tzinfo | None

    def __str__(self) -> str:
        return clock_text(self.nanos) + zone_text(self.tzinfo, offset_of(self))


@dataclass(frozen=True, slots=True)
class WideMoment:
    """A date and time: the number of the local day, and nanoseconds since its midnight."""

    day: int
    nanos: int
    tzinfo: tzinfo | None

    def __str__(self) -> str:
        return f"{day_text(*civil(self.day))}T{clock_text(self.nanos)}{zone_text(self.tzinfo, offset_of(self))}"


AnyDate = date | WideDate
AnyMoment = datetime | WideMoment
AnyTime = time | WideTime


def is_leap(year: int) -> bool:
    return not year % 4 and (bool(year % 100) or not year % 400)


def days_in_month(year: int, month: int) -> int:
    if month == 2:
        return 29 if is_leap(year) else 28
    return 30 if month in (4, 6, 9, 11) else 31


def day_number_of(year: int, month: int, day: int) -> int:
    before = year - 1
    days = before * 365 + before // 4 - before // 100 + before // 400
    return days + _BEFORE_MONTH[month - 1] + (1 if month > 2 and is_leap(year) else 0) + day


def civil(number: int) -> tuple[int, int, int]:
    """Year, month and day of a day number."""
    cycles, rest = divmod(number - 1, _DAYS_400)
    centuries = min(rest // _DAYS_100, 3)
    rest -= centuries * _DAYS_100
    fours, rest = divmod(rest, _DAYS_4)
    years = min(rest // 365, 3)
    rest -= years * 365
    year = cycles * 400 + centuries * 100 + fours * 4 + years + 1
    month = 1
    while rest >= (length := days_in_month(year, month)):
        rest -= length
        month += 1
    return year, month, rest + 1


# --- making


def make_date(year: int, month: int, day: int) -> AnyDate:
    """Raises ValueError when there is no such day."""
    if not -MOST_YEARS <= year <= MOST_YEARS or not 1 <= month <= 12 or not 1 <= day <= days_in_month(year, month):
        raise ValueError((year, month, day))
    return date(year, month, day) if 1 <= year <= 9999 else WideDate(year, month, day)


def make_time(nanos: int, zone: tzinfo | None) -> AnyTime:
    """A time of day; nanoseconds wrap at midnight."""
    nanos %= DAY
    if nanos % MICRO:
        return WideTime(nanos, zone)
    seconds, rest = divmod(nanos, SECOND)
    return time(seconds // 3600, seconds // 60 % 60, seconds % 60, rest // MICRO, zone)


def make_moment(day: int, nanos: int, zone: tzinfo | None) -> AnyMoment:
    """The moment so many nanoseconds after the midnight that begins a day. Raises ValueError outside the years of nine digits."""
    more, nanos = divmod(nanos, DAY)
    day += more
    made = make_date(*civil(day))
    if isinstance(made, WideDate) or nanos % MICRO:
        return WideMoment(day, nanos, zone)
    clock = make_time(nanos, zone)
    return datetime.combine(made, clock) if isinstance(clock, time) else WideMoment(day, nanos, zone)


def moment_at(instant: int, zone: tzinfo | None) -> AnyMoment:
    """The moment of an instant (nanoseconds UTC, from the beginning of day 0) in a zone."""
    day, nanos = divmod(instant, DAY)
    if isinstance(zone, Region):
        offset = zone.seconds_at_utc(day, nanos // SECOND)
    else:
        offset = 0 if zone is None else _seconds(zone.utcoffset(None))
    moment = make_moment(day, nanos + offset * SECOND, zone)
    if isinstance(moment, datetime) and isinstance(zone, Region) and _seconds(moment.utcoffset()) != offset:
        return moment.replace(fold=1)
    return moment


# --- reading


def ymd(value: AnyDate | AnyMoment) -> tuple[int, int, int]:
    if isinstance(value, WideMoment):
        return civil(value.day)
    return value.year, value.month, value.day


def date_part(value: AnyDate | AnyMoment) -> AnyDate:
    return make_date(*ymd(value))


def day_number(value: AnyDate | AnyMoment) -> int:
    if isinstance(value, WideMoment):
        return value.day
    return value.toordinal() if isinstance(value, date) else day_number_of(value.year, value.month, value.day)


def clock_nanos(value: AnyTime | AnyMoment) -> int:
    """Nanoseconds since midnight on the clock."""
    if isinstance(value, (WideTime, WideMoment)):
        return value.nanos
    return (value.hour * 3600 + value.minute * 60 + value.second) * SECOND + value.microsecond * MICRO


def time_part(value: AnyMoment) -> AnyTime:
    return make_time(clock_nanos(value), value.tzinfo)


def offset_of(value: AnyTime | AnyMoment) -> timedelta | None:
    """The distance from UTC; None for a local reading of the clock."""
    if isinstance(value, (time, datetime)):
        return value.utcoffset()
    if isinstance(value, WideMoment) and isinstance(value.tzinfo, Region):
        return timedelta(seconds=value.tzinfo.seconds_at(value.day, value.nanos // SECOND))
    return None if value.tzinfo is None else value.tzinfo.utcoffset(None)


def instant_of(value: AnyTime | AnyMoment) -> int | None:
    """Nanoseconds in UTC; None for a local reading of the clock."""
    offset = offset_of(value)
    return None if offset is None else reading_of(value) - _seconds(offset) * SECOND


def reading_of(value: AnyTime | AnyMoment) -> int:
    """Nanoseconds on the local clock, counted from day 0; of a time of day, from midnight."""
    day = 0 if isinstance(value, (time, WideTime)) else day_number(value)
    return day * DAY + clock_nanos(value)


def _seconds(offset: timedelta | None) -> int:
    return int(offset.total_seconds()) if offset is not None else 0


# --- writing


def day_text(year: int, month: int, day: int) -> str:
    return f"{'-' if year < 0 else ''}{abs(year):04}-{month:02}-{day:02}"


def clock_text(nanos: int) -> str:
    seconds, nanos = divmod(nanos, SECOND)
    text = f"{seconds // 3600:02}:{seconds // 60 % 60:02}:{seconds % 60:02}"
    return text + (f".{nanos:09}".rstrip("0") if nanos else "")
