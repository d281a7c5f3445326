"""The parts of dates, times and durations that paths such as `due.year` read."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from typing import Any

from engine.feel.durations import SECOND, make_days, nanos_of
from engine.feel.kinds import NUMBERS
from engine.feel.wide import clock_nanos, day_number, offset_of, ymd
from engine.feel.zones import zone_of

Part = Callable[[Any], Any]
_NANO = Decimal(SECOND)


def _number(value: int) -> Decimal:
    return Decimal(value)


def _with_fraction(nanos: int) -> Decimal:
    whole, rest = divmod(nanos, SECOND)
    return NUMBERS.divide(Decimal(nanos), _NANO) if rest else Decimal(whole)


def weekday(value: Any) -> int:
    """1 is Monday, 7 is Sunday."""
    return (day_number(value) - 1) % 7 + 1


def _seconds(value: Any) -> int:
    return clock_nanos(value) // SECOND


def _offset(value: Any) -> Any:
    offset = offset_of(value)
    return None if offset is None else make_days(nanos_of(offset))


def _size(value: Any) -> int:
    """Whole seconds, without the sign."""
    return abs(nanos_of(value)) // SECOND


def _signed(value: Any, part: int) -> Decimal:
    return Decimal(-part if nanos_of(value) < 0 else part)


def _signed_seconds(value: Any) -> Decimal:
    part = _with_fraction(abs(nanos_of(value)) % (60 * SECOND))
    return NUMBERS.minus(part) if nanos_of(value) < 0 and part else part


_DATE_PARTS: dict[str, Part] = {
    "year": lambda v: _number(ymd(v)[0]),
    "month": lambda v: _number(ymd(v)[1]),
    "day": lambda v: _number(ymd(v)[2]),
    "weekday": lambda v: _number(weekday(v)),
}
_TIME_PARTS: dict[str, Part] = {
    "hour": lambda v: _number(_seconds(v) // 3_600),
    "minute": lambda v: _number(_seconds(v) // 60 % 60),
    "second": lambda v: _with_fraction(clock_nanos(v) % (60 * SECOND)),
    "time offset": _offset,
    "timezone": zone_of,
}
_DAYS_PARTS: dict[str, Part] = {
    "days": lambda v: _signed(v, _size(v) // 86_400),
    "hours": lambda v: _signed(v, _size(v) // 3_600 % 24),
    "minutes": lambda v: _signed(v, _size(v) // 60 % 60),
    "seconds": _signed_seconds,
}
_MONTHS_PARTS: dict[str, Part] = {
    "years": lambda v: _number(abs(v.months) // 12 * (1 if v.months >= 0 else -1)),
    "months": lambda v: _number(abs(v.months) % 12 * (1 if v.months >= 0 else -1)),
}

#: kind → part → how it is read
PARTS: dict[str, dict[str, Part]] = {
    "date": _DATE_PARTS,
    "date and time": _DATE_PARTS | _TIME_PARTS,
    "time": _TIME_PARTS,
    "days and time duration": _DAYS_PARTS,
    "years and months duration": _MONTHS_PARTS,
}
