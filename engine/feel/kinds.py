"""What FEEL values are in Python, and when two of them are equal or ordered."""

from __future__ import annotations

import dataclasses
import operator
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta, timezone
from decimal import ROUND_HALF_EVEN, Context, Decimal
from itertools import islice
from typing import TYPE_CHECKING, Any

from engine.feel.durations import WideDays, YearsMonths, nanos_of
from engine.feel.wide import WideDate, WideMoment, WideTime, day_number, instant_of, reading_of
from engine.feel.zones import Region

if TYPE_CHECKING:
    from engine.feel.environment import Run

#: decimal128, as DMN asks for; nothing traps, a result that is not finite becomes null.
NUMBERS = Context(prec=34, rounding=ROUND_HALF_EVEN, Emin=-6143, Emax=6144, traps=[])


@dataclass(frozen=True, slots=True)
class Range:
    """An interval. `operator` is set for ranges written as a comparison, `(< 10)`, whose other end is open."""

    start: Any
    end: Any
    start_included: bool = True
    end_included: bool = True
    operator: str | None = None

    def includes(self, value: Any, run: Run | None = None) -> bool | None:
        """Whether the value lies inside; None when it cannot be compared with the ends. What comparing costs goes to `run`."""
        if self.operator == "=":
            return equal(value, self.start, run)
        if self.operator == "!=":
            same = equal(value, self.start, run)
            return None if same is None else not same
        above = True if self.operator in ("<", "<=") else compare(">=" if self.start_included else ">", value, self.start)
        below = True if self.operator in (">", ">=") else compare("<=" if self.end_included else "<", value, self.end)
        if above is False or below is False:
            return False
        return None if above is None or below is None else True


@dataclass(frozen=True, slots=True, eq=False)
class FunctionValue:
    """A function as a value: `invoke(run, positional arguments)`."""

    name: str
    parameters: tuple[str, ...]
    invoke: Callable[[Run, Sequence[Any]], Any]
    #: its engine.feel.types.Type, where parameters are declared
    signature: Any = None


_KINDS: dict[type, str] = {
    Decimal: "number",
    int: "number",
    str: "string",
    bool: "boolean",
    date: "date",
    datetime: "date and time",
    time: "time",
    WideDate: "date",
    WideMoment: "date and time",
    WideTime: "time",
    timedelta: "days and time duration",
    WideDays: "days and time duration",
    YearsMonths: "years and months duration",
    list: "list",
    dict: "context",
    Range: "range",
    FunctionValue: "function",
    type(None): "null",
}

#: Kinds whose Python `==`, `<` … mean what FEEL means.
_PLAIN_EQUAL = frozenset({Decimal, str, bool, date, timedelta, YearsMonths})
PLAIN_ORDER = frozenset({Decimal, str, date, timedelta, YearsMonths})
#: items that are looked at before the limits are asked
_PIECE = 512
_READY = frozenset({
    Decimal, str, bool, date, time, timedelta, YearsMonths, WideDate, WideMoment, WideTime, WideDays,
    dict, Range, FunctionValue, type(None),
})  # fmt: skip
#: zones that a moment keeps; any other is shown in the installation's
_KEPT_ZONES = (timezone, Region, type(None))


def kind_of(value: Any) -> str:
    """FEEL's name of the kind of a value; frozen dataclasses are contexts, other foreign objects are `unknown`."""
    kind = _KINDS.get(type(value))
    if kind is None:
        kind = "context" if is_context(value) else "unknown"
    return kind


def is_context(value: Any) -> bool:
    kind = _KINDS.get(type(value))
    if kind is not None:
        return kind == "context"
    return isinstance(value, Mapping) or (dataclasses.is_dataclass(value) and not isinstance(value, type))


def adopt(value: Any, run: Run) -> Any:
    """A value from outside as FEEL sees it: numbers Decimal, moments in the installation's zone, sequences lists."""
    if type(value) in _READY:
        return value
    if isinstance(value, datetime):
        return local(value, run.zone) if value.tzinfo is UTC or not isinstance(value.tzinfo, _KEPT_ZONES) else value
    if isinstance(value, (int, float)) and not isinstance(value, bool):
        return _number(value, run)
    if isinstance(value, (list, tuple, set, frozenset)):
        return _list(value, run)
    if isinstance(value, str):  # enumerations whose members are text
        return str.__str__(value)
    return value


#: binary digits of the greatest whole number of decimal128
_MOST_BITS = 20_414
#: whole numbers of fewer binary digits have at most 34 decimal ones
_EXACT_BITS = 112


def _number(value: int | float, run: Run) -> Decimal | None:
    if isinstance(value, float):
        return finite(Decimal(str(value)))
    bits = value.bit_length()
    if bits < _EXACT_BITS:
        return Decimal(value)
    if bits > 1_000:  # converting takes time that grows with the square of the digits
        if bits > _MOST_BITS:
            return None
        run.spend(bits // 32)
    return finite(Decimal(value))


def _list(items: Collection[Any], run: Run) -> list[Any]:
    """The items as FEEL sees them, in pieces, so that a long list cannot take long unnoticed."""
    if isinstance(items, list) and set(map(type, items)) <= _READY:
        if len(items) > _PIECE:
            run.spend(len(items) // 64)
        return items
    adopted: list[Any] = []
    rest = iter(items)
    while piece := tuple(islice(rest, _PIECE)):
        run.spend(1 + len(piece) // 8)
        adopted += [adopt(item, run) for item in piece]
    return adopted


def local(moment: datetime, zone: Any) -> datetime:
    """The same moment with the offset that holds then in `zone`; a fixed offset, so that adding hours adds hours."""
    there = moment.astimezone(zone)
    offset = there.utcoffset()
    return there.replace(tzinfo=timezone(offset) if offset is not None else UTC)


def entries_of(value: Any) -> Mapping[str, Any]:
    """The entries of a context."""
    if isinstance(value, Mapping):
        return value
    return {f.name: getattr(value, f.name) for f in dataclasses.fields(value)}


def finite(number: Decimal) -> Decimal | None:
    """The number in 34 digits, or null when it is not a number."""
    number = NUMBERS.plus(number)
    return number if number.is_finite() else None


def equal(left: Any, right: Any, run: Run | None = None) -> bool | None:
    """FEEL's `=`: null equals null only; None (null) when the kinds differ. What lists and contexts cost goes to `run`."""
    kind = type(left)
    if kind is type(right) and kind in _PLAIN_EQUAL:
        return bool(left == right)
    if left is None or right is None:
        return left is right
    name = kind_of(left)
    if name != kind_of(right):
        return None
    if name == "list":
        return _same_list(left, right, run)
    if name == "context":
        return _same_context(entries_of(left), entries_of(right), run)
    if name == "range":
        return _same_range(left, right, run)
    return _SAME.get(name, _same_object)(left, right)


def _same_list(left: Sequence[Any], right: Sequence[Any], run: Run | None) -> bool:
    if len(left) != len(right):
        return False
    if left is right:
        return True
    if run is not None:
        run.spend()
        run.reading(left)
    return all(equal(a, b, run) is True for a, b in zip(left, right, strict=True))


def _same_context(one: Mapping[str, Any], other: Mapping[str, Any], run: Run | None) -> bool:
    if one.keys() != other.keys():
        return False
    if run is not None:
        run.spend()
        run.reading(one.values())
    return all(equal(value, other[key], run) is True for key, value in one.items())


def _same_range(left: Range, right: Range, run: Run | None) -> bool:
    if (left.start_included, left.end_included, left.operator) != (right.start_included, right.end_included, right.operator):
        return False
    return equal(left.start, right.start, run) is True and equal(left.end, right.end, run) is True


def _same_clock(left: Any, right: Any) -> bool:
    """Two moments or two times of day: the same instant, or the same local reading of the clock."""
    first, second = instant_of(left), instant_of(right)
    if first is None or second is None:
        return first is second and reading_of(left) == reading_of(right)
    return first == second


def _same_object(left: Any, right: Any) -> bool:
    return left is right or bool(left == right)


_SAME: dict[str, Callable[[Any, Any], bool]] = {
    "date and time": _same_clock,
    "time": _same_clock,
}

ORDER: dict[str, Callable[[Any, Any], bool]] = {"<": operator.lt, "<=": operator.le, ">": operator.gt, ">=": operator.ge}


def compare(sign: str, left: Any, right: Any) -> bool | None:
    """FEEL's `< <= > >=`; None (null) when the two have no order."""
    kind = type(left)
    if kind is type(right) and (kind in PLAIN_ORDER or (kind is datetime and _plain_clocks(left, right))):
        return ORDER[sign](left, right)
    name = kind_of(left)
    if name != kind_of(right) or name not in _PLACES:
        return None
    first, second = _PLACES[name](left), _PLACES[name](right)
    # local and zoned clock readings have no order
    return ORDER[sign](first[1], second[1]) if first[0] == second[0] else None


def _plain_clocks(left: datetime, right: datetime) -> bool:
    """Whether both have a fixed offset, which is what Python compares right."""
    return type(left.tzinfo) is timezone and type(right.tzinfo) is timezone


def _place_of_clock(value: Any) -> tuple[bool, int]:
    instant = instant_of(value)
    return (False, reading_of(value)) if instant is None else (True, instant)


#: kind → (what must agree for an order, where the value stands in it)
_PLACES: dict[str, Callable[[Any], tuple[bool, Any]]] = {
    "number": lambda value: (True, value),
    "date": lambda value: (True, day_number(value)),
    "date and time": _place_of_clock,
    "time": _place_of_clock,
    "days and time duration": lambda value: (True, nanos_of(value)),
}


def truth_and(values: Sequence[Any]) -> bool | None:
    """Three-valued `and` over values; anything but true and false counts as null."""
    if any(v is False for v in values):
        return False
    return True if all(v is True for v in values) else None


def truth_or(values: Sequence[Any]) -> bool | None:
    if any(v is True for v in values):
        return True
    return False if all(v is False for v in values) else None
