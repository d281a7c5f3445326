"""A finished case begins again at elements of its own choice: as a new case that refers to the old one and has its data.

The old one stays as it ended: what was decided in it is not unmade. The new one takes a number of its own.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from engine.actor import Actor
from engine.commands import blocked, opening, operating, starting
from engine.commands.modifying import Outlook, check_variables, outlook
from engine.commands.runtime import Runtime
from engine.commands.unit import CommandUnit
from engine.errors import Conflict
from engine.runner.instructions import ModificationRefused, Start
from engine.runner.variables import INSTANCE_FACTS
from engine.store import guards as guard_store
from engine.store import instances
from engine.store.instances import InstanceRow

Connection = Any


def restart(
    runtime: Runtime, instance: str, starts: Sequence[Start], reason: str, *, version: int | None, actor: Actor, dry_run: bool,
    idempotency_key: str | None,
) -> Outlook:  # fmt: skip
    """See Engine.restart."""
    why = operating.needed(reason)
    key = opening.scoped_key("restart", actor, None if dry_run else idempotency_key)
    if not starts or any(one.scope is not None or one.process is not None for one in starts):
        raise ModificationRefused("请指明从哪个环节开始，不带范围", "Say at which elements it begins, without scopes")

    def command(connection: Connection) -> Outlook:
        old = instances.lock(connection, instance)
        first = opening.repeated(connection, key)
        if first is not None:
            return outlook(first, (), old.process, dry_run=False)
        if old.state == "running":
            raise Conflict("这件事项还在办，请移动环节 / This case still runs; move its tokens instead", instance=instance)
        unit = _new(runtime, connection, old, version, why, starts, actor)
        for one in starts:
            check_variables(unit, one)
        facts = {"starter": unit.row.starter, "number": None, "area": unit.row.area}
        changes = runtime.kernel.begin(
            unit.definitions, unit.row.process, unit.environment, variables={**_data(connection, old), **facts}, starts=starts
        )
        unit.row = replace(unit.row, root=starting.root_of(changes))
        events = tuple(changes.events)
        unit.apply(changes)
        receipt = unit.finish()
        _tell(runtime, connection, old, unit.row.id, why, actor)
        opening.remember(connection, key, receipt, unit.now)
        return outlook(receipt, events, old.process, dry_run=dry_run)

    return operating.run(runtime, command, dry_run=dry_run)


def _new(
    runtime: Runtime, connection: Connection, old: InstanceRow, version: int | None, reason: str, starts: Sequence[Start], actor: Actor
) -> CommandUnit:
    """The new case, with the protection of the old one's data. Without `version` it is bound to what the old one was."""
    definitions = (
        runtime.library.bound(connection, old.definitions) if version is None else starting.bound(runtime, connection, old.process, version)
    )
    blocked.require_executable(definitions.entry("process", old.process), old.process, actor.language)
    model = definitions.process(old.process)
    starting.refuse_suspended(connection, old.process, definitions.version("process", old.process))
    unit = starting.new_unit(runtime, connection, definitions, model, old.area, actor, old.starter, old.id)
    for ref, guards in guard_store.of_instance(connection, old.id, guard_store.DATA).items():
        unit.protect(guard_store.DATA, [ref], guards)
    places = [{"element": one.element, "where": one.where} for one in starts]
    unit.record("restarted", None, {"reason": reason, "from": old.id, "number": old.number, "at": places})
    return unit


def _data(connection: Connection, old: InstanceRow) -> dict[str, Any]:
    """The outermost variables as the old case left them."""
    found = instances.variables(connection, old).get(old.root, {})
    return {name: value for name, value in found.items() if name not in INSTANCE_FACTS}


def _tell(runtime: Runtime, connection: Connection, old: InstanceRow, new: str, reason: str, actor: Actor) -> None:
    """The old case's history says what followed."""
    record = opening.open_record(runtime, connection, old, actor)
    record.record("restarted_as", None, {"reason": reason, "instance": new})
    record.finish()
