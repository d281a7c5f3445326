"""What waits after a command: timers with their alarms, subscriptions, buttons."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from engine.commands.agenda import Agenda, Key
from engine.definitions.model import Label
from engine.events import ActionOpened
from engine.runner.port import Changes
from engine.store import messages, work

if TYPE_CHECKING:
    from engine.commands.unit import CommandUnit


def arm(unit: CommandUnit, plan: Agenda, changes: Changes) -> None:
    """Write the rows of what waits from now on, and remove those of what waits no longer."""
    gone = set(changes.gone_tokens)
    _timers(unit, plan, gone)
    _subscriptions(unit, plan, gone)
    _actions(unit, plan, gone)


def _timers(unit: CommandUnit, plan: Agenda, gone: set[str]) -> None:
    armed = [
        {**_columns(k), "instance": unit.row.id, "due_at": e.due, "generation": e.generation}
        for k, e in plan.timers.items()
        if k[0] not in gone
    ]
    work.save_timers(unit.connection, armed, [_columns(k) for k in plan.disarmed if k[0] not in gone])
    for timer in armed:
        _set_alarm(unit, timer)


def _set_alarm(unit: CommandUnit, timer: Mapping[str, Any]) -> None:
    key = f"timer:{timer['token']}:{timer['node']}:{timer['event']}:{timer['generation']}"
    payload = {name: timer[name] for name in ("instance", "token", "node", "event", "generation")}
    unit.enqueue("timer", payload, at=timer["due_at"], key=key)


def _subscriptions(unit: CommandUnit, plan: Agenda, gone: set[str]) -> None:
    opened = [
        {"id": unit.runtime.new_id(), **_columns(k), "instance": unit.row.id, "kind": e.kind, "name": e.name, "key": e.key}
        for k, e in plan.subscriptions.items()
        if k[0] not in gone
    ]
    work.save_subscriptions(unit.connection, opened, [_columns(k) for k in plan.closed if k[0] not in gone])
    _fetch_kept(unit, [row for row in opened if row["kind"] == "message"])


def _fetch_kept(unit: CommandUnit, opened: Sequence[Mapping[str, Any]]) -> None:
    """Messages that came before anyone waited for them are delivered now, by one job for each subscription that they fit."""
    if not opened:
        return
    messages.hold_names(unit.connection, [row["name"] for row in opened])
    fitting = messages.kept_addresses(unit.connection, [(row["name"], row["key"]) for row in opened], unit.now)
    for row in opened:
        if (row["name"], row["key"]) in fitting:
            unit.enqueue("deliver_message", {"subscription": row["id"]}, key=f"fetch:{row['id']}")


def _actions(unit: CommandUnit, plan: Agenda, gone: set[str]) -> None:
    opened = [
        {
            "token": k[0], "node": k[1], "instance": unit.row.id, "message": e.message, "key": e.key, "form": e.form,
            "selectors": unit.resolved(e.selectors), "public": e.public,
            "name_zh": _label(e).in_("zh"), "name_en": _label(e).in_("en"),
        }
        for k, e in plan.actions.items()
        if k[0] not in gone
    ]  # fmt: skip
    work.save_actions(unit.connection, opened, [{"token": t, "node": n} for t, n in plan.closed_actions if t not in gone])


def _label(action: ActionOpened) -> Label:
    return action.label or (action.node.name if action.node is not None else Label())


def _columns(key: Key) -> dict[str, Any]:
    return {"token": key[0], "node": key[1], "event": key[2]}
