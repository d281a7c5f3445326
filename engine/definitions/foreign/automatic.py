"""Service, send, business rule and script tasks of Camunda 7, Flowable and Activiti."""

from __future__ import annotations

from typing import Any

from engine.definitions.foreign import juel, scripts
from engine.definitions.foreign.reader import Reader, foreign_attribute, has_spiff, key_of
from engine.definitions.foreign.rows import JAVA
from engine.definitions.foreign.statements import Script
from engine.definitions.model import FEEL, Label
from engine.definitions.reading.document import local, text_of

_DECISION_FIELDS = ("decisionTableReferenceKey", "decisionServiceReferenceKey")
#: statements named one by one
_MOST = 20
_EXTERNAL = ("external", "external-worker")


def read_automatic(reader: Reader, kind: str) -> dict[str, Any]:
    """Fields; `kind` among them when the task is really another one here (an expression is a script, type dmn a decision)."""
    fields: dict[str, Any] = {"service": reader.attribute("topic", "taskDefinition type")}
    way = foreign_attribute(reader.element, "type")
    if way in _EXTERNAL or (way == "dmn" and kind in ("serviceTask", "businessRuleTask")):
        reader.attribute("type", "taskDefinition" if way in _EXTERNAL else "calledDecision")
    elif way is not None:
        why = Label(zh=f"没有“{way}”类的内置任务，请注册为服务", en=f"there is no built-in “{way}” task; register a service")
        reader.cannot(reader.element, key_of(reader.element, "type"), why)
    fields["decision"] = reader.attribute("decisionRef", "decisionId")
    result = [reader.attribute(name, "resultVariable") for name in ("resultVariable", "resultVariableName")]
    fields["result_variable"] = result[0] or result[1]
    fields |= _fields(reader, is_decision=way == "dmn")
    if fields.get("decision") and kind == "serviceTask":
        fields["kind"] = "businessRuleTask"
    fields |= _expression(reader, kind)
    return fields


def _fields(reader: Reader, *, is_decision: bool) -> dict[str, Any]:
    """``flowable:field`` of a decision task names the decision; those of Java classes are Java's."""
    found: dict[str, Any] = {}
    for item in reader.find("field"):
        text = item.get("stringValue") or "".join(text_of(part) for part in item if local(part) == "string")
        if is_decision and item.get("name") in _DECISION_FIELDS and text:
            reader.take(item, "decisionId")
            reader.part(item, "name", "decisionId")
            reader.part(item, "stringValue", "decisionId")
            for part in item:
                reader.take(part, "decisionId")
            found["decision"] = text.strip()
            continue
        reader.cannot(item, None, JAVA)
        for name in item.attrib:
            reader.cannot(item, name, JAVA)
        for part in item:
            reader.cannot(part, None, JAVA)
    return found


def _expression(reader: Reader, kind: str) -> dict[str, Any]:
    """``camunda:expression`` that FEEL can say is a script."""
    text = reader.attribute("expression", "script expression")
    if text is None or kind not in ("serviceTask", "sendTask", "businessRuleTask"):
        return {}
    feel = reader.feel(text, "expression")
    return {"kind": "scriptTask", "script": feel} if feel else {}


def read_script(reader: Reader, text: str, language: str) -> FEEL | None:
    """FEEL of a script in another language; None where it cannot be said (the caller says BPMN-034)."""
    spoken = language or ("python" if has_spiff(reader.context) else "")
    keeps = foreign_attribute(reader.element, "resultVariable") is not None
    value = scripts.one_value(text, spoken, reader.context.initiators) if keeps or juel.is_marked(text) else None
    feel = value or scripts.assigned(text, spoken, reader.context.initiators)
    if feel is not None:
        reader.context.add("BPMN-032", reader.element, source=f"script ({spoken or '?'})", target=f"FEEL {feel}"[:200])
    else:
        _named(reader, scripts.read(text, spoken, reader.context.initiators))
    return feel


def _named(reader: Reader, script: Script) -> None:
    """Each statement that is beyond, with its line in the script, and the FEEL of those that are not."""
    said = ", ".join(f"{name}: {feel}" for name, feel in script.assigned)
    proposal = Label(zh=f"其余可写成 FEEL：{said}", en=f"The rest in FEEL: {said}") if said else Label()
    for one in script.beyond[:_MOST]:
        reader.context.add("FOREIGN-005", reader.element, at=one.line, text=one.text, proposal=proposal)
