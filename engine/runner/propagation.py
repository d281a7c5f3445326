"""Errors and escalations go outwards, through sub-processes and call activities, to the nearest event that catches them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from engine.events import Escalated, ProcessEnded
from engine.runner.token import Token


def throw_error(token: Token, code: str | None, data: Mapping[str, Any]) -> bool:
    """Interrupt what the catching event interrupts and start it; False when nothing catches the error."""
    payload = {"code": code, **data}
    for level, catcher in _catchers(token, "error", code):
        catcher.catch(level, "error", payload)
        return True
    return False


def throw_escalation(token: Token, code: str | None, data: Mapping[str, Any]) -> None:
    """Escalated is emitted in any case; an escalation that nothing catches just goes on."""
    for level, catcher in _catchers(token, "escalation", code):
        token.workflow.emit(Escalated, token, code=code or "", caught=True)
        catcher.catch(level, "escalation", {"code": code, **data})
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


def _catchers(token: Token, kind: str, code: str | None) -> Iterator[tuple[Token, Any]]:
    """(token on which it is caught, boundary event or event sub-process that catches it), nearest first."""
    level = token
    while True:
        boundary = level.task_spec.boundary(kind, code)
        if boundary is not None:
            yield level, boundary
        scope = level.scope
        if scope is None:
            return
        inner = scope.task_spec.event_sub_process(kind, code)
        if inner is not None and not scope.internal_data.get("interrupted"):
            yield scope, inner
        level = scope
