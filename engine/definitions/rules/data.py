"""Data objects, inputs and outputs."""

from __future__ import annotations

from engine.definitions.reading.names import EVENTS, GATEWAYS
from engine.definitions.rules.look import Look
from engine.definitions.rules.rule import Family, Faults, at
from engine.definitions.rules.xml import Element, child, children, kind, text

family = Family("数据", "Data")


@family.rule(
    "BPMN-210",
    "dataObjectReference",
    "10.4.1",
    "数据对象引用没有写 dataObjectRef",
    "the data object reference names no data object",
    "写上 dataObjectRef",
    "Add dataObjectRef.",
    severity="warning",
)
def references_name_their_object(reference: Element, look: Look) -> Faults:
    if not reference.get("dataObjectRef"):
        yield at(reference)


@family.rule(
    "BPMN-219",
    "ioSpecification",
    "10.4.1",
    "ioSpecification 没有 {part}",
    "the ioSpecification has no {part}",
    "加上 inputSet 和 outputSet，可以是空的",
    "Add an inputSet and an outputSet; they may be empty.",
    severity="warning",
)
def specifications_have_sets(specification: Element, look: Look) -> Faults:
    for part in ("inputSet", "outputSet"):
        if child(specification, part) is None:
            yield at(specification, part=part)
            return


def _not_in_specification(group: Element, part: str, data: str, look: Look) -> Faults:
    for item, target in look.parts(group, part):
        if target is None or kind(target) != data or target.getparent() is not group.getparent():
            yield at(item, ref=text(item))


@family.rule(
    "BPMN-220",
    "inputSet",
    "10.4.1",
    "inputSet 列出的“{ref}”不是这里的 dataInput",
    "the inputSet lists “{ref}”, which is no dataInput of this place",
    "改正引用或补上 dataInput",
    "Correct the reference or add the dataInput.",
)
def input_sets_list_inputs(group: Element, look: Look) -> Faults:
    yield from _not_in_specification(group, "dataInputRefs", "dataInput", look)


@family.rule(
    "BPMN-221",
    "outputSet",
    "10.4.1",
    "outputSet 列出的“{ref}”不是这里的 dataOutput",
    "the outputSet lists “{ref}”, which is no dataOutput of this place",
    "改正引用或补上 dataOutput",
    "Correct the reference or add the dataOutput.",
)
def output_sets_list_outputs(group: Element, look: Look) -> Faults:
    yield from _not_in_specification(group, "dataOutputRefs", "dataOutput", look)


@family.rule(
    "BPMN-222",
    "subProcess transaction adHocSubProcess",
    "10.4.1",
    "嵌入子流程不能有自己的 ioSpecification",
    "an embedded sub-process may have no ioSpecification of its own",
    "子流程直接看得到外层的数据；删除它",
    "A sub-process sees the data around it; delete it.",
    severity="warning",
)
def sub_processes_have_no_inputs(node: Element, look: Look) -> Faults:
    specification = child(node, "ioSpecification")
    if specification is not None:
        yield at(specification)


@family.rule(
    "BPMN-223",
    " ".join(sorted(GATEWAYS)),
    "10.4.1",
    "网关不能有 {part}",
    "a gateway may have no {part}",
    "放到活动、事件或流程上",
    "Put it on an activity, an event or the process.",
)
def gateways_hold_no_data(gateway: Element, look: Look) -> Faults:
    for item in look.inside(gateway):
        if kind(item) in ("property", "ioSpecification", "dataInputAssociation", "dataOutputAssociation"):
            yield at(item, part=kind(item))


@family.rule(
    "BPMN-224",
    "dataObject",
    "10.4.1",
    "isCollection 与类型定义“{ref}”不一致",
    "isCollection differs from that of its item definition “{ref}”",
    "两处写成一样",
    "Say the same in both places.",
    severity="warning",
)
def collections_agree(data: Element, look: Look) -> Faults:
    item = look.target(data, "itemSubjectRef")
    if item is None or kind(item) != "itemDefinition":
        return
    if data.get("isCollection", "false").strip() != item.get("isCollection", "false").strip():
        yield at(data, ref=item.get("id"))


@family.rule(
    "BPMN-226",
    " ".join(sorted(EVENTS)),
    "10.4.1",
    "{kind} 不能有 {part}",
    "a {kind} may have no {part}",
    "接收的事件只有输出，发出的事件只有输入",
    "Events that catch have outputs only, events that throw have inputs only.",
)
def events_have_data_one_way(event: Element, look: Look) -> Faults:
    wrong = "dataOutputAssociation" if kind(event) in ("endEvent", "intermediateThrowEvent") else "dataInputAssociation"
    for item in children(event, wrong):
        yield at(item, kind=kind(event), part=wrong)


@family.rule(
    "BPMN-227",
    "ioSpecification",
    "10.4.1",
    "数据输入“{ref}”不在任何 inputSet 里",
    "the data input “{ref}” is in no inputSet",
    "在 inputSet 里列出它",
    "List it in an inputSet.",
    severity="warning",
)
def inputs_are_in_a_set(specification: Element, look: Look) -> Faults:
    groups = children(specification, "inputSet")
    listed = {text(item) for group in groups for item in children(group, "dataInputRefs")}
    for data in children(specification, "dataInput") if groups else ():
        if data.get("id") not in listed:
            yield at(data, ref=data.get("id") or "?")
