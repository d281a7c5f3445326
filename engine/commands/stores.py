"""Data stores that a command wrote, and those who have to look again because of it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from engine.commands.job_names import CONDITION, LOOK, PER_JOB
from engine.store import data, messages, starts

if TYPE_CHECKING:
    from engine.commands.unit import CommandUnit


def save(unit: CommandUnit) -> None:
    """Write them. History says that, not what: others may read it than may read the case."""
    written, unit.environment.stored = unit.environment.stored, {}
    if not written:
        return
    data.write(unit.connection, written, unit.row.id, unit.now)
    for name in sorted(written):
        unit.record("data_stored", None, {"store": name})
    for row in starts.of_kind(unit.connection, "conditional"):
        payload = {"process": row.process, "node": row.node, "event": row.event}
        unit.enqueue(CONDITION, payload, key=f"{CONDITION}:{unit.runtime.new_id()}")
    readers = [reader for reader in messages.store_readers(unit.connection) if reader != unit.row.id]
    for start in range(0, len(readers), PER_JOB):
        unit.enqueue(LOOK, {"instances": readers[start : start + PER_JOB]}, key=f"{LOOK}:{unit.runtime.new_id()}")
