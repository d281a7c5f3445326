"""Events that a multi-instance activity throws by its behaviour; they carry its counters (BPMN 2.0, 13.3.7)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from engine.definitions.model import EventDefinition
from engine.events import MessageSent, SignalSent
from engine.runner.elements.waiting import address, is_open
from engine.runner.failures import CannotRun
from engine.runner.propagation import fail_instance, throw_error, throw_escalation
from engine.runner.token import WAITS, Token


def throw_implicitly(body: Token, definition: EventDefinition, counters: Mapping[str, Any]) -> None:
    """Throw an event at an activity. Its own boundary events catch it; what none of them catches goes out as from a throwing event.

    Raises CannotRun for a kind that is not thrown this way.
    """
    kind = definition.kind
    if kind == "error":
        if not throw_error(body, definition.code, counters):
            fail_instance(body.workflow, body.task_spec.name)
    elif kind == "escalation":
        throw_escalation(body, definition.code, counters)
    elif kind == "signal":
        if not _caught_here(body, kind, definition.name or "", counters):
            body.workflow.emit(SignalSent, body, name=definition.name or "", variables=dict(counters))
    elif kind == "message" and definition.message is not None:
        name, key = address(body, definition.message, body, counters)
        if not _caught_here(body, kind, name, counters):
            body.workflow.emit(MessageSent, body, name=name, key=key, variables=dict(counters))
    else:
        raise CannotRun(f"{body.task_spec.name} throws {kind}, which a multi-instance activity cannot throw", node=body.task_spec.name)


def _caught_here(body: Token, kind: str, name: str, counters: Mapping[str, Any]) -> bool:
    """Let every boundary event of the activity happen that waits for this; False when there is none."""
    caught = False
    for waiter_id in tuple(body.internal_data.get(WAITS, ())):
        waiter = body.workflow.find(waiter_id)
        for index, definition in enumerate(waiter.task_spec.triggers if waiter is not None else ()):
            called = definition.message.name if definition.message is not None else definition.name
            if waiter is not None and definition.kind == kind and called == name and is_open(waiter, index):
                caught = True
                waiter.trigger(index, counters)
                waiter = body.workflow.find(waiter_id)
    return caught
