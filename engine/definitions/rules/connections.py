"""Sequence flows and associations: what may be connected with what, and which flows may have a condition."""

from __future__ import annotations

from engine.definitions.reading.names import EVENTS, FLOW_NODES
from engine.definitions.rules.look import Look
from engine.definitions.rules.rule import Family, Faults, at
from engine.definitions.rules.xml import Element, is_true, kind, name_of

family = Family("连线", "Connections")

family.read(
    "BPMN-013",
    "8.4.13",
    "连线没有有效的起点（{ref}）",
    "the flow has no valid source ({ref})",
    "把连线接到同一层的节点上",
    "Connect it to a node of the same level.",
)
family.read(
    "BPMN-014",
    "8.4.13",
    "连线没有有效的终点（{ref}）",
    "the flow has no valid target ({ref})",
    "把连线接到同一层的节点上",
    "Connect it to a node of the same level.",
)
family.read(
    "BPMN-015",
    "7.6.1",
    "连线跨越了子流程边界（{source} → {target}）",
    "the flow crosses the border of a sub-process ({source} → {target})",
    "连线只能在同一层；离开子流程用结束事件或边界事件",
    "Flows stay within one level; leave a sub-process through its end or a boundary event.",
)
family.read(
    "BPMN-130",
    "7.6.1",
    "连线跨越了泳池边界，另一端“{ref}”属于别的流程",
    "the flow crosses the border of a pool: “{ref}” belongs to another process",
    "泳池之间用消息流",
    "Use a message flow between pools.",
)
family.read(
    "BPMN-131",
    "7.6.1",
    "连线的一端“{ref}”是 {kind}，不是活动、事件或网关",
    "an end of the flow, “{ref}”, is a {kind}, not an activity, event or gateway",
    "数据用数据关联，注释用关联线",
    "Use a data association for data, an association for notes.",
)
family.read(
    "BPMN-017",
    "8.4.13",
    "默认连线“{ref}”不是本节点的出线",
    "the default flow “{ref}” does not leave this node",
    "从出线中选一条作默认",
    "Choose one of its outgoing flows.",
)
family.read("BPMN-059", "8.4.13", "默认连线不能有条件", "a default flow may not have a condition", "删除条件", "Delete the condition.")


@family.rule(
    "BPMN-056",
    "subProcess",
    "10.3.5",
    "事件子流程不能有进出连线",
    "an event sub-process may have no flows in or out",
    "删除连线",
    "Delete the flows.",
)
def event_sub_processes_have_no_flows(node: Element, look: Look) -> Faults:
    if is_true(node, "triggeredByEvent") and (look.into(node) or look.out_of(node)):
        yield at(node)


@family.rule(
    "BPMN-058",
    "parallelGateway eventBasedGateway",
    "10.6.4, 10.6.6",
    "{kind} 的出线“{flow}”有条件，条件不会被判断",
    "the flow “{flow}” of the {kind} has a condition, which is never asked",
    "改用包容或排他网关，或删除条件",
    "Use an inclusive or exclusive gateway or delete the condition.",
)
def gateways_that_do_not_ask_have_no_conditions(node: Element, look: Look) -> Faults:
    for flow in look.out_of(node):
        if look.has_condition(flow):
            yield at(flow, flow=flow.get("id") or "?", kind=kind(node))


@family.rule(
    "BPMN-134",
    " ".join(sorted(EVENTS - {"endEvent"})),
    "8.4.13",
    "离开事件的连线“{flow}”有条件；标准只许活动和网关的出线有条件",
    "the flow “{flow}” leaves an event and has a condition; the standard knows them behind activities and gateways only",
    "在事件后面加一个网关；这里按包容分支执行",
    "Put a gateway behind the event; it is run as an inclusive split here.",
    severity="warning",
)
def events_do_not_decide(node: Element, look: Look) -> Faults:
    for flow in look.out_of(node):
        if look.has_condition(flow):
            yield at(flow, flow=flow.get("id") or "?")


@family.rule(
    "BPMN-135",
    "intermediateThrowEvent",
    "10.5.5",
    "发出链接“{event}”还有出线",
    "the throwing link “{event}” has an outgoing flow",
    "链接代替连线，删除其一",
    "The link stands for a flow: delete one of them.",
)
def nothing_leaves_a_throwing_link(event: Element, look: Look) -> Faults:
    if "link" in look.kinds(event) and look.out_of(event):
        yield at(event, event=event.get("id") or "?")


@family.rule(
    "BPMN-136",
    "intermediateCatchEvent",
    "10.5.5",
    "接收链接“{event}”还有入线",
    "the catching link “{event}” has an incoming flow",
    "链接代替连线，删除其一",
    "The link stands for a flow: delete one of them.",
)
def nothing_leads_into_a_catching_link(event: Element, look: Look) -> Faults:
    if "link" in look.kinds(event) and look.into(event):
        yield at(event, event=event.get("id") or "?")


@family.rule(
    "BPMN-137",
    "association",
    "8.4.1",
    "关联线的 {attribute} 指向不存在的“{ref}”",
    "the association's {attribute} names “{ref}”, which does not exist",
    "改正引用或删除关联线",
    "Correct the reference or delete the association.",
)
def associations_have_two_ends(association: Element, look: Look) -> Faults:
    for attribute in ("sourceRef", "targetRef"):
        if look.target(association, attribute) is None:
            yield at(association, attribute=attribute, ref=association.get(attribute) or "?")
            return


@family.rule(
    "BPMN-138",
    "association",
    "8.4.1, 10.7.1",
    "关联线连接了两个流程节点 {source} 和 {target}；只有补偿才这样画",
    "the association joins two flow nodes, {source} and {target}; only compensation is drawn so",
    "先后关系用连线",
    "Say what comes after what with a sequence flow.",
    severity="warning",
)
def associations_are_no_flows(association: Element, look: Look) -> Faults:
    source, target = look.target(association, "sourceRef"), look.target(association, "targetRef")
    if source is None or target is None or kind(source) not in FLOW_NODES or kind(target) not in FLOW_NODES:
        return
    if not (kind(source) == "boundaryEvent" and "compensate" in look.kinds(source)) and not is_true(target, "isForCompensation"):
        yield at(association, source=name_of(source), target=name_of(target))
