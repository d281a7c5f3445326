"""Timers, subscriptions and case-page actions of a waiting token: open, fire, close."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Any

from SpiffWorkflow.util.task import TaskState

from engine.definitions.model import EventDefinition, Message
from engine.errors import ExpressionFailed
from engine.events import ActionClosed, ActionOpened, SubscriptionClosed, SubscriptionOpened, TimerArmed, TimerDisarmed
from engine.runner.elements.base import PAYLOAD_NAMES, set_payload
from engine.runner.token import HOST, OPEN, SEEN, WAITS, Token
from engine.runner.variables import read, visible
from engine.values import MESSAGE_KEY, MESSAGE_NAME, key_text

if TYPE_CHECKING:
    from engine.runner.instance import Instance

_READS_DEADLINE = re.compile(r"\bdeadline\s*\(")
#: ids of the tokens that wait for a condition, in the internal data of the root
CONDITIONS = "conditions"
#: internal of an event-based gateway: the token of the event that happened
CHOSEN = "chosen"
#: kinds that something outside brings; the others are thrown inside the instance
OUTSIDE = ("timer", "message", "signal", "conditional")
#: kind and name of the subscription of a condition that reads a data store
STORE, ANY_STORE = "store", "*"
_WORD = re.compile(r"\w+")
#: variable of a parallel multiple event: what those that came brought, by kind
_BROUGHT = "#brought"


def open_events(token: Token, at: Token) -> None:
    """Open everything the token waits for; expressions are read at token `at`. What is open already stays (retry)."""
    opened = token.internal_data.setdefault(OPEN, {})
    for index, definition in enumerate(token.task_spec.triggers):
        if definition.kind in OUTSIDE and str(index) not in opened and str(index) not in token.internal_data.get(SEEN, ()):
            opened[str(index)] = _open(token, index, definition, at)
    action = token.task_spec.node.action if token.task_spec.node is not None else None
    if action is not None and "action" not in opened:
        sends = _action_message(token)
        message = token.task_spec.triggers[sends].message if sends is not None and str(sends) in opened else None
        if message is not None:
            selectors = as_texts(token.workflow.evaluate(action.role, visible(at))) if action.role is not None else ()
            name, key = address(token, message, at)
            token.workflow.emit(ActionOpened, token, selectors=selectors, message=name, key=key, form=action.form, public=action.public)
            opened["action"] = {}


def _action_message(token: Token) -> int | None:
    """Which of its events the button of an event sends: the first message."""
    return next((index for index, one in enumerate(token.task_spec.triggers) if one.message is not None), None)


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
    """Let conditional events happen whose condition has become true. Null counts as not true: data may not be there yet.

    A condition that cannot be evaluated is an incident of the event that waits for it; it is left alone until somebody retries it.
    """
    root = instance.find(instance.root_id)
    for waiter_id in tuple(root.internal_data.get(CONDITIONS, ())) if root is not None else ():
        waiter = instance.find(waiter_id)
        for key in tuple(waiter.internal_data.get(OPEN, {})) if waiter is not None else ():
            waiter = instance.find(waiter_id)
            if waiter is not None and waiter._state != TaskState.ERROR:
                instance.guard(waiter, _check_condition, waiter, key)


def _check_condition(waiter: Token, key: str) -> None:
    entry = waiter.internal_data.get(OPEN, {}).get(key, {})
    if "held" not in entry:
        return
    definition = waiter.task_spec.triggers[int(key)]
    held = waiter.workflow.evaluate(definition.condition or "false", visible(reads_at(waiter))) is True
    happened, entry["held"] = held and not entry["held"], held
    if happened:
        waiter.trigger(int(key), None)


def reads_at(waiter: Token) -> Token:
    """The token whose variables the expressions of a waiting event read: its host, if it waits for another one."""
    host = waiter.internal_data.get(HOST)
    return waiter.workflow.token(host) if host is not None else waiter


def is_open(token: Token, index: int) -> bool:
    return str(index) in token.internal_data.get(OPEN, {})


Brought = Mapping[str, Mapping[str, Any] | None]


def fire(token: Token, index: int, payload: Mapping[str, Any] | None) -> Brought | None:
    """Event `index` happened: what the token now has, by kind. None while a parallel multiple event waits for others."""
    kind = token.task_spec.triggers[index].kind
    if not waits_for_all(token):
        return {kind: payload}
    seen = token.internal_data.setdefault(SEEN, {})
    entry = token.internal_data.get(OPEN, {}).pop(str(index), None)
    seen[str(index)] = entry or {}
    if entry is not None:
        _close(token, index)
    if index == _action_message(token) and token.internal_data.get(OPEN, {}).pop("action", None) is not None:
        token.workflow.emit(ActionClosed, token)
    before = read(token, _BROUGHT, {})
    brought = {**before, kind: {**before.get(kind, {}), **(payload or {})}}
    token.data[_BROUGHT] = brought
    return brought if len(seen) == len(token.task_spec.triggers) else None


def waits_for_all(token: Token) -> bool:
    """Whether it is a parallel multiple event: every one of its events must come."""
    spec = token.task_spec
    return spec.node is not None and spec.node.parallel_multiple and len(spec.triggers) > 1


def lacks_only(token: Token, index: int) -> bool:
    """Whether all events of a parallel multiple event but this one have come."""
    return {*token.internal_data.get(SEEN, ()), str(index)} == {str(n) for n in range(len(token.task_spec.triggers))}


def bring(token: Token, brought: Brought) -> None:
    """What came with an event becomes the token's result; of several events, each is there under its own name too."""
    named = {kind: dict(payload or {}) for kind, payload in brought.items() if kind in PAYLOAD_NAMES}
    together: dict[str, Any] = {}
    for kind, payload in named.items():
        together |= payload
        set_payload(token, kind, payload)
    if len(named) > 1:
        set_payload(token, kind, together)


def matching(definitions: Iterable[EventDefinition], kind: str, code: str | None) -> int | None:
    """Which of an event's definitions catches such an error, escalation …; an exact code before catch-all."""
    fitting = [n for n, definition in enumerate(definitions) if definition.kind == kind and definition.code in (None, code)]
    return next((n for n in fitting if list(definitions)[n].code is not None), fitting[0] if fitting else None)


def keep_open(token: Token, index: int) -> bool:
    """After a non-interrupting event fired: arm a cycle again, keep a subscription; False when it can never happen again."""
    if waits_for_all(token):
        return _open_again(token)
    entry = token.internal_data.get(OPEN, {}).get(str(index))
    if entry is None or token.task_spec.triggers[index].kind != "timer":
        return True
    if entry.get("rest") is None:
        del token.internal_data[OPEN][str(index)]
        _close(token, index)
        return bool(token.internal_data[OPEN])
    _arm_next(token, index, entry)
    return True


def _open_again(token: Token) -> bool:
    """The next round of a parallel multiple event; there is none when one of its timers is used up."""
    seen = token.internal_data.pop(SEEN)
    token.data[_BROUGHT] = {}
    timers = {int(key): entry for key, entry in seen.items() if token.task_spec.triggers[int(key)].kind == "timer"}
    if any(entry.get("rest") is None for entry in timers.values()):
        return False
    for index, entry in timers.items():
        _arm_next(token, index, entry)
    open_events(token, reads_at(token))
    return True


def _arm_next(token: Token, index: int, entry: Mapping[str, Any]) -> None:
    due, rest = token.workflow.environment.resolve_timer("cycle", entry["rest"])
    generation = entry["generation"] + 1
    token.internal_data[OPEN][str(index)] = {"due": due.isoformat(), "generation": generation, "rest": rest}
    token.workflow.emit(TimerArmed, token, event=index, due=due, generation=generation)


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


def address(token: Token, message: Message, at: Token, *inner: Mapping[str, Any]) -> tuple[str, str | None]:
    """Name and correlation key of a message. A key that evaluates to null fails: it would match every message."""
    name = message.name
    if name.startswith("="):
        name = as_text(token.workflow.evaluate(name[1:], visible(at, *inner)), name)
    _require_length(name, MESSAGE_NAME, message.name)
    if message.correlation_key is None:
        return name, None
    key = as_text(token.workflow.evaluate(message.correlation_key, visible(at, *inner)), message.correlation_key)
    _require_length(key, MESSAGE_KEY, message.correlation_key)
    return name, key


def _require_length(text: str, longest: int, expression: str) -> None:
    if len(text) > longest:
        raise ExpressionFailed(f"{expression!r} gives {len(text)} characters, at most {longest} can be matched", expression=expression)


def as_text(value: Any, expression: str) -> str:
    """A key or name as text. Raises ExpressionFailed for null, lists and contexts."""
    if value is None or isinstance(value, (list, Mapping)):
        raise ExpressionFailed(
            f"{expression!r} must give a text or number, not {'null' if value is None else 'a list or context'}", expression=expression
        )
    return key_text(value)


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
    if _reads_store(token, definition):
        instance.emit(SubscriptionOpened, token, event=index, kind=STORE, name=ANY_STORE, definition=definition)
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
    elif kind == "conditional":
        if _reads_store(token, token.task_spec.triggers[index]):
            token.workflow.emit(SubscriptionClosed, token, event=index)
        waiting = token.workflow.root.internal_data.get(CONDITIONS, [])
        others = any("held" in entry for entry in token.internal_data.get(OPEN, {}).values())
        if token.id in waiting and not others:
            waiting.remove(token.id)


def _reads_store(token: Token, definition: EventDefinition) -> bool:
    """Whether a condition names a data store: another instance may then change what it says."""
    words = set(_WORD.findall(definition.condition or ""))
    return not words.isdisjoint(token.task_spec.process.model.stores)


def _due(token: Token, definition: EventDefinition, at: Token) -> Any:
    value: Any = definition.timer or ""
    if value.startswith("="):
        value = token.workflow.evaluate(value[1:], visible(at))
    return token.workflow.environment.resolve_timer(definition.timer_kind or "date", value)
