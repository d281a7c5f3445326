"""The flow graph: everything can be reached, and sequence flows go where BPMN lets them."""

from __future__ import annotations

from collections import defaultdict

from engine.definitions.checks.context import Of
from engine.definitions.model import Label, Node
from engine.definitions.reading.names import SUB_PROCESSES

_AFTER_EVENT_GATEWAY = frozenset({"message", "timer", "signal", "conditional"})
_INTO_START = Label(zh="连线进入了开始事件", en="a flow leads into a start event")
_OUT_OF_END = Label(zh="连线离开了结束事件", en="a flow leaves an end event")
_INTO_BOUNDARY = Label(zh="连线进入了边界事件", en="a flow leads into a boundary event")


def check_graph(of: Of) -> None:
    """Reachability, starts, event gateways, event sub-processes, compensation activities, conditions on gateways."""
    by_scope: dict[str, list[Node]] = defaultdict(list)
    for node in of.process.nodes.values():
        by_scope[node.parent].append(node)
    for scope, nodes in by_scope.items():
        _starts(of, scope, nodes)
        _reach(of, nodes)
    for node in of.process.nodes.values():
        _ends_of_flows(of, node)
        _event_gateway(of, node)
        _sub_process(of, node, by_scope[node.id] if node.kind in SUB_PROCESSES else [])
        _conditions(of, node)
        if node.for_compensation and (node.incoming or node.outgoing):
            of.add("BPMN-057", node.id, node.line)


def _starts(of: Of, scope: str, nodes: list[Node]) -> None:
    none_starts = [node for node in nodes if node.kind == "startEvent" and not node.events]
    if len(none_starts) > 1:
        name = Label(zh=f"“{scope}”", en=f"“{scope}”")
        of.add("BPMN-051", none_starts[1].id, none_starts[1].line, scope=name, count=len(none_starts))


def _reach(of: Of, nodes: list[Node]) -> None:
    """Nodes that no token can come to. A scope without a start event begins at every node without an incoming flow."""
    starts = [node for node in nodes if node.kind == "startEvent" or (node.instantiate and not node.incoming)]
    if not starts:
        starts = [node for node in nodes if not node.incoming and node.kind != "boundaryEvent"]
    reached = {node.id for node in starts} | {node.id for node in nodes if node.triggered_by_event or node.for_compensation}
    boundaries = defaultdict(list)
    catches = defaultdict(list)
    for node in nodes:
        if node.attached_to:
            boundaries[node.attached_to].append(node.id)
        if node.kind == "intermediateCatchEvent":
            for event in node.events:
                if event.kind == "link":
                    catches[event.name].append(node.id)
    todo = list(reached)
    while todo:
        node = of.process.nodes[todo.pop()]
        follow = [of.process.flows[flow].target for flow in node.outgoing] + boundaries[node.id]
        if node.kind == "intermediateThrowEvent":
            follow += [catch for event in node.events if event.kind == "link" for catch in catches[event.name]]
        new = [target for target in follow if target not in reached]
        reached.update(new)
        todo += new
    for node in nodes:
        if node.id not in reached and not (node.kind == "boundaryEvent" and node.attached_to is None):
            of.add("BPMN-050", node.id, node.line)


def _ends_of_flows(of: Of, node: Node) -> None:
    reason = None
    if node.kind == "startEvent" and node.incoming:
        reason = _INTO_START
    elif node.kind == "endEvent" and node.outgoing:
        reason = _OUT_OF_END
    elif node.kind == "boundaryEvent" and node.incoming:
        reason = _INTO_BOUNDARY
    if reason is not None:
        of.add("BPMN-053", node.id, node.line, reason=reason)


def _event_gateway(of: Of, node: Node) -> None:
    if node.kind != "eventBasedGateway":
        return
    for flow in node.outgoing:
        target = of.process.nodes[of.process.flows[flow].target]
        catches = target.kind == "intermediateCatchEvent" and all(event.kind in _AFTER_EVENT_GATEWAY for event in target.events)
        if not (catches and target.events) and target.kind != "receiveTask":
            of.add("BPMN-052", node.id, of.process.flows[flow].line, kind=f"{target.kind} “{target.id}”")


def _sub_process(of: Of, node: Node, inside: list[Node]) -> None:
    if not node.triggered_by_event:
        return
    starts = [start for start in inside if start.kind == "startEvent"]
    if len(starts) != 1 or not starts[0].events:
        of.add("BPMN-055", node.id, node.line)
    if node.incoming or node.outgoing:
        of.add("BPMN-056", node.id, node.line)


def _conditions(of: Of, node: Node) -> None:
    if len(node.outgoing) < 2:
        return
    flows = [of.process.flows[flow] for flow in node.outgoing]
    if node.kind in ("exclusiveGateway", "inclusiveGateway"):
        for flow in flows:
            if flow.condition is None and flow.id != node.default:
                of.add("BPMN-054", flow.id, flow.line, id=flow.id)
    if node.kind == "parallelGateway":
        for flow in flows:
            if flow.condition is not None:
                of.add("BPMN-058", flow.id, flow.line)
