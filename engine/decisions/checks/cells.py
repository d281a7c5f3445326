"""Which constants a cell compares its input with. A cell of nothing else splits the input's values at these constants and nowhere
between, so that one value of each part tells how the cell answers everywhere in it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from engine.errors import CogovError
from engine.feel import Environment, Expression, FeelSyntaxError, UnaryTests, compile_expression, nodes
from engine.feel.arithmetic import negate
from engine.feel.environment import Run
from engine.feel.trees import tree_of_tests
from engine.feel.types import ANY, Type

#: functions that make a constant of a literal
_MAKERS = ("date", "date and time", "duration", "years and months duration", "number", "string")


class NotAnalysed(Exception):
    """The cell holds more than comparisons, ranges and lists of literals."""


@dataclass(frozen=True, slots=True)
class Cut:
    """The constants of a cell, and whether it asks which is greater."""

    values: tuple[Any, ...]
    ordered: bool


class Cells:
    """Reads the cells of a table. `settings`: what setting(…) gives; a setting counts as the constant it is now."""

    def __init__(self, settings: Mapping[str, Any]) -> None:
        self._environment = Environment(strict_names=False, functions={"setting": self._setting})
        self._settings = settings
        self._cuts: dict[str, Cut | None] = {}

    def _setting(self, key: str) -> Any:
        return self._settings.get(key)

    def cut(self, text: str) -> Cut | None:
        """The constants of a cell, none for `-`; None when the cell cannot be analysed."""
        if text not in self._cuts:
            self._cuts[text] = self._read(text)
        return self._cuts[text]

    def passes(self, test: UnaryTests, value: Any) -> bool:
        """How the cell answers."""
        try:
            return test.matches(value, {}, self._environment)
        except CogovError:
            return False

    def is_allowed(self, type_: Type, value: Any) -> bool:
        """Whether the item definition allows the value."""
        return type_.allowed is None or type_.allowed(value, Run(self._environment))

    def converted(self, type_: Type, value: Any) -> Any:
        """The value as the table gives it: in the declared type where it has a form in it."""
        found = None if type_ is ANY else type_.convert(value, Run(self._environment))
        return value if found is None else found

    def _read(self, text: str) -> Cut | None:
        if text.strip() in ("", "-"):
            return Cut((), ordered=False)
        try:
            tests = tree_of_tests(text).tests
            values = tuple(value for test in tests for value in self._of_test(test))
        except (NotAnalysed, FeelSyntaxError):
            return None
        return Cut(values, ordered=any(isinstance(test, nodes.RangeOf) and test.operator not in ("=", "!=") for test in tests))

    def _of_test(self, node: nodes.Node) -> Iterator[Any]:
        if isinstance(node, nodes.RangeOf):
            for end in (node.start, node.end):
                if end is not None:
                    yield self._constant(end)
            return
        yield self._constant(node)

    def _constant(self, node: nodes.Node) -> Any:
        if isinstance(node, nodes.Literal):
            return node.value
        if isinstance(node, nodes.Negation) and isinstance(node.operand, nodes.Literal):
            value = negate(node.operand.value)
            if value is None:
                raise NotAnalysed
            return value
        if isinstance(node, nodes.Call) and isinstance(node.function, nodes.Name):
            return self._made(node.function.name, node)
        raise NotAnalysed

    def _made(self, function: str, node: nodes.Call) -> Any:
        """The value of a call like date("2026-03-02") or setting("…")."""
        arguments = [self._constant(argument) for argument in node.arguments]
        if function not in _MAKERS and not (function == "setting" and arguments and arguments[0] in self._settings):
            raise NotAnalysed
        names = [f"a{number}" for number in range(len(arguments))]
        call = compile_expression(f"{function}({', '.join(names)})")
        try:
            value = call.evaluate(dict(zip(names, arguments, strict=True)), self._environment)
        except CogovError:
            value = None
        if value is None or isinstance(value, (list, Mapping)):  # a setting may be a list, of which any item fits
            raise NotAnalysed
        return value


#: an output that takes longer to work out is no constant for the checks
_SMALL = Environment(max_steps=2_000, max_milliseconds=20)


def fixed(expression: Expression | None) -> tuple[bool, Any]:
    """(whether the expression is always the same, its value)."""
    if expression is None:
        return True, None
    if expression.reads or expression.functions:
        return False, None
    try:
        return True, expression.evaluate({}, _SMALL)
    except CogovError:
        return False, None
