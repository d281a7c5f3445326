"""How instances of a process begin without anybody starting them: by a message, signal, time or condition."""

from __future__ import annotations

from collections.abc import Iterator

from engine.definitions.model import Node, Process

#: kinds of start event behind which no person stands
ALONE = ("timer", "signal", "conditional")


def begins_alone(process: Process) -> tuple[str, ...]:
    """Kinds of start event by which instances begin that nobody started."""
    found = {event.kind for node in process.children(process.id) if node.kind == "startEvent" for event in node.events}
    return tuple(kind for kind in ALONE if kind in found)


def thrown_messages(process: Process) -> Iterator[str]:
    """Fixed names of the messages its events and send tasks send."""
    for node in process.nodes.values():
        if node.kind in ("sendTask", "intermediateThrowEvent", "endEvent"):
            yield from _names(node, "message")


def starts_by(process: Process, kind: str) -> Iterator[tuple[str, str]]:
    """(name, node) of what a message or signal starts: start events of the process, instantiating receive tasks and events."""
    for node in process.children(process.id):
        for name in _names(node, kind):
            starts = node.kind == "startEvent" or (node.kind == "receiveTask" and node.instantiate and not node.incoming)
            if starts or _follows_instantiating_gateway(process, node):
                yield name, node.id


def _follows_instantiating_gateway(process: Process, node: Node) -> bool:
    sources = [process.nodes[process.flows[f].source] for f in node.incoming if f in process.flows]
    return any(s.kind == "eventBasedGateway" and s.instantiate and not s.incoming for s in sources)


def _names(node: Node, kind: str) -> Iterator[str]:
    """Fixed names only: one that is computed cannot start anything."""
    if kind == "message" and node.message is not None and not node.message.name.startswith("="):
        yield node.message.name
    for definition in node.events:
        if kind == "message" and definition.kind == "message" and definition.message and not definition.message.name.startswith("="):
            yield definition.message.name
        if kind == "signal" and definition.kind == "signal" and definition.name:
            yield definition.name
