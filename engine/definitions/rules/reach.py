"""Starts, ends and what can be reached from them."""

from __future__ import annotations

from engine.definitions.reading.names import FLOW_NODES
from engine.definitions.rules.look import Look
from engine.definitions.rules.rule import Family, Faults, at
from engine.definitions.rules.xml import Element, is_true, kind

family = Family("起止与可达", "Starts, ends and reach")


@family.rule(
    "BPMN-053",
    "startEvent",
    "10.5.2",
    "连线“{flow}”进入了开始事件",
    "the flow “{flow}” leads into a start event",
    "删除这条连线，或改接到后面的节点",
    "Delete the flow or lead it to a node further on.",
)
def nothing_leads_into_a_start(event: Element, look: Look) -> Faults:
    for flow in look.into(event)[:1]:
        yield at(event, flow=flow.get("id") or "?")


@family.rule(
    "BPMN-132",
    "endEvent",
    "10.5.3",
    "连线“{flow}”离开了结束事件",
    "the flow “{flow}” leaves an end event",
    "删除这条连线，或把结束事件换成中间事件",
    "Delete the flow or make the end an intermediate event.",
)
def nothing_leaves_an_end(event: Element, look: Look) -> Faults:
    for flow in look.out_of(event)[:1]:
        yield at(event, flow=flow.get("id") or "?")


@family.rule(
    "BPMN-133",
    "startEvent",
    "10.5.2",
    "开始事件没有出线",
    "no flow leaves the start event",
    "连到第一步",
    "Connect it to the first step.",
)
def a_start_leads_somewhere(event: Element, look: Look) -> Faults:
    if not look.out_of(event):
        yield at(event)


@family.rule(
    "BPMN-050",
    "process subProcess transaction adHocSubProcess",
    "10.5.2",
    "从开始到不了这里",
    "it cannot be reached from a start",
    "连上它或删除它",
    "Connect it or delete it.",
)
def everything_can_be_reached(scope: Element, look: Look) -> Faults:
    """A scope without a start event begins at every node that nothing leads to, an ad-hoc one at every activity. A catching link is
    taken to be reached: whether it is thrown is another rule."""
    nodes = {node.get("id"): node for node in scope if kind(node) in FLOW_NODES and node.get("id")}
    todo = _starts(scope, nodes, look)
    reached = {node.get("id") for node in todo}
    while todo:
        node = todo.pop()
        follow = [look.key(flow, "targetRef") for flow in look.out_of(node)]
        follow += [event.get("id") for event in look.boundaries.get(node.get("id"), ())]
        for key in follow:
            if key in nodes and key not in reached:
                reached.add(key)
                todo.append(nodes[key])
    for key, node in nodes.items():
        if key not in reached and not (kind(node) == "boundaryEvent" and look.key(node, "attachedToRef") not in nodes):
            yield at(node)


def _starts(scope: Element, nodes: dict[str, Element], look: Look) -> list[Element]:
    own_accord = [node for node in nodes.values() if _begins_by_itself(node, look)]
    starts = [node for node in nodes.values() if kind(node) == "startEvent" or (is_true(node, "instantiate") and not look.into(node))]
    if kind(scope) == "adHocSubProcess" or not starts:
        starts += [node for node in nodes.values() if not look.into(node) and kind(node) != "boundaryEvent"]
    return [*starts, *own_accord]


def _begins_by_itself(node: Element, look: Look) -> bool:
    by_link = kind(node) == "intermediateCatchEvent" and "link" in look.kinds(node)
    return by_link or is_true(node, "triggeredByEvent") or is_true(node, "isForCompensation")


@family.rule(
    "BPMN-051",
    "process subProcess transaction",
    "10.5.2, 13.2",
    "“{scope}”有 {count} 个空开始事件，从哪一个开始没有定论",
    "“{scope}” has {count} none start events: it is not said with which it begins",
    "合并为一个",
    "Make it one.",
)
def one_none_start(scope: Element, look: Look) -> Faults:
    starts = [node for node in scope if kind(node) == "startEvent" and not look.triggers(node)]
    if len(starts) > 1 and not is_true(scope, "triggeredByEvent"):
        yield at(starts[1], scope=scope.get("id") or "?", count=len(starts))
