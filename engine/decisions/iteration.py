"""Boxed filters and loops → closures."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any, Protocol

from engine.decisions.model import Logic
from engine.decisions.scope import Scope
from engine.decisions.xml import Element, child
from engine.feel.environment import Run
from engine.feel.kinds import entries_of, is_context, truth_and, truth_or

Rounds = Callable[[Mapping[str, Any], Run], Iterator[Mapping[str, Any]]]


class Parts(Protocol):
    """Compiles what a box holds."""

    scope: Scope

    def part(self, holder: Element | None) -> Logic:
        """The boxed expression inside an element."""


def _filter(box: Element, parts: Parts) -> Logic:
    domain = parts.part(child(box, "in"))
    with parts.scope.binding("item"):
        match = parts.part(child(box, "match"))

    def filtered(variables: Mapping[str, Any], run: Run) -> Any:
        kept: list[Any] = []
        for item in _items(domain(variables, run)):
            run.spend()
            names = {"item": item, **entries_of(item)} if is_context(item) else {"item": item}
            found = match({**variables, **names}, run)
            if not isinstance(found, bool):
                return None
            if found:
                kept.append(item)
        return kept

    return filtered


def _loop(box: Element, body_name: str, parts: Parts) -> tuple[Rounds, Logic]:
    domain = parts.part(child(box, "in"))
    variable = " ".join((box.get("iteratorVariable") or "").split())
    with parts.scope.binding(variable, "partial"):
        body = parts.part(child(box, body_name))

    def rounds(variables: Mapping[str, Any], run: Run) -> Iterator[Mapping[str, Any]]:
        for item in _items(domain(variables, run)):
            run.spend()
            yield {**variables, variable: item}

    return rounds, body


def _for(box: Element, parts: Parts) -> Logic:
    rounds, body = _loop(box, "return", parts)

    def loop(variables: Mapping[str, Any], run: Run) -> list[Any]:
        results: list[Any] = []
        for names in rounds(variables, run):
            results.append(body({**names, "partial": run.items(list(results))}, run))
        return results

    return loop


def _quantified(join: Callable[[Sequence[Any]], bool | None]) -> Callable[[Element, Parts], Logic]:
    def read(box: Element, parts: Parts) -> Logic:
        rounds, body = _loop(box, "satisfies", parts)

        def quantified(variables: Mapping[str, Any], run: Run) -> bool | None:
            found = [body(names, run) for names in rounds(variables, run)]
            return join(found) if all(isinstance(one, bool) for one in found) else None

        return quantified

    return read


def _items(value: Any) -> list[Any]:
    if isinstance(value, list):
        return value
    return [] if value is None else [value]


READERS: Mapping[str, Callable[[Element, Parts], Logic]] = {
    "filter": _filter,
    "for": _for,
    "some": _quantified(truth_or),
    "every": _quantified(truth_and),
}
