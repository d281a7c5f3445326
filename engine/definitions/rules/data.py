"""Data objects, inputs and outputs, and data associations."""

from __future__ import annotations

from engine.definitions.reading.names import EVENTS, GATEWAYS
from engine.definitions.rules.look import Look
from engine.definitions.rules.rule import Family, Faults, at
from engine.definitions.rules.xml import Element, child, children, kind, text

family = Family("数据", "Data")

_AWARE = frozenset({"dataObject", "dataObjectReference", "dataStoreReference", "property", "dataInput", "dataOutput", "dataStore"}) | {
    "inputDataItem",
    "outputDataItem",
}


def _named(association: Element, part: str, look: Look) -> list[tuple[Element, Element | None]]:
    """The parts of an association and the element each of them names."""
    return [(item, look.by_id.get(text(item).rpartition(":")[2])) for item in children(association, part) if text(item)]


def _within(inner: Element, outer: Element) -> bool:
    return any(around is outer for around in inner.iterancestors())


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
    "BPMN-211",
    "dataInputAssociation dataOutputAssociation",
    "10.4.1",
    "数据关联没有目标",
    "the data association has no target",
    "加上 <targetRef>",
    "Add a <targetRef>.",
    house=True,
)
def associations_have_a_target(association: Element, look: Look) -> Faults:
    if not text(child(association, "targetRef")):
        yield at(association)


@family.rule(
    "BPMN-212",
    "dataInputAssociation",
    "10.4.1",
    "输入关联既没有来源也没有赋值",
    "the input association has neither a source nor an assignment",
    "加上 <sourceRef> 或 <assignment>",
    "Add a <sourceRef> or an <assignment>.",
    severity="warning",
)
def inputs_come_from_somewhere(association: Element, look: Look) -> Faults:
    if not children(association, "sourceRef") and child(association, "assignment") is None and child(association, "transformation") is None:
        yield at(association)


@family.rule(
    "BPMN-213",
    "dataInputAssociation dataOutputAssociation",
    "10.4.1",
    "数据关联有 {count} 个来源，须写 transformation",
    "the data association has {count} sources: it needs a transformation",
    "写 <transformation>，或拆成几个关联",
    "Write a <transformation> or make it several associations.",
)
def several_sources_are_transformed(association: Element, look: Look) -> Faults:
    sources = children(association, "sourceRef")
    if len(sources) > 1 and child(association, "transformation") is None and child(association, "assignment") is None:
        yield at(association, count=len(sources))


@family.rule(
    "BPMN-214",
    "dataInputAssociation dataOutputAssociation",
    "10.4.1",
    "数据关联的 {part} 指向“{ref}”，那里没有数据",
    "the {part} of the data association names “{ref}”, where there is no data",
    "指向数据对象、数据存储、属性、输入或输出",
    "Name a data object, data store, property, input or output.",
    house=True,
)
def associations_join_data(association: Element, look: Look) -> Faults:
    for part in ("sourceRef", "targetRef"):
        for item, target in _named(association, part, look):
            if target is None or kind(target) not in _AWARE:
                yield at(item, part=part, ref=text(item))


@family.rule(
    "BPMN-215",
    "dataInputAssociation",
    "10.4.1",
    "输入关联的目标“{ref}”不是本节点的输入",
    "the target “{ref}” of the input association is no input of this node",
    "指向本节点的 dataInput 或属性",
    "Name a dataInput or property of this node.",
)
def inputs_go_in(association: Element, look: Look) -> Faults:
    node = association.getparent()
    for item, target in _named(association, "targetRef", look):
        if target is not None and kind(target) in _AWARE and not _within(target, node):
            yield at(item, ref=text(item))


@family.rule(
    "BPMN-216",
    "dataOutputAssociation",
    "10.4.1",
    "输出关联的来源“{ref}”不是本节点的输出",
    "the source “{ref}” of the output association is no output of this node",
    "指向本节点的 dataOutput 或属性",
    "Name a dataOutput or property of this node.",
)
def outputs_come_out(association: Element, look: Look) -> Faults:
    node = association.getparent()
    for item, source in _named(association, "sourceRef", look):
        if source is not None and kind(source) in _AWARE and not _within(source, node):
            yield at(item, ref=text(item))


@family.rule(
    "BPMN-217",
    "dataInputAssociation",
    "10.4.1",
    "输入关联不能从数据输出“{ref}”取值",
    "an input association may not take from the data output “{ref}”",
    "从数据对象、属性或流程的输入取值",
    "Take from a data object, a property or an input of the process.",
)
def inputs_do_not_take_from_outputs(association: Element, look: Look) -> Faults:
    for item, source in _named(association, "sourceRef", look):
        if source is not None and kind(source) == "dataOutput":
            yield at(item, ref=text(item))


@family.rule(
    "BPMN-218",
    "dataOutputAssociation",
    "10.4.1",
    "输出关联不能写入数据输入“{ref}”",
    "an output association may not write to the data input “{ref}”",
    "写入数据对象、属性或流程的输出",
    "Write to a data object, a property or an output of the process.",
)
def outputs_do_not_go_to_inputs(association: Element, look: Look) -> Faults:
    for item, target in _named(association, "targetRef", look):
        if target is not None and kind(target) == "dataInput":
            yield at(item, ref=text(item))


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
    for item, target in _named(group, part, look):
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
    "BPMN-225",
    "assignment",
    "10.4.1",
    "赋值缺少 {part}",
    "the assignment has no {part}",
    "补上 <from> 和 <to>",
    "Add <from> and <to>.",
)
def assignments_are_whole(assignment: Element, look: Look) -> Faults:
    for part in ("from", "to"):
        if child(assignment, part) is None:
            yield at(assignment, part=part)
            return


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
