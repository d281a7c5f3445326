"""What catching events and receive tasks share: both may stand behind an event-based gateway, which waits for them."""

from __future__ import annotations

from engine.runner.elements.base import FlowNode
from engine.runner.elements.waiting import open_events
from engine.runner.token import HOST, Token


class Catching(FlowNode):
    """A node that waits for its event."""

    def wait(self, token: Token) -> None:
        """Wait on behalf of an event-based gateway; the node has not begun."""
        open_events(token, token)
        token._set_state(self.waiting_state)

    def _run_hook(self, token: Token) -> bool | None:
        if HOST in token.internal_data:
            self.wait(token)
            return None
        return super()._run_hook(token)
