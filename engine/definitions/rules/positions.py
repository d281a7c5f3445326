"""Which triggers and results an event may have where it stands."""

from __future__ import annotations

from collections.abc import Collection

from engine.definitions.rules.look import Look
from engine.definitions.rules.rule import Family, Faults, at
from engine.definitions.rules.xml import Element, is_true, kind

family = Family("事件的位置", "Where events stand")

_START = ("message", "timer", "conditional", "signal")
_EVENT_SUB_START = (*_START, "error", "escalation", "compensate")
_CATCH = ("message", "timer", "conditional", "link", "signal")
_THROW = ("message", "escalation", "compensate", "link", "signal")
_END = ("message", "error", "escalation", "cancel", "compensate", "signal", "terminate")


def _wrong(event: Element, look: Look, allowed: Collection[str]) -> Faults:
    for name, definition in look.triggers(event):
        if name not in allowed:
            place = definition if definition.getparent() is event else event
            yield at(place, kind=name, known=", ".join(allowed))


@family.rule(
    "BPMN-140",
    "startEvent",
    "10.5.2",
    "流程的开始事件不能是 {kind}",
    "a process may not start with a {kind} event",
    "可用：{known}；其余的放进事件子流程",
    "It may be: {known}. The others stand in event sub-processes.",
)
def starts_of_processes(event: Element, look: Look) -> Faults:
    if kind(event.getparent()) == "process":
        yield from _wrong(event, look, _START)


@family.rule(
    "BPMN-141",
    "startEvent",
    "10.3.5, 10.5.2",
    "嵌入子流程的开始事件不能有触发器（{kind}）",
    "the start event of an embedded sub-process may have no trigger ({kind})",
    "删除触发器，或把它做成事件子流程",
    "Delete the trigger or make it an event sub-process.",
)
def starts_of_sub_processes(event: Element, look: Look) -> Faults:
    if kind(event.getparent()) != "process" and not look.in_event_sub_process(event):
        yield from _wrong(event, look, ())


@family.rule(
    "BPMN-142",
    "startEvent",
    "10.5.2",
    "事件子流程的开始事件不能是 {kind}",
    "an event sub-process may not start with a {kind} event",
    "可用：{known}",
    "It may be: {known}.",
)
def starts_of_event_sub_processes(event: Element, look: Look) -> Faults:
    if look.in_event_sub_process(event):
        yield from _wrong(event, look, _EVENT_SUB_START)


@family.rule(
    "BPMN-055",
    "subProcess",
    "10.3.5",
    "事件子流程须有且只有一个带触发器的开始事件",
    "an event sub-process needs exactly one start event, with a trigger",
    "加上消息、定时、错误等开始事件",
    "Give it a message, timer, error … start event.",
)
def event_sub_processes_have_a_trigger(node: Element, look: Look) -> Faults:
    if not is_true(node, "triggeredByEvent"):
        return
    starts = [start for start in node if kind(start) == "startEvent"]
    if len(starts) != 1 or not look.triggers(starts[0]):
        yield at(node)


@family.rule(
    "BPMN-143",
    "intermediateCatchEvent",
    "10.5.4",
    "中间接收事件不能是 {kind}",
    "an intermediate event may not catch {kind}",
    "可用：{known}；错误、升级、取消和补偿放在活动边界上",
    "It may be: {known}. Errors, escalations, cancels and compensation are caught at the border of an activity.",
)
def catches(event: Element, look: Look) -> Faults:
    yield from _wrong(event, look, _CATCH)


@family.rule(
    "BPMN-144",
    "intermediateThrowEvent",
    "10.5.4",
    "中间发出事件不能是 {kind}",
    "an intermediate event may not throw {kind}",
    "可用：{known}",
    "It may be: {known}.",
)
def throws(event: Element, look: Look) -> Faults:
    yield from _wrong(event, look, _THROW)


@family.rule(
    "BPMN-145",
    "endEvent",
    "10.5.3",
    "结束事件不能是 {kind}",
    "an end event may not be {kind}",
    "可用：{known}",
    "It may be: {known}.",
)
def ends(event: Element, look: Look) -> Faults:
    yield from _wrong(event, look, _END)


@family.rule(
    "BPMN-146",
    "intermediateCatchEvent",
    "10.5.4",
    "中间接收事件没有触发器",
    "the catching intermediate event has no trigger",
    "加上消息、定时、信号等，或换成空的中间事件",
    "Give it a message, timer, signal …, or make it a none intermediate (throwing) event.",
)
def catches_catch_something(event: Element, look: Look) -> Faults:
    if not look.triggers(event):
        yield at(event)


@family.rule(
    "BPMN-147",
    "endEvent",
    "10.5.3",
    "取消结束事件不在事务里",
    "the cancel end event does not stand in a transaction",
    "放进事务子流程，或改用错误、终止",
    "Put it into a transaction or use an error or terminate end.",
)
def cancel_ends_stand_in_transactions(event: Element, look: Look) -> Faults:
    if "cancel" not in look.kinds(event):
        return
    around = event.getparent()
    while kind(around) in ("subProcess", "adHocSubProcess"):
        around = around.getparent()
    if kind(around) != "transaction":
        yield at(event)
