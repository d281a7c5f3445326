"""Functions of lists. Positions count from 1, or from the end when negative."""

from __future__ import annotations

import functools
from collections.abc import Sequence
from decimal import Decimal
from typing import Any

from engine.feel.builtins.registry import builtin
from engine.feel.environment import Run
from engine.feel.kinds import NUMBERS, PLAIN_ORDER, FunctionValue, adopt, compare, equal, finite, truth_and, truth_or


def _numbers(items: Sequence[Any]) -> list[Decimal] | None:
    return list(items) if all(isinstance(item, Decimal) for item in items) else None


def _same(left: Any, right: Any, run: Run) -> bool:
    return equal(left, right, run) is True


@builtin("list contains", "list: list, element: any")
def _list_contains(run: Run, items: list[Any], element: Any) -> bool:
    run.reading(items)
    return any(_same(item, element, run) for item in items)


@builtin("count", "list: list")
def _count(_: Run, items: list[Any]) -> Decimal:
    return Decimal(len(items))


@builtin("is empty", "list: list")
def _is_empty(_: Run, items: list[Any]) -> bool:
    return not items


def _extreme(run: Run, items: Sequence[Any], operator: str) -> Any:
    run.reading(items)
    if not items:
        return None
    best = items[0]
    for item in items:
        better = compare(operator, item, best)
        if better is None:
            return None
        best = item if better else best
    return best


def _reducer(name: str, reduce: Any) -> None:
    """A function of a list that may also be given item by item."""

    @builtin(name, "list: list")
    def _of_list(run: Run, items: list[Any]) -> Any:
        return reduce(run, items)

    @builtin(name, "*item: any")
    def _of_items(run: Run, *items: Any) -> Any:
        return reduce(run, items) if len(items) > 1 else None


def _sum(run: Run, items: Sequence[Any]) -> Decimal | None:
    run.spend(len(items) // 8)
    numbers = _numbers(items)
    return finite(functools.reduce(NUMBERS.add, numbers)) if numbers else None


def _mean(run: Run, items: Sequence[Any]) -> Decimal | None:
    total = _sum(run, items)
    return None if total is None else finite(NUMBERS.divide(total, Decimal(len(items))))


def _product(run: Run, items: Sequence[Any]) -> Decimal | None:
    run.spend(len(items) // 8)
    numbers = _numbers(items)
    return finite(functools.reduce(NUMBERS.multiply, numbers)) if numbers else None


def _median(run: Run, items: Sequence[Any]) -> Decimal | None:
    run.spend(len(items))
    numbers = _numbers(items)
    if not numbers:
        return None
    numbers.sort()
    middle = len(numbers) // 2
    return numbers[middle] if len(numbers) % 2 else finite(NUMBERS.divide(NUMBERS.add(numbers[middle - 1], numbers[middle]), Decimal(2)))


def _stddev(run: Run, items: Sequence[Any]) -> Decimal | None:
    """The standard deviation of a sample."""
    mean = _mean(run, items)
    if mean is None or len(items) < 2:
        return None
    squares = [NUMBERS.power(NUMBERS.subtract(item, mean), Decimal(2)) for item in items]
    return finite(NUMBERS.sqrt(NUMBERS.divide(functools.reduce(NUMBERS.add, squares), Decimal(len(items) - 1))))


def _mode(run: Run, items: Sequence[Any]) -> list[Decimal] | None:
    run.spend(len(items))
    numbers = _numbers(items)
    if numbers is None:
        return None
    counts: dict[Decimal, int] = {}
    for number in numbers:
        counts[number] = counts.get(number, 0) + 1
    most = max(counts.values(), default=0)
    return sorted(number for number, count in counts.items() if count == most)


_reducer("min", lambda run, items: _extreme(run, items, "<"))
_reducer("max", lambda run, items: _extreme(run, items, ">"))
_reducer("sum", _sum)
_reducer("mean", _mean)
_reducer("product", _product)
_reducer("median", _median)
_reducer("stddev", _stddev)
_reducer("mode", _mode)
_reducer("all", lambda _, items: truth_and(items))
_reducer("any", lambda _, items: truth_or(items))


@builtin("sublist", "list: list, start position: number, length?: number")
def _sublist(run: Run, items: list[Any], start_position: Decimal, length: Decimal | None = None) -> list[Any] | None:
    first = _offset(items, start_position)
    if first is None or (length is not None and (length < 0 or first + int(length) > len(items))):
        return None
    return run.items(items[first:] if length is None else items[first : first + int(length)])


def _offset(items: Sequence[Any], position: Decimal) -> int | None:
    """Python's index of a FEEL position; None when there is no such place."""
    place = int(position)
    if place == 0 or abs(place) > len(items):
        return None
    return place - 1 if place > 0 else len(items) + place


@builtin("append", "list: list, *item: any")
def _append(run: Run, items: list[Any], *more: Any) -> list[Any]:
    return run.joined([items, list(more)])


@builtin("concatenate", "*list: list")
def _concatenate(run: Run, *lists: list[Any]) -> list[Any]:
    return run.joined(lists)


@builtin("insert before", "list: list, position: number, newItem: any")
def _insert_before(run: Run, items: list[Any], position: Decimal, new: Any) -> list[Any] | None:
    place = _offset(items, position)
    return None if place is None else run.items([*items[:place], new, *items[place:]])


@builtin("remove", "list: list, position: number")
def _remove(run: Run, items: list[Any], position: Decimal) -> list[Any] | None:
    place = _offset(items, position)
    return None if place is None else run.items([*items[:place], *items[place + 1 :]])


@builtin("list replace", "list: list, position: number, newItem: any")
def _list_replace(run: Run, items: list[Any], position: Decimal, new: Any) -> list[Any] | None:
    place = _offset(items, position)
    return None if place is None else run.items([*items[:place], new, *items[place + 1 :]])


@builtin("list replace", "list: list, match: function, newItem: any")
def _list_replace_where(run: Run, items: list[Any], match: FunctionValue, new: Any) -> list[Any] | None:
    if len(match.parameters) != 2:
        return None
    replaced: list[Any] = []
    for item in items:
        found = run.call(match.invoke, [item, new])
        if not isinstance(found, bool):
            return None
        replaced.append(new if found else item)
    return run.items(replaced)


@builtin("reverse", "list: list")
def _reverse(run: Run, items: list[Any]) -> list[Any]:
    return run.items(items[::-1])


@builtin("index of", "list: list, match: any")
def _index_of(run: Run, items: list[Any], match: Any) -> list[Any]:
    run.reading(items)
    return run.items([Decimal(place) for place, item in enumerate(items, 1) if _same(item, match, run)])


@builtin("union", "*list: list")
def _union(run: Run, *lists: list[Any]) -> list[Any]:
    return _distinct(run, run.joined(lists))


@builtin("distinct values", "list: list")
def _distinct(run: Run, items: list[Any]) -> list[Any]:
    run.reading(items)
    kept: list[Any] = []
    seen: set[tuple[type, Any]] = set()
    for item in items:
        if isinstance(item, (str, Decimal, bool)):
            if (type(item), item) in seen:
                continue
            seen.add((type(item), item))
        else:
            run.spend(1 + len(kept) // 8)
            if any(_same(item, other, run) for other in kept):
                continue
        kept.append(item)
    return run.items(kept)


@builtin("duplicate values", "list: list")
def _duplicates(run: Run, items: list[Any]) -> list[Any]:
    run.spend(len(items) * len(items) // 8)
    repeated = [item for place, item in enumerate(items) if any(_same(item, other, run) for other in items[:place])]
    return _distinct(run, repeated)


@builtin("flatten", "list: list")
def _flatten(run: Run, items: list[Any]) -> list[Any]:
    flat: list[Any] = []
    waiting: list[Any] = [iter(items)]
    while waiting:
        run.spend()
        item = next(waiting[-1], waiting)
        if item is waiting:
            waiting.pop()
        elif isinstance(item, list):
            waiting.append(iter(item))
        else:
            flat.append(adopt(item, run))
    return run.items(flat)


@builtin("sort", "list: list, precedes?: function")
def _sort(run: Run, items: list[Any], precedes: FunctionValue | None = None) -> list[Any] | None:
    """In the order of `precedes(a, b)`; without it ascending. Null when two items have no order."""
    if precedes is not None and len(precedes.parameters) != 2:
        return None
    run.spend(len(items))
    kinds = set(map(type, items))
    if precedes is None and len(kinds) < 2 and kinds <= PLAIN_ORDER:
        run.reading(items if str in kinds else (), rounds=len(items).bit_length())
        return sorted(items)

    def before(left: Any, right: Any) -> bool:
        run.spend()
        found = run.call(precedes.invoke, [left, right]) if precedes else compare("<", left, right)
        if not isinstance(found, bool):
            raise _NoOrder
        return found

    try:
        return sorted(items, key=functools.cmp_to_key(lambda a, b: -1 if before(a, b) else int(before(b, a))))
    except _NoOrder:
        return None


class _NoOrder(Exception):
    """Two items of a list to be sorted cannot be compared."""


@builtin("partition", "list: list, size: number")
def _partition(run: Run, items: list[Any], size: Decimal) -> list[Any] | None:
    length = int(size)
    return run.items([items[i : i + length] for i in range(0, len(items), length)]) if length > 0 else None
