"""All that foreign attributes and elements say about one node, flow, timer or loop."""

from __future__ import annotations

import re
from typing import Any

from engine.definitions.foreign import juel, python_text
from engine.definitions.foreign.automatic import read_automatic
from engine.definitions.foreign.calls import read_call, read_parameters
from engine.definitions.foreign.events import read_event
from engine.definitions.foreign.forms import read_form
from engine.definitions.foreign.jbpm import is_jbpm, java_condition, loop_data, read_jbpm
from engine.definitions.foreign.people import read_work
from engine.definitions.foreign.reader import Reader, has_spiff, is_one_expression, marked, translate
from engine.definitions.foreign.spiff import read_spiff
from engine.definitions.model import FEEL, Label
from engine.definitions.reading.context import Context
from engine.definitions.reading.document import Element, local, text_of
from engine.definitions.reading.names import EVENTS
from engine.definitions.reading.texts import formula

_ISO = re.compile(r"-?P[\dT].*|R\d*/.*|\d{4}-\d\d-\d\d.*|\d+W[DH]")
_LISTS = ("inputs", "outputs")


def read_node(element: Element, kind: str, context: Context) -> dict[str, Any]:
    """Fields of `model.Node` that foreign attributes of a node of that kind give; `kind` if it is another one here."""
    reader = Reader(element, context)
    fields: dict[str, Any] = {}
    if kind in ("userTask", "manualTask"):
        _merge(fields, read_work(reader))
    elif kind in ("serviceTask", "sendTask", "businessRuleTask", "scriptTask"):
        _merge(fields, read_automatic(reader, kind))
    elif kind == "callActivity":
        _merge(fields, read_call(reader))
    elif kind == "startEvent":
        reader.attribute("initiator", "starter")
        _merge(fields, read_form(reader))
    if kind in EVENTS:
        _merge(fields, {"outputs": read_event(reader)})
    _merge(fields, read_parameters(reader))
    _merge(fields, read_jbpm(reader, kind))
    _merge(fields, read_spiff(reader, kind))
    fields |= _english(reader, fields)
    return {name: value for name, value in fields.items() if value}


def _merge(fields: dict[str, Any], more: dict[str, Any]) -> None:
    for name, value in more.items():
        if name in _LISTS:
            fields[name] = (*fields.get(name, ()), *value)
        elif value:
            fields[name] = value


def _english(reader: Reader, fields: dict[str, Any]) -> dict[str, Any]:
    """``flowable:localization locale="en"``: name and documentation in English; the element's own are Chinese, or whatever it says."""
    for item in reader.find("localization"):
        if not (item.get("locale") or "").startswith("en"):
            continue
        reader.take(item, "cogov:text")
        reader.part(item, "locale", "lang")
        documentation = next((reader.take(part, "cogov:text") for part in item if local(part) == "documentation"), None)
        said = fields.get("documentation", Label())
        return {
            "name": Label(en=reader.part(item, "name", "name") or ""),
            "documentation": Label(zh=said.zh, en=text_of(documentation)),
        }
    return {}


def read_condition(element: Element, text: str, context: Context) -> FEEL | None:
    """The condition of a flow or event: FEEL, ``${…}``, Java of jBPM, or the Python of SpiffWorkflow's modeler."""
    if not _looks_foreign(text, context):
        return formula(text)
    if juel.is_marked(text):
        feel = juel.to_feel(text, context.initiators) if is_one_expression(text) else None
    elif is_jbpm(context):
        feel = juel.to_feel(java_condition(text), context.initiators)
    elif has_spiff(context):
        feel = python_text.to_feel(text)
    else:
        feel = juel.to_feel(text, context.initiators) or python_text.to_feel(text)
    if feel is None:
        context.add("BPMN-033", element, text=text)
        return marked(text)
    context.add("BPMN-032", element, source=text[:200], target=f"={feel}"[:200])
    return feel


def _looks_foreign(text: str, context: Context) -> bool:
    if text.startswith("="):
        return False
    return juel.is_marked(text) or is_jbpm(context) or has_spiff(context) or re.search(r"==|&&|\|\|", text) is not None


def read_timer(element: Element, text: str, context: Context) -> str:
    """A timer's text: ISO as it is; an expression of the file's tool as FEEL with its ``=``."""
    if text.startswith("=") or _ISO.fullmatch(text) or not (juel.is_marked(text) or has_spiff(context) or is_jbpm(context)):
        return text
    feel = translate(text, context)
    if feel is None:
        context.add("BPMN-033", element, text=text)
        return f"={marked(text)}"
    constant = feel.strip('"')
    return constant if _ISO.fullmatch(constant) else f"={feel}"


def read_loop(node: Element, item: Element, context: Context) -> dict[str, Any]:
    """Fields of `model.Loop` from foreign attributes of the marker, and jBPM's data behind BPMN's own references."""
    reader = Reader(item, context)
    text = reader.attribute("collection", "inputCollection")
    collection = text
    if text is not None and juel.is_marked(text):
        collection = reader.feel(text, "collection") or marked(text)
    fields: dict[str, Any] = {
        "collection": collection or loop_data(node, "loopDataInputRef", context),
        "element": reader.attribute("elementVariable", "inputElement"),
        "output_collection": loop_data(node, "loopDataOutputRef", context),
    }
    for aggregation in reader.elements("variableAggregation", "outputCollection"):
        fields["output_collection"] = reader.part(aggregation, "target", "outputCollection")
        fields["output_element"] = _aggregated(reader, aggregation)
    return {name: value for name, value in fields.items() if value}


def _aggregated(reader: Reader, aggregation: Element) -> FEEL | None:
    """One context for each instance with the variables named."""
    entries = []
    for item in aggregation:
        if local(item) != "variable":
            continue
        reader.take(item, "outputElement")
        source = reader.part(item, "source", "outputElement") or reader.value(
            reader.part(item, "sourceExpression", "outputElement"), item, "sourceExpression"
        )
        target = reader.part(item, "target", "outputElement") or source
        if source and target:
            entries.append(f"{target}: {source}")
    return "{" + ", ".join(entries) + "}" if entries else None


def read_expression(item: Element, text: str, context: Context) -> FEEL | None:
    """``loopCardinality`` and ``completionCondition``."""
    foreign = juel.is_marked(text) or (not text.startswith("=") and (is_jbpm(context) or has_spiff(context)))
    if not text or not foreign:
        return formula(text)
    feel = translate(java_condition(text) if is_jbpm(context) else text, context)
    if feel is None:
        context.add("BPMN-033", item, text=text)
    return feel or marked(text)
