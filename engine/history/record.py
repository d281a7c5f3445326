"""Which events of a command become history rows, and what they say. Pure.

Movement (elements entered and left, flows taken) is the bulk of all events. A run of it is kept in the row before it, as
``path`` of its content: ``+node`` entered, ``-node`` left, ``!node`` cancelled, ``~flow`` taken; a run that nothing comes before
is a row ``moved`` of its own. An element of a called process is written ``process/node``.

Tasks that one element offers one after another (the participants of a multi-instance) are one row: the facts of the first, those of the
others under ``more``.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from engine import events as ev

ENTERED, LEFT, CANCELLED, TAKEN = "+", "-", "!", "~"
OFFERED = "task_offered"
#: member of an offer's content: the facts of the other tasks of the same element
MORE = "more"


@dataclass(frozen=True, slots=True, kw_only=True)
class Record:
    """What happened, before it is sealed into the chain. `content` holds variable kinds."""

    kind: str
    element: str | None = None
    content: Mapping[str, Any] = field(default_factory=dict)


def records(
    events: Iterable[ev.Event],
    process: str,
    tasks: Mapping[str, Mapping[str, Any]],
    before: Record | None = None,
    done: Mapping[str, Mapping[str, Any]] | None = None,
) -> Iterator[Record]:
    """History rows of one command in order. `process` is the instance's own; `tasks`: token → facts of the offered task;
    `done`: token → facts of the completed one (its id, who may read what was handed in, what it saw); `before`: what the command
    recorded already, which the first run of movement belongs to (it is given back first)."""
    current, path = before, list[str]()
    for event in events:
        step = _step(event, process)
        if step is not None:
            path.append(step)
            continue
        record = _record(event, process, tasks, done or {})
        if record is None:
            continue
        if current is not None and _same_offer(current, record):
            current = replace(current, content={**current.content, MORE: [*current.content.get(MORE, ()), record.content]})
            continue
        if current is not None or path:
            yield _with_path(current, path)
        current, path = record, []
    if current is not None or path:
        yield _with_path(current, path)


def _same_offer(current: Record, record: Record) -> bool:
    return current.kind == record.kind == OFFERED and current.element == record.element


def _with_path(record: Record | None, path: list[str]) -> Record:
    if record is None:
        return Record(kind="moved", content={"path": path})
    return replace(record, content={**record.content, "path": path}) if path else record


def element(event: ev.Event, process: str) -> str | None:
    """The name of the event's node in history."""
    if event.node is None:
        return None if event.process == process else event.process
    return event.node.id if event.process == process else f"{event.process}/{event.node.id}"


def _step(event: ev.Event, process: str) -> str | None:
    match event:
        case ev.ElementStarted():
            return f"{ENTERED}{element(event, process)}"
        case ev.ElementCompleted():
            return f"{LEFT}{element(event, process)}"
        case ev.ElementCancelled():
            return f"{CANCELLED}{element(event, process)}"
        case ev.FlowTaken():
            flow = event.flow if event.process == process else f"{event.process}/{event.flow}"
            return f"{TAKEN}{flow}"
    return None


def _record(event: ev.Event, process: str, tasks: Mapping[str, Mapping[str, Any]], done: Mapping[str, Mapping[str, Any]]) -> Record | None:
    name = element(event, process)
    match event:
        case ev.ProcessStarted() if event.scope is None:
            return Record(kind="started", element=name)
        case ev.ProcessEnded() if event.scope is None:
            return Record(kind="ended", element=name, content={"outcome": event.outcome, "ends": list(event.ends)})
        case ev.TaskOffered():
            return Record(kind=OFFERED, element=name, content=tasks.get(event.token, {}))
        case ev.TaskCompleted():
            return Record(kind="task_completed", element=name, content={"form": dict(event.form), **done.get(event.token, {})})
        case ev.TaskWithdrawn():
            return Record(kind="task_withdrawn", element=name)
        case ev.MessageSent():
            content = {"name": event.name, "key": event.key, "variables": dict(event.variables)}
            return Record(kind="message_sent", element=name, content=content)
        case ev.SignalSent():
            return Record(kind="signal_sent", element=name, content={"name": event.name, "variables": dict(event.variables)})
        case ev.ServiceRequested():
            return Record(kind="service_requested", element=name, content={"service": event.service, "inputs": dict(event.inputs)})
        case ev.DecisionEvaluated():
            return Record(kind="decision_evaluated", element=name, content=event.kept)
        case ev.Escalated():
            return Record(kind="escalated", element=name, content={"code": event.code, "caught": event.caught})
        case ev.IncidentRaised():
            return Record(kind="incident", element=name, content={"code": event.code, "message": event.message})
    return None
