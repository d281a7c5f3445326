"""Events: what each of them needs."""

from __future__ import annotations

from engine.definitions.rules.look import Look
from engine.definitions.rules.rule import Family, Faults, at
from engine.definitions.rules.xml import Element, is_true, kind, name_of

family = Family("事件", "Events")

family.read(
    "BPMN-019", "10.5.5", "消息事件没有指定消息", "the message event names no message", "选择或新建一条消息", "Choose or create a message."
)
family.read(
    "BPMN-020",
    "10.5.5",
    "定时器须且只须有一个：日期、时长或周期",
    "a timer needs exactly one of date, duration and cycle",
    "填写 timeDate、timeDuration 或 timeCycle",
    "Fill timeDate, timeDuration or timeCycle.",
)
family.read("BPMN-021", "8.4.3, 8.4.4, 10.5.5", "{kind} 事件缺少{what}", "the {kind} event has no {what}", "补上后再部署", "Add it.")
family.read(
    "BPMN-022",
    "10.5.5",
    "链接“{name}”{reason}",
    "the link “{name}” {reason}",
    "同一层内，每个名称有一个接收链接和至少一个发出链接",
    "Within a level each name has one catching and at least one throwing link.",
)
family.read(
    "BPMN-025", "10.5.5", "条件事件没有条件", "the conditional event has no condition", "填写一个 FEEL 条件", "Write a FEEL condition."
)
family.read(
    "BPMN-069",
    "10.5.5",
    "看不懂的定时“{text}”",
    "the timer “{text}” is not understood",
    "写 ISO 8601(PT1H、2026-03-02T09:00:00+08:00、R3/PT1H)、5WD 或 =FEEL",
    "Write ISO 8601 (PT1H, 2026-03-02T09:00:00+08:00, R3/PT1H), 5WD or =FEEL.",
)


@family.rule(
    "BPMN-148",
    "startEvent",
    "10.5.2",
    "{kind} 开始事件总是中断的，不能写 isInterrupting=false",
    "a start event with {kind} always interrupts: isInterrupting may not be false",
    "删除 isInterrupting",
    "Delete isInterrupting.",
)
def error_starts_interrupt(event: Element, look: Look) -> Faults:
    found = [name for name in look.kinds(event) if name in ("error", "compensate")]
    if found and not is_true(event, "isInterrupting", True):
        yield at(event, kind=found[0])


@family.rule(
    "BPMN-149",
    "startEvent",
    "10.5.2",
    "isInterrupting 只对事件子流程有意义",
    "isInterrupting has a meaning in event sub-processes only",
    "删除 isInterrupting",
    "Delete isInterrupting.",
    severity="warning",
)
def only_event_sub_processes_do_not_interrupt(event: Element, look: Look) -> Faults:
    if not is_true(event, "isInterrupting", True) and not look.in_event_sub_process(event):
        yield at(event)


@family.rule(
    "BPMN-150",
    "startEvent intermediateCatchEvent boundaryEvent",
    "10.5.4",
    "parallelMultiple 需要至少两个事件定义",
    "parallelMultiple needs two event definitions or more",
    "加上事件定义，或删除 parallelMultiple",
    "Add event definitions or delete parallelMultiple.",
    severity="warning",
)
def parallel_multiple_has_several(event: Element, look: Look) -> Faults:
    if is_true(event, "parallelMultiple") and len(look.triggers(event)) < 2:
        yield at(event)


@family.rule(
    "BPMN-151",
    "intermediateCatchEvent intermediateThrowEvent",
    "10.5.4",
    "中间事件没有出线，流程在此结束",
    "no flow leaves the intermediate event: the path ends here",
    "连到下一步，或换成结束事件",
    "Connect it to the next step or make it an end event.",
    severity="warning",
)
def intermediate_events_lead_on(event: Element, look: Look) -> Faults:
    thrown_link = kind(event) == "intermediateThrowEvent" and "link" in look.kinds(event)
    if not look.out_of(event) and not thrown_link:
        yield at(event)


@family.rule(
    "BPMN-152",
    "startEvent intermediateCatchEvent boundaryEvent",
    "10.5.5",
    "waitForCompletion 只用于发出补偿的事件",
    "waitForCompletion is for events that throw compensation",
    "删除 waitForCompletion",
    "Delete waitForCompletion.",
    severity="warning",
)
def only_throwers_wait_for_compensation(event: Element, look: Look) -> Faults:
    for name, definition in look.triggers(event):
        if name == "compensate" and definition.get("waitForCompletion") is not None:
            yield at(event)


@family.rule(
    "BPMN-153",
    "startEvent intermediateCatchEvent intermediateThrowEvent boundaryEvent endEvent",
    "10.5.5",
    "链接不能与其他事件定义放在一起（{event}）",
    "a link may not stand beside other event definitions ({event})",
    "拆成两个事件",
    "Make it two events.",
)
def links_stand_alone(event: Element, look: Look) -> Faults:
    kinds = look.kinds(event)
    if "link" in kinds and len(kinds) > 1:
        yield at(event, event=name_of(event))
