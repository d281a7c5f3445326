"""When a timer fires: ISO 8601 text, FEEL dates and durations, working-time limits (conventions 6)."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import UTC, date, datetime, time, timedelta, tzinfo
from typing import Any

from dateutil.relativedelta import relativedelta

from engine.errors import ExpressionFailed
from engine.values import YearsMonths, duration_text

_DURATION = re.compile(
    r"(?P<sign>-)?P(?:(?P<years>\d+)Y)?(?:(?P<months>\d+)M)?(?:(?P<weeks>\d+)W)?(?:(?P<days>\d+)D)?"
    r"(?:T(?:(?P<hours>\d+)H)?(?:(?P<minutes>\d+)M)?(?:(?P<seconds>\d+(?:\.\d+)?)S)?)?"
)
_WORKING = re.compile(r"\d+W[DH]")

Working = Callable[[str, datetime], datetime]


def parse_duration(text: str) -> tuple[relativedelta, timedelta]:
    """An ISO 8601 duration: years to days, which count on the calendar, and hours to seconds, which count by the clock.

    Raises ExpressionFailed.
    """
    match = _DURATION.fullmatch(text.strip())
    if match is None or not any(match[name] for name in ("years", "months", "weeks", "days", "hours", "minutes", "seconds")):
        raise ExpressionFailed(f"{text!r} is no duration; write PT2H, P14D, 5WD …", value=text)
    sign = -1 if match["sign"] else 1
    years, months, weeks, days, hours, minutes = (
        int(match[name] or 0) * sign for name in ("years", "months", "weeks", "days", "hours", "minutes")
    )
    calendar = relativedelta(years=years, months=months, days=7 * weeks + days)
    microseconds = round(float(match["seconds"] or 0) * 1_000_000) * sign
    return calendar, timedelta(hours=hours, minutes=minutes, microseconds=microseconds)


def resolve_timer(kind: str, value: Any, *, now: datetime, zone: tzinfo, working: Working) -> tuple[datetime, str | None]:
    """First firing of a timer (date | duration | cycle) and, for a cycle, the text that remains after it (None = done).

    A date or local time without an offset is of the installation's zone; a bare date means its first moment. `working`
    counts 5WD and 4WH from a moment. Raises ExpressionFailed.
    """
    if kind == "cycle":
        return _cycle(value, now=now, zone=zone, working=working)
    return _moment(value, now=now, zone=zone, working=working), None


def _moment(value: Any, *, now: datetime, zone: tzinfo, working: Working) -> datetime:
    match value:
        case datetime():
            return _utc(value, zone)
        case date():
            return _utc(datetime.combine(value, time()), zone)
        case timedelta():
            return now + value
        case YearsMonths():
            return _later(now, relativedelta(months=value.months), zone)
        case str():
            text = value.strip()
            if _WORKING.fullmatch(text):
                return working(text, now)
            if text.startswith(("P", "-P")):
                calendar, clock = parse_duration(text)
                return _later(now, calendar, zone) + clock
            return _parse_date(text, zone)
        case {"due": datetime() as due}:  # a deadline, given whole
            return _utc(due, zone)
    raise ExpressionFailed(f"{value!r} is neither a date nor a duration", value=str(value))


def _cycle(value: Any, *, now: datetime, zone: tzinfo, working: Working) -> tuple[datetime, str | None]:
    """``R3/PT1H``, ``R/P1D``, ``R2/2026-01-01T08:00:00Z/P1D``; a plain duration repeats for ever.

    What remains is anchored to the first firing, so that the cycle does not drift. An endless cycle that was missed for a while
    (the server stood still) fires once for all that was missed, then goes on in its rhythm.
    """
    if isinstance(value, timedelta):
        value = f"R/{duration_text(value)}"
    if isinstance(value, YearsMonths):
        value = f"R/{value}"
    if not isinstance(value, str):
        raise ExpressionFailed(f"{value!r} is no repeating interval; write R3/PT1H", value=str(value))
    parts = value.strip().split("/")
    if not parts[0].startswith("R"):
        parts = ["R", *parts]
    if len(parts) not in {2, 3} or not re.fullmatch(r"R-?\d*", parts[0]):
        raise ExpressionFailed(f"{value!r} is no repeating interval; write R3/PT1H or R/2026-01-01T08:00:00+08:00/P1D", value=value)
    count = int(parts[0][1:]) if parts[0][1:] and parts[0] != "R-1" else None
    if count == 0:
        raise ExpressionFailed(f"{value!r} repeats no times", value=value)
    first = _parse_date(parts[1], zone) if len(parts) == 3 else _moment(parts[-1], now=now, zone=zone, working=working)
    if count == 1:
        return first, None
    following = _moment(parts[-1], now=first, zone=zone, working=working)
    if following <= first:
        raise ExpressionFailed(f"{value!r} does not advance", value=value)
    if count is None and following <= now and parts[-1].strip().startswith("PT"):  # same steps: one jump, however many were missed
        step = following - first
        first += (now - first) // step * step
        following = first + step
    while count is None and following <= now:
        first, following = following, _moment(parts[-1], now=following, zone=zone, working=working)
    rest = "R" if count is None else f"R{count - 1}"
    return first, f"{rest}/{following.isoformat()}/{parts[-1]}"


def _later(moment: datetime, calendar: relativedelta, zone: tzinfo) -> datetime:
    """The same time of day on a later day: not always a multiple of 24 hours where clocks are put forward and back."""
    return (moment.astimezone(zone) + calendar).astimezone(UTC)


def _parse_date(text: str, zone: tzinfo) -> datetime:
    try:
        return _utc(datetime.fromisoformat(text), zone)
    except ValueError:
        raise ExpressionFailed(f"{text!r} is no date; write 2026-03-02T09:00:00+08:00", value=text) from None


def _utc(moment: datetime, zone: tzinfo) -> datetime:
    return (moment if moment.tzinfo else moment.replace(tzinfo=zone)).astimezone(UTC)
