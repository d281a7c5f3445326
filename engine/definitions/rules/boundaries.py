"""Boundary events."""

from __future__ import annotations

from engine.definitions.rules.look import Look
from engine.definitions.rules.rule import Family, Faults, at
from engine.definitions.rules.xml import Element, is_true, kind

family = Family("边界事件", "Boundary events")

_BOUNDARY = ("message", "timer", "conditional", "signal", "error", "escalation", "compensate", "cancel")
_ALWAYS = ("error", "cancel")

family.read(
    "BPMN-016",
    "10.5.4",
    "边界事件没有附着在活动上（{ref}）",
    "the boundary event is attached to no activity ({ref})",
    "附着到同一层的任务、子流程或调用活动",
    "Attach it to a task, sub-process or call activity of the same level.",
)


@family.rule(
    "BPMN-160",
    "boundaryEvent",
    "10.5.4",
    "边界事件不能是 {kind}",
    "a boundary event may not be {kind}",
    "可用：{known}",
    "It may be: {known}.",
)
def kinds_of_boundaries(event: Element, look: Look) -> Faults:
    for name, definition in look.triggers(event):
        if name not in _BOUNDARY:
            yield at(definition if definition.getparent() is event else event, kind=name, known=", ".join(_BOUNDARY))


@family.rule(
    "BPMN-161",
    "boundaryEvent",
    "10.5.4",
    "边界事件没有触发器",
    "the boundary event has no trigger",
    "加上消息、定时、错误等",
    "Give it a message, timer, error …",
)
def boundaries_catch_something(event: Element, look: Look) -> Faults:
    if not look.triggers(event):
        yield at(event)


@family.rule(
    "BPMN-162",
    "boundaryEvent",
    "10.5.4",
    "连线“{flow}”进入了边界事件",
    "the flow “{flow}” leads into a boundary event",
    "删除这条连线",
    "Delete the flow.",
)
def nothing_leads_into_a_boundary(event: Element, look: Look) -> Faults:
    for flow in look.into(event)[:1]:
        yield at(event, flow=flow.get("id") or "?")


@family.rule(
    "BPMN-163",
    "boundaryEvent",
    "10.5.4",
    "边界事件没有出线：发生以后什么也不做",
    "no flow leaves the boundary event: nothing follows when it happens",
    "连到要做的事，或连到结束事件",
    "Connect it to what shall be done, or to an end.",
    severity="warning",
)
def boundaries_lead_somewhere(event: Element, look: Look) -> Faults:
    if not look.out_of(event) and "compensate" not in look.kinds(event):
        yield at(event)


@family.rule(
    "BPMN-164",
    "boundaryEvent",
    "10.5.4",
    "取消边界事件只能附着在事务上",
    "a cancel boundary event belongs to a transaction",
    "附着到事务子流程，或改用错误",
    "Attach it to a transaction or use an error.",
)
def cancel_belongs_to_transactions(event: Element, look: Look) -> Faults:
    host = look.target(event, "attachedToRef")
    if "cancel" in look.kinds(event) and host is not None and kind(host) != "transaction":
        yield at(event)


@family.rule(
    "BPMN-165",
    "boundaryEvent",
    "10.5.4",
    "{kind} 总是中断活动，不能写 cancelActivity=false",
    "{kind} always interrupts its activity: cancelActivity may not be false",
    "删除 cancelActivity；要不中断，用升级",
    "Delete cancelActivity; use an escalation to go on beside.",
)
def errors_interrupt(event: Element, look: Look) -> Faults:
    found = [name for name in look.kinds(event) if name in _ALWAYS]
    if found and not is_true(event, "cancelActivity", True):
        yield at(event, kind=found[0])


@family.rule(
    "BPMN-166",
    "subProcess",
    "10.3.5",
    "事件子流程不能有边界事件（{event}）",
    "an event sub-process may have no boundary events ({event})",
    "放到它所在的子流程上，或写进它里面",
    "Put it on the sub-process around, or into the event sub-process.",
)
def event_sub_processes_have_no_boundaries(node: Element, look: Look) -> Faults:
    if is_true(node, "triggeredByEvent"):
        for event in look.boundaries.get(node.get("id") or "", ()):
            yield at(event, event=event.get("id") or "?")
