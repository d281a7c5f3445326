"""Message flows: what they may join."""

from __future__ import annotations

from engine.definitions.reading.names import ACTIVITIES, EVENTS
from engine.definitions.rules.look import Look
from engine.definitions.rules.rule import Family, Faults, at
from engine.definitions.rules.xml import Element, kind, name_of

family = Family("消息流", "Message flows")

_ENDS = ACTIVITIES | EVENTS | {"participant"}


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
