"""Durations: years and months as a number of months, days and time as a timedelta, or finer and longer than that."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

MICRO = 1_000
SECOND = 1_000_000_000
DAY = 86_400 * SECOND
#: the DMN standard's longest duration: years of nine digits
MOST_MONTHS = 12 * 1_000_000_000
_MOST = 2 * 366 * 1_000_000_000 * DAY
_FITS = 999_999_999 * DAY


@dataclass(frozen=True, slots=True, order=True)
class YearsMonths:
    """A years-and-months duration, in months (may be negative)."""

    months: int

    def __str__(self) -> str:
        sign, total = ("-", -self.months) if self.months < 0 else ("", self.months)
        years, months = divmod(total, 12)
        if not years and not months:
            return "P0M"
        return f"{sign}P" + (f"{years}Y" if years else "") + (f"{months}M" if months else "")


@dataclass(frozen=True, slots=True, order=True)
class WideDays:
    """A days-and-time duration that no timedelta holds: nanoseconds, or more than 999,999,999 days. In nanoseconds."""

    nanos: int

    def __str__(self) -> str:
        return nanos_text(self.nanos)


def make_months(months: int) -> YearsMonths:
    """Raises OverflowError beyond years of nine digits."""
    if not -MOST_MONTHS <= months <= MOST_MONTHS:
        raise OverflowError(months)
    return YearsMonths(months)


def make_days(nanos: int) -> timedelta | WideDays:
    """A days-and-time duration. Raises OverflowError beyond twice the years of nine digits."""
    if not nanos % MICRO and -_FITS <= nanos <= _FITS:
        return timedelta(microseconds=nanos // MICRO)
    if not -_MOST <= nanos <= _MOST:
        raise OverflowError(nanos)
    return WideDays(nanos)


def nanos_of(size: timedelta | WideDays) -> int:
    return size.nanos if isinstance(size, WideDays) else size // timedelta(microseconds=1) * MICRO


def duration_text(value: timedelta) -> str:
    """ISO 8601 text of a days-time duration."""
    return nanos_text(nanos_of(value))


def nanos_text(nanos: int) -> str:
    sign, nanos = ("-", -nanos) if nanos < 0 else ("", nanos)
    seconds, nanos = divmod(nanos, SECOND)
    days, seconds = divmod(seconds, 86_400)
    hours, seconds = divmod(seconds, 3_600)
    minutes, seconds = divmod(seconds, 60)
    second_text = f"{seconds}.{nanos:09d}".rstrip("0") if nanos else str(seconds)
    clock = (f"{hours}H" if hours else "") + (f"{minutes}M" if minutes else "")
    clock += f"{second_text}S" if seconds or nanos else ""
    body = (f"{days}D" if days else "") + (f"T{clock}" if clock else "")
    return f"{sign}P{body or 'T0S'}"
