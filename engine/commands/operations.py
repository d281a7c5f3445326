"""What an operator does: cancel an instance, retry or resolve an incident."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

from engine import values
from engine.actor import SYSTEM, Actor
from engine.commands import held_jobs, holding, incidents, opening, operating
from engine.commands.receipt import Receipt
from engine.commands.runtime import Runtime
from engine.commands.triggers import SERVICE_FAILED
from engine.errors import Conflict, InstanceSuspended, NotFound
from engine.history import installation
from engine.store import commands as answers
from engine.store import contents, finished, instances, messages, work

Connection = Any
#: history row of the installation about messages nobody took in time
EXPIRED = "message_expired"
#: expired messages of one name that are told one by one
_MOST_TOLD = 100
#: instances moved by one transaction
_AT_ONCE = 100


def cancel(runtime: Runtime, instance: str, reason: str, *, actor: Actor) -> Receipt:
    """End an instance before its time; see Engine.cancel."""

    def command(connection: Connection) -> Receipt:
        unit = opening.open_unit(runtime, connection, instances.lock(connection, instance), actor, moving=False)
        if unit.row.suspended_at is not None:
            unit.row = replace(unit.row, suspended_at=None, suspended_with=None)
        unit.record("cancelled", None, {"reason": reason})
        unit.apply(runtime.kernel.cancel(unit.definitions, unit.snapshot, unit.environment))
        return unit.finish()

    return opening.run(runtime, command)


def retry(
    runtime: Runtime, incident: str, *, actor: Actor, variables: Mapping[str, Any] | None = None, reason: str | None = None
) -> Receipt:
    """Let a token go on that stands in an incident; with `variables`, after correcting these. See Engine.retry, Engine.resolve."""
    corrected: dict[str, Any] = values.normalise(variables or {})
    because = {} if reason is None else {"reason": operating.needed(reason)}

    def command(connection: Connection) -> Receipt:
        instance = work.instance_of_incident(connection, incident)
        if instance is None:
            raise NotFound(f"there is no incident {incident}", incident=incident)
        row = instances.lock(connection, instance)
        found = work.incident_by_id(connection, incident)
        if found is None or found.state != "open":
            raise Conflict("This incident is closed already.", incident=incident, state=found.state if found else None)
        unit = opening.open_unit(runtime, connection, row, actor, whole=True)
        state = "resolved" if corrected else "retried"
        incidents.close(unit, incident, state)
        unit.record(f"incident_{state}", found.node, {"incident": incident, "variables": corrected, **because})
        unit.scopes.correct(found.token, corrected)
        unit.apply(runtime.kernel.retry(unit.definitions, unit.snapshot, unit.environment, found.token))
        return unit.finish()

    return opening.run(runtime, command)


def second_try(runtime: Runtime, payload: Mapping[str, Any]) -> None:
    """Job ``second_try``: expressions that failed in the command that gave the instance its number may find it now."""
    for incident in payload["incidents"]:
        try:
            retry(runtime, incident, actor=SYSTEM)
        except InstanceSuspended as suspended:
            if not holding.held(runtime, suspended.details["instance"], "second_try", {"incidents": [incident]}):
                retry(runtime, incident, actor=SYSTEM)
        except Conflict:
            continue  # someone was faster, or the case has ended


def abandon(runtime: Runtime, incident: str, *, actor: Actor, code: str) -> Receipt:
    """Give a failed service up: the model's error event for `code` takes over. Raises Conflict for other kinds of incident."""

    def command(connection: Connection) -> Receipt:
        instance = work.instance_of_incident(connection, incident)
        if instance is None:
            raise NotFound(f"there is no incident {incident}", incident=incident)
        row = instances.lock(connection, instance)
        found = work.incident_by_id(connection, incident)
        if found is None or found.state != "open" or found.code != SERVICE_FAILED:
            raise Conflict("Only an open incident of a service can be given up.", incident=incident)
        unit = opening.open_unit(runtime, connection, row, actor)
        incidents.close(unit, incident, "resolved")
        unit.record("incident_resolved", found.node, {"incident": incident, "error": code})
        unit.apply(unit.runtime.kernel.service_done(unit.definitions, unit.snapshot, unit.environment, found.token, error=(code, {})))
        return unit.finish()

    return opening.run(runtime, command)


def tidy(runtime: Runtime, keys: timedelta) -> dict[str, int]:
    """Delete what has served its time; see Engine.tidy."""
    now = runtime.clock.now()
    # the id of a message is known for as long as the message may be kept
    until = now - max(keys, runtime.message_ttl)

    def command(connection: Connection) -> dict[str, int]:
        expired = messages.drop_expired(connection, now)
        for name in sorted({row.name for row in expired}):
            _note_expired(connection, name, [row for row in expired if row.name == name], now)
        return {"messages": len(expired), "keys": answers.forget_before(connection, until)}

    found = {**opening.run(runtime, command), "finished": _put_away(runtime)}
    opening.run(runtime, contents.sweep)
    return found


def _put_away(runtime: Runtime) -> int:
    """Take instances out of the work tables that ended under a release before 0003; how many. Each transaction moves a few whole."""

    def some(connection: Connection) -> int:
        found = finished.left_behind(connection, _AT_ONCE)
        for instance in found:
            row = instances.lock(connection, instance)
            held_jobs.let_go(runtime, connection, instance)
            finished.keep(connection, row, row.version, instances.variables(connection, row).get(row.root, {}))
        return len(found)

    count = 0
    while moved := opening.run(runtime, some):
        count += moved
    return count


def _note_expired(connection: Connection, name: str, expired: Sequence[Any], now: datetime) -> None:
    """The history of the installation says what came and found nobody; what it carried is gone."""
    told = [{"id": row.message_id, "key": row.key, "at": row.at} for row in expired[:_MOST_TOLD]]
    installation.log(connection, EXPIRED, name, actor=SYSTEM, at=now, content={"count": len(expired), "messages": told})
