"""Constants of the wrong type, and outputs that are not among the allowed values."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from engine.decisions.checks.cells import Cells, fixed
from engine.decisions.checks.coverage import Seen
from engine.decisions.table import Output, Rule, Table
from engine.feel.kinds import kind_of
from engine.feel.types import ANY

_SIMPLE = ("number", "string", "boolean", "date", "time", "date and time", "days and time duration", "years and months duration")


def wrong_inputs(table: Table, cells: Cells) -> Iterator[Seen]:
    """Cells that compare an input with a constant of another type than its own."""
    for rule in table.rules:
        for test, column in zip(rule.tests, table.inputs, strict=True):
            found = cells.cut(test.text)
            if found is None or column.type.kind not in _SIMPLE:
                continue
            wrong = next((value for value in found.values if value is not None and kind_of(value) != column.type.kind), None)
            if wrong is not None:
                facts = {"rule": rule.number, "column": column.expression.text, "text": test.text, "type": column.type.kind}
                yield Seen("DMN-035", rule, {"": wrong}, facts)


def wrong_outputs(table: Table, cells: Cells) -> Iterator[Seen]:
    """Constant outputs of the wrong type or outside the allowed values, and such defaults."""
    for rule in table.rules:
        for cell, column in zip(rule.outputs, table.outputs, strict=True):
            known, value = fixed(cell)
            if known and value is not None:
                value = cells.converted(column.type, value)
                yield from _wrong(rule, column, value, cells)


def _wrong(rule: Rule, column: Output, value: Any, cells: Cells) -> Iterator[Seen]:
    facts = {"rule": rule.number, "column": column.label.zh or column.name}
    if not _is_allowed(column, value, cells):
        yield Seen("DMN-036", rule, {"": value}, {**facts, "allowed": column.allowed.text if column.allowed else column.type.kind})
    elif column.type is not ANY and column.type.kind in _SIMPLE and kind_of(value) != column.type.kind:
        yield Seen("DMN-040", rule, {"": value}, {**facts, "type": column.type.kind})


def _is_allowed(column: Output, value: Any, cells: Cells) -> bool:
    if column.allowed is not None:
        return cells.cut(column.allowed.text) is None or cells.passes(column.allowed, value)
    return cells.is_allowed(column.type, value)
