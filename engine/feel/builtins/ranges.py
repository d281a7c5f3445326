"""Functions that compare points and ranges (Allen's relations), and range() of a text."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

from engine.feel import temporal
from engine.feel.builtins.registry import builtin
from engine.feel.environment import Run
from engine.feel.kinds import NUMBERS, Range, compare, equal, truth_and, truth_or

POINT = "number|string|date|moment|time|days|months"
Truth = bool | None


def _lt(left: Any, right: Any) -> Truth:
    return compare("<", left, right)


def _gt(left: Any, right: Any) -> Truth:
    return compare(">", left, right)


def _eq(left: Any, right: Any) -> Truth:
    return equal(left, right) if left is not None and right is not None else None


def _all(*facts: Truth) -> Truth:
    return truth_and(facts)


def _any(*facts: Truth) -> Truth:
    return truth_or(facts)


def _ends_before(left: Range, right: Range) -> Truth:
    """The end of `left` lies before the start of `right`."""
    touching = not (left.end_included and right.start_included)
    return _any(_lt(left.end, right.start), _all(touching, _eq(left.end, right.start)))


def _meets(left: Range, right: Range) -> Truth:
    return _all(left.end_included, right.start_included, _eq(left.end, right.start))


def _start_within(inner: Range, outer: Range) -> Truth:
    """`inner` starts no earlier than `outer`."""
    return _any(_gt(inner.start, outer.start), _all(_eq(inner.start, outer.start), outer.start_included or not inner.start_included))


def _end_within(inner: Range, outer: Range) -> Truth:
    return _any(_lt(inner.end, outer.end), _all(_eq(inner.end, outer.end), outer.end_included or not inner.end_included))


def _includes(outer: Range, inner: Range) -> Truth:
    return _all(_start_within(inner, outer), _end_within(inner, outer))


def _same_start(left: Range, right: Range) -> Truth:
    return _all(left.start_included == right.start_included, _eq(left.start, right.start))


def _same_end(left: Range, right: Range) -> Truth:
    return _all(left.end_included == right.end_included, _eq(left.end, right.end))


def _overlaps(left: Range, right: Range) -> Truth:
    return _all(_not(_ends_before(left, right)), _not(_ends_before(right, left)))


def _not(fact: Truth) -> Truth:
    return None if fact is None else not fact


def _overlaps_before(left: Range, right: Range) -> Truth:
    starts_earlier = _any(_lt(left.start, right.start), _all(_eq(left.start, right.start), left.start_included, not right.start_included))
    return _all(starts_earlier, _not(_ends_before(left, right)), _end_within(left, right))


def _overlaps_after(left: Range, right: Range) -> Truth:
    return _overlaps_before(right, left)


def _declare(name: str, signature: str, relation: Callable[[Any, Any], Truth]) -> None:
    @builtin(name, signature)
    def _relation(_: Run, first: Any, second: Any) -> Truth:
        return relation(first, second)


def _point_before_range(point: Any, span: Range) -> Truth:
    return _any(_lt(point, span.start), _all(not span.start_included, _eq(point, span.start)))


def _range_before_point(span: Range, point: Any) -> Truth:
    return _any(_lt(span.end, point), _all(not span.end_included, _eq(span.end, point)))


_POINTS = f"point1: {POINT}, point2: {POINT}"
_POINT_RANGE = f"point: {POINT}, range: range"
_RANGE_POINT = f"range: range, point: {POINT}"
_RANGES = "range1: range, range2: range"

_declare("before", _POINTS, _lt)
_declare("before", _POINT_RANGE, _point_before_range)
_declare("before", _RANGE_POINT, _range_before_point)
_declare("before", _RANGES, _ends_before)
_declare("after", _POINTS, _gt)
_declare("after", _POINT_RANGE, lambda point, span: _range_before_point(span, point))
_declare("after", _RANGE_POINT, lambda span, point: _point_before_range(point, span))
_declare("after", _RANGES, lambda left, right: _ends_before(right, left))
_declare("meets", _RANGES, _meets)
_declare("met by", _RANGES, lambda left, right: _meets(right, left))
_declare("overlaps", _RANGES, _overlaps)
_declare("overlaps before", _RANGES, _overlaps_before)
_declare("overlaps after", _RANGES, _overlaps_after)
_declare("finishes", _POINT_RANGE, lambda point, span: _all(span.end_included, _eq(span.end, point)))
_declare("finishes", _RANGES, lambda left, right: _all(_same_end(left, right), _start_within(left, right)))
_declare("finished by", _RANGE_POINT, lambda span, point: _all(span.end_included, _eq(span.end, point)))
_declare("finished by", _RANGES, lambda left, right: _all(_same_end(left, right), _start_within(right, left)))
_declare("includes", _RANGE_POINT, lambda span, point: span.includes(point))
_declare("includes", _RANGES, _includes)
_declare("during", _POINT_RANGE, lambda point, span: span.includes(point))
_declare("during", _RANGES, lambda left, right: _includes(right, left))
_declare("starts", _POINT_RANGE, lambda point, span: _all(span.start_included, _eq(span.start, point)))
_declare("starts", _RANGES, lambda left, right: _all(_same_start(left, right), _end_within(left, right)))
_declare("started by", _RANGE_POINT, lambda span, point: _all(span.start_included, _eq(span.start, point)))
_declare("started by", _RANGES, lambda left, right: _all(_same_start(left, right), _end_within(right, left)))
_declare("coincides", _POINTS, _eq)
_declare("coincides", _RANGES, lambda left, right: _all(_same_start(left, right), _same_end(left, right)))

_END = re.compile(r'(?:(@)|(date and time|date|time|duration)\(\s*)?"([^"\\]*)"(\s*\))?')
_NUMBER = re.compile(r"-?(?:\d+(?:\.\d+)?|\.\d+)", re.ASCII)
_READERS: dict[str, Callable[[str], Any]] = {
    "@": temporal.parse_any,
    "date": temporal.parse_date,
    "time": temporal.parse_time,
    "date and time": temporal.parse_date_time,
    "duration": temporal.parse_duration,
}


@builtin("range", "from: string")
def _range(_: Run, text: str) -> Range | None:
    """The range a text such as `[1..10)` stands for; its ends are literals."""
    text = text.strip()
    opening, closing = text[:1], text[-1:]
    first, dots, last = (part.strip() for part in text[1:-1].partition(".."))
    if not dots or opening not in ("[", "]", "(") or closing not in ("[", "]", ")"):
        return None
    start, end = _range_end(first), _range_end(last)
    if _misread(first, start) or _misread(last, end) or (start is None and end is None):
        return None
    if start is not None and end is not None and compare("<=", start, end) is not True:
        return None
    return Range(start, end, opening == "[" and start is not None, closing == "]" and end is not None)


def _misread(text: str, value: Any) -> bool:
    return value is None and text != "null"


def _range_end(text: str) -> Any:
    if _NUMBER.fullmatch(text):
        return NUMBERS.create_decimal(text)
    found = _END.fullmatch(text)
    if not found or bool(found[2]) != bool(found[4]):
        return None
    reader = _READERS.get(found[1] or found[2] or "")
    return reader(found[3]) if reader else found[3]
