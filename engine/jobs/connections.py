"""How the job engine's own connections are opened.

On SQLite it would wait for the disk after every commit of its own, four times for a job, while everybody else waits for its lock: 4 ms
each, against 0.01 ms. Its tables lie in our file, so its commits are worth what ours are (`Database`): a crash of the process loses
nothing, a power cut the last ones, ours and its own alike.
"""

from __future__ import annotations

import sqlite3
from typing import Any

from engine.store.database import Database


class _Normal(sqlite3.Connection):
    """Waits for the disk at checkpoints only."""

    def __init__(self, *arguments: Any, **options: Any) -> None:
        super().__init__(*arguments, **options)
        self.execute("PRAGMA synchronous=NORMAL").close()


def options_for(database: Database) -> dict[str, Any]:
    """Keyword arguments for the engine that the job engine creates."""
    if database.is_sqlite and database.synchronous == "NORMAL":
        return {"connect_args": {"factory": _Normal}}
    return {}
