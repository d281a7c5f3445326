"""A finished instance whose keeping time is over is removed with its content; the chain of its history stays and proves itself.

What stays of it: who did what kind of thing when (the chained rows), without any content; the end of the chain; the row that tells of
the removal, with its reason.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from engine.actor import Actor
from engine.commands import batches, opening, operating
from engine.commands.receipt import Receipt
from engine.commands.runtime import Runtime
from engine.errors import Conflict, NotFound
from engine.history import installation
from engine.store import instances, operations
from engine.store import removal as store
from engine.store.instances import InstanceRow

Connection = Any
REMOVE = "remove"


@dataclass(frozen=True, slots=True, kw_only=True)
class Removed:
    """What is left of a removed instance."""

    instance: str
    process: str
    version: int
    number: str | None
    state: str
    started_at: datetime
    ended_at: datetime | None
    removed_at: datetime
    retention: str | None


def remove(
    runtime: Runtime, instance: str, reason: str, *, retention: str | None, actor: Actor, dry_run: bool, idempotency_key: str | None
) -> Receipt:
    """See Engine.remove."""
    why = operating.needed(reason)
    key = opening.scoped_key(REMOVE, actor, None if dry_run else idempotency_key)

    def command(connection: Connection) -> Receipt:
        first = opening.repeated(connection, key)
        if first is not None:
            return first
        row = carry_out(runtime, connection, instance, why, retention, actor)
        receipt = Receipt(instance=instance, outcome="removed", number=row.number)
        opening.remember(connection, key, receipt, runtime.clock.now())
        return receipt

    return operating.run(runtime, command, dry_run=dry_run)


def carry_out(runtime: Runtime, connection: Connection, instance: str, reason: str, retention: str | None, actor: Actor) -> InstanceRow:
    """Remove one finished instance in the open transaction. Raises Conflict when it runs, or something it began does."""
    row = instances.lock(connection, instance)
    if row.state == "running":
        raise Conflict("还在办的事项不能销毁 / A case that runs is not removed", instance=instance)
    if store.has_running_children(connection, instance):
        raise Conflict("由它发起的事项还在办 / A case that it began still runs", instance=instance)
    unit = opening.open_record(runtime, connection, row, actor)
    unit.record("removed", None, {"reason": reason, "retention": retention})
    unit.finish()
    for forget in runtime.removals:
        forget(connection, instance)
    last = instances.lock(connection, instance)
    store.remove(connection, last, at=runtime.clock.now(), retention=retention)
    return last


def remove_many(runtime: Runtime, found: Mapping[str, str | None], reason: str, *, actor: Actor, idempotency_key: str | None) -> str | None:
    """See Engine.remove_many. `found`: instance → retention class."""
    why = operating.needed(reason)
    key = opening.scoped_key("remove_many", actor, idempotency_key)

    def command(connection: Connection) -> str | None:
        first = opening.repeated(connection, key)
        if first is not None:
            return first.outcome
        if not found:
            return None
        counts: dict[str, int] = {}
        for retention in found.values():
            counts[retention or ""] = counts.get(retention or "", 0) + 1
        plan = {"retention": dict(found), "classes": counts}
        batch = batches.create(runtime, connection, REMOVE, found, actor=actor, reason=why, plan=plan)
        now = runtime.clock.now()
        content = {"reason": why, "batch": batch, "classes": counts}
        installation.log(connection, "removal_begun", REMOVE, actor=actor, at=now, content=content)
        opening.remember(connection, key, Receipt(instance=None, outcome=batch), now)
        return batch

    return opening.run(runtime, command)


def remove_item(runtime: Runtime, connection: Connection, task: batches.Task) -> None:
    """One instance of a batch."""
    carry_out(runtime, connection, task.instance, task.reason, task.plan["retention"].get(task.instance), task.actor)


def removed(runtime: Runtime, *, after: str | None, limit: int) -> list[Removed]:
    """What is left of removed instances, the newest first."""
    with runtime.database.read() as connection:
        return [_shown(row) for row in store.removed(connection, after=after, limit=limit)]


def tombstone(runtime: Runtime, instance: str) -> Removed:
    """What is left of one removed instance. Raises NotFound."""
    with runtime.database.read() as connection:
        row = operations.head_of(connection, instance)
    if row is None or row.removed_at is None:
        raise NotFound(f"no case {instance} was removed", instance=instance)
    return _shown(row)


def _shown(row: Any) -> Removed:
    return Removed(
        instance=row.instance, process=row.process, version=row.process_version, number=row.number, state=row.state,
        started_at=row.started_at, ended_at=row.ended_at, removed_at=row.removed_at, retention=row.retention,
    )  # fmt: skip
