"""What the events of one command come to: which work rows appear, which go, what is to be sent. Pure.

A thing that was opened and closed within the same command leaves no row.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

from engine import events as ev

#: (token, node id, index of the event definition)
Key = tuple[str, str, int]


@dataclass(slots=True)
class Agenda:
    """The net effect of a list of events on the work tables."""

    offered: dict[str, ev.TaskOffered] = field(default_factory=dict)
    withdrawn: list[str] = field(default_factory=list)
    completed: list[str] = field(default_factory=list)
    timers: dict[Key, ev.TimerArmed] = field(default_factory=dict)
    disarmed: list[Key] = field(default_factory=list)
    subscriptions: dict[Key, ev.SubscriptionOpened] = field(default_factory=dict)
    closed: list[Key] = field(default_factory=list)
    actions: dict[tuple[str, str], ev.ActionOpened] = field(default_factory=dict)
    closed_actions: list[tuple[str, str]] = field(default_factory=list)
    messages: list[ev.MessageSent] = field(default_factory=list)
    signals: list[ev.SignalSent] = field(default_factory=list)
    services: dict[str, ev.ServiceRequested] = field(default_factory=dict)
    incidents: list[ev.IncidentRaised] = field(default_factory=list)
    ended: ev.ProcessEnded | None = None


def agenda(events: Iterable[ev.Event]) -> Agenda:
    """Fold the events of one command, in order."""
    result = Agenda()
    for event in events:
        _fold(result, event)
    return result


def _fold(result: Agenda, event: ev.Event) -> None:
    match event:
        case ev.TaskOffered():
            result.offered[event.token] = event
        case ev.TaskWithdrawn():
            if result.offered.pop(event.token, None) is None:
                result.withdrawn.append(event.token)
        case ev.TaskCompleted():
            result.completed.append(event.token)
        case ev.TimerArmed():
            result.timers[_key(event, event.event)] = event
        case ev.TimerDisarmed():
            key = _key(event, event.event)
            if result.timers.pop(key, None) is None:
                result.disarmed.append(key)
        case ev.SubscriptionOpened():
            result.subscriptions[_key(event, event.event)] = event
        case ev.SubscriptionClosed():
            key = _key(event, event.event)
            if result.subscriptions.pop(key, None) is None:
                result.closed.append(key)
        case ev.ActionOpened():
            result.actions[_key(event, 0)[:2]] = event
        case ev.ActionClosed():
            pair = _key(event, 0)[:2]
            if result.actions.pop(pair, None) is None:
                result.closed_actions.append(pair)
        case ev.MessageSent():
            result.messages.append(event)
        case ev.SignalSent():
            result.signals.append(event)
        case ev.ServiceRequested():
            result.services[event.token] = event
        case ev.IncidentRaised():
            result.incidents.append(event)
        case ev.ProcessEnded() if event.scope is None:
            result.ended = event


def _key(event: ev.Event, index: int) -> Key:
    return event.token, event.node.id if event.node else "", index
