"""References: what is named is there, and is of the kind it has to be. One row of the table is one rule."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial

from engine.definitions.rules.look import Look
from engine.definitions.rules.rule import Family, Faults, at
from engine.definitions.rules.xml import Element, children, kind, text

family = Family("引用", "References")

family.read(
    "BPMN-012",
    "15.3.2",
    "{attribute} 指向不存在的“{ref}”",
    "{attribute} refers to “{ref}”, which does not exist",
    "改正引用或补上被引用的元素",
    "Correct the reference or add what it names.",
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Reference:
    """`name` of the elements `on` has to name a `target` (its Chinese word beside it)."""

    code: str
    on: str
    name: str
    target: str
    zh: str
    clause: str
    #: the reader reports what does not exist (BPMN-012); only the wrong kind is left
    read: bool = False
    #: a child element, not an attribute
    part: bool = False
    #: other tools leave it open, and a run does not need it: a warning in their files
    house: bool = False


_REFERENCES = (
    Reference(code="BPMN-230", on="signalEventDefinition", name="signalRef", target="signal", zh="信号", clause="10.5.5", read=True),
    Reference(code="BPMN-231", on="errorEventDefinition", name="errorRef", target="error", zh="错误", clause="8.4.3", read=True),
    Reference(
        code="BPMN-232", on="escalationEventDefinition", name="escalationRef", target="escalation", zh="升级", clause="8.4.4", read=True
    ),
    Reference(
        code="BPMN-233",
        on="startEvent intermediateCatchEvent boundaryEvent intermediateThrowEvent endEvent",
        name="eventDefinitionRef",
        target="…EventDefinition",
        zh="事件定义",
        clause="10.5.5",
        read=True,
        part=True,
    ),
    Reference(code="BPMN-234", on="sendTask receiveTask serviceTask", name="operationRef", target="operation", zh="操作", clause="8.5.3"),
    Reference(code="BPMN-235", on="messageEventDefinition", name="operationRef", target="operation", zh="操作", clause="8.5.3", part=True),
    Reference(code="BPMN-236", on="operation", name="inMessageRef", target="message", zh="消息", clause="8.5.3", part=True),
    Reference(code="BPMN-237", on="operation", name="outMessageRef", target="message", zh="消息", clause="8.5.3", part=True),
    Reference(code="BPMN-238", on="operation", name="errorRef", target="error", zh="错误", clause="8.5.3", part=True),
    Reference(code="BPMN-239", on="message", name="itemRef", target="itemDefinition", zh="类型定义", clause="8.4.11"),
    Reference(
        code="BPMN-240",
        on="dataObject dataObjectReference dataStore dataStoreReference dataInput dataOutput property",
        name="itemSubjectRef",
        target="itemDefinition",
        zh="类型定义",
        clause="8.4.10",
    ),
    Reference(
        code="BPMN-241", on="error escalation signal", name="structureRef", target="itemDefinition", zh="类型定义", clause="8.4.3, 8.4.4"
    ),
    Reference(code="BPMN-242", on="dataObjectReference", name="dataObjectRef", target="dataObject", zh="数据对象", clause="10.4.1"),
    Reference(
        code="BPMN-243", on="dataStoreReference", name="dataStoreRef", target="dataStore", zh="数据存储", clause="10.4.1", house=True
    ),
    Reference(
        code="BPMN-244",
        on="performer humanPerformer potentialOwner resourceRole",
        name="resourceRef",
        target="resource",
        zh="资源",
        clause="10.3.1",
        part=True,
    ),
    Reference(
        code="BPMN-245",
        on="resourceParameterBinding",
        name="parameterRef",
        target="resourceParameter",
        zh="资源参数",
        clause="10.3.1",
    ),
    Reference(
        code="BPMN-246", on="correlationSubscription", name="correlationKeyRef", target="correlationKey", zh="关联键", clause="8.4.2"
    ),
    Reference(
        code="BPMN-247",
        on="correlationPropertyBinding",
        name="correlationPropertyRef",
        target="correlationProperty",
        zh="关联属性",
        clause="8.4.2",
    ),
    Reference(
        code="BPMN-248",
        on="correlationKey",
        name="correlationPropertyRef",
        target="correlationProperty",
        zh="关联属性",
        clause="8.4.2",
        part=True,
    ),
    Reference(code="BPMN-249", on="correlationPropertyRetrievalExpression", name="messageRef", target="message", zh="消息", clause="8.4.2"),
    Reference(code="BPMN-250", on="messageFlow", name="messageRef", target="message", zh="消息", clause="9.4"),
    Reference(code="BPMN-251", on="group", name="categoryValueRef", target="categoryValue", zh="类别值", clause="8.4.1", house=True),
    Reference(code="BPMN-252", on="process", name="supportedInterfaceRef", target="interface", zh="接口", clause="8.5.1", part=True),
    Reference(code="BPMN-253", on="process", name="definitionalCollaborationRef", target="collaboration", zh="协作", clause="10.2"),
    Reference(code="BPMN-254", on="participant", name="processRef", target="process", zh="流程", clause="9.3", read=True),
    Reference(
        code="BPMN-255",
        on="multiInstanceLoopCharacteristics",
        name="oneBehaviorEventRef",
        target="…EventDefinition",
        zh="事件定义",
        clause="10.3.8",
    ),
    Reference(
        code="BPMN-256",
        on="multiInstanceLoopCharacteristics",
        name="noneBehaviorEventRef",
        target="…EventDefinition",
        zh="事件定义",
        clause="10.3.8",
    ),
)


def _check(row: Reference, element: Element, look: Look) -> Faults:
    named = [(item, text(item)) for item in children(element, row.name)] if row.part else [(element, element.get(row.name) or "")]
    for place, value in named:
        if not value.strip() or look.elsewhere(place, value):
            continue
        found = look.by_id.get(value.strip().rpartition(":")[2])
        if (found is None and not row.read) or (found is not None and not kind(found).endswith(row.target.removeprefix("…"))):
            yield at(place, ref=value.strip())


def _add(row: Reference) -> None:
    target = row.target.removeprefix("…")
    check: Callable[[Element, Look], Faults] = partial(_check, row)
    family.rule(
        row.code,
        row.on,
        row.clause,
        f"{row.name} 指向“{{ref}}”，那不是{row.zh}（{target}）",
        f"{row.name} names “{{ref}}”, which is no {target}",
        f"指向文件里的 {target}",
        f"Name a {target} of the file.",
        house=row.house,
    )(check)


for _row in _REFERENCES:
    _add(_row)
