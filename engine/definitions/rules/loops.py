"""Loops and multi-instance."""

from __future__ import annotations

from engine.definitions.reading.names import ACTIVITIES
from engine.definitions.rules.look import Look
from engine.definitions.rules.rule import Family, Faults, at
from engine.definitions.rules.xml import Element, child, kind

family = Family("循环与多实例", "Loops and multi-instance")

_MULTI = "multiInstanceLoopCharacteristics"

family.read(
    "BPMN-024",
    "10.3.8",
    "多实例没有集合也没有次数",
    "the multi-instance marker has neither a collection nor a cardinality",
    "填写 inputCollection 或 loopCardinality",
    "Fill inputCollection or loopCardinality.",
)
family.read(
    "BPMN-027",
    "10.3.8",
    "standardLoop 没有条件也没有最大次数，不会结束",
    "the loop has neither a condition nor a maximum: it would never end",
    "填写 loopCondition 或 loopMaximum",
    "Fill loopCondition or loopMaximum.",
)


@family.rule(
    "BPMN-200",
    _MULTI,
    "10.3.8",
    "多实例同时写了次数和集合",
    "the multi-instance marker has both a cardinality and a collection",
    "只留一个",
    "Keep one of them.",
)
def number_or_collection(loop: Element, look: Look) -> Faults:
    if child(loop, "loopCardinality") is not None and child(loop, "loopDataInputRef") is not None:
        yield at(loop)


@family.rule(
    "BPMN-201",
    " ".join(sorted(ACTIVITIES)),
    "10.3.8",
    "活动有 {count} 个循环标记",
    "the activity has {count} loop markers",
    "只留一个",
    "Keep one of them.",
)
def one_marker(node: Element, look: Look) -> Faults:
    markers = [item for item in look.inside(node) if kind(item).endswith("LoopCharacteristics")]
    if len(markers) > 1:
        yield at(markers[1], count=len(markers))


@family.rule(
    "BPMN-202",
    _MULTI,
    "10.3.8",
    "behavior=One 没有写 oneBehaviorEventRef：不会抛出事件",
    "behavior=One has no oneBehaviorEventRef: no event is thrown",
    "指向一个事件定义",
    "Name an event definition.",
    severity="warning",
)
def one_throws(loop: Element, look: Look) -> Faults:
    if loop.get("behavior") == "One" and not loop.get("oneBehaviorEventRef"):
        yield at(loop)


@family.rule(
    "BPMN-203",
    _MULTI,
    "10.3.8",
    "behavior=None 没有写 noneBehaviorEventRef：不会抛出事件",
    "behavior=None has no noneBehaviorEventRef: no event is thrown",
    "指向一个事件定义",
    "Name an event definition.",
    severity="warning",
)
def none_throws(loop: Element, look: Look) -> Faults:
    if loop.get("behavior") == "None" and not loop.get("noneBehaviorEventRef"):
        yield at(loop)


@family.rule(
    "BPMN-204",
    _MULTI,
    "10.3.8",
    "behavior=Complex 没有 complexBehaviorDefinition：不会抛出事件",
    "behavior=Complex has no complexBehaviorDefinition: no event is thrown",
    "写出条件和事件",
    "Say when which event is thrown.",
    severity="warning",
)
def complex_throws(loop: Element, look: Look) -> Faults:
    if loop.get("behavior") == "Complex" and child(loop, "complexBehaviorDefinition") is None:
        yield at(loop)


@family.rule(
    "BPMN-205",
    "complexBehaviorDefinition",
    "10.3.8",
    "complexBehaviorDefinition 没有条件",
    "the complexBehaviorDefinition has no condition",
    "加上 <condition>",
    "Add a <condition>.",
)
def complex_behaviour_has_a_condition(definition: Element, look: Look) -> Faults:
    if child(definition, "condition") is None:
        yield at(definition)


@family.rule(
    "BPMN-206",
    _MULTI,
    "10.3.8",
    "有 inputDataItem 而没有 loopDataInputRef",
    "there is an inputDataItem, but no loopDataInputRef",
    "写明集合",
    "Name the collection.",
    severity="warning",
)
def items_are_of_a_collection(loop: Element, look: Look) -> Faults:
    if child(loop, "inputDataItem") is not None and child(loop, "loopDataInputRef") is None:
        yield at(loop)


@family.rule(
    "BPMN-207",
    _MULTI,
    "10.3.8",
    "有 outputDataItem 而没有 loopDataOutputRef",
    "there is an outputDataItem, but no loopDataOutputRef",
    "写明结果放进哪个集合",
    "Name the collection of the results.",
    severity="warning",
)
def results_go_to_a_collection(loop: Element, look: Look) -> Faults:
    if child(loop, "outputDataItem") is not None and child(loop, "loopDataOutputRef") is None:
        yield at(loop)


@family.rule(
    "BPMN-208",
    "standardLoopCharacteristics",
    "10.3.8",
    "loopMaximum 是 0：一次也不会执行",
    "loopMaximum is 0: it is never run",
    "写 1 或更大的整数，或删除",
    "Write a whole number from 1, or delete it.",
    severity="warning",
)
def a_loop_may_run(loop: Element, look: Look) -> Faults:
    if (loop.get("loopMaximum") or "").strip() == "0":
        yield at(loop)
