"""How built-in functions are declared: name, parameters with their kinds, and a Python function of FEEL values."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, TypeVar

from engine.feel.environment import Run
from engine.feel.kinds import FunctionValue, adopt, kind_of
from engine.feel.notices import given_kinds

#: (run, arguments in the order given) → value
Bound = Callable[[Run, Sequence[Any]], Any]
Implementation = Callable[..., Any]
F = TypeVar("F", bound=Implementation)

_MISFIT = object()
#: characters of a text below which reading it costs nothing worth counting
_LONG_TEXT = 4096


@dataclass(frozen=True, slots=True)
class Parameter:
    """`kinds`: accepted kinds, empty = any value and null."""

    name: str
    kinds: frozenset[str]
    optional: bool = False
    many: bool = False

    def fit(self, value: Any, run: Run) -> Any:
        """The value as this parameter takes it (FEEL's implicit conversions), or _MISFIT."""
        if not self.kinds:
            return adopt(value, run)
        if value is None:
            return None if self.optional else _MISFIT
        value = adopt(value, run)
        kind = kind_of(value)
        if kind in self.kinds:
            if kind == "string" and len(value) > _LONG_TEXT:
                run.spend(len(value) // 1024)
            return value
        if "list" in self.kinds:
            return [value]
        if kind == "list" and len(value) == 1:
            return self.fit(value[0], run)
        return _MISFIT


@dataclass(frozen=True, slots=True)
class Overload:
    """One way to call a function."""

    parameters: tuple[Parameter, ...]
    implementation: Implementation
    text: str

    def takes(self, count: int) -> bool:
        """Whether it can be called with that many arguments by position."""
        needed = sum(1 for p in self.parameters if not p.optional and not p.many)
        most = float("inf") if self.parameters and self.parameters[-1].many else len(self.parameters)
        return needed <= count <= most

    def order(self, names: Sequence[str]) -> list[int | None] | None:
        """For each parameter the place of its argument among the named ones; None when the names do not fit."""
        known = [p.name for p in self.parameters]
        if not set(names) <= set(known):
            return None
        if any(p.name not in names and not p.optional for p in self.parameters):
            return None
        return [names.index(name) if name in names else None for name in known]

    def apply(self, run: Run, arguments: Sequence[Any]) -> Any:
        """The result, or _MISFIT when an argument is of the wrong kind."""
        fitted: list[Any] = []
        last = len(self.parameters) - 1
        for place, value in enumerate(arguments):
            value = self.parameters[min(place, last)].fit(value, run)
            if value is _MISFIT:
                return _MISFIT
            fitted.append(value)
        return self.implementation(run, *fitted)


class Builtin:
    """A built-in function with its overloads, tried in order."""

    def __init__(self, name: str) -> None:
        self.name = name
        self.overloads: list[Overload] = []

    def shown(self) -> list[str]:
        return [f"{self.name}({overload.text})" for overload in self.overloads]

    def binder(self, count: int, names: Sequence[str] | None) -> Bound | None:
        """How to call it with these arguments; None when no overload takes them."""
        if names is None:
            fitting = [overload for overload in self.overloads if overload.takes(count)]
            return _positional(self.name, fitting) if fitting else None
        ordered = [(overload, order) for overload in self.overloads if (order := overload.order(names)) is not None]
        return _named(self.name, ordered) if ordered else None

    def as_value(self) -> FunctionValue:
        """The function as a value, for functions that take functions."""
        parameters = tuple(p.name for p in self.overloads[0].parameters)

        def invoke(run: Run, arguments: Sequence[Any]) -> Any:
            bind = self.binder(len(arguments), None)
            return bind(run, arguments) if bind else None

        return FunctionValue(self.name, parameters, invoke)


def _positional(name: str, overloads: Sequence[Overload]) -> Bound:
    def bind(run: Run, arguments: Sequence[Any]) -> Any:
        known = len(run.notes)
        for overload in overloads:
            result = overload.apply(run, arguments)
            if result is None and len(run.notes) == known:  # it has said nothing more exact
                run.note("outcome", function=name, given=given_kinds(arguments))
            if result is not _MISFIT:
                return result
        run.note("arguments", function=name, given=given_kinds(arguments))
        return None

    return bind


def _named(name: str, ordered: Sequence[tuple[Overload, list[int | None]]]) -> Bound:
    def bind(run: Run, arguments: Sequence[Any]) -> Any:
        known = len(run.notes)
        for overload, order in ordered:
            in_order = [None if place is None else arguments[place] for place in order]
            while in_order and order[len(in_order) - 1] is None:
                in_order.pop()
            result = overload.apply(run, in_order)
            if result is None and len(run.notes) == known:  # it has said nothing more exact
                run.note("outcome", function=name, given=given_kinds(arguments))
            if result is not _MISFIT:
                return result
        run.note("arguments", function=name, given=given_kinds(arguments))
        return None

    return bind


#: name → function; filled by the modules of this package
REGISTRY: dict[str, Builtin] = {}


def builtin(name: str, signature: str = "") -> Callable[[F], F]:
    """Declare an overload. Signature: `string: string, length?: number, *item: any`; kinds joined by `|`; `?` optional, `*` repeated.

    The implementation gets the Run and the arguments; it may return None for "no result".
    """

    def declare(implementation: F) -> F:
        function = REGISTRY.setdefault(name, Builtin(name))
        function.overloads.append(Overload(tuple(_parameters(signature)), implementation, signature))
        return implementation

    return declare


def _parameters(signature: str) -> list[Parameter]:
    found: list[Parameter] = []
    for part in filter(None, (part.strip() for part in signature.split(","))):
        name, _, kinds = (piece.strip() for piece in part.partition(":"))
        accepted = frozenset() if kinds == "any" else frozenset(_SHORT.get(kind, kind) for kind in kinds.split("|"))
        found.append(Parameter(name.strip("*?"), accepted, optional=name.endswith("?"), many=name.startswith("*")))
    return found


_SHORT = {"moment": "date and time", "days": "days and time duration", "months": "years and months duration"}
