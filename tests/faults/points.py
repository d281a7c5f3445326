"""Fault points: before and after every statement of a command, and before its commit."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from sqlalchemy import event

from engine.store.database import Database

Fault = Callable[[], None]


class Injected(Exception):
    """The fault a test put in."""


@contextmanager
def at_point(database: Database, point: int, fault: Fault) -> Iterator[list[int]]:
    """Run `fault` at the point with this number, counted from 1 over a command. Gives a list whose first item is how many
    points were passed. Statement n has the points 2n-1 (before) and 2n (after); the last point is before the commit."""
    passed = [0]

    def reach() -> None:
        passed[0] += 1
        if passed[0] == point:
            fault()

    def before(_connection: Any, _cursor: Any, statement: str, *_rest: Any) -> None:
        if not statement.startswith(("BEGIN", "PRAGMA")):
            reach()

    def after(_connection: Any, _cursor: Any, statement: str, *_rest: Any) -> None:
        if not statement.startswith(("BEGIN", "PRAGMA")):
            reach()

    def commit(_connection: Any) -> None:
        reach()

    listeners = [("before_cursor_execute", before), ("after_cursor_execute", after), ("commit", commit)]
    for name, listener in listeners:
        event.listen(database.writer, name, listener)
    try:
        yield passed
    finally:
        for name, listener in listeners:
            event.remove(database.writer, name, listener)
