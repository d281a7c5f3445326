"""Pools, lanes, interfaces."""

from __future__ import annotations

from collections.abc import Iterator

from engine.definitions.reading.names import bpmn
from engine.definitions.rules.look import Look
from engine.definitions.rules.rule import Family, Faults, at
from engine.definitions.rules.xml import Element, child, children, integer, kind, text

family = Family("协作", "Collaboration")

family.read(
    "BPMN-018",
    "10.8",
    "泳道引用了不存在的节点“{ref}”",
    "the lane lists “{ref}”, which is no node of this process",
    "删除该引用",
    "Remove the reference.",
)


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
