"""What the runner executes: the one table. Anything else is refused at deploy (BPMN-030), never ignored.

`engine.runner` is held to this table by its tests; whoever teaches it a new element changes the table in the same commit.
"""

from __future__ import annotations

from collections.abc import Iterator

from engine.definitions.model import Node, Process

#: node kinds other than events
NODES: dict[str, bool] = {
    "task": True,
    "userTask": True,
    "manualTask": True,
    "serviceTask": True,
    "sendTask": True,
    "receiveTask": True,
    "scriptTask": True,
    "businessRuleTask": True,
    "callActivity": True,
    "subProcess": True,
    "transaction": True,
    "adHocSubProcess": True,
    "exclusiveGateway": True,
    "parallelGateway": True,
    "inclusiveGateway": True,
    "eventBasedGateway": True,
    "complexGateway": True,
}

LOOPS: dict[str, bool] = {"parallel": True, "sequential": True, "standard": True}

#: where an event stands; ``sub_start`` is the start event of an event sub-process, ``_non`` means not interrupting
POSITIONS = ("start", "sub_start", "sub_start_non", "catch", "boundary", "boundary_non", "throw", "end")

#: positions at which an event of a kind is run; what BPMN does not allow there is not in the list either
EVENTS: dict[str, frozenset[str]] = {
    "none": frozenset({"start", "throw", "end"}),
    "message": frozenset(POSITIONS),
    "timer": frozenset({"start", "sub_start", "sub_start_non", "catch", "boundary", "boundary_non"}),
    "signal": frozenset({"start", "sub_start", "sub_start_non", "catch", "boundary", "boundary_non", "throw", "end"}),
    "error": frozenset({"sub_start", "boundary", "end"}),
    "escalation": frozenset({"sub_start", "sub_start_non", "boundary", "boundary_non", "throw", "end"}),
    "compensate": frozenset({"sub_start", "boundary", "throw", "end"}),
    "link": frozenset({"catch", "throw"}),
    "terminate": frozenset({"end"}),
    "conditional": frozenset({"start", "sub_start", "sub_start_non", "catch", "boundary", "boundary_non"}),
    "cancel": frozenset({"boundary", "end"}),
}


def position(node: Node, process: Process) -> str:
    """Which of POSITIONS an event has."""
    suffix = "" if node.interrupting else "_non"
    if node.kind == "startEvent":
        scope = process.nodes.get(node.parent)
        return f"sub_start{suffix}" if scope is not None and scope.triggered_by_event else "start"
    if node.kind == "boundaryEvent":
        return f"boundary{suffix}"
    return {"intermediateCatchEvent": "catch", "intermediateThrowEvent": "throw", "endEvent": "end"}[node.kind]


def is_run(kind: str, place: str) -> bool:
    """Whether an event of that kind (``none`` for no trigger) is run at that position."""
    return place in EVENTS.get(kind, frozenset())


def unsupported(process: Process) -> Iterator[tuple[Node, str]]:
    """Every node the runner would not run as BPMN says, with the words for it."""
    for node in process.nodes.values():
        yield from ((node, what) for what in _of_node(node, process))


def _of_node(node: Node, process: Process) -> Iterator[str]:
    if node.kind in NODES:
        if not NODES[node.kind]:
            yield node.kind
    else:
        yield from _of_event(node, process)
    if node.loop is not None and not LOOPS.get(node.loop.kind, False):
        yield f"{node.loop.kind} loop"
    if node.instantiate and (node.parent != process.id or node.incoming):
        yield f"{node.kind} instantiate that begins no process"


def _of_event(node: Node, process: Process) -> Iterator[str]:
    """A multiple event is run where every one of its kinds is; a link is never one of several."""
    place = position(node, process)
    top_level = node.parent == process.id
    kinds = [event.kind for event in node.events] or ["none"]
    if "link" in kinds and len(kinds) > 1:
        yield f"multiple {node.kind} with a link"
    for kind in kinds:
        if kind == "cancel" and not _of_transaction(node, process):
            yield f"cancel {node.kind} outside a transaction"
        elif not is_run(kind, place) or (place == "start" and kind != "none" and not top_level):
            yield f"{kind} {node.kind}" + ("" if node.interrupting else " (non-interrupting)")


def _of_transaction(node: Node, process: Process) -> bool:
    """Whether an event stands on the edge of a transaction or directly inside one."""
    around = process.nodes.get(node.attached_to or node.parent)
    return around is not None and around.kind == "transaction"
