"""Functions at run time: finding and calling them."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Sequence
from typing import Any

from engine.feel.builtins import BUILTINS
from engine.feel.builtins.registry import Builtin
from engine.feel.environment import Run, Scope
from engine.feel.errors import ExpressionFailed
from engine.feel.failures import UnknownName
from engine.feel.kinds import FunctionValue, adopt, kind_of
from engine.feel.notices import given_kinds


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
