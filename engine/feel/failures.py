"""Errors of an evaluation, told with the place in the text and, for a name that is not there, the nearest one that is."""

from __future__ import annotations

from collections.abc import Iterator
from difflib import get_close_matches
from itertools import islice
from typing import TYPE_CHECKING

from engine.feel.errors import CogovError, ExpressionFailed, UnknownVariable
from engine.feel.limits import LimitReached
from engine.feel.parser import MAX_NESTING

if TYPE_CHECKING:
    from engine.feel.environment import Scope

#: names that are compared with a wrong one, and shown
_COMPARED, _SHOWN = 500, 40


class UnknownName(UnknownVariable):
    """没有这个名称 / There is no such name"""

    def __init__(self, name: str, position: int | None, scope: Scope, *, called: bool = False) -> None:
        super().__init__(name=name)
        if position is not None:
            self.details["position"] = position
        self._name = name
        self._called = called
        #: until it is explained: many are caught by `get or else`, and looking for the nearest name takes time
        self._scope: Scope | None = scope

    def explain(self) -> None:
        """Put what is known about the scope into message and details; once."""
        scope, self._scope = self._scope, None
        if scope is None:
            return
        known = list(islice(_names(scope, self._called), _COMPARED))
        shown = self._name[:100]
        near = get_close_matches(shown, known, n=1, cutoff=0.6)
        what_zh, what_en = ("函数", "function") if self._called else ("名称", "name")
        zh, en = f"表达式用到的{what_zh}“{shown}”没有声明", f"The expression uses the {what_en} “{shown}”, which no scope declares"
        if near:
            zh, en = f"{zh}，是否应为“{near[0]}”？", f"{en}. Did you mean “{near[0]}”?"
            self.details["nearest"] = near[0]
        self.details["names"] = known[:_SHOWN]
        self.args = (f"{zh} / {en}",)


def _names(scope: Scope, called: bool) -> Iterator[str]:
    here: Scope | None = scope
    seen: set[str] = set()
    if called:
        from engine.feel.expressions import builtin_names  # it imports the compiler, which needs this module

        yield from sorted({*scope.run.functions, *builtin_names()})
    while here is not None:
        for name in here.names:
            if isinstance(name, str) and name not in seen and name.isprintable():
                seen.add(name)
                yield name
        here = here.parent


#: what an evaluation may end with; ArithmeticError: a number from outside that is none, such as NaN
EXPECTED = (UnknownVariable, ExpressionFailed, RecursionError, ArithmeticError)


def told(error: Exception, text: str) -> CogovError:
    """The error with the expression it came from, and `place`: line and column in it, from 1; the innermost expression wins."""
    return _located(_ours(error), text)


def _ours(error: Exception) -> CogovError:
    if isinstance(error, CogovError):
        return error
    if isinstance(error, RecursionError):
        return LimitReached("nesting", MAX_NESTING)
    return ExpressionFailed(f"表达式遇到不能用的数 / The expression meets a number that cannot be used: {error!r}")


def _located(error: CogovError, text: str) -> CogovError:
    if isinstance(error, UnknownName):
        error.explain()
    if isinstance(error, LimitReached):
        error.place(0)
    if "expression" not in error.details:
        error.details["expression"] = text
        position = error.details.get("position")
        if position is not None:
            error.details["place"] = [text.count("\n", 0, position) + 1, position - text.rfind("\n", 0, position)]
    return error
