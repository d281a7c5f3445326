"""SpiffArena: what its modeler writes into extension elements. Its expressions and scripts are Python."""

from __future__ import annotations

from typing import Any

from engine.definitions.foreign import python_text
from engine.definitions.foreign.forms import form_id
from engine.definitions.foreign.reader import Reader
from engine.definitions.model import Label, Mapping_
from engine.definitions.reading.document import Element, local, reference, text_of
from engine.definitions.reading.names import CATCHING, THROWING

_FORM_PROPERTY = "formJsonSchemaFilename"


def read_spiff(reader: Reader, kind: str) -> dict[str, Any]:
    """Fields of a node."""
    fields: dict[str, Any] = {}
    if kind in ("userTask", "manualTask", "startEvent"):
        fields["form"] = _form(reader)
    if kind == "serviceTask":
        fields |= _operator(reader)
    if kind == "businessRuleTask":
        for item in reader.elements("calledDecisionId", "decisionId"):
            fields["decision"] = text_of(item) or None
    fields["documentation"] = _instructions(reader)
    fields["inputs"] = (*_before(reader), *fields.get("inputs", ()))
    for holder in (reader, *_messages(reader)):
        if kind in ("sendTask", *THROWING):
            fields["inputs"] += tuple(_payload(holder))
        if kind in ("receiveTask", *CATCHING):
            names = [text_of(item) for item in holder.elements("messageVariable", "output of message")]
            fields["outputs"] = tuple(Mapping_(source="message", target=name) for name in names if name) or fields.get("outputs", ())
    return fields


def _messages(reader: Reader) -> list[Reader]:
    """The messages that a task or its events refer to: payload and variable are written there as well."""
    refs = [item.get("messageRef") for item in (reader.element, *reader.element) if isinstance(item.tag, str)]
    found = [reader.context.elements.get(reference(ref) or "") for ref in refs if ref]
    return [Reader(message, reader.context) for message in found if message is not None]


def _form(reader: Reader) -> str | None:
    found = None
    for item in reader.find("properties"):
        for entry in item:
            if local(entry) == "property" and entry.get("name") == _FORM_PROPERTY and entry.get("value"):
                for part in (item, entry):
                    reader.take(part, "formId")
                reader.part(entry, "name", "formId")
                found = form_id(reader.part(entry, "value", "formId") or "", reader.element)
    return found


def _operator(reader: Reader) -> dict[str, Any]:
    """A connector's operator is a service of that name; its parameters are inputs, its result is a variable."""
    for item in reader.elements("serviceTaskOperator", "taskDefinition"):
        name = reader.part(item, "id", "taskDefinition type")
        result = reader.part(item, "resultVariable", "output")
        inputs = tuple(mapping for holder in item if local(holder) == "parameters" for mapping in _parameters(reader, holder))
        outputs = (Mapping_(source="result", target=result),) if result else ()
        return {"service": name, "inputs": inputs, "outputs": outputs}
    return {}


def _parameters(reader: Reader, holder: Element) -> list[Mapping_]:
    reader.take(holder, "input")
    found = []
    for parameter in holder:
        if local(parameter) != "parameter" or not parameter.get("id"):
            continue
        reader.take(parameter, "input")
        target = reader.part(parameter, "id", "input target") or ""
        text = reader.part(parameter, "value", "input source")
        source = reader.translated(text, parameter, "value", python_text.to_feel) if text else "null"
        if source is not None:
            found.append(Mapping_(source=source, target=target))
    return found


def _instructions(reader: Reader) -> Label | None:
    """Instructions are what the step's documentation is here; fields in ``{{ }}`` stay as they are written."""
    if reader.element.find("{*}documentation") is not None:
        return None
    text = "\n".join(text_of(item) for item in reader.elements("instructionsForEndUser", "documentation"))
    return Label(zh=text) if text else None


def _before(reader: Reader) -> list[Mapping_]:
    """A script before a step that only assigns: its variables are inputs, local to the step."""
    found = []
    for item in reader.elements("preScript", "input"):
        text = text_of(item)
        assigned = python_text.assignments(text) if text else []
        if assigned is None:
            reader.cannot_say(text, item, None)
            continue
        found += [Mapping_(source=feel, target=name) for name, feel in assigned]
    return found


def _payload(reader: Reader) -> list[Mapping_]:
    """The payload of a message that is sent: a dictionary gives its variables."""
    found = []
    for item in reader.elements("messagePayload", "input"):
        text = text_of(item)
        entries = python_text.entries(text) if text else []
        if entries is None:
            reader.cannot_say(text, item, None)
            continue
        found += [Mapping_(source=feel, target=name) for name, feel in entries]
    return found
