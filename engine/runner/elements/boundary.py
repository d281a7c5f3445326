"""Boundary events. Timers, messages and signals wait in a token of their own; errors and escalations are looked up when thrown."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from engine.runner.elements.base import PAYLOAD_NAMES, FlowNode, set_payload
from engine.runner.elements.waiting import close_events, fire, keep_open, open_events
from engine.runner.token import ARMED, HOST, WAITS, Token

#: kinds that something outside brings; the others are thrown inside the instance
OUTSIDE = ("timer", "message", "signal", "conditional")


class BoundaryEvent(FlowNode):
    """A boundary event: each firing is an element instance of its own, the waiting token only waits."""

    def wait(self, token: Token) -> None:
        """Wait on behalf of the host activity."""
        token.phase = ARMED
        open_events(token, token.workflow.token(token.internal_data[HOST]))
        token._set_state(self.waiting_state)

    def _run_hook(self, token: Token) -> bool | None:
        if HOST in token.internal_data:
            self.wait(token)
            return None
        return super()._run_hook(token)

    def catches(self, kind: str, code: str | None) -> bool:
        return any(event.kind == kind and event.code in (None, code) for event in self.node.events)

    def catch(self, host: Token, kind: str, payload: Mapping[str, Any]) -> None:
        """An error or escalation reached the host."""
        self._occur(host, kind, payload)

    def _on_trigger(self, token: Token, index: int, payload: Mapping[str, Any] | None) -> None:
        if not fire(token, index):
            return
        host = token.workflow.token(token.internal_data[HOST])
        kind = self.triggers[index].kind
        if not self.node.interrupting and not keep_open(token, index):
            host.internal_data[WAITS].remove(token.id)
            token.workflow.remove(token)
        self._occur(host, kind, payload)

    def _occur(self, host: Token, kind: str, payload: Mapping[str, Any] | None) -> None:
        occurrence = host.workflow.spawn(self, host.scope)
        if kind in PAYLOAD_NAMES:
            set_payload(occurrence, kind, payload)
        if self.node.interrupting:
            host.workflow.cancel_subtree(host, self.node.id)
        occurrence._ready()

    def withdraw(self, token: Token, by: str | None) -> None:
        close_events(token)
        super().withdraw(token, by)
