"""`for`, `some` and `every` at run time."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from engine.feel.environment import Run, Scope
from engine.feel.kinds import NUMBERS, Range, adopt, kind_of
from engine.feel.readers import PLAIN
from engine.feel.wide import civil, day_number, make_date

Code = Callable[[Scope], Any]


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
        distance, at = int(end - start), lambda n: NUMBERS.add(start, Decimal(n))
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
        inner = Scope({name: value if type(value) in PLAIN else adopt(value, run)}, scope, run)
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
