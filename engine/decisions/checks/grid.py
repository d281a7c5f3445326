"""A table as boxes over a grid: for each input its parts, for each rule the parts it accepts (a bit per part)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from engine.decisions.checks.axes import Part, kinds_of, parts_of
from engine.decisions.checks.cells import Cells
from engine.decisions.table import Input, Rule, Table
from engine.feel import UnaryTests
from engine.feel.types import ANY

#: values tried × constants of a column; of more none is analysed (DMN-038)
_MOST_ANSWERS = 100_000


@dataclass(frozen=True, slots=True)
class Axis:
    """One input expression. Columns with the same expression are one axis."""

    text: str
    columns: tuple[int, ...]
    parts: tuple[Part, ...]
    #: bits of the parts that are allowed values
    allowed: int


@dataclass(frozen=True, slots=True)
class Cell:
    """A cell that is not analysed."""

    rule: Rule
    column: Input
    text: str


@dataclass(frozen=True, slots=True)
class Grid:
    """`surely[i][a]`: bits of the parts of axis a that rule i accepts whatever the unread cells say; `maybe`: that it may accept."""

    table: Table
    axes: tuple[Axis, ...]
    surely: tuple[tuple[int, ...], ...]
    maybe: tuple[tuple[int, ...], ...]
    unread: tuple[Cell, ...]

    def is_read(self, rule: int) -> bool:
        """Whether every cell of the rule is analysed."""
        return self.surely[rule] == self.maybe[rule]

    def example(self, box: Sequence[int]) -> dict[str, Any]:
        """Input expression → a value, in a box of parts."""
        return {axis.text: axis.parts[_first(bits)].example for axis, bits in zip(self.axes, box, strict=True)}


def grid_of(table: Table, cells: Cells) -> Grid:
    """The grid of a table."""
    groups: dict[str, list[int]] = {}
    for number, column in enumerate(table.inputs):
        groups.setdefault(" ".join(column.expression.text.split()), []).append(number)
    axes = [_axis(table, text, columns, cells) for text, columns in groups.items()]
    unread: list[Cell] = []
    surely, maybe = [], []
    for rule in table.rules:
        rows = [_accepted(table, rule, axis, cells, unread) for axis in axes]
        surely.append(tuple(sure for sure, _ in rows))
        maybe.append(tuple(may for _, may in rows))
    return Grid(table, tuple(axes), tuple(surely), tuple(maybe), tuple(unread))


def _axis(table: Table, text: str, columns: Sequence[int], cells: Cells) -> Axis:
    tests = [rule.tests[column] for rule in table.rules for column in columns]
    first = table.inputs[columns[0]]
    limits = [table.inputs[column].allowed for column in columns]
    cuts = [found for test in (*tests, *limits) if test is not None and (found := cells.cut(test.text)) is not None]
    points = [value for found in cuts for value in found.values]
    if len(set(points)) * len(points) > _MOST_ANSWERS:
        return Axis(text, tuple(columns), (Part(None),), 1)
    kinds = kinds_of(points)
    kind = first.type.kind if first.type is not ANY else next(iter(kinds)) if len(kinds) == 1 else ""
    fitting = [point for point in points if point is None or kinds_of([point]) == {kind}]
    only_equal = not any(found.ordered for found in cuts)
    parts = parts_of(kind, fitting, whole=first.whole, only_equal=only_equal) or [Part(None)]
    limited = [table.inputs[column] for column in columns]
    bits = sum(1 << place for place, part in enumerate(parts) if part.example is None or all(_allows(c, part, cells) for c in limited))
    return Axis(text, tuple(columns), tuple(parts), bits)


def _allows(column: Input, part: Part, cells: Cells) -> bool:
    """Whether the value may come in at all. What cannot be analysed allows everything."""
    if column.allowed is not None:
        return cells.cut(column.allowed.text) is None or cells.passes(column.allowed, part.example)
    return cells.is_allowed(column.type, part.example)


def _accepted(table: Table, rule: Rule, axis: Axis, cells: Cells, unread: list[Cell]) -> tuple[int, int]:
    surely = maybe = axis.allowed
    for column in axis.columns:
        test, limit = rule.tests[column], table.inputs[column].allowed
        if limit is not None and cells.cut(limit.text) is None:  # which values come in is not known
            surely = 0
        if _is_read(test, axis, cells):
            accepted = sum(1 << place for place, part in enumerate(axis.parts) if cells.passes(test, part.example))
            surely, maybe = surely & accepted, maybe & accepted
        else:
            unread.append(Cell(rule, table.inputs[column], test.text))
            surely = 0
    return surely, maybe


def _is_read(test: UnaryTests, axis: Axis, cells: Cells) -> bool:
    """Whether one value of each part tells how the cell answers."""
    found = cells.cut(test.text)
    return found is not None and (not found.values or axis.parts != (Part(None),))


def _first(bits: int) -> int:
    return (bits & -bits).bit_length() - 1


def by_part(axes: Sequence[Axis], rows: Mapping[int, Sequence[int]]) -> list[list[int]]:
    """For each axis and part the bits of the rules (their places) that accept it."""
    return [
        [sum(1 << rule for rule, row in rows.items() if row[place] >> part & 1) for part in range(len(axis.parts))]
        for place, axis in enumerate(axes)
    ]
