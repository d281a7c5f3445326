"""What is read from a database: statements, rows, bytes. Not how long it takes: that is another machine's business."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from sqlalchemy import event

from engine.store.database import Database


@dataclass
class Read:
    """`size`: characters of all values, as text."""

    statements: int = 0
    rows: int = 0
    size: int = 0

    def row(self, values: Any) -> tuple[Any, ...]:
        """Counts a row that came from the database."""
        found = tuple(values)
        self.rows += 1
        self.size += sum(len(str(value)) for value in found)
        return found


@contextmanager
def reads_of(database: Database) -> Iterator[Read]:
    """Counts what both engines of a database read meanwhile. The connections are opened anew."""
    read = Read()

    def statement(_connection: Any, _cursor: Any, text: str, *_rest: Any) -> None:
        read.statements += not text.startswith(("BEGIN", "PRAGMA"))

    def checkout(connection: Any, _record: Any, _proxy: Any) -> None:
        if database.is_sqlite:
            connection.row_factory = lambda _cursor, values: read.row(values)
        else:
            connection.row_factory = lambda _cursor: read.row

    def checkin(connection: Any, _record: Any) -> None:
        if database.is_sqlite:
            connection.row_factory = None
        else:
            from psycopg.rows import tuple_row

            connection.row_factory = tuple_row

    engines = {database.writer, database.reader}
    listeners: list[tuple[str, Callable[..., None]]] = [("before_cursor_execute", statement), ("checkout", checkout), ("checkin", checkin)]
    for engine in engines:
        for name, listener in listeners:
            event.listen(engine, name, listener)
    try:
        yield read
    finally:
        for engine in engines:
            for name, listener in listeners:
                event.remove(engine, name, listener)
