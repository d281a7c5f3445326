"""Events that wait on behalf of something else: boundary events and the start events of event sub-processes."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from SpiffWorkflow.util.task import TaskState

from engine.runner.elements.base import FlowNode
from engine.runner.elements.waiting import Brought, close_events, fire, keep_open, lacks_only, matching, open_events
from engine.runner.token import ARMED, HOST, Token


class HostedEvent(FlowNode):
    """Timers, messages, signals and conditions wait in a token of their own; errors and escalations are looked up when thrown.

    Each firing is an element instance of its own: the waiting token only waits.
    """

    #: internal of the host: ids of the tokens that wait for it
    waits: str

    def occur(self, host: Token, brought: Brought) -> None:
        """All that the event needs has happened."""
        raise NotImplementedError

    def wait(self, token: Token) -> None:
        """Wait on behalf of the host."""
        token.phase = ARMED
        open_events(token, token.workflow.token(token.internal_data[HOST]))
        token._set_state(TaskState.WAITING)

    def _run_hook(self, token: Token) -> bool | None:
        if HOST in token.internal_data:
            self.wait(token)
            return None
        return super()._run_hook(token)

    def catches(self, host: Token, kind: str, code: str | None, payload: Mapping[str, Any] | None = None) -> bool:
        """Whether it catches an error or escalation now. A parallel multiple event that lacks others only remembers that it came."""
        index = matching(self.node.events, kind, code)
        if index is None:
            return False
        waiter = self._waiter(host)
        if waiter is None or lacks_only(waiter, index):
            return True
        fire(waiter, index, payload)
        return False

    def is_exact(self, kind: str, code: str | None) -> bool:
        index = matching(self.node.events, kind, code)
        return index is not None and self.node.events[index].code is not None

    def catch(self, host: Token, kind: str, payload: Mapping[str, Any] | None) -> None:
        """An error or escalation reached the host."""
        waiter, index = self._waiter(host), matching(self.node.events, kind, (payload or {}).get("code"))
        brought: Brought | None = {kind: payload}
        if waiter is not None and index is not None:
            brought = fire(waiter, index, payload)
            self._keep(host, waiter, index)
        self.occur(host, brought or {})

    def _on_trigger(self, token: Token, index: int, payload: Mapping[str, Any] | None) -> None:
        brought = fire(token, index, payload)
        if brought is None:
            return
        host = token.workflow.token(token.internal_data[HOST])
        self._keep(host, token, index)
        self.occur(host, brought)

    def withdraw(self, token: Token, by: str | None) -> None:
        close_events(token)
        super().withdraw(token, by)

    def _waiter(self, host: Token) -> Token | None:
        """Of a parallel multiple event: the token that knows which of its events have come."""
        if not self.node.parallel_multiple or len(self.triggers) < 2:
            return None
        tokens = (host.workflow.token(waiter) for waiter in host.internal_data.get(self.waits, ()))
        return next((token for token in tokens if token.task_spec is self), None)

    def _keep(self, host: Token, waiter: Token, index: int) -> None:
        if not self.node.interrupting and not keep_open(waiter, index):
            host.internal_data[self.waits].remove(waiter.id)
            waiter.workflow.remove(waiter)
