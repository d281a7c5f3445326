"""What a decision gives back, and what the parts of a decision file have in common."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from engine.errors import ExpressionFailed
from engine.feel.environment import Environment, Run
from engine.feel.types import ANY, Type

#: (names in scope, the run and its limits) → value
Logic = Callable[[Mapping[str, Any], Run], Any]


def nothing(_variables: Mapping[str, Any], _run: Run) -> Any:
    """The logic of an element that has none."""
    return None


def broken(_variables: Mapping[str, Any], _run: Run) -> Any:
    """The logic of an element that could not be compiled: the findings say why, and its value must not pass for null."""
    raise ExpressionFailed("这个决策有错误，不能求值，请先检查文件 / This decision has errors and cannot be evaluated; check the file")


@dataclass(frozen=True, slots=True, kw_only=True)
class Fired:
    """A rule that gave the outcome of a table."""

    #: from 1
    number: int
    #: its id, or its number where it has none
    id: str
    #: name of the annotation column → its text in this rule
    annotations: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Tested:
    """A table that was used inside a decision or a function: what it was asked and which rules answered."""

    table: str
    inputs: Mapping[str, Any]
    fired: tuple[Fired, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """The value of a decision and how it came about."""

    value: Any
    #: the rules that gave the value, in the order of the table (under O and P in the order of priority)
    fired: tuple[Fired, ...] = ()
    #: input expression → its value, for a decision table
    inputs: Mapping[str, Any] = field(default_factory=dict)
    #: decision id → outcome, of the decisions this one required
    required: Mapping[str, Outcome] = field(default_factory=dict)
    #: tables inside contexts, knowledge models and functions that were used
    tables: tuple[Tested, ...] = ()

    @property
    def rules(self) -> tuple[str, ...]:
        """Ids of the rules that gave the value."""
        return tuple(rule.id for rule in self.fired)

    @property
    def rule_numbers(self) -> tuple[int, ...]:
        return tuple(rule.number for rule in self.fired)


class Traced(Run):
    """A run that remembers the tables used on its way."""

    __slots__ = ("tables",)

    def __init__(self, environment: Environment) -> None:
        super().__init__(environment)
        self.tables: list[Tested] = []


@dataclass(frozen=True, slots=True)
class Typed:
    """A declared type and what it belongs to, for messages."""

    type: Type
    what: str

    def convert(self, value: Any, run: Run) -> Any:
        """The value in the declared type. What does not fit is null, as in the standard; with strict names ExpressionFailed."""
        if self.type is ANY or value is None:
            return value
        converted = self.type.convert(value, run)
        if converted is None and run.strict:
            raise ExpressionFailed(
                f"{self.what}：值不符合声明的类型 {self.type.kind} / the value is not of the declared type {self.type.kind}",
                what=self.what,
                type=self.type.kind,
            )
        return converted

    def around(self, logic: Logic) -> Logic:
        """The logic with its value in the declared type."""
        return lambda variables, run: self.convert(logic(variables, run), run)
