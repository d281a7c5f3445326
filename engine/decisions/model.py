"""What a decision gives back, and what the parts of a decision file have in common."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from engine.errors import ExpressionFailed
from engine.feel.environment import Run
from engine.feel.types import ANY, Type

#: (names in scope, the run and its limits) → value
Logic = Callable[[Mapping[str, Any], Run], Any]


def nothing(_variables: Mapping[str, Any], _run: Run) -> Any:
    """The logic of an element that has none."""
    return None


def broken(_variables: Mapping[str, Any], _run: Run) -> Any:
    """The logic of an element that could not be compiled: the findings say why, and its value must not pass for null."""
    raise ExpressionFailed("This decision has errors and cannot be evaluated; check the file")


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """The value of a decision and how it came about."""

    value: Any
    #: ids of the matched rules (or their numbers, where a rule has no id), in the order of the table
    rules: tuple[str, ...] = ()
    #: the same rules by number, from 1
    rule_numbers: tuple[int, ...] = ()
    #: input expression → its value, for a decision table
    inputs: Mapping[str, Any] = field(default_factory=dict)
    #: decision id → outcome, of the decisions this one required
    required: Mapping[str, Outcome] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Typed:
    """A declared type and what it belongs to, for messages."""

    type: Type
    what: str

    def convert(self, value: Any, run: Run) -> Any:
        """The value in the declared type. What does not fit is null, as in the standard; with strict names ExpressionFailed."""
        if self.type is ANY or value is None:
            return value
        converted = self.type.convert(value)
        if converted is None and run.strict:
            raise ExpressionFailed(
                f"{self.what}: the value is not of the declared type {self.type.kind}", what=self.what, type=self.type.kind
            )
        return converted

    def around(self, logic: Logic) -> Logic:
        """The logic with its value in the declared type."""
        return lambda variables, run: self.convert(logic(variables, run), run)
