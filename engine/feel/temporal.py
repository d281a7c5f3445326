"""Texts of dates, times and durations: reading and writing them."""

from __future__ import annotations

import re
from datetime import datetime, time, timedelta, tzinfo
from typing import Any

from engine.feel.durations import DAY, MOST_MONTHS, SECOND, WideDays, YearsMonths, make_days, nanos_of, nanos_text
from engine.feel.wide import (
    AnyDate,
    AnyMoment,
    AnyTime,
    WideMoment,
    WideTime,
    clock_nanos,
    clock_text,
    day_number,
    day_text,
    make_date,
    make_moment,
    make_time,
    offset_of,
    ymd,
)
from engine.feel.zones import parse_offset, region, zone_text

_DATE = re.compile(r"(-?(?:[1-9]\d{4,8}|\d{4}))-(\d\d)-(\d\d)", re.ASCII)
_CLOCK = re.compile(r"(\d\d):(\d\d):(\d\d)(?:\.(\d+))?(?:(Z|[+-]\d\d:\d\d(?::\d\d)?)|@(\S+))?", re.ASCII)
_DAYS = re.compile(r"(-)?P(?:(\d+)D)?(?:T(?:(\d+)H)?(?:(\d+)M)?(?:(\d+)(?:\.(\d*))?S)?)?", re.ASCII)
_MONTHS = re.compile(r"(-)?P(?:(\d+)Y)?(?:(\d+)M)?", re.ASCII)
_END_OF_DAY = re.compile(r"24:00:00(?:\.0+)?(?!\d)")
#: longest text that can be a date, time or duration
_LONGEST = 120


def parse_date(text: str) -> AnyDate | None:
    """`2026-03-02`, or None when it is no date between the years -999,999,999 and 999,999,999."""
    found = _DATE.fullmatch(text)
    if not found:
        return None
    try:
        return make_date(*(int(part) for part in found.groups()))
    except ValueError:
        return None


def parse_time(text: str) -> AnyTime | None:
    """`09:00:00`, with an offset, Z or the name of a zone where there is one."""
    read = _clock(text)
    return None if read is None else make_time(*read)


def _clock(text: str) -> tuple[int, tzinfo | None] | None:
    """Nanoseconds since midnight, and the zone."""
    found = _CLOCK.fullmatch(text) if len(text) <= _LONGEST else None
    if not found:
        return None
    hours, minutes, seconds = (int(part) for part in found.groups()[:3])
    if hours > 23 or minutes > 59 or seconds > 59:
        return None
    zone: tzinfo | None
    if found[6]:
        zone = region(found[6])
        if zone is None:
            return None
    else:
        try:
            zone = parse_offset(found[5])
        except ValueError:
            return None
    return (hours * 3600 + minutes * 60 + seconds) * SECOND + _nanos(found[4]), zone


def parse_date_time(text: str) -> AnyMoment | None:
    """`2026-03-02T09:00:00+08:00`; without an offset or zone it is a local reading of the clock; a date alone is its midnight."""
    day_part, mark, clock_part = text.partition("T")
    day = parse_date(day_part)
    end_of_day = bool(_END_OF_DAY.match(clock_part))  # ISO 8601: the midnight that ends the day
    read = _clock("00" + clock_part[2:] if end_of_day else clock_part) if mark else (0, None)
    if day is None or read is None:
        return None
    try:
        return make_moment(day_number(day), read[0] + (DAY if end_of_day else 0), read[1])
    except ValueError:
        return None


def parse_duration(text: str) -> timedelta | WideDays | YearsMonths | None:
    """`P14D`, `PT2H`, `P1Y2M`; days and months do not mix."""
    if len(text) > _LONGEST:
        return None
    found = _DAYS.fullmatch(text)
    if found and not text.endswith(("P", "T")):
        sign, days, hours, minutes, seconds, fraction = found.groups()
        total = ((int(days or 0) * 24 + int(hours or 0)) * 60 + int(minutes or 0)) * 60 + int(seconds or 0)
        nanos = total * SECOND + _nanos(fraction)
        try:
            return make_days(-nanos if sign else nanos)
        except OverflowError:
            return None
    found = _MONTHS.fullmatch(text)
    if found and not text.endswith("P"):
        months = int(found[2] or 0) * 12 + int(found[3] or 0)
        return YearsMonths(-months if found[1] else months) if months <= MOST_MONTHS else None
    return None


def parse_any(text: str) -> Any:
    """What an @-literal means, or None."""
    text = text.strip()
    if len(text) > _LONGEST:
        return None
    if text.lstrip("-").startswith("P"):
        return parse_duration(text)
    if parse_date(text.partition("T")[0]) is not None and "T" in text:
        return parse_date_time(text)
    return parse_time(text) if ":" in text else parse_date(text)


def zone_name(text: str) -> str | None:
    """The name of the zone that a text of a time names, or None."""
    return text.partition("@")[2].strip() or None


def _nanos(fraction: str | None) -> int:
    return int((fraction or "0")[:9].ljust(9, "0"))


def text_of(value: Any) -> str:
    """The text of a date, time or duration, as FEEL's string() gives it."""
    if isinstance(value, timedelta):
        return nanos_text(nanos_of(value))
    if isinstance(value, (WideTime, WideMoment, WideDays, YearsMonths)):
        return str(value)
    if isinstance(value, time):
        return clock_text(clock_nanos(value)) + zone_text(value.tzinfo, value.utcoffset())
    day = day_text(*ymd(value))
    if isinstance(value, datetime):
        return f"{day}T{clock_text(clock_nanos(value))}{zone_text(value.tzinfo, offset_of(value))}"
    return day
