"""`+ - * / **` and negation over numbers, texts, dates, times and durations. What has no meaning is null."""

from __future__ import annotations

from calendar import monthrange
from collections.abc import Callable
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from typing import Any

from engine.feel.environment import Run
from engine.feel.kinds import NUMBERS, kind_of, local
from engine.feel.temporal import MOST_MONTHS
from engine.values import YearsMonths

Operation = Callable[[Any, Any, Run], Any]

_NUMBER, _TEXT, _DATE, _MOMENT, _TIME = "number", "string", "date", "date and time", "time"
_DAYS, _MONTHS = "days and time duration", "years and months duration"
_MICROSECOND = timedelta(microseconds=1)
_DAY = timedelta(days=1)


def _result(number: Decimal) -> Decimal | None:
    return number if number.is_finite() else None


def apply(operator: str, left: Any, right: Any, run: Run) -> Any:
    """The operation by the kinds of its operands; null when there is none or the result cannot be represented."""
    if type(left) is Decimal and type(right) is Decimal:
        return _result(_NUMERIC[operator](left, right))
    operation = _OPERATIONS.get((operator, kind_of(left), kind_of(right)))
    if operation is None:
        return None
    try:
        return operation(left, right, run)
    except (OverflowError, ValueError):
        return None


def negate(value: Any) -> Any:
    if isinstance(value, Decimal):
        return NUMBERS.minus(value)
    if isinstance(value, timedelta):
        return -value
    return YearsMonths(-value.months) if isinstance(value, YearsMonths) else None


def _power(base: Decimal, exponent: Decimal) -> Decimal:
    return NUMBERS.power(base, exponent)


_NUMERIC: dict[str, Callable[[Decimal, Decimal], Decimal]] = {
    "+": NUMBERS.add,
    "-": NUMBERS.subtract,
    "*": NUMBERS.multiply,
    "/": NUMBERS.divide,
    "**": _power,
}


def add_months(day: date, months: int) -> date:
    """The same day of another month, or the last day of that month when it is shorter. Raises ValueError outside years 1–9999."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    if not 1 <= year <= 9999:
        raise ValueError(year)
    return day.replace(year=year, month=month + 1, day=min(day.day, monthrange(year, month + 1)[1]))


def add_to_time(value: time, size: timedelta) -> time:
    """A time of day moved; it wraps at midnight."""
    moved = datetime.combine(date(2000, 1, 1), value.replace(tzinfo=None)) + size % _DAY
    return moved.time().replace(tzinfo=value.tzinfo)


def _whole_days(day: date, size: timedelta) -> date:
    return (datetime.combine(day, time()) + size).date()


def _between_moments(left: datetime, right: datetime) -> timedelta | None:
    if (left.utcoffset() is None) != (right.utcoffset() is None):
        return None
    return left - right


def _between_times(left: time, right: time) -> timedelta | None:
    first, second = left.utcoffset(), right.utcoffset()
    if (first is None) != (second is None):
        return None
    size = _since_midnight(left) - _since_midnight(right)
    return size - (first - second) if first is not None and second is not None else size


def _since_midnight(value: time) -> timedelta:
    return timedelta(hours=value.hour, minutes=value.minute, seconds=value.second, microseconds=value.microsecond)


def _months(size: Decimal | int) -> YearsMonths:
    """Whole months. Raises OverflowError beyond years of nine digits."""
    if not -MOST_MONTHS <= size <= MOST_MONTHS:
        raise OverflowError(size)
    return YearsMonths(int(size))


def _scaled_days(size: timedelta, factor: Decimal) -> timedelta:
    micros = NUMBERS.multiply(Decimal(size // _MICROSECOND), factor)
    return timedelta(microseconds=int(micros.to_integral_value()))


def _scaled_months(size: YearsMonths, factor: Decimal) -> YearsMonths:
    return _months(NUMBERS.multiply(Decimal(size.months), factor))


def _ratio(left: int, right: int) -> Decimal | None:
    return NUMBERS.divide(Decimal(left), Decimal(right)) if right else None


def _inverse(factor: Decimal) -> Decimal:
    if not factor:
        raise ValueError(factor)
    return factor


def _divided_days(size: timedelta, divisor: Decimal) -> timedelta:
    micros = NUMBERS.divide(Decimal(size // _MICROSECOND), _inverse(divisor))
    return timedelta(microseconds=int(micros.to_integral_value()))


def _divided_months(size: YearsMonths, divisor: Decimal) -> YearsMonths:
    return _months(NUMBERS.divide(Decimal(size.months), _inverse(divisor)))


def _from_midnight(moment: datetime, day: date, run: Run) -> timedelta | None:
    """From the beginning of a day in the installation's zone; a local reading of the clock has no distance from it."""
    if moment.utcoffset() is None:
        return None
    return moment - local(datetime.combine(day, time(), run.zone), run.zone)


def _negated(size: timedelta | None) -> timedelta | None:
    return None if size is None else -size


_OPERATIONS: dict[tuple[str, str, str], Operation] = {
    ("+", _TEXT, _TEXT): lambda a, b, run: run.text(a + b),
    ("+", _DAYS, _DAYS): lambda a, b, _: a + b,
    ("-", _DAYS, _DAYS): lambda a, b, _: a - b,
    ("+", _MONTHS, _MONTHS): lambda a, b, _: _months(a.months + b.months),
    ("-", _MONTHS, _MONTHS): lambda a, b, _: _months(a.months - b.months),
    ("+", _DATE, _DAYS): lambda a, b, _: _whole_days(a, b),
    ("+", _DAYS, _DATE): lambda a, b, _: _whole_days(b, a),
    ("-", _DATE, _DAYS): lambda a, b, _: _whole_days(a, -b),
    ("+", _DATE, _MONTHS): lambda a, b, _: add_months(a, b.months),
    ("+", _MONTHS, _DATE): lambda a, b, _: add_months(b, a.months),
    ("-", _DATE, _MONTHS): lambda a, b, _: add_months(a, -b.months),
    ("+", _MOMENT, _DAYS): lambda a, b, _: a + b,
    ("+", _DAYS, _MOMENT): lambda a, b, _: b + a,
    ("-", _MOMENT, _DAYS): lambda a, b, _: a - b,
    ("+", _MOMENT, _MONTHS): lambda a, b, _: add_months(a, b.months),
    ("+", _MONTHS, _MOMENT): lambda a, b, _: add_months(b, a.months),
    ("-", _MOMENT, _MONTHS): lambda a, b, _: add_months(a, -b.months),
    ("+", _TIME, _DAYS): lambda a, b, _: add_to_time(a, b),
    ("+", _DAYS, _TIME): lambda a, b, _: add_to_time(b, a),
    ("-", _TIME, _DAYS): lambda a, b, _: add_to_time(a, -b),
    ("-", _DATE, _DATE): lambda a, b, _: a - b,
    ("-", _MOMENT, _MOMENT): lambda a, b, _: _between_moments(a, b),
    ("-", _DATE, _MOMENT): lambda a, b, run: _negated(_from_midnight(b, a, run)),
    ("-", _MOMENT, _DATE): _from_midnight,
    ("-", _TIME, _TIME): lambda a, b, _: _between_times(a, b),
    ("*", _DAYS, _NUMBER): lambda a, b, _: _scaled_days(a, b),
    ("*", _NUMBER, _DAYS): lambda a, b, _: _scaled_days(b, a),
    ("/", _DAYS, _NUMBER): lambda a, b, _: _divided_days(a, b),
    ("/", _DAYS, _DAYS): lambda a, b, _: _ratio(a // _MICROSECOND, b // _MICROSECOND),
    ("*", _MONTHS, _NUMBER): lambda a, b, _: _scaled_months(a, b),
    ("*", _NUMBER, _MONTHS): lambda a, b, _: _scaled_months(b, a),
    ("/", _MONTHS, _NUMBER): lambda a, b, _: _divided_months(a, b),
    ("/", _MONTHS, _MONTHS): lambda a, b, _: _ratio(a.months, b.months),
}
