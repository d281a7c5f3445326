"""Compensation: handlers, and who may call for them."""

from __future__ import annotations

from engine.definitions.reading.names import ACTIVITIES
from engine.definitions.rules.look import Look
from engine.definitions.rules.rule import Family, Faults, at
from engine.definitions.rules.xml import Element, is_true, kind, name_of

family = Family("补偿", "Compensation")

_THROWERS = "intermediateThrowEvent endEvent"
_ACTIVITIES = " ".join(sorted(ACTIVITIES))

family.read(
    "BPMN-023",
    "10.7.1",
    "补偿边界事件没有连到补偿活动",
    "the compensation boundary event leads to no compensation activity",
    "用关联线连到标为“补偿”的活动",
    "Draw an association to an activity marked for compensation.",
)


@family.rule(
    "BPMN-057",
    _ACTIVITIES,
    "10.7.1",
    "补偿活动不能在普通流向里",
    "a compensation activity may have no sequence flows",
    "只用关联线连接",
    "Connect it with an association only.",
)
def handlers_have_no_flows(node: Element, look: Look) -> Faults:
    if is_true(node, "isForCompensation") and (look.into(node) or look.out_of(node)):
        yield at(node)


@family.rule(
    "BPMN-190",
    _ACTIVITIES,
    "10.7.1",
    "没有补偿边界事件指向这个补偿活动，它不会执行",
    "no compensation boundary event leads to this compensation activity: it is never run",
    "从补偿边界事件画关联线到它，或取消补偿标记",
    "Draw an association from a compensation boundary event, or take the marker off.",
    severity="warning",
)
def handlers_are_handlers_of_something(node: Element, look: Look) -> Faults:
    if is_true(node, "isForCompensation") and node.get("id") not in look.associated:
        yield at(node)


@family.rule(
    "BPMN-191",
    "boundaryEvent",
    "10.7.1",
    "补偿边界事件不能有出线",
    "a compensation boundary event may have no outgoing flows",
    "改用关联线连到补偿活动",
    "Lead an association to the compensation activity instead.",
)
def compensation_boundaries_have_no_flows(event: Element, look: Look) -> Faults:
    if "compensate" in look.kinds(event) and look.out_of(event):
        yield at(event)


@family.rule(
    "BPMN-192",
    _THROWERS,
    "10.7.2",
    "activityRef 指的是 {found}，不是活动",
    "activityRef names {found}, which is no activity",
    "指向要撤销的任务或子流程",
    "Name the task or sub-process to undo.",
)
def activities_are_undone(event: Element, look: Look) -> Faults:
    for name, definition in look.triggers(event):
        found = look.target(definition, "activityRef") if name == "compensate" else None
        if found is not None and kind(found) not in ACTIVITIES:
            yield at(event, found=name_of(found))


@family.rule(
    "BPMN-193",
    _THROWERS,
    "10.7.2",
    "要补偿的“{activity}”不在本层",
    "“{activity}”, which is to be undone, is not of this level",
    "只能补偿同一层的活动，或在补偿事件子流程里补偿上一层的",
    "Undo activities of the same level, or those around from a compensation event sub-process.",
)
def activities_of_this_level_are_undone(event: Element, look: Look) -> Faults:
    for name, definition in look.triggers(event):
        found = look.target(definition, "activityRef") if name == "compensate" else None
        if found is None or kind(found) not in ACTIVITIES:
            continue
        level = event.getparent()
        levels = [level, level.getparent()] if is_true(level, "triggeredByEvent") else [level]
        if not any(found.getparent() is one for one in levels):
            yield at(event, activity=found.get("id"))


@family.rule(
    "BPMN-194",
    _THROWERS,
    "10.7.1",
    "要补偿的“{activity}”没有补偿活动",
    "“{activity}”, which is to be undone, has nothing that undoes it",
    "给它加补偿边界事件和补偿活动",
    "Give it a compensation boundary event with an activity.",
    severity="warning",
)
def there_is_something_to_undo(event: Element, look: Look) -> Faults:
    for name, definition in look.triggers(event):
        found = look.target(definition, "activityRef") if name == "compensate" else None
        if found is not None and kind(found).lower().endswith("task") and found.get("id") not in look.undoable:
            yield at(event, activity=found.get("id"))
