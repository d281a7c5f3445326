"""What comes for a suspended instance is held, in order, and happens when the instance goes on."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any

from engine.commands import opening
from engine.commands.runtime import Runtime
from engine.errors import CogovError
from engine.store import instances, operations
from engine.store.instances import InstanceRow

Connection = Any
Payload = Mapping[str, Any]
Handlers = Mapping[str, Callable[[Payload], None]]
JOB = "release"
MESSAGE = "deliver_message"


def hold(runtime: Runtime, connection: Connection, row: InstanceRow, job: str, payload: Payload, *, due: datetime | None = None) -> None:
    """Keep a job for later. The instance is locked and suspended. `due`: when it should have happened; None: now."""
    held = {"id": runtime.new_id(), "instance": row.id, "job": job, "payload": dict(payload), "due_at": due or runtime.clock.now()}
    operations.hold(connection, held)


def held(runtime: Runtime, instance: str, job: str, payload: Payload) -> bool:
    """Keep a job for later if its instance is suspended (asked under its lock)."""

    def command(connection: Connection) -> bool:
        row = instances.lock_running(connection, instance)
        if row is None or row.suspended_at is None:
            return False
        hold(runtime, connection, row, job, payload)
        return True

    return opening.run(runtime, command)


def release_later(runtime: Runtime, connection: Connection, row: InstanceRow) -> None:
    """The instance goes on: a job lets happen what was held, one after the other."""
    runtime.jobs.enqueue(connection, JOB, {"instance": row.id}, key=f"{JOB}:{row.id}:{row.version}")


def let_go(runtime: Runtime, connection: Connection, instance: str) -> None:
    """The instance ends while it is suspended: messages that were held for it look for another receiver; the rest has no meaning."""
    for row in operations.all_held(connection, instance):
        if row.job == MESSAGE:
            runtime.jobs.enqueue(connection, row.job, _payload(row), key=f"held:{row.id}")
        operations.drop_held(connection, row.id)


def release(runtime: Runtime, payload: Payload, handlers: Handlers) -> None:
    """Job ``release``: run what was held in the order in which it was due. Handlers are idempotent, so a crash in between repeats one.

    What fails gets a job of its own, with its own attempts, and the rest goes on. Stops when the instance is suspended again.
    """
    instance = payload["instance"]
    while (row := _next(runtime, instance)) is not None:
        job, what, key = row.job, _payload(row), f"held:{row.id}"
        try:
            handlers[job](what)
        except CogovError:
            runtime.database.run(lambda connection, job=job, what=what, key=key: runtime.jobs.enqueue(connection, job, what, key=key))  # type: ignore[misc]
        runtime.database.run(lambda connection, held=row.id: operations.drop_held(connection, held))  # type: ignore[misc]


def _next(runtime: Runtime, instance: str) -> Any | None:
    with runtime.database.read() as connection:
        row = instances.read(connection, instance)
        if row is None or row.suspended_at is not None:
            return None
        return operations.first_held(connection, instance)


def _payload(row: Any) -> dict[str, Any]:
    """A message gets an id of its own, so that it is delivered once however often this is run."""
    return {**row.payload, "id": f"held:{row.id}"} if row.job == MESSAGE else dict(row.payload)
