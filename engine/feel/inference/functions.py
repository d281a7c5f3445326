"""What functions take and give: the built-in ones from their own declarations, others by the signatures that are handed in."""

from __future__ import annotations

import types
import typing
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from functools import lru_cache
from typing import Any

from engine.feel.builtins.registry import Builtin, Overload, Parameter
from engine.feel.durations import WideDays, YearsMonths
from engine.feel.inference.samples import run, samples
from engine.feel.inference.shapes import ANY, BOOLEAN, NUMBER, TEXT, Shape, context_of, join, list_of
from engine.feel.kinds import Range
from engine.feel.wide import WideDate, WideMoment, WideTime

_KINDS: dict[type, Shape] = {
    Decimal: NUMBER,
    str: TEXT,
    bool: BOOLEAN,
    date: Shape("date"),
    datetime: Shape("date and time"),
    time: Shape("time"),
    timedelta: Shape("days and time duration"),
    YearsMonths: Shape("years and months duration"),
    WideDate: Shape("date"),
    WideMoment: Shape("date and time"),
    WideTime: Shape("time"),
    WideDays: Shape("days and time duration"),
    list: list_of(),
    dict: context_of(),
    Range: Shape("range"),
}


@dataclass(frozen=True, slots=True)
class Signature:
    """How a function that is not built in is called, and what it gives."""

    name: str
    parameters: tuple[Parameter, ...]
    result: Shape = ANY

    def shown(self) -> str:
        return f"{self.name}({', '.join(shown_parameter(parameter) for parameter in self.parameters)})"

    def takes(self, count: int) -> bool:
        return sum(not p.optional for p in self.parameters) <= count <= len(self.parameters)


def shown_parameter(parameter: Parameter) -> str:
    kinds = " or ".join(sorted(parameter.kinds)) or "any"
    return f"{parameter.name}{'?' if parameter.optional else ''}: {kinds}"


@dataclass(frozen=True, slots=True)
class Misfit:
    """An argument that no way to call the function takes."""

    index: int
    parameter: Parameter


def misfit(overloads: Sequence[tuple[Parameter, ...]], arguments: Sequence[Shape]) -> Misfit | None:
    """The first argument in the way of the call that comes nearest; None when some way may take them all."""
    worst: Misfit | None = None
    for parameters in overloads:
        found = _first_misfit(parameters, arguments)
        if found is None:
            return None
        if worst is None or found.index > worst.index:
            worst = found
    return worst


def _first_misfit(parameters: tuple[Parameter, ...], arguments: Sequence[Shape]) -> Misfit | None:
    for index, argument in enumerate(arguments):
        if not parameters:
            return None
        parameter = parameters[min(index, len(parameters) - 1)]
        if not fits(parameter, argument):
            return Misfit(index, parameter)
    return None


def fits(parameter: Parameter, argument: Shape) -> bool:
    """Whether the parameter may take such an argument: asked of the parameter itself."""
    if not parameter.kinds or not argument.known:
        return True
    values = samples(argument)
    if not values:  # a list or range of who knows what
        return argument.kind in parameter.kinds or argument.kind == "list"
    tried = run()
    # what does not fit comes back as a bare object
    return any(type(parameter.fit(value, tried)) is not object for value in values)


def callable_ways(builtin: Builtin, count: int, names: Sequence[str] | None) -> list[tuple[Overload, list[int | None] | None]]:
    """The overloads that take so many arguments, or arguments of these names, with the order of the named ones."""
    if names is None:
        return [(overload, None) for overload in builtin.overloads if overload.takes(count)]
    return [(overload, order) for overload in builtin.overloads if (order := overload.order(names)) is not None]


def result(builtin: Builtin, ways: Sequence[Overload], arguments: Sequence[Shape]) -> Shape:
    """The shape of a call of a built-in function with these arguments, by position."""
    special = _SPECIAL.get(builtin.name)
    if special is not None:
        return special(arguments)
    return join(*(_declared(overload.implementation) for overload in ways)) if ways else ANY


@lru_cache(maxsize=512)
def _declared(implementation: Callable[..., Any]) -> Shape:
    """By the annotation of the function that implements it."""
    try:
        annotated = typing.get_type_hints(implementation).get("return", Any)
    except NameError:  # a name for type checkers only
        return ANY
    return _of_annotation(annotated)


def _of_annotation(annotated: Any) -> Shape:
    origin = typing.get_origin(annotated)
    if origin in (typing.Union, types.UnionType):
        parts = [part for part in typing.get_args(annotated) if part is not type(None)]
        return join(*(_of_annotation(part) for part in parts))
    if origin is list:
        (item,) = typing.get_args(annotated)
        return list_of(_of_annotation(item))
    return _KINDS.get(origin or annotated, ANY)


def as_list(shape: Shape) -> Shape:
    """What a list function sees: a single value is a list of it."""
    return shape if shape.kind in ("list", "Any") else list_of(shape)


def item_of(shape: Shape) -> Shape:
    found = as_list(shape)
    return (found.item or ANY) if found.kind == "list" else ANY


def _same_list(arguments: Sequence[Shape]) -> Shape:
    return list_of(item_of(arguments[0])) if arguments else list_of()


def _joined_lists(arguments: Sequence[Shape]) -> Shape:
    return list_of(join(*(item_of(argument) for argument in arguments)))


def _with_item(place: int) -> Callable[[Sequence[Shape]], Shape]:
    def found(arguments: Sequence[Shape]) -> Shape:
        return list_of(join(item_of(arguments[0]), *arguments[place:])) if len(arguments) > place else list_of()

    return found


def _one_of(arguments: Sequence[Shape]) -> Shape:
    return item_of(arguments[0]) if len(arguments) == 1 else join(*arguments)


def _always(shape: Shape) -> Callable[[Sequence[Shape]], Shape]:
    return lambda _arguments: shape


#: functions whose result depends on their arguments, or whose implementation is shared and says nothing
_SPECIAL: dict[str, Callable[[Sequence[Shape]], Shape]] = {
    **dict.fromkeys(("sum", "mean", "product", "median", "stddev", "count", "decimal", "floor", "ceiling"), _always(NUMBER)),
    **dict.fromkeys(("round up", "round down", "round half up", "round half down"), _always(NUMBER)),
    **dict.fromkeys(("all", "any", "not"), _always(BOOLEAN)),
    **dict.fromkeys(("sublist", "remove", "reverse", "distinct values", "duplicate values", "sort"), _same_list),
    **dict.fromkeys(("concatenate", "union"), _joined_lists),
    **dict.fromkeys(("min", "max"), _one_of),
    "append": _with_item(1),
    "insert before": _with_item(2),
    "list replace": _with_item(2),
    "partition": lambda arguments: list_of(_same_list(arguments)),
    "index of": _always(list_of(NUMBER)),
    "mode": _always(list_of(NUMBER)),
    "split": _always(list_of(TEXT)),
    "abs": lambda arguments: Shape(arguments[0].kind) if arguments and arguments[0].known else ANY,
    "get entries": _always(list_of(context_of({"key": TEXT, "value": ANY}))),
}
