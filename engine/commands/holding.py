"""What was held for a suspended instance happens, in order, when the instance goes on."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from engine.commands import opening
from engine.commands.held_jobs import hold, payload_of
from engine.commands.runtime import Runtime
from engine.errors import CogovError
from engine.store import instances, operations
from engine.store.instances import InstanceRow

Connection = Any
Payload = Mapping[str, Any]
Handlers = Mapping[str, Callable[[Payload], None]]
JOB = "release"


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


def release(runtime: Runtime, payload: Payload, handlers: Handlers) -> None:
    """Job ``release``: run what was held in the order in which it was due. Handlers are idempotent, so a crash in between repeats one.

    What fails gets a job of its own, with its own attempts, and the rest goes on. Stops when the instance is suspended again.
    """
    instance = payload["instance"]
    while (row := _next(runtime, instance)) is not None:
        job, what, key = row.job, payload_of(row), f"held:{row.id}"
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
