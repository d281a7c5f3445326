"""Suspend and resume: an instance in which nothing moves, a process of which no new instance begins.

Deadlines run on: the time a law or an agreement sets does not stop because an operator stopped the machine. Who may pause a deadline
does so, with its own reasons (service ``deadlines.pause``). What falls due meanwhile happens at resume, in order.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from engine.actor import Actor
from engine.commands import batches, held_jobs, holding, opening, operating, triggers
from engine.commands.receipt import Receipt
from engine.commands.runtime import Runtime
from engine.commands.unit import CommandUnit
from engine.errors import Conflict, NotFound
from engine.history import installation
from engine.store import definitions as sets
from engine.store import instances, messages, operations
from engine.store.queries import definitions as deployed

Connection = Any
SUSPEND, RESUME = "suspend", "resume"


@dataclass(frozen=True, slots=True, kw_only=True)
class Suspension:
    """A process of which no new instance begins. `version` None: none in any version. `batch`: the job on its instances, if any."""

    process: str
    version: int | None
    at: datetime
    actor: str | None
    reason: str
    batch: str | None = None


def suspend(runtime: Runtime, instance: str, reason: str, *, actor: Actor, idempotency_key: str | None) -> Receipt:
    """See Engine.suspend."""
    why = operating.needed(reason)

    def act(unit: CommandUnit) -> None:
        if unit.row.suspended_at is not None:
            raise Conflict("这件事项已经暂停 / This case is suspended already", instance=instance)
        _stop(unit, why, None)

    return operating.perform(
        runtime, instance, SUSPEND, act, actor=actor, idempotency_key=idempotency_key, whole=False, moving=False
    )  # fmt: skip


def resume(runtime: Runtime, instance: str, reason: str, *, actor: Actor, idempotency_key: str | None) -> Receipt:
    """See Engine.resume."""
    why = operating.needed(reason)

    def act(unit: CommandUnit) -> None:
        if unit.row.suspended_at is None:
            raise Conflict("这件事项没有暂停 / This case is not suspended", instance=instance)
        _go_on(unit, why)

    return operating.perform(runtime, instance, RESUME, act, actor=actor, idempotency_key=idempotency_key, moving=False)


def _stop(unit: CommandUnit, reason: str, suspension: str | None) -> None:
    unit.row = replace(unit.row, suspended_at=unit.now, suspended_with=suspension)
    unit.record("suspended", None, {"reason": reason})


def _go_on(unit: CommandUnit, reason: str) -> None:
    """Timers that read a deadline which moved meanwhile are armed anew, conditions are looked at again; what was held follows by a job."""
    unit.row = replace(unit.row, suspended_at=None, suspended_with=None)
    unit.record("resumed", None, {"reason": reason})
    unit.apply(unit.runtime.kernel.rearm(unit.definitions, unit.snapshot, unit.environment))
    triggers.refresh_due(unit)
    holding.release_later(unit.runtime, unit.connection, unit.row)


# Definitions -------------------------------------------------------------------------------------------------------


def suspend_definition(
    runtime: Runtime, process: str, reason: str, *, actor: Actor, version: int | None, instances_too: bool, idempotency_key: str | None
) -> Suspension:
    """See Engine.suspend_definition."""
    why, number = operating.needed(reason), version or operations.EVERY
    key = opening.scoped_key("suspend_definition", actor, idempotency_key)

    def command(connection: Connection) -> Suspension:
        if opening.repeated(connection, key) is not None:
            return _first(connection, process, number)
        _known(connection, process, version)
        if operations.suspension(connection, process, number) is not None:
            raise Conflict("这个流程已经暂停 / This procedure is suspended already", process=process, version=version)
        now = runtime.clock.now()
        row = {"id": runtime.new_id(), "process": process, "version": number, "at": now, "actor": actor.person, "reason": why}
        operations.suspend(connection, row)
        found = operations.moving_instances(connection, process, number) if instances_too else []
        plan = {"process": process, "version": version, "suspension": row["id"]}
        batch = batches.create(runtime, connection, SUSPEND, found, actor=actor, reason=why, plan=plan) if instances_too else None
        content = {"reason": why, "version": version, "batch": batch}
        installation.log(connection, "definition_suspended", process, actor=actor, at=now, content=content)
        opening.remember(connection, key, Receipt(instance=None, outcome="suspended"), now)
        return replace(_shown(operations.suspension(connection, process, number)), batch=batch)

    return opening.run(runtime, command)


def resume_definition(
    runtime: Runtime, process: str, reason: str, *, actor: Actor, version: int | None, idempotency_key: str | None
) -> str | None:
    """See Engine.resume_definition."""
    why, number = operating.needed(reason), version or operations.EVERY
    key = opening.scoped_key("resume_definition", actor, idempotency_key)

    def command(connection: Connection) -> str | None:
        if opening.repeated(connection, key) is not None:
            return None
        found = operations.suspension(connection, process, number)
        if found is None:
            raise Conflict("这个流程没有暂停 / This procedure is not suspended", process=process, version=version)
        now = runtime.clock.now()
        operations.resume(connection, found.id)
        stopped = operations.suspended_with(connection, found.id)
        plan = {"process": process, "version": version, "suspension": found.id}
        batch = batches.create(runtime, connection, RESUME, stopped, actor=actor, reason=why, plan=plan) if stopped else None
        content = {"reason": why, "version": version, "batch": batch}
        installation.log(connection, "definition_resumed", process, actor=actor, at=now, content=content)
        _fetch_kept(runtime, connection, process, found.id)
        opening.remember(connection, key, Receipt(instance=None, outcome="resumed"), now)
        return batch

    return opening.run(runtime, command)


def suspensions(runtime: Runtime) -> list[Suspension]:
    """Every process that is suspended."""
    with runtime.database.read() as connection:
        return [_shown(row) for row in operations.suspensions(connection)]


def suspend_item(runtime: Runtime, connection: Connection, task: batches.Task) -> None:
    """One instance of a definition that was suspended with its instances. One that has ended, or is suspended, is left as it is."""
    row = instances.lock_running(connection, task.instance)
    suspension: str = task.plan["suspension"]
    if row is None or row.suspended_at is not None or not _holds(connection, task.plan, suspension):
        return
    unit = opening.open_unit(runtime, connection, row, task.actor, moving=False)
    _stop(unit, task.reason, suspension)
    unit.finish()


def resume_item(runtime: Runtime, connection: Connection, task: batches.Task) -> None:
    """One instance that was suspended with its definition; one that was suspended for itself meanwhile stays so."""
    row = instances.lock_running(connection, task.instance)
    if row is None or row.suspended_with != task.plan["suspension"]:
        return
    unit = opening.open_unit(runtime, connection, row, task.actor, whole=True, moving=False)
    _go_on(unit, task.reason)
    unit.finish()


def _holds(connection: Connection, plan: Mapping[str, Any], suspension: str) -> bool:
    """Whether the definition is still suspended: it may have been resumed before its instances' turn came."""
    found = operations.suspension(connection, plan["process"], plan["version"] or operations.EVERY)
    return found is not None and found.id == suspension


def _fetch_kept(runtime: Runtime, connection: Connection, process: str, suspension: str) -> None:
    """Messages that would have started the process meanwhile were kept: they are delivered now."""
    digest = sets.current_digest(connection)
    starts = runtime.library.bound(connection, digest).content["messages"] if digest is not None else {}
    names = [name for name, found in starts.items() if any(one[0] == process for one in found)]
    messages.hold_names(connection, names)
    for kept in messages.kept_of(connection, names, runtime.clock.now()) if names else ():
        runtime.jobs.enqueue(connection, held_jobs.MESSAGE, {"kept": kept, "starts": True}, key=f"kept:{kept}:{suspension}")


def _known(connection: Connection, process: str, version: int | None) -> None:
    if not deployed.versions(connection, process, version):
        raise NotFound(f"there is no process {process!r}" + (f" in version {version}" if version else ""), process=process, version=version)


def _first(connection: Connection, process: str, number: int) -> Suspension:
    row = operations.suspension(connection, process, number)
    if row is None:
        raise Conflict("这个流程已恢复 / This procedure was resumed meanwhile", process=process)
    return _shown(row)


def _shown(row: Any) -> Suspension:
    return Suspension(process=row.process, version=row.version or None, at=row.at, actor=row.actor, reason=row.reason)
