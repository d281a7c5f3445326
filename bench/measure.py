"""Counting what a piece of work costs: CPU of this process, SQL statements, commits."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import event

from engine.store.database import Database


@dataclass
class Meter:
    """Costs of a row of like pieces of work."""

    cpu: list[float] = field(default_factory=list)
    wall: list[float] = field(default_factory=list)
    statements: int = 0
    commits: int = 0

    @contextmanager
    def of_one(self, database: Database) -> Iterator[None]:
        """Measure one piece of work."""
        with _counting(database, self):
            wall, cpu = time.perf_counter(), time.process_time()
            yield
            self.cpu.append(time.process_time() - cpu)
            self.wall.append(time.perf_counter() - wall)

    @property
    def count(self) -> int:
        return len(self.cpu)

    def milliseconds(self, part: slice = slice(None)) -> float:
        """Mean CPU of a part, in ms."""
        chosen = self.cpu[part]
        return 1000 * sum(chosen) / len(chosen) if chosen else 0.0

    def growth(self) -> float:
        """Last tenth over first tenth."""
        tenth = max(self.count // 10, 1)
        first = self.milliseconds(slice(0, tenth))
        return self.milliseconds(slice(-tenth, None)) / first if first else 0.0


@contextmanager
def _counting(database: Database, meter: Meter) -> Iterator[None]:
    def statement(_connection: Any, _cursor: Any, text: str, *_rest: Any) -> None:
        meter.statements += not text.startswith("BEGIN")

    def commit(_connection: Any) -> None:
        meter.commits += 1

    listeners: list[tuple[str, Callable[..., None]]] = [("before_cursor_execute", statement), ("commit", commit)]
    for name, listener in listeners:
        event.listen(database.writer, name, listener)
    try:
        yield
    finally:
        for name, listener in listeners:
            event.remove(database.writer, name, listener)


def table(heads: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    """Columns side by side, the first to the left, the others to the right."""
    widths = [max(len(line[n]) for line in (heads, *rows)) for n in range(len(heads))]
    lines = [
        [cell.ljust(w) if n == 0 else cell.rjust(w) for n, (cell, w) in enumerate(zip(line, widths, strict=True))]
        for line in (heads, *rows)
    ]
    rule = ["-" * w for w in widths]
    return "\n".join("  ".join(line) for line in (lines[0], rule, *lines[1:]))
