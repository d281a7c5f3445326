"""What comes for a suspended instance is kept, in order, until it goes on or ends."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from engine.commands.runtime import Runtime
from engine.store import operations
from engine.store.instances import InstanceRow

Connection = Any
Payload = Mapping[str, Any]
MESSAGE = "deliver_message"


def hold(runtime: Runtime, connection: Connection, row: InstanceRow, job: str, payload: Payload, *, due: datetime | None = None) -> None:
    """Keep a job for later. The instance is locked and suspended. `due`: when it should have happened; None: now."""
    held = {"id": runtime.new_id(), "instance": row.id, "job": job, "payload": dict(payload), "due_at": due or runtime.clock.now()}
    operations.hold(connection, held)


def let_go(runtime: Runtime, connection: Connection, instance: str) -> None:
    """The instance ends before what was held for it has happened: messages look for another receiver; the rest has no meaning."""
    for row in operations.all_held(connection, instance):
        if row.job == MESSAGE:
            runtime.jobs.enqueue(connection, row.job, payload_of(row), key=f"held:{row.id}")
        operations.drop_held(connection, row.id)


def payload_of(row: Any) -> dict[str, Any]:
    """A message gets an id of its own, so that it is delivered once however often this is run."""
    return {**row.payload, "id": f"held:{row.id}"} if row.job == MESSAGE else dict(row.payload)
