"""Counting what work costs: CPU, statements, commits; and how the last tenth of it compares with the first."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

from sqlalchemy import event

from engine.store.database import Database

#: the whole is measured in so many parts, the first and the last of which are compared
_PARTS = 10


@dataclass(frozen=True)
class Usage:
    """What has been used so far: seconds of CPU of our process and of the database's, statements, commits."""

    cpu: float
    database_cpu: float
    statements: int
    commits: int

    def since(self, before: Usage) -> Usage:
        return Usage(
            self.cpu - before.cpu,
            self.database_cpu - before.database_cpu,
            self.statements - before.statements,
            self.commits - before.commits,
        )

    @property
    def all_cpu(self) -> float:
        return self.cpu + self.database_cpu


@dataclass(frozen=True)
class Measured:
    """Costs of one unit: milliseconds of CPU, statements, commits; `growth` is last tenth / first tenth."""

    count: int
    cpu: float
    database_cpu: float
    statements: float
    commits: float
    growth: float


class Statements:
    """Counts statements (one for many rows is one; BEGIN and COMMIT do not count) and commits on the engines of a database."""

    def __init__(self, database: Database) -> None:
        self.statements = self.commits = 0
        for engine in {id(e): e for e in (database.writer, database.reader)}.values():
            event.listen(engine, "before_cursor_execute", self._statement)
            event.listen(engine, "commit", self._commit)

    def _statement(self, _connection: Any, _cursor: Any, text: str, *_rest: Any) -> None:
        self.statements += not text.startswith("BEGIN")

    def _commit(self, _connection: Any) -> None:
        self.commits += 1


def measure(acts: Iterator[None], count: int, usage: Callable[[], Usage]) -> Measured:
    """Go through `count` acts, looking at the usage after every tenth. Raises StopIteration when there are fewer."""
    each = max(1, count // _PARTS)
    usages = [usage()]
    for _ in range(count // each):
        for _ in range(each):
            next(acts)
        usages.append(usage())
    done = each * (count // each)
    spent = [after.since(before) for before, after in pairwise(usages)]
    whole = usages[-1].since(usages[0])
    return Measured(
        count=done,
        cpu=1000 * whole.cpu / done,
        database_cpu=1000 * whole.database_cpu / done,
        statements=whole.statements / done,
        commits=whole.commits / done,
        growth=spent[-1].all_cpu / spent[0].all_cpu if spent[0].all_cpu else 0.0,
    )
