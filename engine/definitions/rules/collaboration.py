"""Pools, lanes, message flows, interfaces."""

from __future__ import annotations

from collections.abc import Iterator

from engine.definitions.reading.names import ACTIVITIES, EVENTS, bpmn
from engine.definitions.rules.look import Look
from engine.definitions.rules.rule import Family, Faults, at
from engine.definitions.rules.xml import Element, child, children, integer, kind, name_of, text

family = Family("协作", "Collaboration")

_ENDS = ACTIVITIES | EVENTS | {"participant"}

family.read(
    "BPMN-018",
    "10.8",
    "泳道引用了不存在的节点“{ref}”",
    "the lane lists “{ref}”, which is no node of this process",
    "删除该引用",
    "Remove the reference.",
)


@family.rule(
    "BPMN-270",
    "messageFlow",
    "9.4",
    "消息流的 {attribute} 指向不存在的“{ref}”",
    "the message flow's {attribute} names “{ref}”, which does not exist",
    "改正引用或删除消息流",
    "Correct the reference or delete the message flow.",
)
def message_flows_have_two_ends(flow: Element, look: Look) -> Faults:
    for attribute in ("sourceRef", "targetRef"):
        if look.target(flow, attribute) is None:
            yield at(flow, attribute=attribute, ref=flow.get(attribute) or "?")
            return


@family.rule(
    "BPMN-271",
    "messageFlow",
    "7.6.2",
    "消息流不能连接 {end}",
    "a message flow may not be connected with {end}",
    "连接泳池、活动或事件",
    "Connect pools, activities or events.",
)
def message_flows_join_what_talks(flow: Element, look: Look) -> Faults:
    for attribute in ("sourceRef", "targetRef"):
        end = look.target(flow, attribute)
        if end is not None and kind(end) not in _ENDS:
            yield at(flow, end=name_of(end))
            return


@family.rule(
    "BPMN-272",
    "messageFlow",
    "9.4",
    "消息流的两端在同一个泳池里",
    "both ends of the message flow lie in one pool",
    "同一泳池里用连线",
    "Use a sequence flow within a pool.",
)
def message_flows_cross_pools(flow: Element, look: Look) -> Faults:
    source, target = (_pool(look.target(flow, attribute), look) for attribute in ("sourceRef", "targetRef"))
    if source is not None and source is target:
        yield at(flow)


def _pool(end: Element | None, look: Look) -> Element | None:
    """The process of an end, else the pool itself when it is a black box."""
    if end is None:
        return None
    if kind(end) != "participant":
        return look.process_of(end)
    process = look.target(end, "processRef")
    return end if process is None else process


@family.rule(
    "BPMN-273",
    "messageFlow",
    "10.5.3, 10.5.4",
    "消息流不能从 {end} 发出",
    "a message flow may not leave {end}",
    "从带消息的中间发出事件或结束事件发出",
    "Let it leave a throwing or end event with a message.",
)
def message_flows_leave_what_throws(flow: Element, look: Look) -> Faults:
    source = look.target(flow, "sourceRef")
    if source is None or kind(source) not in EVENTS:
        return
    if kind(source) not in ("intermediateThrowEvent", "endEvent") or "message" not in look.kinds(source):
        yield at(flow, end=name_of(source))


@family.rule(
    "BPMN-274",
    "messageFlow",
    "10.5.2, 10.5.4",
    "消息流不能进入 {end}",
    "a message flow may not lead to {end}",
    "接到带消息的开始、中间接收或边界事件",
    "Lead it to a start, catching or boundary event with a message.",
)
def message_flows_reach_what_catches(flow: Element, look: Look) -> Faults:
    target = look.target(flow, "targetRef")
    if target is None or kind(target) not in EVENTS:
        return
    if kind(target) in ("intermediateThrowEvent", "endEvent") or "message" not in look.kinds(target):
        yield at(flow, end=name_of(target))


@family.rule(
    "BPMN-275",
    "messageFlow",
    "10.3.3",
    "消息流不能从接收任务“{task}”发出",
    "a message flow may not leave the receive task “{task}”",
    "改用发送任务",
    "Use a send task.",
)
def receivers_do_not_send(flow: Element, look: Look) -> Faults:
    source = look.target(flow, "sourceRef")
    if source is not None and kind(source) == "receiveTask":
        yield at(flow, task=source.get("id"))


@family.rule(
    "BPMN-276",
    "messageFlow",
    "10.3.3",
    "消息流不能进入发送任务“{task}”",
    "a message flow may not lead to the send task “{task}”",
    "改用接收任务",
    "Use a receive task.",
)
def senders_do_not_receive(flow: Element, look: Look) -> Faults:
    target = look.target(flow, "targetRef")
    if target is not None and kind(target) == "sendTask":
        yield at(flow, task=target.get("id"))


@family.rule(
    "BPMN-277",
    "collaboration",
    "9.3.1",
    "流程“{process}”在同一协作里有两个泳池",
    "the process “{process}” has two pools in one collaboration",
    "删除一个，或用 participantMultiplicity",
    "Remove one, or use participantMultiplicity.",
)
def one_pool_for_a_process(collaboration: Element, look: Look) -> Faults:
    seen: set[str] = set()
    for pool in children(collaboration, "participant"):
        process = look.key(pool, "processRef")
        if process and process in seen:
            yield at(pool, process=process)
        seen.add(process)


@family.rule(
    "BPMN-278",
    "participantMultiplicity",
    "9.3.1",
    "participantMultiplicity 的 {attribute}“{value}”不对",
    "the {attribute} “{value}” of participantMultiplicity is wrong",
    "minimum 从 0 起，maximum 从 1 起且不小于 minimum",
    "minimum is 0 or more; maximum is 1 or more and not below minimum.",
)
def multiplicities_hold(multiplicity: Element, look: Look) -> Faults:
    low, high = integer(multiplicity.get("minimum", "0")), integer(multiplicity.get("maximum", "1"))
    if low is None or low < 0:
        yield at(multiplicity, attribute="minimum", value=multiplicity.get("minimum"))
    elif high is None or high < max(low, 1):
        yield at(multiplicity, attribute="maximum", value=multiplicity.get("maximum", "1"))


@family.rule(
    "BPMN-279",
    "process subProcess transaction adHocSubProcess",
    "10.8",
    "“{node}”列在两条泳道里：{first} 和 {second}",
    "“{node}” is listed in two lanes, {first} and {second}",
    "只留一条",
    "Keep it in one.",
)
def one_lane_for_a_node(scope: Element, look: Look) -> Faults:
    for lanes in children(scope, "laneSet"):
        seen: dict[str, Element] = {}
        for lane, item in _listed(lanes):
            first = seen.setdefault(text(item), lane)
            if first is not lane and not any(around is first for around in lane.iterancestors()):
                yield at(item, node=text(item), first=_id(first), second=_id(lane))


def _id(lane: Element) -> str:
    return lane.get("id") or "?"


def _listed(lanes: Element) -> Iterator[tuple[Element, Element]]:
    for lane in lanes.iter(bpmn("lane")):
        for item in children(lane, "flowNodeRef"):
            yield lane, item


@family.rule(
    "BPMN-280",
    "interface",
    "8.5.1",
    "接口没有操作",
    "the interface has no operations",
    "加上 <operation>",
    "Add an <operation>.",
)
def interfaces_have_operations(interface: Element, look: Look) -> Faults:
    if child(interface, "operation") is None:
        yield at(interface)


@family.rule(
    "BPMN-281",
    "operation",
    "8.5.3",
    "操作没有输入消息",
    "the operation has no message that goes in",
    "加上 <inMessageRef>",
    "Add an <inMessageRef>.",
)
def operations_have_a_message(operation: Element, look: Look) -> Faults:
    if not text(child(operation, "inMessageRef")):
        yield at(operation)


@family.rule(
    "BPMN-282",
    "sendTask receiveTask",
    "10.3.3",
    "消息“{message}”不是操作“{operation}”的输入消息",
    "the message “{message}” is not the one that goes into the operation “{operation}”",
    "两处写同一条消息",
    "Name the same message in both places.",
)
def message_and_operation_agree(task: Element, look: Look) -> Faults:
    operation, message = look.target(task, "operationRef"), look.key(task, "messageRef")
    if operation is None or kind(operation) != "operation" or not message:
        return
    if text(child(operation, "inMessageRef")).rpartition(":")[2] != message:
        yield at(task, message=message, operation=operation.get("id"))
