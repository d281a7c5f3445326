"""The one table of the benchmark: a row per workload, on the screen and in ``build/bench.json``.

The fields of a row and the shape of the file are stable; ``docs/reference/bench.md`` describes them.
"""

from __future__ import annotations

import json
import platform
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

#: raised when a field changes its meaning or goes; new fields do not raise it
SCHEMA = 1
_HEADS = (
    "group", "workload", "database", "way", "count", "CPU ms", "DB ms", "statements", "commits", "last/first", "stock ms", "goal", "met",
)  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """What one unit of a workload costs. None: not measured, or without meaning here."""

    #: the theme: task, data, inbox, timers, size, kernel, feel, dmn, …
    group: str
    workload: str
    #: what is counted: ``task``, ``page``, ``instance``, ``evaluation``, ``command``
    unit: str = "task"
    #: postgresql | sqlite | memory
    database: str = "memory"
    #: http | process: over HTTP to a server of its own, or by calls in this process
    way: str = "process"
    #: how many units were measured
    count: int
    #: CPU of all our processes for one unit, in milliseconds
    cpu_ms: float | None = None
    #: CPU of the database's processes for one unit, in milliseconds
    database_cpu_ms: float | None = None
    #: wall time of one unit in milliseconds, the fastest of many
    wall_ms: float | None = None
    #: how late one unit was at the 99th percentile, in milliseconds
    late_ms: float | None = None
    statements: float | None = None
    commits: float | None = None
    #: CPU of the last tenth over that of the first tenth
    growth: float | None = None
    #: megabytes that one unit leaves in the database
    megabytes: float | None = None
    #: stock SpiffWorkflow running the same model in memory, CPU milliseconds for one unit
    stock_ms: float | None = None
    stock_growth: float | None = None
    #: why stock SpiffWorkflow has no figure
    stock_note: str = ""
    #: largest value that each named field may have: {"cpu_ms": 6, "statements": 12}
    goals: tuple[tuple[str, float], ...] = ()
    note: str = ""

    def missed(self) -> list[str]:
        """The fields whose value is above the goal, or was not measured."""
        values = asdict(self)
        return [name for name, most in self.goals if values[name] is None or _judged(name, values[name]) > most]

    @property
    def met(self) -> bool | None:
        """None where there is no goal."""
        return not self.missed() if self.goals else None

    def plain(self) -> dict[str, Any]:
        """As it stands in the file."""
        return {**asdict(self), "goals": dict(self.goals), "met": self.met, "missed": self.missed()}


def text(rows: Sequence[Row]) -> str:
    """The table for the screen."""
    return _columns(_HEADS, [_cells(row) for row in rows])


def line(row: Row) -> str:
    """One row, as soon as it is measured."""
    shown = _cells(row)
    cells = [f"{head} {cell}" for head, cell in zip(_HEADS[4:], shown[4:], strict=True) if cell not in {"", "-"}]
    return f"{row.group}: {shown[1]} ({row.database}, {row.way}): " + ", ".join(cells)


def save(path: Path, rows: Iterable[Row], *, at: datetime, seconds: float, quick: bool) -> None:
    """Write ``build/bench.json``."""
    path.parent.mkdir(parents=True, exist_ok=True)
    content = {
        "schema": SCHEMA,
        "at": at.isoformat(),
        "seconds": round(seconds, 1),
        "quick": quick,
        "python": platform.python_version(),
        "rows": [row.plain() for row in rows],
    }
    path.write_text(json.dumps(content, ensure_ascii=False, indent=1) + "\n", "utf8")


def _cells(row: Row) -> tuple[str, ...]:
    stock = _number(row.stock_ms, 3) if row.stock_ms is not None else row.stock_note or "-"
    cost = [_number(row.cpu_ms, 3), _number(row.database_cpu_ms, 3), _number(row.statements, 1), _number(row.commits, 2)]
    name = f"{row.workload} [{row.megabytes:.2f} MB]" if row.megabytes is not None else row.workload
    name = f"{name} [wall {row.wall_ms:.1f} ms]" if row.wall_ms is not None else name
    name = f"{name} [late p99 {row.late_ms:.0f} ms]" if row.late_ms is not None else name
    met = {True: "yes", False: "NO: " + ", ".join(row.missed()), None: "-"}[row.met]
    goal = ", ".join(f"{name} ≤ {most:g}" for name, most in row.goals) or "-"
    return (row.group, name, row.database, row.way, str(row.count), *cost, _number(row.growth, 2), stock, goal, met)


def _number(value: float | None, digits: int) -> str:
    """With at most three significant digits behind the point where the value is small."""
    if value is None:
        return "-"
    if 0 < value < 0.01:
        return f"{value:.4f}"
    return f"{value:.{digits}f}" if abs(value) < 1 else f"{value:.{min(digits, 2 if abs(value) < 10 else 1)}f}"


def _judged(name: str, value: float) -> float:
    """Statements and commits of a command are whole numbers: a fraction is the heartbeat of the jobs, which falls into some of them."""
    if name in ("statements", "commits"):
        return round(value)
    return round(value, 2) if value >= 1 else value


def _columns(heads: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    """Side by side, the first four to the left, the others to the right."""
    widths = [max(len(row[n]) for row in (heads, *rows)) for n in range(len(heads))]
    lines = [[cell.ljust(w) if n < 4 else cell.rjust(w) for n, (cell, w) in enumerate(zip(r, widths, strict=True))] for r in (heads, *rows)]
    rule = ["-" * w for w in widths]
    return "\n".join("  ".join(cells) for cells in (lines[0], rule, *lines[1:]))
