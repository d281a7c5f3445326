"""The values of one input, cut into parts within which every cell of the column gives one answer."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from decimal import ROUND_CEILING, ROUND_FLOOR, Decimal
from functools import cmp_to_key
from itertools import pairwise
from typing import Any

from engine.feel.durations import WideDays
from engine.feel.kinds import NUMBERS, compare, equal, kind_of
from engine.feel.wide import WideDate, WideMoment
from engine.values import YearsMonths

#: kinds with an order that can be cut
_ORDERED = ("number", "string", "date", "date and time", "days and time duration", "years and months duration")
_OTHER_TEXTS = ("other", "another", "something else")


@dataclass(frozen=True, slots=True)
class Part:
    """A point, or what lies openly between two points; `example` is a value in it."""

    example: Any


def parts_of(kind: str, points: Sequence[Any], *, whole: bool, only_equal: bool) -> list[Part] | None:
    """The parts of all values of a kind, cut at `points`; None when they have no order.

    `whole`: of numbers only the whole ones count. `only_equal`: the texts are compared for equality only.
    """
    nulls = [Part(None)] if any(point is None for point in points) else []
    there = [point for point in points if point is not None]
    if kind == "boolean":
        return [Part(True), Part(False), *nulls]
    if kind == "string" and only_equal:
        return [*(Part(text) for text in dict.fromkeys(there)), Part(_other_text(there)), *nulls]
    if kind not in _ORDERED or any(isinstance(point, (WideDate, WideMoment, WideDays)) for point in there):
        return None
    ordered = _sorted(there)
    if ordered is None:
        return None
    found: list[Part] = []
    for low, high in pairwise([None, *ordered, None]):
        example = _between(kind, low, high, whole=whole)
        if example is not None:
            found.append(Part(example))
        if high is not None and not (whole and high != high.to_integral_value()):
            found.append(Part(high))
    return [*found, *nulls]


def _sorted(points: Iterable[Any]) -> list[Any] | None:
    """In ascending order, each once; None when two have no order (a moment with an offset and one without)."""
    distinct: list[Any] = []
    for point in points:
        if not any(equal(point, other) for other in distinct):
            if any(compare("<", point, other) is None for other in distinct):
                return None
            distinct.append(point)
    return sorted(distinct, key=cmp_to_key(lambda a, b: -1 if compare("<", a, b) else 1))


def _other_text(texts: Sequence[str]) -> str:
    free = next((text for text in _OTHER_TEXTS if text not in texts), None)
    return free if free is not None else max(texts, key=len) + "x"


def _between(kind: str, low: Any, high: Any, *, whole: bool) -> Any:
    """A value between two points (None: no bound); None when there is none."""
    return _BETWEEN[kind](low, high, whole)


def _number(low: Decimal | None, high: Decimal | None, whole: bool) -> Decimal | None:
    one = Decimal(1)
    if high is None:
        return Decimal(0) if low is None else NUMBERS.add(low.to_integral_value(ROUND_FLOOR), one)
    if low is None:
        return NUMBERS.subtract(high.to_integral_value(ROUND_CEILING), one)
    above = NUMBERS.add(low.to_integral_value(ROUND_FLOOR), one)
    if above < high:
        return above
    return None if whole else NUMBERS.divide(NUMBERS.add(low, high), Decimal(2))


def _text(low: str | None, high: str | None, _whole: bool) -> str | None:
    if low is None:
        return "" if high != "" else None
    longer = [low + mark for mark in ("0", " ", "\x00")]
    return next((text for text in longer if high is None or text < high), None)


def _day(low: date | None, high: date | None, _whole: bool) -> date | None:
    one = timedelta(days=1)
    try:
        if low is None:
            return date(2026, 3, 2) if high is None else high - one
        return low + one if high is None or low + one < high else None
    except OverflowError:
        return None


def _steps(one: Any, zero: Any) -> Callable[[Any, Any, bool], Any]:
    """Durations and moments, which lie densely (to the microsecond)."""

    def between(low: Any, high: Any, _whole: bool) -> Any:
        if low is None or high is None:
            try:
                return low + one if low is not None else zero if high is None else high - one
            except OverflowError:
                return None
        try:
            middle = low + (high - low) / 2
        except OverflowError:
            return None
        return middle if compare("<", low, middle) and compare("<", middle, high) else None

    return between


def _months(low: YearsMonths | None, high: YearsMonths | None, _whole: bool) -> YearsMonths | None:
    if low is None:
        return YearsMonths(0 if high is None else high.months - 1)
    return YearsMonths(low.months + 1) if high is None or low.months + 1 < high.months else None


_BETWEEN: dict[str, Callable[[Any, Any, bool], Any]] = {
    "number": _number,
    "string": _text,
    "date": _day,
    "date and time": _steps(timedelta(days=1), datetime(2026, 3, 2, 9, tzinfo=UTC)),
    "days and time duration": _steps(timedelta(days=1), timedelta()),
    "years and months duration": _months,
}


def kinds_of(points: Iterable[Any]) -> set[str]:
    """The kinds of the constants; null fits every kind."""
    return {kind_of(point) for point in points if point is not None}
