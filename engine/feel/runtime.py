"""What closures do at run time: find names, walk paths, filter, loop, call."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from engine.feel.builtins import BUILTINS
from engine.feel.builtins.registry import Builtin
from engine.feel.environment import Run, Scope
from engine.feel.errors import ExpressionFailed, UnknownVariable
from engine.feel.failures import UnknownName
from engine.feel.kinds import FunctionValue, Range, adopt, compare, entries_of, equal, is_context, kind_of
from engine.feel.notices import given_kinds
from engine.feel.parts import PARTS
from engine.feel.wide import civil, day_number, make_date

Code = Callable[[Scope], Any]
_ABSENT = object()
_PLAIN = frozenset({Decimal, str, bool, type(None)})
_RANGE_PARTS: dict[str, Callable[[Range], Any]] = {
    "start": lambda r: r.start,
    "end": lambda r: r.end,
    "start included": lambda r: r.start_included,
    "end included": lambda r: r.end_included,
}


# --- names


def variable_reader(name: str, hops: int, position: int) -> Code:
    """Reads a name from the outermost scope, `hops` scopes outwards."""

    def read_here(scope: Scope) -> Any:
        try:
            value = scope.names[name]
        except KeyError:
            return _missing(name, scope, position)
        return value if type(value) in _PLAIN else adopt(value, scope.run)

    def read(scope: Scope) -> Any:
        inner = scope
        for _ in range(hops):
            scope = scope.parent  # type: ignore[assignment]
        try:
            value = scope.names[name]
        except KeyError:
            return _missing(name, inner, position)
        return value if type(value) in _PLAIN else adopt(value, scope.run)

    return read if hops else read_here


def local_reader(name: str, hops: int) -> Code:
    """Reads a name that a construct binds, `hops` scopes outwards."""

    def read_here(scope: Scope) -> Any:
        return scope.names.get(name)

    def read(scope: Scope) -> Any:
        for _ in range(hops):
            scope = scope.parent  # type: ignore[assignment]
        return scope.names.get(name)

    return read if hops else read_here


def item_reader(name: str, position: int) -> Code:
    """Reads a name inside a filter: an entry of the item, else a name further out."""

    def read(scope: Scope) -> Any:
        here: Scope | None = scope
        while here is not None:
            if name in here.names:
                return adopt(here.names[name], scope.run)
            here = here.parent
        return None if _entry_of_another_item(name, scope) else _missing(name, scope, position)

    return read


def _entry_of_another_item(name: str, scope: Scope) -> bool:
    """Rows need not all have the same entries; a name that no row has is a mistake."""
    here: Scope | None = scope
    while here is not None:
        if any(is_context(item) and name in entries_of(item) for item in here.items or ()):
            return True
        here = here.parent
    return False


def _missing(name: str, scope: Scope, position: int) -> Any:
    if scope.run.strict:
        raise UnknownName(name, position, scope)
    builtin = BUILTINS.get(name)
    return builtin.as_value() if builtin else None


def value_or_null(value: Code, scope: Scope) -> Any:
    try:
        return value(scope)
    except UnknownVariable:
        return None


def is_defined(value: Code, scope: Scope) -> bool:
    try:
        value(scope)
    except UnknownVariable:
        return False
    return True


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
        return wanted.includes(value)
    if isinstance(wanted, list):
        if isinstance(value, list) and equal(value, wanted, run):
            return True
        run.reading(wanted)
        return any(passes(value, item, run) is True for item in wanted)
    if isinstance(wanted, bool) and not isinstance(value, bool) and value is not None:
        return wanted
    return equal(value, wanted, run)


# --- loops


@dataclass(frozen=True, slots=True)
class Binding:
    """`name in domain` or `name in domain..end`."""

    name: str
    domain: Code
    end: Code | None


class _NoDomain(Exception):
    """The domain of a loop is no list and no range that can be counted."""


def _rounds(binding: Binding, scope: Scope) -> Iterable[Any]:
    start = binding.domain(scope)
    if binding.end is not None:
        return _counted(start, binding.end(scope), scope.run, both_ways=True)
    if isinstance(start, Range):
        return _range_items(start, scope.run)
    if start is None:
        raise _NoDomain
    return start if isinstance(start, list) else [start]


def _range_items(domain: Range, run: Run) -> Iterable[Any]:
    items = _counted(domain.start, domain.end, run, both_ways=False)
    skip_first, skip_last = not domain.start_included, not domain.end_included
    return (i for i in items if not (skip_first and i == domain.start) and not (skip_last and i == domain.end))


def _counted(start: Any, end: Any, run: Run, both_ways: bool) -> Iterator[Any]:
    at: Callable[[int], Any]
    if isinstance(start, Decimal) and isinstance(end, Decimal):
        if start != start.to_integral_value() or end != end.to_integral_value():
            raise _NoDomain
        distance, at = int(end - start), lambda n: start + n
    elif kind_of(start) == kind_of(end) == "date":
        first = day_number(start)
        distance, at = day_number(end) - first, lambda n: make_date(*civil(first + n))
    else:
        raise _NoDomain
    if distance < 0 and not both_ways:
        raise _NoDomain
    run.room_for_items(abs(distance))
    return (at(n if distance >= 0 else -n) for n in range(abs(distance) + 1))


def _bound_scopes(bindings: Sequence[Binding], scope: Scope) -> Iterator[Scope]:
    binding, *rest = bindings
    name, run = binding.name, scope.run
    spend = run.spend
    for value in _rounds(binding, scope):
        spend()
        inner = Scope({name: value if type(value) in _PLAIN else adopt(value, run)}, scope, run)
        if rest:
            yield from _bound_scopes(rest, inner)
        else:
            yield inner


def loop(bindings: Sequence[Binding], body: Code, reads_partial: bool, scope: Scope) -> list[Any] | None:
    """`for … return …`; null when a domain is none."""
    results: list[Any] = []
    most = scope.run.environment.max_items
    try:
        for inner in _bound_scopes(bindings, scope):
            if reads_partial:
                inner.names = {**inner.names, "partial": scope.run.items(list(results))}
            results.append(body(inner))
            if len(results) > most:
                scope.run.room_for_items(len(results))
    except _NoDomain:
        scope.run.note("domain")
        return None
    return results


def quantified(bindings: Sequence[Binding], condition: Code, decisive: bool, scope: Scope) -> bool | None:
    """`some … satisfies …` (decisive: true), `every … satisfies …` (false); ends at the first decisive item."""
    unknown: bool = False
    try:
        for inner in _bound_scopes(bindings, scope):
            found: object = condition(inner)
            if found is decisive:
                return decisive
            unknown |= not isinstance(found, bool)
    except _NoDomain:
        scope.run.note("domain")
        return None
    return None if unknown else not decisive


# --- calls


def find_function(name: str, scope: Scope, position: int) -> Any:
    """The function called `name`: a variable, one of the environment, a built-in. Raises UnknownVariable when strict."""
    here: Scope | None = scope
    while here is not None:
        value = here.names.get(name)
        if isinstance(value, FunctionValue):
            return value
        here = here.parent
    outside = scope.run.functions.get(name)
    if outside is not None:
        return outside
    builtin = BUILTINS.get(name)
    if builtin is not None:
        return builtin
    if scope.run.strict:
        raise UnknownName(name, position, scope, called=True)
    return None


def invoke(function: Any, arguments: list[Any], names: tuple[str, ...] | None, run: Run) -> Any:
    """Call a function value, a built-in or a plain callable; null when it is none or the arguments do not fit."""
    if isinstance(function, FunctionValue):
        if names is not None:
            if len(names) != len(function.parameters) or set(names) != set(function.parameters):
                return _misfit(function.name, arguments, run)
            given = dict(zip(names, arguments, strict=True))
            arguments = [given[name] for name in function.parameters]
        if len(arguments) != len(function.parameters):
            return _misfit(function.name, arguments, run)
        return run.call(function.invoke, arguments)
    if isinstance(function, Builtin):
        bind = function.binder(len(arguments), names)
        run.spend()
        return bind(run, arguments) if bind else _misfit(function.name, arguments, run)
    if callable(function):
        return _call_outside(function, arguments, names, run)
    run.note("function", value=kind_of(function))
    return None


def _misfit(name: str, arguments: Sequence[Any], run: Run) -> None:
    run.note("arguments", function=name, given=given_kinds(arguments))


def _call_outside(function: Callable[..., Any], arguments: list[Any], names: tuple[str, ...] | None, run: Run) -> Any:
    run.spend()
    named = {name.replace(" ", "_"): value for name, value in zip(names, arguments, strict=True)} if names else {}
    positional = [] if names else arguments
    try:
        inspect.signature(function).bind(*positional, **named)
    except TypeError as error:
        raise ExpressionFailed(f"A function was called with arguments it does not take: {error}") from error
    return adopt(function(*positional, **named), run)
