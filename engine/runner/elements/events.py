"""Catching and throwing intermediate events, and end events."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from SpiffWorkflow.util.task import TaskState

from engine.definitions.model import EventDefinition, Node
from engine.events import SignalSent
from engine.runner.elements import services
from engine.runner.elements.base import FlowNode
from engine.runner.elements.catching import Catching
from engine.runner.elements.compensation import throw_compensation
from engine.runner.elements.waiting import bring, choose_event, close_events, fire, open_events
from engine.runner.failures import CannotRun
from engine.runner.propagation import fail_instance, throw_error, throw_escalation
from engine.runner.specs import ProcessSpec
from engine.runner.token import Token
from engine.runner.variables import inputs_of


class CatchEvent(Catching):
    """An intermediate catching event, after a flow or behind an event-based gateway."""

    def execute(self, token: Token) -> bool | None:
        if token.internal_data.get("fired") or not self.triggers:
            return True
        open_events(token, token)
        return None

    def _on_trigger(self, token: Token, index: int, payload: Mapping[str, Any] | None) -> None:
        brought = fire(token, index, payload)
        if brought is None:
            return
        close_events(token)
        bring(token, brought)
        if not choose_event(token):
            token.finish()

    def withdraw(self, token: Token, by: str | None) -> None:
        close_events(token)
        super().withdraw(token, by)


#: internal of a token that undoes what a throwing event named ("": the whole scope), while that one went on
BESIDE = "beside"
#: a multiple event throws all it has: first what may interrupt nothing, then what may
_LAST = ("escalation", "error", "cancel", "terminate")


class ThrowEvent(FlowNode):
    """A throwing intermediate event; one that names a service is a service task."""

    def __init__(self, process: ProcessSpec, name: str, node: Node) -> None:
        super().__init__(process, name, node)
        self.throws = sorted(node.events, key=lambda event: _LAST.index(event.kind) + 1 if event.kind in _LAST else 0)

    def execute(self, token: Token) -> bool | None:
        if self.node.service is not None:
            return services.call(token, self.node)
        while (index := token.internal_data.get("thrown", 0)) < len(self.throws):
            if not self.throw(token, self.throws[index]) or token._state != TaskState.READY:
                return None
            token.internal_data["thrown"] = index + 1
        return True

    def _run_hook(self, token: Token) -> bool | None:
        if BESIDE in token.internal_data:
            return throw_compensation(token, token.internal_data[BESIDE] or None) or None
        return super()._run_hook(token)

    def _on_complete_hook(self, token: Token) -> None:
        if BESIDE not in token.internal_data:
            super()._on_complete_hook(token)

    def throw(self, token: Token, definition: EventDefinition) -> bool:
        """False: it takes time (compensation). The element runs on when it is ready again."""
        if definition.kind == "message":
            services.send_message(token, self.node, definition.message)
        elif definition.kind == "signal":
            token.workflow.emit(SignalSent, token, name=definition.name or "", variables=inputs_of(token, self.node.inputs))
        elif definition.kind == "escalation":
            throw_escalation(token, definition.code, inputs_of(token, self.node.inputs))
        elif definition.kind == "compensate" and definition.waits:
            return throw_compensation(token, definition.activity_ref)
        elif definition.kind == "compensate":
            token.workflow.spawn(self, token.scope, **{BESIDE: definition.activity_ref or ""})._ready()
        elif definition.kind not in ("link", "error", "terminate", "cancel"):
            raise CannotRun(f"{self.node.id} throws {definition.kind}, which is not executed", node=self.node.id)
        return True


class LinkThrow(ThrowEvent):
    """Goes on at the catching link event of the same name in the same scope, as if a flow led there."""

    catching: FlowNode

    def _on_complete_hook(self, token: Token) -> None:
        super()._on_complete_hook(token)
        if token.scope is not None:
            self.catching.arrive(token.scope, None)


class EndEvent(ThrowEvent):
    """An end event. What it throws happens after it has completed if that ends its own scope."""

    def leave(self, token: Token) -> None:
        if token.scope is not None and token.scope.task_spec.is_process:
            ends = token.scope.internal_data.setdefault("ends", [])
            if self.node.id not in ends:
                ends.append(self.node.id)

    def after(self, token: Token) -> None:
        if BESIDE in token.internal_data:
            super().after(token)
            return
        instance = token.workflow
        for definition in self.throws:
            if definition.kind == "error":
                if not throw_error(token, definition.code, inputs_of(token, self.node.inputs)):
                    fail_instance(instance, self.node.id)
                return
            if definition.kind == "cancel" and token.scope is not None:
                instance.guard(token.scope, token.scope.task_spec.cancel, token.scope, self.node.id)
                return
            if definition.kind == "terminate" and token.scope is not None:
                token.scope.task_spec.close_event_sub_processes(token.scope)
                instance.cancel_inside(token.scope, self.node.id)
        super().after(token)
