"""Overlaps, gaps, rules that never decide, duplicates: what follows from which rules accept which inputs."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import Any

from engine.decisions.checks.cells import fixed
from engine.decisions.checks.cover import Budget, uncovered
from engine.decisions.checks.grid import Grid, by_part
from engine.decisions.table import Rule, Table
from engine.feel import Environment
from engine.feel.kinds import equal

#: gaps told of one table, and inputs of a rule looked at to say who answers them
MOST_GAPS, MOST_MASKS = 3, 20


@dataclass(frozen=True, slots=True)
class Seen:
    """A finding before it is worded: the rule it stands beside (None: the table), an example input and facts."""

    code: str
    rule: Rule | None
    example: dict[str, Any]
    facts: dict[str, Any]


def overlaps(grid: Grid, budget: Budget) -> Iterator[Seen]:
    """Pairs of rules that match the same input, under U; under A those whose outputs differ. Raises Stopped."""
    policy = grid.table.policy
    if policy not in "UA":
        return
    outputs: dict[int, list[tuple[bool, Any]]] = {}
    for first, second, box in _common(grid, budget):
        one, other = grid.table.rules[first], grid.table.rules[second]
        if policy == "A" and not _differ(*(outputs.get(rule.number) or _outputs(rule, outputs) for rule in (one, other))):
            continue
        if policy == "U" and _conditions(one) == _conditions(other):
            continue  # DMN-025
        yield Seen("DMN-030" if policy == "U" else "DMN-031", other, grid.example(box), {"first": one.number, "second": other.number})


def _common(grid: Grid, budget: Budget) -> Iterator[tuple[int, int, list[int]]]:
    """Pairs of rules with the box of inputs that both accept for certain."""
    rows = dict(enumerate(grid.surely))
    accepting = by_part(grid.axes, rows)
    for first, row in rows.items():
        budget.spend(1 + sum(len(axis.parts) for axis in grid.axes) // 16)
        touching = -1 << (first + 1)
        for place, bits in enumerate(row):
            touching &= _any(accepting[place], bits)
        for second in range(first + 1, len(rows)):
            if touching >> second & 1:
                budget.spend()
                yield first, second, [a & b for a, b in zip(row, rows[second], strict=True)]


def _any(accepting: Sequence[int], bits: int) -> int:
    """Rules that accept at least one of these parts."""
    found = 0
    for part, rules in enumerate(accepting):
        if bits >> part & 1:
            found |= rules
    return found


def _conditions(rule: Rule) -> tuple[str, ...]:
    return tuple("".join(test.text.split()) for test in rule.tests)


def _outputs(rule: Rule, known: dict[int, list[tuple[bool, Any]]]) -> list[tuple[bool, Any]]:
    """The outputs as `fixed` gives them, worked out once."""
    known[rule.number] = [fixed(cell) for cell in rule.outputs]
    return known[rule.number]


def _differ(one: Sequence[tuple[bool, Any]], other: Sequence[tuple[bool, Any]]) -> bool:
    """Whether the outputs are constants that differ."""
    return any(known and too and equal(a, b) is not True for (known, a), (too, b) in zip(one, other, strict=True))


def gaps(grid: Grid, budget: Budget) -> Iterator[Seen]:
    """Inputs without a rule, under the policies that give one answer and without a default. Raises Stopped."""
    table = grid.table
    if table.policy not in "UAFP" or any(column.default for column in table.outputs):
        return
    within = [axis.allowed for axis in grid.axes]
    boxes = uncovered(grid.axes, within, dict(enumerate(grid.maybe)), budget)
    examples = [grid.example(box) for box in islice(boxes, MOST_GAPS + 1)]
    if examples:
        yield Seen("DMN-032", None, examples[0], {"others": examples[1:MOST_GAPS], "many": len(examples) > MOST_GAPS})


def masked(grid: Grid, budget: Budget) -> Iterator[Seen]:
    """Rules that never decide, because others come first for every input they accept (F and P). Raises Stopped."""
    order = _order(grid.table)
    for place, index in enumerate(order or ()):
        row = grid.maybe[index]
        if not all(row):
            continue  # an empty cell: DMN-034
        before = {other: grid.surely[other] for other in order[:place]} if order else {}
        if before and next(uncovered(grid.axes, row, before, budget), None) is None:
            rule = grid.table.rules[index]
            by = [n for n in sorted(before) if all(a & b for a, b in zip(before[n], row, strict=True))]
            yield Seen("DMN-033", rule, grid.example(row), {"rule": rule.number, "by": ", ".join(str(n + 1) for n in by)})


def _order(table: Table) -> list[int] | None:
    """The rules in the order in which they are asked; None when it is not known."""
    if table.policy == "F":
        return list(range(len(table.rules)))
    if table.policy != "P":
        return None
    ranks = [_rank(table, rule) for rule in table.rules]
    if any(rank is None for rank in ranks):
        return None
    return sorted(range(len(table.rules)), key=lambda index: ranks[index] or ())


def _rank(table: Table, rule: Rule) -> tuple[int, ...] | None:
    found: list[int] = []
    for cell, column in zip(rule.outputs, table.outputs, strict=True):
        order = column.values.evaluate({}, Environment(strict_names=False)) if column.values else []
        if not order:
            continue
        known, value = fixed(cell)
        if not known:
            return None
        found.append(next((place for place, other in enumerate(order) if equal(value, other) is True), len(order)))
    return tuple(found)


def empty(grid: Grid, _budget: Budget) -> Iterator[Seen]:
    """Rules with a cell that accepts no allowed value."""
    for index, rule in enumerate(grid.table.rules):
        for place, axis in enumerate(grid.axes):
            if not grid.maybe[index][place] and axis.allowed:
                column = grid.table.inputs[axis.columns[0]]
                text = " , ".join(rule.tests[c].text for c in axis.columns)
                value = grid.example([other.allowed for other in grid.axes])[axis.text]
                yield Seen("DMN-034", rule, {axis.text: value}, {"rule": rule.number, "column": column.expression.text, "text": text})


def duplicates(grid: Grid, budget: Budget) -> Iterator[Seen]:
    """Rules with the same conditions and outputs, under the policies where that does no more than repeat. Raises Stopped."""
    if grid.table.policy in "UF":
        return
    seen: dict[tuple[Any, ...], Rule] = {}
    for index, rule in enumerate(grid.table.rules):
        budget.spend()
        if not grid.is_read(index) or not all(grid.surely[index]):
            continue
        key = (grid.surely[index], tuple(cell.text.strip() if cell else "" for cell in rule.outputs))
        first = seen.setdefault(key, rule)
        if first is not rule:
            yield Seen("DMN-037", rule, grid.example(grid.surely[index]), {"first": first.number, "second": rule.number})


ANALYSES: tuple[Callable[[Grid, Budget], Iterator[Seen]], ...] = (overlaps, empty, masked, duplicates, gaps)
