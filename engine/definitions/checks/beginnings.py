"""Processes that begin by themselves: tasks that would be offered to nobody, and messages that could start two of them."""

from __future__ import annotations

from engine import feel
from engine.definitions.beginnings import begins_alone, starts_by, thrown_messages
from engine.definitions.checks.context import Checked, Of, some
from engine.definitions.model import Lane, Node, Process

_TASKS = ("userTask", "manualTask")


def check_offers(of: Of) -> None:
    """A task without an assignment is for who started the case: in a case that begins by itself that is nobody."""
    alone = begins_alone(of.process) or _begun_by_others(of)
    for node in of.process.nodes.values():
        if node.kind not in _TASKS:
            continue
        nobody = [text for text in (node.assignee, node.candidates) if text is not None and _gives_nobody(text)]
        if nobody:
            of.add("BPMN-077", node.id, node.line, text=nobody[0])
        elif alone and _for_the_starter(of.process, node):
            of.add("BPMN-076", node.id, node.line, kinds=some(alone))


def check_message_starts(checked: Checked) -> None:
    """One message has one receiver: of two processes that it starts, only the first that was deployed would ever begin."""
    started: dict[str, dict[str, Node]] = {}
    for process in checked.processes.values():
        for name, node in starts_by(process, "message"):
            started.setdefault(name, {})[process.id] = process.nodes[node]
    for name, by in started.items():
        for key in by if len(by) > 1 else ():
            begun = checked.package.processes.get(key)
            if begun is not None:
                file = checked.package.bpmn[checked.package.process_files[key]]
                others = some([other for other in by if other != key])
                Of(checked, file, begun).add("BPMN-078", by[key].id, by[key].line, message=name, others=others)


def _begun_by_others(of: Of) -> tuple[str, ...]:
    """``message`` when a process sends a message that starts this one: nobody stands behind it."""
    names = {name for name, _ in starts_by(of.process, "message")}
    thrown = {name for process in of.checked.processes.values() for name in thrown_messages(process)} if names else set()
    return ("message",) if names & thrown else ()


def _for_the_starter(process: Process, node: Node) -> bool:
    """Whether neither the task nor its lane names anybody."""
    if node.assignee is not None or node.candidates is not None:
        return False
    lane: Lane | None = process.lanes.get(node.lane or "")
    while lane is not None and lane.role is None and lane.source is None and lane.parent is not None:
        lane = process.lanes.get(lane.parent)
    return lane is None or (lane.role is None and lane.source is None)


def _gives_nobody(text: str) -> bool:
    """Whether the expression is a literal that names nobody. One that does not compile is a finding of its own."""
    try:
        compiled = feel.compile_expression(text)
    except feel.FeelSyntaxError:
        return False
    if compiled.names or "(" in text:
        return False
    value = compiled.evaluate({})
    return value is None or value == "" or value == [] or (isinstance(value, list) and all(one in (None, "") for one in value))
