"""Compiled expressions and unary tests: the library's face."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from engine.feel.builtins import BUILTINS
from engine.feel.compiler import INPUT, Compiler, Test
from engine.feel.environment import DEFAULT, Environment, Run, Scope
from engine.feel.errors import FeelSyntaxError
from engine.feel.failures import EXPECTED, told
from engine.feel.kinds import adopt
from engine.feel.name_compiler import Code
from engine.feel.notices import Notice
from engine.feel.parser import MAX_NESTING, Parser
from engine.feel.types import Type

#: Functions of Cogov that reach an evaluation through Environment.functions (conventions 4).
OWN_FUNCTION_NAMES: tuple[str, ...] = (
    "add working days",
    "working days between",
    "deadline",
    "role",
    "member",
    "holder",
    "setting",
)
#: `get or else` and `is defined` are part of the language: they look at a name before it is read
_LENIENT_NAMES = ("get or else", "is defined")
_CALLABLES = (*BUILTINS, *_LENIENT_NAMES, *OWN_FUNCTION_NAMES)
_CACHE = 4096


def builtin_names() -> frozenset[str]:
    """Names of all built-in functions."""
    return frozenset((*BUILTINS, *_LENIENT_NAMES))


@dataclass(frozen=True, slots=True)
class Examined:
    """A value, and why parts of it became null."""

    value: Any
    notices: tuple[Notice, ...]


class Expression:
    """One expression, compiled. Immutable and safe to share between threads."""

    __slots__ = ("_code", "functions", "item_names", "names", "reads", "text")

    def __init__(self, text: str, code: Code, compiler: Compiler) -> None:
        self.text = text
        #: variables it reads from outside
        self.names = frozenset(compiler.free)
        #: names in filters that may be entries of the items or variables: only the data can tell
        self.item_names = frozenset(compiler.item_names)
        #: every name it may look at outside: those demanded, those of filters, and those in `get or else` and `is defined`
        self.reads = frozenset(compiler.free | compiler.item_names | compiler.lenient)
        #: functions it calls that are not built in
        self.functions = frozenset(compiler.functions)
        self._code = code

    def __repr__(self) -> str:
        return f"Expression({self.text!r})"

    def evaluate(self, variables: Mapping[str, Any], environment: Environment | None = None) -> Any:
        """The value with these variables.

        Raises UnknownVariable (strict names) or ExpressionFailed (a limit is exceeded, no clock, a function got wrong arguments).
        """
        return self.run(variables, Run(environment or DEFAULT))

    def examine(self, variables: Mapping[str, Any], environment: Environment | None = None) -> Examined:
        """As `evaluate`, with a notice for everything the standard answers with null."""
        run = Run(environment or DEFAULT)
        value = self.run(variables, run)
        return Examined(value, tuple(note.told() for note in run.notes))

    def run(self, variables: Mapping[str, Any], run: Run) -> Any:
        """As `evaluate`, on the limits of a run that is under way."""
        try:
            return run.weigh(self._code(Scope(variables, None, run)))
        except EXPECTED as error:
            raise told(error, self.text) from None


class UnaryTests:
    """The compiled tests of one cell of a decision table."""

    __slots__ = ("_test", "functions", "item_names", "names", "text")

    def __init__(self, text: str, test: Test, compiler: Compiler) -> None:
        self.text = text
        self.names = frozenset(compiler.free)
        self.item_names = frozenset(compiler.item_names)
        self.functions = frozenset(compiler.functions)
        self._test = test

    def __repr__(self) -> str:
        return f"UnaryTests({self.text!r})"

    def matches(self, value: Any, variables: Mapping[str, Any], environment: Environment | None = None) -> bool:
        """Whether the value passes; a test that gives null does not. Raises as Expression.evaluate."""
        return self.run(value, variables, Run(environment or DEFAULT))

    def run(self, value: Any, variables: Mapping[str, Any], run: Run) -> bool:
        """As `matches`, on the limits of a run that is under way."""
        try:
            value = adopt(value, run)
            return self._test(Scope({INPUT: value}, Scope(variables, None, run), run), value) is True
        except EXPECTED as error:
            raise told(error, self.text) from None


def compile_expression(
    text: str, *, names: Iterable[str] = (), types: Mapping[str, Type] | None = None, named_zones: bool = True
) -> Expression:
    """Compile an expression; a leading `=` is dropped.

    `names`: names in scope that hold spaces or dashes, or that shadow a built-in function. `types`: item definitions by name.
    `named_zones` False refuses literals such as `@"…@Asia/Shanghai"`, whose meaning changes with the rules of zones.
    Raises FeelSyntaxError.
    """
    known = frozenset(names)
    return _new_expression(text, known, types, named_zones) if types else _cached_expression(text, known, named_zones)


def compile_unary_tests(
    text: str, *, names: Iterable[str] = (), types: Mapping[str, Type] | None = None, named_zones: bool = True
) -> UnaryTests:
    """Compile the unary tests of a cell; arguments as of compile_expression. Raises FeelSyntaxError."""
    known = frozenset(names)
    return _new_tests(text, known, types, named_zones) if types else _cached_tests(text, known, named_zones)


@lru_cache(maxsize=_CACHE)
def _cached_expression(text: str, names: frozenset[str], named_zones: bool) -> Expression:
    return _new_expression(text, names, None, named_zones)


@lru_cache(maxsize=_CACHE)
def _cached_tests(text: str, names: frozenset[str], named_zones: bool) -> UnaryTests:
    return _new_tests(text, names, None, named_zones)


def forget_compiled() -> None:
    """Forget the compiled expressions that are kept, as a new process has none."""
    _cached_expression.cache_clear()
    _cached_tests.cache_clear()


def _new_expression(text: str, names: frozenset[str], types: Mapping[str, Type] | None, named_zones: bool) -> Expression:
    body = _without_mark(text)
    compiler = Compiler(body, names)
    try:
        code = compiler.compile(Parser(body, names, _CALLABLES, types or {}, named_zones).whole_expression())
    except RecursionError:
        raise _too_deep(body) from None
    return Expression(text, code, compiler)


def _new_tests(text: str, names: frozenset[str], types: Mapping[str, Type] | None, named_zones: bool) -> UnaryTests:
    body = _without_mark(text)
    compiler = Compiler(body, names)
    try:
        test = compiler.tests(Parser(body, names, _CALLABLES, types or {}, named_zones).whole_tests())
    except RecursionError:
        raise _too_deep(body) from None
    return UnaryTests(text, test, compiler)


def _too_deep(text: str) -> FeelSyntaxError:
    return FeelSyntaxError(text, 0, "nesting", "split", limit=str(MAX_NESTING))


def _without_mark(text: str) -> str:
    """Without the leading `=`, which is replaced by a space so that positions stay right."""
    body = text.lstrip()
    return text.replace("=", " ", 1) if body.startswith("=") and not body.startswith("==") else text
