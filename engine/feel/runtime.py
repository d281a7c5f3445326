"""What closures do at run time with values: walk paths, filter, test."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from decimal import Decimal
from typing import Any

from engine.feel.environment import Run, Scope
from engine.feel.kinds import Range, adopt, compare, entries_of, equal, is_context, kind_of
from engine.feel.parts import PARTS
from engine.feel.readers import value_or_null

Code = Callable[[Scope], Any]
_RANGE_PARTS: dict[str, Callable[[Range], Any]] = {
    "start": lambda r: r.start,
    "end": lambda r: r.end,
    "start included": lambda r: r.start_included,
    "end included": lambda r: r.end_included,
}


# --- paths and filters


def path(value: Any, name: str, run: Run) -> Any:
    """`value.name`: an entry, a part of a date, time, duration or range; over a list, of each item."""
    if value is None:
        return None
    if isinstance(value, list):
        run.room_for_items(len(value))
        return [path(item, name, run) for item in value]
    if is_context(value):
        entries = entries_of(value)
        if name not in entries:
            run.note("entry", name=name, value="context")
        return adopt(entries.get(name), run)
    if isinstance(value, Range):
        part = _RANGE_PARTS.get(name)
    else:
        part = PARTS.get(kind_of(value), {}).get(name)
    if part is None:
        run.note("entry", name=name, value=kind_of(value))
        return None
    return part(value)


def _as_list(value: Any) -> list[Any]:
    if isinstance(value, list):
        return value
    return [] if value is None else [value]


def filtered_by(base: Any, index: Any, scope: Scope) -> Any:
    """`base[index]` with a constant: the item at that place, from 1, or from the end when negative."""
    items = _as_list(base)
    if isinstance(index, Decimal):
        return _item_at(items, index, scope.run)
    return items if index is True else []


def _item_at(items: Sequence[Any], index: Decimal, run: Run) -> Any:
    if index != index.to_integral_value() or not 0 < abs(index) <= len(items):
        return None
    return adopt(items[int(index) - 1 if index > 0 else int(index)], run)


def filtered(base: Any, condition: Code, scope: Scope) -> Any:
    """`base[condition]`: the items for which it is true; where the condition gives a number, the item at that place."""
    items = _as_list(base)
    if not items:
        index = value_or_null(condition, Scope({"item": None}, scope, scope.run))
        return None if isinstance(index, Decimal) else []
    kept: list[Any] = []
    for position, item in enumerate(items):
        scope.run.spend()
        item = adopt(item, scope.run)
        found = condition(_item_scope(item, items, scope))
        if position == 0 and isinstance(found, Decimal):
            return _item_at(items, found, scope.run)
        if found is True:
            kept.append(item)
    return kept


def _item_scope(item: Any, items: Sequence[Any], scope: Scope) -> Scope:
    names = {"item": item, **entries_of(item)} if is_context(item) else {"item": item}
    return Scope(names, scope, scope.run, items)


# --- ranges and tests


def make_range(start: Any, end: Any, start_included: bool, end_included: bool, operator: str | None) -> Range | None:
    """A range; null when its ends are of kinds that have no common order."""
    if start is not None and end is not None and operator is None and compare("<=", start, end) is None:
        return None
    return Range(start, end, start_included, end_included, operator)


def truth(value: Any) -> bool | None:
    return value if isinstance(value, bool) else None


def passes(value: Any, wanted: Any, run: Run) -> bool | None:
    """Whether a value passes a test given as a value: lies in the range, is in the list, or equals it."""
    if isinstance(wanted, Range):
        return wanted.includes(value, run)
    if isinstance(wanted, list):
        if isinstance(value, list) and equal(value, wanted, run):
            return True
        run.reading(wanted)
        return any(passes(value, item, run) is True for item in wanted)
    if isinstance(wanted, bool) and not isinstance(value, bool) and value is not None:
        return wanted
    return equal(value, wanted, run)
