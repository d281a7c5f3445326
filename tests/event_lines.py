"""Events of the engine as readable lines: what exact traces are written in."""

from __future__ import annotations

from collections.abc import Sequence

from engine import events as facts
from engine.events import Event


def trace(events: Sequence[Event]) -> list[str]:
    """One line per event."""
    return [event_line(event) for event in events]


def event_line(event: Event) -> str:
    """``start a``, ``take a_b``, ``arm a 02 13:00 1`` (day, time in UTC, generation); ``a#2`` is the second instance of a loop."""
    name = element_name(event.node.id if event.node is not None else event.process, event.loop)
    match event:
        case facts.ProcessStarted():
            return f"process {name}"
        case facts.ProcessEnded():
            return f"process {name} {event.outcome} {','.join(event.ends)}".rstrip()
        case facts.ElementStarted():
            return f"start {name}"
        case facts.ElementCompleted():
            return f"end {name}"
        case facts.ElementCancelled():
            return f"cancel {name} by {event.by}"
        case facts.FlowTaken():
            return f"take {event.flow}"
        case facts.TaskOffered():
            return f"offer {name} {','.join(event.selectors)}"
        case facts.TaskCompleted():
            return f"submit {name}"
        case facts.TaskWithdrawn():
            return f"withdraw {name}"
        case facts.TimerArmed():
            return f"arm {name} {event.due:%d %H:%M} {event.generation}"
        case facts.TimerDisarmed():
            return f"disarm {name}"
        case facts.SubscriptionOpened():
            return f"listen {name} {event.name}" + (f" {event.key}" if event.key is not None else "")
        case facts.SubscriptionClosed():
            return f"unlisten {name}"
        case facts.MessageSent():
            return f"send {name} {event.name}" + (f" {event.key}" if event.key is not None else "")
        case facts.SignalSent():
            return f"signal {name} {event.name}"
        case facts.ServiceRequested():
            return f"request {name} {event.service}"
        case facts.DecisionEvaluated():
            return f"decide {name} {event.decision}"
        case facts.Escalated():
            return f"escalate {name} {event.code} {'caught' if event.caught else 'uncaught'}"
        case facts.IncidentRaised():
            return f"incident {name} {event.code}"
        case facts.ActionOpened():
            return f"action {name} {','.join(event.selectors)}"
        case facts.ActionClosed():
            return f"close action {name}"
        case facts.VariablesChanged():
            return f"change {name} {','.join(sorted(event.before))}"
        case facts.TaskMigrated():
            return f"task {name} {','.join(event.selectors)}"
        case facts.ElementMigrated():
            return f"was {event.before.id} now {name}"
    raise AssertionError(event)


def element_name(node: str, loop: int | None) -> str:
    """A node, or one instance of its loop."""
    return node if loop is None else f"{node}#{loop}"
