"""Everything a process names exists: forms, decisions, services, called processes, registers, states, roles, access classes."""

from __future__ import annotations

import re

from engine.definitions.checks.context import Of, some
from engine.definitions.checks.doubts import nearest_of
from engine.definitions.model import EventDefinition, Label, Node, Record
from engine.definitions.protection import ACCESS_CLASSES

_DURATION = r"P(?=.)(\d+Y)?(\d+M)?(\d+W)?(\d+D)?(T(?=.)(\d+H)?(\d+M)?(\d+(\.\d+)?S)?)?"
_MOMENT = r"\d{4}-\d{2}-\d{2}(T\d{2}:\d{2}(:\d{2}(\.\d+)?)?(Z|[+-]\d{2}:\d{2})?)?"
_WORKING = r"\d+(\.\d+)?W[DH]"
_LIMIT = re.compile(rf"{_DURATION}|{_WORKING}")
_TIMERS = {
    "date": re.compile(_MOMENT),
    "duration": re.compile(rf"{_DURATION}|{_WORKING}"),
    "cycle": re.compile(rf"R\d*/(({_MOMENT})/)?(({_DURATION})|{_WORKING})(/({_MOMENT}))?"),
}
_NOTHING = {
    "serviceTask": ("service", Label(zh="服务（zeebe:taskDefinition type）", en="service (zeebe:taskDefinition type)")),
    "scriptTask": ("script", Label(zh="脚本（zeebe:script expression）", en="script (zeebe:script expression)")),
    "callActivity": (
        "called",
        Label(zh="流程（zeebe:calledElement processId）", en="called process (zeebe:calledElement processId)"),
    ),
}
_DECISION = Label(zh="决策（zeebe:calledDecision decisionId）", en="decision (zeebe:calledDecision decisionId)")


def check_references(of: Of) -> None:
    """All references of one process."""
    process = of.process
    _access(of, process.access, process.id, process.line)
    for data in process.data.values():
        _form(of, data.form, process.id, data.line)
        _access(of, data.access, process.id, data.line)
    for lane in process.lanes.values():
        if of.checked.roles is not None and lane.role is not None and lane.role not in of.checked.roles:
            of.add("BPMN-066", lane.id, lane.line, ref=lane.role, near=nearest_of(lane.role, of.checked.roles))
    for node in process.nodes.values():
        _node(of, node)


def _node(of: Of, node: Node) -> None:
    for role in node.starters:
        if of.checked.roles is not None and role not in of.checked.roles:
            of.add("BPMN-066", node.id, node.line, ref=role, near=nearest_of(role, of.checked.roles))
    _form(of, node.form, node.id, node.line)
    if node.action is not None:
        _form(of, node.action.form, node.id, node.line)
    _access(of, node.access, node.id, node.line)
    _work(of, node)
    for record in node.records:
        _record(of, node, record)
    limit = node.deadline.limit if node.deadline else None
    if limit is not None and not limit.startswith("=") and not _LIMIT.fullmatch(limit):
        of.add("BPMN-068", node.id, node.line, text=limit)
    for event in node.events:
        _timer(of, node, event)
    host = of.process.nodes.get(node.attached_to or "")
    if host is not None and node.lane != host.lane:
        of.add("BPMN-074", node.id, node.line, lane=node.lane, host_lane=host.lane)


def _work(of: Of, node: Node) -> None:
    checked = of.checked
    if node.kind in _NOTHING and getattr(node, _NOTHING[node.kind][0]) is None:
        of.add("BPMN-071", node.id, node.line, what=_NOTHING[node.kind][1])
    if node.kind == "businessRuleTask" and node.decision is None and node.service is None:
        of.add("BPMN-071", node.id, node.line, what=_DECISION)
    if node.decision is not None and not node.decision.startswith("=") and not checked.has_decision(node.decision):
        of.add("BPMN-061", node.id, node.line, ref=node.decision)
    if node.service is not None and checked.services is not None and node.service not in checked.services:
        of.add("BPMN-062", node.id, node.line, ref=node.service)
    called = node.called.process if node.called else None
    if called is not None and not called.startswith("=") and checked.process(called) is None:
        of.add("BPMN-063", node.id, node.line, ref=called)


def _form(of: Of, form: str | None, element: str, line: int) -> None:
    if form is not None and of.checked.form(form) is None:
        of.add("FOREIGN-002" if of.file.foreign else "BPMN-060", element, line, ref=form)


def _access(of: Of, access: str | None, element: str, line: int) -> None:
    if access is not None and access not in ACCESS_CLASSES:
        of.add("BPMN-067", element, line, ref=access, known=", ".join(ACCESS_CLASSES))


def _record(of: Of, node: Node, record: Record) -> None:
    register = of.checked.register(record.register)
    if register is None:
        of.add("BPMN-064", node.id, node.line, ref=record.register)
        return
    states = register.get("states")
    if record.state is not None and isinstance(states, dict) and record.state not in states:
        of.add("BPMN-065", node.id, node.line, register=record.register, ref=record.state, known=some(states))
    if register.get("row") == "many" and record.key is None:
        of.add("BPMN-070", node.id, node.line, ref=record.register)


def _timer(of: Of, node: Node, event: EventDefinition) -> None:
    text = event.timer
    if text is None or event.timer_kind is None or text.startswith("="):
        return
    if not _TIMERS[event.timer_kind].fullmatch(text):
        of.add("BPMN-069", node.id, event.line or node.line, text=text)
