"""How the job engine's own connections are opened.

On SQLite its tables lie in our file, and two things would hold everybody up. It would wait for the disk after every commit, 4 ms each
against 0.01: its commits are worth what ours are (`Database`), a crash of the process loses nothing, a power cut the last ones of both.
And it would compete with our threads for the file, where whoever waits sleeps for up to 0.1 s although nobody writes any more: so its
transactions queue for the same lock of this process as ours do.
"""

from __future__ import annotations

import sqlite3
from typing import Any

from engine.store.database import Database

_WRITING = ("INSERT", "UPDATE", "DELETE", "REPLACE", "BEGIN")


def options_for(database: Database) -> dict[str, Any]:
    """Keyword arguments for the engine that the job engine creates."""
    return {"connect_args": {"factory": _connections(database)}} if database.is_sqlite else {}


def _connections(database: Database) -> type[sqlite3.Connection]:
    """Connections to this database. What begins a transaction waits for its turn; commit and rollback end that."""

    class Connection(sqlite3.Connection):
        def __init__(self, *arguments: Any, **options: Any) -> None:
            super().__init__(*arguments, **options)
            self._turn = False
            self.execute(f"PRAGMA synchronous={database.synchronous}").close()

        def cursor(self, factory: Any = None) -> Any:
            return super().cursor(factory or Cursor)

        def commit(self) -> None:
            try:
                super().commit()
            finally:
                self.done()

        def rollback(self) -> None:
            try:
                super().rollback()
            finally:
                self.done()

        def close(self) -> None:
            super().close()
            if self._turn:
                self._turn = False
                database.end_turn()

        def begins(self) -> None:
            if not self._turn and not self.in_transaction:
                self._turn = database.take_turn()

        def done(self) -> None:
            """Let the next one in, unless a transaction is open still."""
            if self._turn and not self.in_transaction:
                self._turn = False
                database.end_turn()

    class Cursor(sqlite3.Cursor):
        connection: Connection

        def execute(self, sql: str, *parameters: Any) -> Any:
            if not sql.lstrip()[:7].upper().startswith(_WRITING):
                return super().execute(sql, *parameters)
            self.connection.begins()
            try:
                return super().execute(sql, *parameters)
            finally:
                self.connection.done()

        def executemany(self, sql: str, parameters: Any) -> Any:
            self.connection.begins()
            try:
                return super().executemany(sql, parameters)
            finally:
                self.connection.done()

    return Connection
