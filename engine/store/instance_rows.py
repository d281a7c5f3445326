"""The row of an instance, the same for one that runs and one that has ended."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from engine.store.tables import finished_instance


class LostLock(RuntimeError):
    """The instance was changed by someone else while this command held its lock: a code path forgot to take it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class InstanceRow:
    """One row of table `instance` or `finished_instance`."""

    id: str
    version: int
    process: str
    process_version: int
    definitions: str
    state: str
    number: str | None
    title: str | None
    area: str | None
    starter: str | None
    parent: str | None
    started_at: datetime
    ended_at: datetime | None
    ends: list[str] | None
    root: str
    incidents: int
    next_seq: int
    history_seq: int
    history_chain: str
    #: since when nothing in it moves, and with which suspension of its definition; never of one that has ended
    suspended_at: datetime | None = None
    suspended_with: str | None = None
    #: it lies in `finished_instance`
    finished: bool = False


#: columns that both tables have
COLUMNS = tuple(name for name in InstanceRow.__slots__ if name in finished_instance.c)
#: columns of a running one
LIVE_COLUMNS = (*COLUMNS, "suspended_at", "suspended_with")


def row_values(row: InstanceRow, columns: tuple[str, ...]) -> dict[str, Any]:
    return {name: getattr(row, name) for name in columns}


def lost(row: InstanceRow, read_version: int) -> LostLock:
    return LostLock(f"instance {row.id} is not at version {read_version} any more")
