"""Data associations: from where to where, and what an association has to say."""

from __future__ import annotations

from engine.definitions.rules.look import Look
from engine.definitions.rules.rule import Family, Faults, at
from engine.definitions.rules.xml import Element, child, children, kind, text

family = Family("数据关联", "Data associations")

_AWARE = frozenset({"dataObject", "dataObjectReference", "dataStoreReference", "property", "dataInput", "dataOutput", "dataStore"}) | {
    "inputDataItem",
    "outputDataItem",
}


def _within(inner: Element, outer: Element) -> bool:
    return any(around is outer for around in inner.iterancestors())


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
        for item, target in look.parts(association, part):
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
    for item, target in look.parts(association, "targetRef"):
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
    for item, source in look.parts(association, "sourceRef"):
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
    for item, source in look.parts(association, "sourceRef"):
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
    for item, target in look.parts(association, "targetRef"):
        if target is not None and kind(target) == "dataInput":
            yield at(item, ref=text(item))


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
