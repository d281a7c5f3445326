"""What is wrong with decision tables before anybody uses them: each finding with an input that shows it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from engine.decisions.checks import shown
from engine.decisions.checks.cells import Cells
from engine.decisions.checks.cover import Budget, Stopped
from engine.decisions.checks.coverage import ANALYSES, Seen
from engine.decisions.checks.grid import Grid, grid_of
from engine.decisions.checks.values import wrong_inputs, wrong_outputs
from engine.decisions.codes import Report
from engine.decisions.file import DmnFile
from engine.decisions.table import Table
from engine.errors import Finding

__all__ = ["LIMIT", "OF_TYPES", "Cells", "check_table", "check_tables"]

#: codes about the types of cells
OF_TYPES = ("DMN-035", "DMN-040")
#: steps for one table: a step is a group of inputs looked at, or a pair of rules compared
LIMIT = 20_000
#: unread cells that are named
_NAMED = 5


def check_tables(file: DmnFile, language: str, settings: Mapping[str, Any] | None = None) -> Sequence[Finding]:
    """Findings of every table of a file, in `language`. `settings`: values of settings, which count as constants. Never raises."""
    report = Report(file.path, language)
    cells = Cells(settings or {})
    for table in file.tables:
        _tell(table, report, cells)
    return report.findings


def check_table(table: Table, cells: Cells, limit: int = LIMIT) -> tuple[list[Seen], Grid, bool]:
    """(what was seen, the grid, whether the limit was reached)."""
    seen = [*wrong_inputs(table, cells), *wrong_outputs(table, cells)]
    grid = grid_of(table, cells)
    budget = Budget(limit)
    for analysis in ANALYSES:
        try:
            seen += [one for one in analysis(grid, budget) if not _said(one, seen)]
        except Stopped:
            return seen, grid, True
    return seen, grid, False


def _said(one: Seen, seen: Sequence[Seen]) -> bool:
    """A cell that never matches because it is of the wrong type is told once."""
    if one.code != "DMN-034":
        return False
    return any(o.code == "DMN-035" and o.rule is one.rule and o.facts["column"] == one.facts["column"] for o in seen)


def _tell(table: Table, report: Report, cells: Cells) -> None:
    seen, grid, stopped = check_table(table, cells)
    for one in seen:
        element, line = (one.rule.fired.id, one.rule.line) if one.rule else (table.element or table.name, table.line)
        report.place(one.code, element, line, example=_example(one), **_facts(one, report.language))
    if grid.unread:
        texts = [f"{cell.rule.number}: {cell.column.expression.text} {cell.text}" for cell in grid.unread]
        named = "; ".join(texts[:_NAMED]) + (" …" if len(texts) > _NAMED else "")
        report.place("DMN-038", table.element or table.name, table.line, count=len(texts), cells=named)
    if stopped:
        report.place("DMN-039", table.element or table.name, table.line, limit=LIMIT)


def _example(one: Seen) -> str:
    return shown.literal(one.example[""]) if "" in one.example else shown.inputs(one.example)


def _facts(one: Seen, language: str) -> dict[str, object]:
    if one.code != "DMN-032":
        return one.facts
    more = "".join(f"; {shown.inputs(other)}" for other in one.facts["others"])
    etc = (" 等" if language != "en" else " and others") if one.facts["many"] else ""
    return {"more": more + etc}
