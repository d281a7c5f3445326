"""Decision tables: which rules match, and what the hit policy makes of them."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import reduce
from typing import Any

from engine.decisions.model import Fired, Outcome, Tested, Traced
from engine.definitions.model import Label
from engine.errors import ExpressionFailed, UnknownVariable
from engine.feel import Expression, UnaryTests
from engine.feel.environment import Run
from engine.feel.kinds import NUMBERS, adopt, compare, equal, finite
from engine.feel.types import ANY, Type

#: letter → name in the file
POLICIES = {
    "UNIQUE": "U",
    "FIRST": "F",
    "PRIORITY": "P",
    "ANY": "A",
    "COLLECT": "C",
    "RULE ORDER": "R",
    "OUTPUT ORDER": "O",
}
NO_LABEL = Label()
AGGREGATIONS = {"SUM": "+", "MIN": "<", "MAX": ">", "COUNT": "#"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Input:
    """An input column: what is tested, and the values it may have."""

    expression: Expression
    type: Type
    allowed: UnaryTests | None
    #: read texts such as "12.50" or "2026-03-02" as the declared kind
    read_text: Callable[[str], Any] | None = None
    label: Label = NO_LABEL
    #: of numbers only whole ones come (the type is integer or long)
    whole: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Output:
    """An output column. `values`: an expression for the list of its values in order of priority, `allowed`: tests of a value."""

    name: str
    type: Type
    values: Expression | None
    default: Expression | None
    allowed: UnaryTests | None = None
    label: Label = NO_LABEL


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule:
    fired: Fired
    tests: tuple[UnaryTests, ...]
    outputs: tuple[Expression | None, ...]
    #: where it stands in the file
    line: int | None = None

    @property
    def number(self) -> int:
        return self.fired.number

    @property
    def id(self) -> str:
        return self.fired.id


@dataclass(frozen=True, slots=True, kw_only=True)
class Table:
    """A compiled decision table. `policy` is its letter, `aggregation` one of + < > # or None."""

    name: str
    policy: str
    aggregation: str | None
    inputs: tuple[Input, ...]
    outputs: tuple[Output, ...]
    rules: tuple[Rule, ...]
    #: id and line in the file
    element: str | None = None
    line: int | None = None

    def __call__(self, variables: Mapping[str, Any], run: Run) -> Any:
        outcome = self.decide(variables, run)
        if isinstance(run, Traced):
            run.tables.append(Tested(table=self.name, inputs=outcome.inputs, fired=outcome.fired))
        return outcome.value

    def decide(self, variables: Mapping[str, Any], run: Run) -> Outcome:
        """The value with the rules that gave it. Raises ExpressionFailed when the hit policy is broken."""
        values = [self._input(column, variables, run) for column in self.inputs]
        inputs = {column.expression.text: value for column, value in zip(self.inputs, values, strict=True)}
        if any(value is _REFUSED for value in values):
            return Outcome(value=None, inputs={text: None if value is _REFUSED else value for text, value in inputs.items()})
        matched = self._matched(values, variables, run)
        if not matched:
            return Outcome(value=self._default(variables, run), inputs=inputs)
        value, used = self._combined(matched, variables, run)
        return Outcome(value=value, fired=tuple(rule.fired for rule in used), inputs=inputs)

    def _input(self, column: Input, variables: Mapping[str, Any], run: Run) -> Any:
        value = column.expression.run(variables, run)
        if isinstance(value, str) and column.read_text is not None:
            read = column.read_text(value)
            value = value if read is None else read
        if value is None or self._is_allowed(column, value, variables, run):
            return value
        if run.strict:
            allowed = column.allowed.text if column.allowed else ""
            raise ExpressionFailed(
                f"决策表“{self.name}”：输入“{column.expression.text}”的值不在允许范围 / "
                f"Decision table “{self.name}”: the input “{column.expression.text}” has a value that is not allowed",
                decision=self.name, input=column.expression.text, allowed=allowed,
            )  # fmt: skip
        return _REFUSED

    def _is_allowed(self, column: Input, value: Any, variables: Mapping[str, Any], run: Run) -> bool:
        """Whether the column's values hold it; without any, those of the type declared for it."""
        if column.allowed is not None:
            return column.allowed.run(value, variables, run)
        return column.type.allowed is None or column.type.allowed(value, run)

    def _matched(self, values: Sequence[Any], variables: Mapping[str, Any], run: Run) -> list[Rule]:
        matched: list[Rule] = []
        for rule in self.rules:
            run.spend()
            if self._passes(rule, values, variables, run):
                matched.append(rule)
                if self.policy == "F":
                    break
        return matched

    def _passes(self, rule: Rule, values: Sequence[Any], variables: Mapping[str, Any], run: Run) -> bool:
        for place, test in enumerate(rule.tests):
            try:
                if not test.run(values[place], variables, run):
                    return False
            except (UnknownVariable, ExpressionFailed) as error:
                raise self._located(error, rule, self.inputs[place].expression.text) from None
        return True

    def _located(self, error: UnknownVariable | ExpressionFailed, rule: Rule, column: str) -> UnknownVariable | ExpressionFailed:
        """The error with the cell it came from."""
        if "column" in error.details:
            return error
        zh, _slash, en = error.message.partition(" / ")
        zh = f"决策表“{self.name}”第 {rule.number} 条规则，“{column}”列：{zh}"
        error.args = (f"{zh} / decision table “{self.name}”, rule {rule.number}, column “{column}”: {en or error.message}",)
        error.details |= {"decision": self.name, "rule": rule.number, "column": column}
        return error

    def _combined(self, matched: list[Rule], variables: Mapping[str, Any], run: Run) -> tuple[Any, list[Rule]]:
        if self.policy == "U" and len(matched) > 1:
            raise self._broken(matched, "有多条规则命中", "has more than one matching rule, which the hit policy U (unique) forbids")
        results = [(rule, self._result(rule, variables, run)) for rule in matched]
        if self.policy == "A" and any(equal(result, results[0][1]) is not True for _, result in results[1:]):
            raise self._broken(
                matched, "命中的规则输出不同", "has matching rules with different outputs, which the hit policy A (any) forbids"
            )
        if self.policy in "PO":
            results = self._by_priority(results, variables, run)
        if self.policy in "UAFP":
            return results[0][1], [results[0][0]] if self.policy != "A" else matched
        values = [result for _, result in results]
        return (self._aggregated(values) if self.aggregation else run.items(values)), [rule for rule, _ in results]

    def _broken(self, matched: Sequence[Rule], chinese: str, why: str) -> ExpressionFailed:
        rules = [rule.id for rule in matched]
        return ExpressionFailed(
            f"决策表“{self.name}”{chinese} / Decision table “{self.name}” {why}: {', '.join(rules)}", decision=self.name, rules=rules
        )

    def _result(self, rule: Rule, variables: Mapping[str, Any], run: Run) -> Any:
        return self._shaped([self._cell(rule, place, variables, run) for place in range(len(self.outputs))])

    def _cell(self, rule: Rule, place: int, variables: Mapping[str, Any], run: Run) -> Any:
        cell, column = rule.outputs[place], self.outputs[place]
        if cell is None:
            return None
        try:
            value = _converted(column, cell.run(variables, run), run)
            if value is not None and run.strict and column.allowed is not None and not column.allowed.run(value, variables, run):
                raise ExpressionFailed(
                    f"输出不在允许范围：{column.allowed.text} / the output is not one of {column.allowed.text}", allowed=column.allowed.text
                )
        except (UnknownVariable, ExpressionFailed) as error:
            raise self._located(error, rule, column.name) from None
        return value

    def _shaped(self, values: Sequence[Any]) -> Any:
        """One output is its value, several are a context."""
        return values[0] if len(values) == 1 else {column.name: value for column, value in zip(self.outputs, values, strict=True)}

    def _default(self, variables: Mapping[str, Any], run: Run) -> Any:
        if all(column.default is None for column in self.outputs):
            return None
        return self._shaped([column.default.run(variables, run) if column.default else None for column in self.outputs])

    def _by_priority(self, results: list[tuple[Rule, Any]], variables: Mapping[str, Any], run: Run) -> list[tuple[Rule, Any]]:
        orders = [column.values.run(variables, run) if column.values else [] for column in self.outputs]

        def rank(result: tuple[Rule, Any]) -> list[int]:
            values = [result[1]] if len(self.outputs) == 1 else [result[1][column.name] for column in self.outputs]
            return [_place(value, order) for value, order in zip(values, orders, strict=True) if order]

        return sorted(results, key=rank)

    def _aggregated(self, values: list[Any]) -> Any:
        if len(self.outputs) == 1:
            return aggregate(str(self.aggregation), values)
        return {column.name: aggregate(str(self.aggregation), [value[column.name] for value in values]) for column in self.outputs}


_REFUSED = object()


def _place(value: Any, order: Sequence[Any]) -> int:
    return next((place for place, other in enumerate(order) if equal(value, other) is True), len(order))


def _converted(column: Output, value: Any, run: Run) -> Any:
    """The value in the column's type where it has a form in it, else as it is: editors often leave a wrong type behind."""
    value = adopt(value, run)
    if column.type is ANY or value is None:
        return value
    converted = column.type.convert(value, run)
    return value if converted is None else converted


def aggregate(operator: str, values: Sequence[Any]) -> Any:
    """Sum, least, greatest or number of the values; null when they have no sum or order."""
    if operator == "#":
        return Decimal(len(values))
    if operator == "+":
        numbers = [value for value in values if isinstance(value, Decimal)]
        return finite(reduce(NUMBERS.add, numbers)) if len(numbers) == len(values) and numbers else None
    best = values[0]
    for value in values[1:]:
        better = compare(operator, value, best)
        if better is None:
            return None
        best = value if better else best
    return best
