"""What elements are called, and in which order their parts come."""

from __future__ import annotations

import re
from collections.abc import Iterable

from engine.definitions.reading.names import FLOW_NODES
from engine.definitions.rules.look import Look
from engine.definitions.rules.places import ROOTS
from engine.definitions.rules.rule import Family, Faults, at
from engine.definitions.rules.xml import Element, children, is_bpmn, kind, text

family = Family("结构", "Structure")

_NCNAME = re.compile(r"[^\W\d][\w.\-·]*")
#: in the order of the schema; what is not named comes where it likes
_ORDER = {
    name: rank
    for rank, names in enumerate(
        (
            "documentation",
            "extensionElements",
            "auditing",
            "monitoring",
            "categoryValueRef",
            "incoming",
            "outgoing",
            "ioSpecification",
            "property",
            "dataInputAssociation",
            "dataOutputAssociation",
        )
    )
    for name in names.split()
}

family.read("BPMN-010", "8.3.1", "{kind} 没有 id", "{kind} has no id", "给它一个在文件内唯一的 id", "Give it an id, unique in the file.")
family.read(
    "BPMN-011",
    "8.3.1",
    "id“{id}”重复，第一次出现在第 {first} 行",
    "the id “{id}” is used twice, first in line {first}",
    "改名，使 id 在文件内唯一",
    "Rename one: ids are unique in the file.",
)
family.read(
    "BPMN-026", "15.3", "不认识的流程元素 {kind}", "unknown flow element {kind}", "只用 BPMN 2.0 的元素", "Use elements of BPMN 2.0 only."
)


@family.rule(
    "BPMN-100",
    f"{' '.join(sorted(FLOW_NODES))} process sequenceFlow lane participant messageFlow {ROOTS}",
    "8.3.1",
    "id“{id}”不是合法的 XML 名称",
    "the id “{id}” is no XML name",
    "以字母或下划线开头，只用字母、数字、下划线、点和连字符",
    "Begin with a letter or underscore; use letters, digits, underscores, dots and hyphens only.",
)
def id_is_a_name(element: Element, look: Look) -> Faults:
    key = element.get("id")
    if key and not _NCNAME.fullmatch(key):
        yield at(element, id=key)


@family.rule(
    "BPMN-103",
    "definitions",
    "8.2.1",
    "definitions 没有 targetNamespace",
    "definitions has no targetNamespace",
    '例如 targetNamespace="urn:example"',
    'For example targetNamespace="urn:example".',
    severity="warning",
)
def definitions_have_a_namespace(element: Element, look: Look) -> Faults:
    if not (element.get("targetNamespace") or "").strip():
        yield at(element)


@family.rule(
    "BPMN-104",
    f"{' '.join(sorted(FLOW_NODES))} sequenceFlow",
    "15.3",
    "{part} 应写在 {later} 之前",
    "{part} has to come before {later}",
    "按架构的顺序排列",
    "Put the parts into the order of the schema.",
    severity="warning",
)
def parts_come_in_order(element: Element, look: Look) -> Faults:
    before = ""
    for item in element:
        name = kind(item)
        if name not in _ORDER or not is_bpmn(item):
            continue
        if before and _ORDER[name] < _ORDER[before]:
            yield at(item, part=name, later=before)
            return
        before = name


@family.rule(
    "BPMN-105",
    f"{' '.join(sorted(FLOW_NODES))} sequenceFlow process",
    "8.3.3",
    "extensionElements 出现了 {count} 次",
    "extensionElements is there {count} times",
    "合并为一个",
    "Make it one.",
    severity="warning",
)
def one_extension_elements(element: Element, look: Look) -> Faults:
    found = children(element, "extensionElements")
    if len(found) > 1:
        yield at(found[1], count=len(found))


@family.rule(
    "BPMN-106",
    "import",
    "8.2.2",
    "import 缺少 {attribute}",
    "the import lacks {attribute}",
    "补上该属性",
    "Add the attribute.",
)
def imports_are_whole(element: Element, look: Look) -> Faults:
    for attribute in ("importType", "location", "namespace"):
        if element.get(attribute) is None:
            yield at(element, attribute=attribute)
            return


@family.rule(
    "BPMN-107",
    "extension",
    "8.3.3",
    "扩展“{definition}”被标为必须理解，而这里不认识它",
    "the extension “{definition}” must be understood, and is not known here",
    '改为 mustUnderstand="false"，或删除该扩展',
    'Set mustUnderstand="false" or remove the extension.',
)
def extensions_are_understood(element: Element, look: Look) -> Faults:
    if element.get("mustUnderstand", "").strip() in ("true", "1"):
        yield at(element, definition=element.get("definition") or "?")


def _not_listed(element: Element, part: str, flows: Iterable[Element]) -> Faults:
    known = {flow.get("id") for flow in flows}
    for item in children(element, part):
        if text(item).rpartition(":")[2] not in known:
            yield at(item, ref=text(item))


@family.rule(
    "BPMN-108",
    " ".join(sorted(FLOW_NODES)),
    "8.4.13",
    "incoming 写的连线“{ref}”并不进入这里",
    "incoming lists the flow “{ref}”, which does not lead here",
    "改正或删除；运行以连线的 targetRef 为准",
    "Correct or delete it; the targetRef of the flow counts.",
    severity="warning",
)
def incoming_agrees(element: Element, look: Look) -> Faults:
    yield from _not_listed(element, "incoming", look.into(element))


@family.rule(
    "BPMN-109",
    " ".join(sorted(FLOW_NODES)),
    "8.4.13",
    "outgoing 写的连线“{ref}”并不离开这里",
    "outgoing lists the flow “{ref}”, which does not leave here",
    "改正或删除；运行以连线的 sourceRef 为准",
    "Correct or delete it; the sourceRef of the flow counts.",
    severity="warning",
)
def outgoing_agrees(element: Element, look: Look) -> Faults:
    yield from _not_listed(element, "outgoing", look.out_of(element))
