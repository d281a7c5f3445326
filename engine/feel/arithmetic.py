"""`+ - * / **` and negation over numbers, texts, dates, times and durations. What has no meaning is null."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, time, timedelta
from decimal import Decimal
from typing import Any

from engine.feel.durations import DAY, MOST_MONTHS, WideDays, YearsMonths, make_days, nanos_of
from engine.feel.environment import Run
from engine.feel.kinds import NUMBERS, kind_of, local
from engine.feel.wide import (
    AnyDate,
    AnyMoment,
    AnyTime,
    WideDate,
    WideMoment,
    civil,
    clock_nanos,
    day_number,
    days_in_month,
    instant_of,
    make_date,
    make_moment,
    make_time,
    moment_at,
    reading_of,
    ymd,
)
from engine.feel.zones import Region

Operation = Callable[[Any, Any, Run], Any]

_NUMBER, _TEXT, _DATE, _MOMENT, _TIME = "number", "string", "date", "date and time", "time"
_DAYS, _MONTHS = "days and time duration", "years and months duration"


def apply(operator: str, left: Any, right: Any, run: Run) -> Any:
    """The operation by the kinds of its operands; null when there is none or the result cannot be represented."""
    if type(left) is Decimal and type(right) is Decimal:
        number = _NUMERIC[operator](left, right)
        return number if number.is_finite() else _nothing("result", operator, left, right, run)
    operation = _OPERATIONS.get((operator, kind_of(left), kind_of(right)))
    if operation is None:
        return _nothing("operation", operator, kind_of(left), kind_of(right), run)
    try:
        result = operation(left, right, run)
    except (OverflowError, ValueError):
        result = None
    return _nothing("result", operator, kind_of(left), kind_of(right), run) if result is None else result


def _nothing(key: str, operator: str, left: Any, right: Any, run: Run) -> None:
    run.note(key, operator=operator, left=left, right=right)


def negate(value: Any) -> Any:
    if isinstance(value, Decimal):
        return NUMBERS.minus(value)
    if isinstance(value, (timedelta, WideDays)):
        return make_days(-nanos_of(value))
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


def _moved_months(value: Any, months: int) -> Any:
    """The same day of another month, or the last day of that month when it is shorter. Raises ValueError."""
    year, month, day = ymd(value)
    year, month = divmod(year * 12 + month - 1 + months, 12)
    moved = make_date(year, month + 1, min(day, days_in_month(year, month + 1)))
    return make_moment(day_number(moved), clock_nanos(value), value.tzinfo) if isinstance(value, (datetime, WideMoment)) else moved


def _moved_days(day: AnyDate, nanos: int) -> AnyDate:
    return make_date(*civil(day_number(day) + nanos // DAY))


def _moved_moment(moment: AnyMoment, nanos: int) -> AnyMoment:
    """Later by so much time: in a named zone the clock may show another offset then."""
    if isinstance(moment.tzinfo, Region):
        return moment_at((instant_of(moment) or 0) + nanos, moment.tzinfo)
    return make_moment(day_number(moment), clock_nanos(moment) + nanos, moment.tzinfo)


def _moved_time(value: AnyTime, nanos: int) -> AnyTime:
    """A time of day moved; it wraps at midnight."""
    return make_time(clock_nanos(value) + nanos, value.tzinfo)


def _distance(left: AnyMoment | AnyTime, right: AnyMoment | AnyTime) -> Any:
    """Null between a local reading of the clock and one with an offset."""
    first, second = instant_of(left), instant_of(right)
    if first is None and second is None:
        return make_days(reading_of(left) - reading_of(right))
    return None if first is None or second is None else make_days(first - second)


def _months(size: Decimal | int) -> YearsMonths:
    """Whole months. Raises OverflowError beyond years of nine digits."""
    if not -MOST_MONTHS <= size <= MOST_MONTHS:
        raise OverflowError(size)
    return YearsMonths(int(size))


def _rounded(nanos: Decimal) -> Any:
    """A duration of whole microseconds, or of nanoseconds when its factors had such."""
    return make_days(int(nanos.to_integral_value()))


def _scaled_days(size: Any, factor: Decimal) -> Any:
    return _rounded(NUMBERS.multiply(Decimal(nanos_of(size)), factor))


def _scaled_months(size: YearsMonths, factor: Decimal) -> YearsMonths:
    return _months(NUMBERS.multiply(Decimal(size.months), factor))


def _ratio(left: int, right: int) -> Decimal | None:
    return NUMBERS.divide(Decimal(left), Decimal(right)) if right else None


def _inverse(factor: Decimal) -> Decimal:
    if not factor:
        raise ValueError(factor)
    return factor


def _divided_days(size: Any, divisor: Decimal) -> Any:
    return _rounded(NUMBERS.divide(Decimal(nanos_of(size)), _inverse(divisor)))


def _divided_months(size: YearsMonths, divisor: Decimal) -> YearsMonths:
    return _months(NUMBERS.divide(Decimal(size.months), _inverse(divisor)))


def _from_midnight(moment: AnyMoment, day: AnyDate, run: Run) -> Any:
    """From the beginning of a day in the installation's zone; a local reading of the clock has no distance from it."""
    instant = instant_of(moment)
    return None if instant is None else make_days(instant - midnight(day, run))


def midnight(day: AnyDate, run: Run) -> int:
    """The instant at which a day begins in the installation's zone."""
    if isinstance(day, WideDate):  # the data base of zones ends at the year 9999
        return day_number(day) * DAY
    return instant_of(local(datetime.combine(day, time(), run.zone), run.zone)) or 0


def _to_midnight(day: AnyDate, moment: AnyMoment, run: Run) -> Any:
    size = _from_midnight(moment, day, run)
    return None if size is None else make_days(-nanos_of(size))


_OPERATIONS: dict[tuple[str, str, str], Operation] = {
    ("+", _TEXT, _TEXT): lambda a, b, run: run.text(a + b),
    ("+", _DAYS, _DAYS): lambda a, b, _: make_days(nanos_of(a) + nanos_of(b)),
    ("-", _DAYS, _DAYS): lambda a, b, _: make_days(nanos_of(a) - nanos_of(b)),
    ("+", _MONTHS, _MONTHS): lambda a, b, _: _months(a.months + b.months),
    ("-", _MONTHS, _MONTHS): lambda a, b, _: _months(a.months - b.months),
    ("+", _DATE, _DAYS): lambda a, b, _: _moved_days(a, nanos_of(b)),
    ("+", _DAYS, _DATE): lambda a, b, _: _moved_days(b, nanos_of(a)),
    ("-", _DATE, _DAYS): lambda a, b, _: _moved_days(a, -nanos_of(b)),
    ("+", _DATE, _MONTHS): lambda a, b, _: _moved_months(a, b.months),
    ("+", _MONTHS, _DATE): lambda a, b, _: _moved_months(b, a.months),
    ("-", _DATE, _MONTHS): lambda a, b, _: _moved_months(a, -b.months),
    ("+", _MOMENT, _DAYS): lambda a, b, _: _moved_moment(a, nanos_of(b)),
    ("+", _DAYS, _MOMENT): lambda a, b, _: _moved_moment(b, nanos_of(a)),
    ("-", _MOMENT, _DAYS): lambda a, b, _: _moved_moment(a, -nanos_of(b)),
    ("+", _MOMENT, _MONTHS): lambda a, b, _: _moved_months(a, b.months),
    ("+", _MONTHS, _MOMENT): lambda a, b, _: _moved_months(b, a.months),
    ("-", _MOMENT, _MONTHS): lambda a, b, _: _moved_months(a, -b.months),
    ("+", _TIME, _DAYS): lambda a, b, _: _moved_time(a, nanos_of(b)),
    ("+", _DAYS, _TIME): lambda a, b, _: _moved_time(b, nanos_of(a)),
    ("-", _TIME, _DAYS): lambda a, b, _: _moved_time(a, -nanos_of(b)),
    ("-", _DATE, _DATE): lambda a, b, _: make_days((day_number(a) - day_number(b)) * DAY),
    ("-", _MOMENT, _MOMENT): lambda a, b, _: _distance(a, b),
    ("-", _DATE, _MOMENT): _to_midnight,
    ("-", _MOMENT, _DATE): _from_midnight,
    ("-", _TIME, _TIME): lambda a, b, _: _distance(a, b),
    ("*", _DAYS, _NUMBER): lambda a, b, _: _scaled_days(a, b),
    ("*", _NUMBER, _DAYS): lambda a, b, _: _scaled_days(b, a),
    ("/", _DAYS, _NUMBER): lambda a, b, _: _divided_days(a, b),
    ("/", _DAYS, _DAYS): lambda a, b, _: _ratio(nanos_of(a), nanos_of(b)),
    ("*", _MONTHS, _NUMBER): lambda a, b, _: _scaled_months(a, b),
    ("*", _NUMBER, _MONTHS): lambda a, b, _: _scaled_months(b, a),
    ("/", _MONTHS, _NUMBER): lambda a, b, _: _divided_months(a, b),
    ("/", _MONTHS, _MONTHS): lambda a, b, _: _ratio(a.months, b.months),
}
