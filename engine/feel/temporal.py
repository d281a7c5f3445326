"""Texts of dates, times and durations: reading, writing, and the parts FEEL shows of them."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import UTC, date, datetime, time, timedelta, timezone, tzinfo
from decimal import Decimal
from typing import Any

from engine.errors import ExpressionFailed
from engine.values import YearsMonths, duration_text

_DATE = re.compile(r"(\d{4})-(\d\d)-(\d\d)", re.ASCII)
_CLOCK = re.compile(r"(\d\d):(\d\d):(\d\d)(?:\.(\d+))?(Z|[+-]\d\d:\d\d(?::\d\d)?)?(@\S+)?", re.ASCII)
_DAYS = re.compile(r"(-)?P(?:(\d+)D)?(?:T(?:(\d+)H)?(?:(\d+)M)?(?:(\d+)(?:\.(\d*))?S)?)?", re.ASCII)
_MONTHS = re.compile(r"(-)?P(?:(\d+)Y)?(?:(\d+)M)?", re.ASCII)
#: the DMN standard's longest duration: years of nine digits
MOST_MONTHS = 12 * 1_000_000_000
#: longest text that can be a date, time or duration
_LONGEST = 64


class NamedZone(ExpressionFailed):
    """Named time zones are refused: write an offset such as +08:00."""


def parse_date(text: str) -> date | None:
    """`2026-03-02`, or None when it is no date between the years 0001 and 9999."""
    found = _DATE.fullmatch(text)
    if not found:
        return None
    try:
        return date(*(int(part) for part in found.groups()))
    except ValueError:
        return None


def parse_time(text: str) -> time | None:
    """`09:00:00`, with an offset or Z where there is one. Raises NamedZone."""
    found = _CLOCK.fullmatch(text)
    if not found:
        return None
    hours, minutes, seconds, fraction, offset, name = found.groups()
    if name:
        raise NamedZone
    try:
        return time(int(hours), int(minutes), int(seconds), _micros(fraction), parse_offset(offset))
    except ValueError:
        return None


def parse_date_time(text: str) -> datetime | None:
    """`2026-03-02T09:00:00+08:00`; without an offset it is a local reading of the clock; a date alone is its midnight."""
    day_text, mark, clock_text = text.partition("T")
    day = parse_date(day_text)
    midnight_after = clock_text.startswith("24:00:00")  # ISO 8601: the end of the day
    clock = parse_time("00" + clock_text[2:] if midnight_after else clock_text) if mark else time()
    if day is None or clock is None or (midnight_after and (clock.replace(tzinfo=None) != time() or day == date.max)):
        return None
    return datetime.combine(day + timedelta(days=1) if midnight_after else day, clock)


def parse_offset(text: str | None) -> tzinfo | None:
    """`Z`, `+08:00` or nothing. Raises ValueError for an offset of more than 18 hours."""
    if text is None:
        return None
    if text == "Z":
        return UTC
    hours, minutes, *seconds = (int(part) for part in text[1:].split(":"))
    if hours > 18 or minutes > 59:
        raise ValueError(text)
    size = timedelta(hours=hours, minutes=minutes, seconds=seconds[0] if seconds else 0)
    return timezone(-size if text[0] == "-" else size)


def parse_duration(text: str) -> timedelta | YearsMonths | None:
    """`P14D`, `PT2H`, `P1Y2M`; days and months do not mix."""
    if len(text) > _LONGEST:
        return None
    found = _DAYS.fullmatch(text)
    if found and not text.endswith(("P", "T")):
        sign, days, hours, minutes, seconds, fraction = found.groups()
        try:
            size = timedelta(int(days or 0), int(seconds or 0), _micros(fraction), 0, int(minutes or 0), int(hours or 0))
        except OverflowError:
            return None
        return -size if sign else size
    found = _MONTHS.fullmatch(text)
    if found and not text.endswith("P"):
        months = int(found[2] or 0) * 12 + int(found[3] or 0)
        return YearsMonths(-months if found[1] else months) if months <= MOST_MONTHS else None
    return None


def parse_any(text: str) -> Any:
    """What an @-literal means, or None. Raises NamedZone."""
    text = text.strip()
    if len(text) > _LONGEST:
        return None
    if text.lstrip("-").startswith("P"):
        return parse_duration(text)
    if "T" in text:
        return parse_date_time(text)
    return parse_time(text) if ":" in text else parse_date(text)


def _micros(fraction: str | None) -> int:
    return int((fraction or "0")[:6].ljust(6, "0"))


def offset_text(offset: timedelta) -> str:
    seconds = int(offset.total_seconds())
    if not seconds:
        return "Z"
    hours, rest = divmod(abs(seconds), 3600)
    minutes, seconds_left = divmod(rest, 60)
    return f"{'-' if seconds < 0 else '+'}{hours:02}:{minutes:02}" + (f":{seconds_left:02}" if seconds_left else "")


def text_of(value: Any) -> str:
    """The text of a date, time or duration, as FEEL's string() gives it."""
    if isinstance(value, timedelta):
        return duration_text(value)
    if isinstance(value, (datetime, time)):
        offset = value.utcoffset()
        body = value.replace(tzinfo=None).isoformat()
        if "." in body:
            body = body.rstrip("0")
        return body + (offset_text(offset) if offset is not None else "")
    return value.isoformat() if isinstance(value, date) else str(value)


def _number(value: int) -> Decimal:
    return Decimal(value)


def _offset(value: datetime | time) -> timedelta | None:
    return value.utcoffset()


def _seconds_of(value: timedelta) -> int:
    return abs(value) // timedelta(seconds=1)


def _signed(value: timedelta, part: int) -> Decimal:
    return Decimal(-part if value < timedelta(0) else part)


_DATE_PARTS: dict[str, Callable[[Any], Any]] = {
    "year": lambda v: _number(v.year),
    "month": lambda v: _number(v.month),
    "day": lambda v: _number(v.day),
    "weekday": lambda v: _number(v.isoweekday()),
}
_TIME_PARTS: dict[str, Callable[[Any], Any]] = {
    "hour": lambda v: _number(v.hour),
    "minute": lambda v: _number(v.minute),
    "second": lambda v: _number(v.second),
    "time offset": _offset,
    "timezone": lambda _: None,
}
_DAYS_PARTS: dict[str, Callable[[Any], Any]] = {
    "days": lambda v: _signed(v, _seconds_of(v) // 86_400),
    "hours": lambda v: _signed(v, _seconds_of(v) // 3_600 % 24),
    "minutes": lambda v: _signed(v, _seconds_of(v) // 60 % 60),
    "seconds": lambda v: _signed(v, _seconds_of(v) % 60),
}
_MONTHS_PARTS: dict[str, Callable[[Any], Any]] = {
    "years": lambda v: _number(abs(v.months) // 12 * (1 if v.months >= 0 else -1)),
    "months": lambda v: _number(abs(v.months) % 12 * (1 if v.months >= 0 else -1)),
}

#: kind → part → how it is read
PARTS: dict[str, dict[str, Callable[[Any], Any]]] = {
    "date": _DATE_PARTS,
    "date and time": _DATE_PARTS | _TIME_PARTS,
    "time": _TIME_PARTS,
    "days and time duration": _DAYS_PARTS,
    "years and months duration": _MONTHS_PARTS,
}
