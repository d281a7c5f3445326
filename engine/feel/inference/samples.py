"""Values that stand for a shape: whether an operator fits is asked of the operator itself, so that the two never differ."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from functools import lru_cache
from itertools import product
from typing import Any

from engine.feel import arithmetic
from engine.feel.durations import YearsMonths
from engine.feel.environment import Environment, Run
from engine.feel.inference.shapes import ANY, Shape
from engine.feel.kinds import FunctionValue, Range, compare, equal, kind_of

_MORNING = datetime(2026, 3, 2, 9, 0)  # noqa: DTZ001  a local reading of the clock is a FEEL value of its own
_PLAIN: dict[str, tuple[Any, ...]] = {
    "number": (Decimal(2),),
    "string": ("a",),
    "boolean": (True,),
    "date": (date(2026, 3, 2),),
    "date and time": (_MORNING.replace(tzinfo=UTC), _MORNING),
    "time": (time(9, tzinfo=UTC), time(9)),
    "days and time duration": (timedelta(days=2),),
    "years and months duration": (YearsMonths(2),),
    "function": (FunctionValue("f", ("a",), lambda _run, _arguments: None), FunctionValue("f", ("a", "b"), lambda _run, _arguments: None)),
}


def run() -> Run:
    """Limits and a moment for trying samples; nothing a sample does comes near them."""
    return Run(Environment(now=_MORNING.replace(tzinfo=UTC), zone=UTC))


def samples(shape: Shape) -> Sequence[Any]:
    """Some values of the shape; none where nothing is known of it."""
    if shape.kind == "list":
        inner = samples(shape.item or ANY)
        return [[value] for value in inner]
    if shape.kind == "context":
        return [{}]
    if shape.kind == "range":
        return [Range(value, value) for value in samples(shape.item or ANY)]
    return _PLAIN.get(shape.kind, ())


def combined(operator: str, left: Shape, right: Shape) -> Shape | None:
    """The shape of ``left operator right`` for arithmetic; None when it is always null, ANY when that cannot be known."""
    return _tried(lambda a, b: arithmetic.apply(operator, a, b, run()), left, right)


def negated(operand: Shape) -> Shape | None:
    if not operand.known or not samples(operand):
        return ANY
    return _kind([arithmetic.negate(value) for value in samples(operand)])


def comparable(operator: str, left: Shape, right: Shape) -> bool:
    """Whether the comparison can give anything but null."""
    compared: Callable[[Any, Any], Any] = equal if operator in ("=", "!=") else lambda a, b: compare(operator, a, b)
    return _tried(compared, left, right) is not None


def _tried(operation: Callable[[Any, Any], Any], left: Shape, right: Shape) -> Shape | None:
    if not left.known or not right.known:
        return ANY
    ones, others = samples(left), samples(right)
    if not ones or not others:
        return ANY
    return _kind([operation(one, other) for one, other in product(ones, others)])


def _kind(results: Sequence[Any]) -> Shape | None:
    kinds = {kind_of(value) for value in results if value is not None}
    if not kinds:
        return None
    return Shape(kinds.pop()) if len(kinds) == 1 else ANY


@lru_cache(maxsize=256)
def part_of(kind: str, read: Callable[[Any], Any]) -> Shape:
    """The shape of a part of a date, time or duration."""
    return _kind([read(value) for value in _PLAIN.get(kind, ())]) or ANY
