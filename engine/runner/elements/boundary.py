"""Boundary events."""

from __future__ import annotations

from engine.runner.elements.hosted import HostedEvent
from engine.runner.elements.waiting import Brought, bring
from engine.runner.token import WAITS, Token


class BoundaryEvent(HostedEvent):
    """An event on the edge of an activity."""

    waits = WAITS

    def occur(self, host: Token, brought: Brought) -> None:
        """Interrupt the activity, if it does, and go on."""
        occurrence = host.workflow.spawn(self, host.scope)
        bring(occurrence, brought)
        if self.node.interrupting:
            host.workflow.cancel_subtree(host, self.node.id)
        occurrence._ready()
