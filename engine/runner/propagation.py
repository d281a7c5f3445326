"""Errors and escalations go outwards, through sub-processes and call activities, to the nearest event that catches them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from engine.events import Escalated, ProcessEnded
from engine.runner.token import Token


def throw_error(token: Token, code: str | None, data: Mapping[str, Any]) -> bool:
    """Interrupt what the catching event interrupts and start it; False when nothing catches the error."""
    payload = {"code": code, **data}
    for level, catcher in _catchers(token, "error", payload):
        catcher.catch(level, "error", payload)
        return True
    return False


def throw_escalation(token: Token, code: str | None, data: Mapping[str, Any]) -> None:
    """Escalated is emitted in any case; an escalation that nothing catches just goes on."""
    payload = {"code": code, **data}
    for level, catcher in _catchers(token, "escalation", payload):
        token.workflow.emit(Escalated, token, code=code or "", caught=True)
        catcher.catch(level, "escalation", payload)
        return
    token.workflow.emit(Escalated, token, code=code or "", caught=False)


def fail_instance(instance: Any, by: str) -> None:
    """An error end event that nothing catches ends the whole instance."""
    root = instance.root
    instance.cancel_inside(root, by)
    root.task_spec.close_event_sub_processes(root)
    instance.emit(ProcessEnded, root, outcome="failed", ends=tuple(root.internal_data.get("ends", ())))
    instance.remove(root)
    instance.outcome = "failed"


def _catchers(token: Token, kind: str, payload: Mapping[str, Any]) -> Iterator[tuple[Token, Any]]:
    """(token on which it is caught, boundary event or event sub-process that catches it), nearest first."""
    level, code = token, payload["code"]
    while True:
        boundary = level.task_spec.boundary(level, kind, code, payload)
        if boundary is not None:
            yield level, boundary
        scope = level.scope
        if scope is None:
            return
        inner = None if scope.internal_data.get("interrupted") else scope.task_spec.event_sub_process(scope, kind, code, payload)
        if inner is not None:
            yield scope, inner
        level = scope
