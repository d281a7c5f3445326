"""Timers, subscriptions and case-page actions of a waiting token: open, fire, close."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Any

from engine.definitions.model import EventDefinition, Message
from engine.errors import ExpressionFailed
from engine.events import ActionClosed, ActionOpened, SubscriptionClosed, SubscriptionOpened, TimerArmed, TimerDisarmed
from engine.runner.elements.base import PAYLOAD_NAMES, set_result
from engine.runner.token import HOST, OPEN, WAITS, Token
from engine.runner.variables import visible
from engine.values import plain

if TYPE_CHECKING:
    from engine.runner.instance import Instance

_READS_DEADLINE = re.compile(r"\bdeadline\s*\(")
#: ids of the tokens that wait for a condition, in the internal data of the root
CONDITIONS = "conditions"
#: internal of an event-based gateway: the token of the event that happened
CHOSEN = "chosen"


def open_events(token: Token, at: Token) -> None:
    """Open everything the token waits for; expressions are read at token `at`. What is open already stays (retry)."""
    opened = token.internal_data.setdefault(OPEN, {})
    for index, definition in enumerate(token.task_spec.triggers):
        if str(index) not in opened and index not in token.internal_data.get("seen", ()):
            opened[str(index)] = _open(token, index, definition, at)
    action = token.task_spec.node.action if token.task_spec.node is not None else None
    if action is not None and "action" not in opened:
        message = next((one.message for one in token.task_spec.triggers if one.message is not None), None)
        if message is not None:
            selectors = as_texts(token.workflow.evaluate(action.role, visible(at))) if action.role is not None else ()
            name, key = address(token, message, at)
            token.workflow.emit(ActionOpened, token, selectors=selectors, message=name, key=key, form=action.form, public=action.public)
            opened["action"] = {}


def close_events(token: Token) -> None:
    """Close everything that is still open."""
    opened = token.internal_data.pop(OPEN, {})
    for key in sorted((key for key in opened if key != "action"), key=int):
        _close(token, int(key))
    if "action" in opened:
        token.workflow.emit(ActionClosed, token)


def close_waits(token: Token, keep: str | None = None) -> None:
    """Close and remove the auxiliary tokens (boundary events, targets of an event gateway) that wait for this one."""
    for waiter_id in token.internal_data.pop(WAITS, ()):
        waiter = token.workflow.find(waiter_id)
        if waiter is not None and waiter_id != keep:
            close_events(waiter)
            token.workflow.remove(waiter)


def choose_event(waiter: Token) -> bool:
    """An event happened: if it waits behind an event-based gateway, that gateway goes on with it."""
    host: Any = waiter.internal_data.get(HOST)
    if host is None:
        return False
    gateway = waiter.workflow.token(host)
    gateway.internal_data[CHOSEN] = waiter.id
    gateway.finish()
    return True


def check_conditions(instance: Instance) -> None:
    """Let conditional events happen whose condition has become true. Null counts as not true: data may not be there yet."""
    root = instance.find(instance.root_id)
    for waiter_id in tuple(root.internal_data.get(CONDITIONS, ())) if root is not None else ():
        waiter = instance.find(waiter_id)
        for key, entry in tuple(waiter.internal_data.get(OPEN, {}).items()) if waiter is not None else ():
            if waiter is not None and "held" in entry:
                definition = waiter.task_spec.triggers[int(key)]
                held = instance.evaluate(definition.condition or "false", visible(reads_at(waiter))) is True
                happened, entry["held"] = held and not entry["held"], held
                if happened:
                    instance.guard(waiter, waiter.trigger, int(key), None)


def reads_at(waiter: Token) -> Token:
    """The token whose variables the expressions of a waiting event read: its host, if it waits for another one."""
    host = waiter.internal_data.get(HOST)
    return waiter.workflow.token(host) if host is not None else waiter


def is_open(token: Token, index: int) -> bool:
    return str(index) in token.internal_data.get(OPEN, {})


def fire(token: Token, index: int) -> bool:
    """Event `index` happened. True when that is all the token waits for (a parallel multiple event waits for every one)."""
    if token.task_spec.node is None or not token.task_spec.node.parallel_multiple or len(token.task_spec.triggers) < 2:
        return True
    del token.internal_data[OPEN][str(index)]
    _close(token, index)
    token.internal_data.setdefault("seen", []).append(index)
    return len(token.internal_data["seen"]) == len(token.task_spec.triggers)


def keep_open(token: Token, index: int) -> bool:
    """After a non-interrupting event fired: arm a cycle again, keep a subscription; False when a timer is used up."""
    entry = token.internal_data[OPEN][str(index)]
    if token.task_spec.triggers[index].kind != "timer":
        return True
    rest = entry.get("rest")
    if rest is None:
        del token.internal_data[OPEN][str(index)]
        _close(token, index)
        return bool(token.internal_data[OPEN])
    due, remaining = token.workflow.environment.resolve_timer("cycle", rest)
    generation = entry["generation"] + 1
    token.internal_data[OPEN][str(index)] = {"due": due.isoformat(), "generation": generation, "rest": remaining}
    token.workflow.emit(TimerArmed, token, event=index, due=due, generation=generation)
    return True


def rearm(token: Token, at: Token) -> None:
    """Evaluate timers again that depend on a deadline; only a due time that changed is armed anew."""
    for index, definition in enumerate(token.task_spec.triggers):
        entry = token.internal_data.get(OPEN, {}).get(str(index))
        if entry is None or definition.kind != "timer" or not _READS_DEADLINE.search(definition.timer or ""):
            continue
        due, rest = _due(token, definition, at)
        if due.isoformat() != entry["due"]:
            generation = entry["generation"] + 1
            token.internal_data[OPEN][str(index)] = {"due": due.isoformat(), "generation": generation, "rest": rest}
            token.workflow.emit(TimerArmed, token, event=index, due=due, generation=generation)


def take_payload(token: Token, definition: EventDefinition, payload: Mapping[str, Any] | None) -> None:
    """What came with the event becomes the token's result."""
    name = PAYLOAD_NAMES.get(definition.kind)
    if name is not None:
        set_result(token, name, payload or {})


def address(token: Token, message: Message, at: Token, *inner: Mapping[str, Any]) -> tuple[str, str | None]:
    """Name and correlation key of a message. A key that evaluates to null fails: it would match every message."""
    name = message.name
    if name.startswith("="):
        name = as_text(token.workflow.evaluate(name[1:], visible(at, *inner)), name)
    if message.correlation_key is None:
        return name, None
    return name, as_text(token.workflow.evaluate(message.correlation_key, visible(at, *inner)), message.correlation_key)


def as_text(value: Any, expression: str) -> str:
    """A key or name as text. Raises ExpressionFailed for null, lists and contexts."""
    if value is None or isinstance(value, (list, Mapping)):
        raise ExpressionFailed(
            f"{expression!r} must give a text or number, not {'null' if value is None else 'a list or context'}", expression=expression
        )
    return str(plain(value)) if not isinstance(value, bool) else str(value).lower()


def as_texts(value: Any) -> tuple[str, ...]:
    """Selectors or persons: null → none, one text → one, a list → its texts without nulls; nested lists are flattened."""
    if value is None:
        return ()
    if isinstance(value, Iterable) and not isinstance(value, (str, Mapping)):
        return tuple(dict.fromkeys(text for item in value for text in as_texts(item)))
    return (as_text(value, "a selector"),)


def _open(token: Token, index: int, definition: EventDefinition, at: Token) -> dict[str, Any]:
    instance = token.workflow
    if definition.kind == "timer":
        due, rest = _due(token, definition, at)
        instance.emit(TimerArmed, token, event=index, due=due, generation=1)
        return {"due": due.isoformat(), "generation": 1, "rest": rest}
    if definition.kind == "message" and definition.message is not None:
        name, key = address(token, definition.message, at)
        instance.emit(SubscriptionOpened, token, event=index, kind="message", name=name, key=key, definition=definition)
        return {}
    if definition.kind == "signal":
        instance.emit(SubscriptionOpened, token, event=index, kind="signal", name=definition.name or "", definition=definition)
        return {}
    waiting = instance.root.internal_data.setdefault(CONDITIONS, [])
    if token.id not in waiting:
        waiting.append(token.id)
    return {"held": False}


def _close(token: Token, index: int) -> None:
    kind = token.task_spec.triggers[index].kind
    if kind == "timer":
        token.workflow.emit(TimerDisarmed, token, event=index)
    elif kind in ("message", "signal"):
        token.workflow.emit(SubscriptionClosed, token, event=index)
    else:
        waiting = token.workflow.root.internal_data.get(CONDITIONS, [])
        if token.id in waiting:
            waiting.remove(token.id)


def _due(token: Token, definition: EventDefinition, at: Token) -> Any:
    value: Any = definition.timer or ""
    if value.startswith("="):
        value = token.workflow.evaluate(value[1:], visible(at))
    return token.workflow.environment.resolve_timer(definition.timer_kind or "date", value)
