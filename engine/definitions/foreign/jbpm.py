"""jBPM: people and data of a task are BPMN data inputs with agreed names, assigned by data associations."""

from __future__ import annotations

import re
from typing import Any

from engine.definitions.foreign import juel
from engine.definitions.foreign.reader import Reader, key_of, names_of, static_selectors
from engine.definitions.model import FEEL, Called, Label, Mapping_
from engine.definitions.reading.context import Context
from engine.definitions.reading.document import Element, child, children, reference, text_of
from engine.definitions.reading.names import JBPM, bpmn
from engine.definitions.reading.texts import expression

#: data inputs of a user task that say something about the task itself
_ABOUT_TASK = frozenset(
    {
        "TaskName", "ActorId", "GroupId", "Skippable", "Priority", "Comment", "Description", "Content", "CreatedBy", "Locale", "NodeName",
        "BusinessAdministratorId", "BusinessAdministratorGroupId", "ExcludedOwnerId", "NotStartedReassign", "NotCompletedReassign",
        "NotStartedNotify", "NotCompletedNotify", "TaskStakeholderId", "MultipleInstance", "AutoComplete",
    }
)  # fmt: skip
_MAPPED = {
    "ActorId": "assignee", "GroupId": "candidateGroups", "ExcludedOwnerId": "cogov:exclude", "Comment": "documentation",
    "Description": "documentation",
}  # fmt: skip
#: how output mappings call what a node brings
_RESULT = {"userTask": "form", "serviceTask": "result", "task": "result", "sendTask": "result", "businessRuleTask": "result"}


def is_jbpm(context: Context) -> bool:
    return JBPM in context.tools


def read_jbpm(reader: Reader, kind: str) -> dict[str, Any]:
    """Fields of a node; nothing for files of other tools."""
    if not is_jbpm(reader.context):
        return {}
    given = _assigned(reader)
    fields: dict[str, Any] = {}
    if kind == "userTask":
        fields |= _work(reader, given)
    if kind in ("serviceTask", "task", "businessRuleTask", "sendTask"):
        fields["service"] = reader.attribute("taskName", "taskDefinition type")
        if kind == "task" and fields["service"]:
            fields["kind"] = "serviceTask"
    if kind == "callActivity" and reader.element.get("calledElement"):
        fields["called"] = Called(process=reader.element.get("calledElement").strip())
    inputs = [Mapping_(source=feel, target=name) for name, feel in given.items() if feel is not None and not _is_about(kind, name)]
    outputs = _outputs(reader.element, kind)
    if given or outputs:
        read = [name if name not in _MAPPED or kind != "userTask" else f"{name} → {_MAPPED[name]}" for name in given]
        reader.context.add("BPMN-032", reader.element, source=", ".join(["ioSpecification", *read]), target="zeebe:ioMapping")
        reader.context.described.add(reader.element)
    return fields | {"inputs": tuple(inputs), "outputs": outputs}


def check_process(reader: Reader) -> None:
    """An ad-hoc process of jBPM has no order of steps."""
    key = key_of(reader.element, "adHoc")
    if key is not None and reader.element.get(key) == "true":
        reader.cannot(reader.element, key, Label(zh="没有先后顺序的流程不能运行", en="a process without an order of steps is not run"))


def _is_about(kind: str, name: str) -> bool:
    return kind == "userTask" and name in _ABOUT_TASK


def _assigned(reader: Reader) -> dict[str, FEEL | None]:
    """Data input name → FEEL of what is assigned to it."""
    names = {item.get("id"): item.get("name") or item.get("id") for item in reader.element.iter(bpmn("dataInput"))}
    found: dict[str, FEEL | None] = {}
    whole = _collection(reader.element, "loopDataInputRef")
    for association in children(reader.element, "dataInputAssociation"):
        ref = reference(text_of(child(association, "targetRef")))
        name = names.get(ref)
        if name is None or ref == whole:
            continue
        source = reference(text_of(child(association, "sourceRef")))
        if source is not None:
            found[name] = _variable(source, reader.context)
            continue
        assignment = child(association, "assignment")
        text = text_of(child(assignment, "from")) if assignment is not None else ""
        found[name] = _text(text, reader) if text else None
    return found


def _collection(element: Element, name: str) -> str | None:
    """The data input or output that is the collection of a multi-instance task: it is no datum of one instance."""
    item = child(element, "multiInstanceLoopCharacteristics")
    return reference(text_of(child(item, name))) if item is not None else None


def _variable(ref: str, context: Context) -> str:
    """jBPM names a variable by the id of its property, and the property's name is the same or missing."""
    target = context.elements.get(ref)
    return (target.get("name") or ref) if target is not None else ref


def _text(text: str, reader: Reader) -> FEEL | None:
    """``#{variable}`` or plain text."""
    if not juel.is_marked(text):
        return expression(text)
    feel = juel.to_feel(text, reader.context.initiators)
    if feel is None:
        reader.context.add("BPMN-033", reader.element, text=text)
    return feel


def _work(reader: Reader, given: dict[str, FEEL | None]) -> dict[str, Any]:
    actors, groups = given.get("ActorId"), given.get("GroupId")
    fields: dict[str, Any] = {"assignee": actors or _owner(reader), "candidates": _list(groups)}
    if actors and _is_list(actors):  # several actors: any of them may claim it
        users = static_selectors(actors.strip('"'), "person:")
        fields["assignee"] = None
        fields["candidates"] = f"concatenate({fields['candidates']}, {users})" if fields["candidates"] else users
    fields["exclude"] = _list(given.get("ExcludedOwnerId"))
    return fields


def _is_list(feel: FEEL) -> bool:
    return feel.startswith('"') and "," in feel


def _list(feel: FEEL | None) -> FEEL | None:
    """Names in one text, or an expression giving them."""
    if feel is None:
        return None
    if feel.startswith('"') and feel.endswith('"'):
        return static_selectors(feel.strip('"'))
    return names_of(feel)


def _owner(reader: Reader) -> FEEL | None:
    """BPMN's potentialOwner with an expression that names a person."""
    owner = child(reader.element, "potentialOwner")
    if owner is None:
        return None
    reader.context.described.add(reader.element)
    text = next((text_of(item) for item in owner.iter(bpmn("formalExpression"))), "")
    return _text(text, reader) if text else None


def _outputs(element: Element, kind: str) -> tuple[Mapping_, ...]:
    names = {item.get("id"): item.get("name") or item.get("id") for item in element.iter(bpmn("dataOutput"))}
    found = []
    whole = _collection(element, "loopDataOutputRef")
    for association in children(element, "dataOutputAssociation"):
        ref = reference(text_of(child(association, "sourceRef")))
        name = names.get(ref) if ref != whole else None
        target = reference(text_of(child(association, "targetRef")))
        if not name or not target:
            continue
        if kind in _RESULT:
            source = f"{_RESULT[kind]}.{name}"
        else:
            source = name if kind == "callActivity" else "message"
        found.append(Mapping_(source=source, target=target))
    return tuple(found)


def loop_data(node: Element, name: str, context: Context) -> str | None:
    """The variable behind ``loopDataInputRef`` or ``loopDataOutputRef``, which name a data input or output of the node."""
    ref = _collection(node, name)
    if ref is None or not is_jbpm(context):
        return None
    way, near, far = "dataInputAssociation", "targetRef", "sourceRef"
    if name == "loopDataOutputRef":
        way, near, far = "dataOutputAssociation", far, near
    for association in children(node, way):
        if reference(text_of(child(association, near))) == ref:
            variable = reference(text_of(child(association, far)))
            return _variable(variable, context) if variable else None
    return None


def java_condition(text: str) -> str:
    """``return approved == true;`` is ``approved == true``."""
    return re.sub(r"^return\b", "", text.strip()).strip().removesuffix(";").strip()
