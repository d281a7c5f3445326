"""Call activities and data passed in and out."""

from __future__ import annotations

from typing import Any

from engine.definitions.foreign import juel, scripts
from engine.definitions.foreign.reader import Reader, marked
from engine.definitions.foreign.rows import NUMBER
from engine.definitions.model import FEEL, Called, Mapping_
from engine.definitions.reading.document import Element, local, text_of
from engine.definitions.reading.names import CAMUNDA, SPIFF
from engine.definitions.reading.texts import literal


def read_call(reader: Reader) -> dict[str, Any]:
    """Fields of a call activity with BPMN's own ``calledElement``."""
    process = (reader.element.get("calledElement") or "").strip()
    binding = reader.attribute("calledElementBinding", "bindingType")
    inherits = reader.attribute("inheritVariables", "propagateAllParentVariables") == "true"
    inputs, all_in = _passed(reader, "in", "input")
    outputs, all_out = _passed(reader, "out", "output")
    if not process:
        return {"inputs": inputs, "outputs": outputs}
    target = process
    if juel.is_marked(process):
        feel = reader.value(process, reader.element, None)
        target = f"={feel or marked(process)}"
    shares = _shares_data(reader)
    called = Called(
        process=target,
        binding="latest" if binding == "latest" or (binding is None and _calls_latest(reader)) else "start",
        propagate_parent=all_in or inherits or shares,
        propagate_child=all_out or shares,
    )
    return {"called": called, "inputs": inputs, "outputs": outputs}


def _calls_latest(reader: Reader) -> bool:
    """Camunda 7 calls the newest version unless it is told otherwise."""
    return CAMUNDA in reader.context.root.nsmap.values()


def _shares_data(reader: Reader) -> bool:
    """SpiffWorkflow hands all data to a called process that declares no inputs, and takes all back."""
    return reader.context.tools == {SPIFF}


def _passed(reader: Reader, name: str, ours: str) -> tuple[tuple[Mapping_, ...], bool]:
    """``camunda:in`` or ``camunda:out``: mappings, and whether all variables pass."""
    mappings, everything = [], False
    for item in reader.find(name):
        if item.get("businessKey") is not None:
            reader.context.ledger.without_meaning(item, None, NUMBER)
            continue
        reader.take(item, ours)
        if item.get("variables") == "all":
            reader.part(item, "variables", f"all as {ours}")
            everything = True
            continue
        source = reader.part(item, "source", ours)
        if source is None:
            source = reader.value(reader.part(item, "sourceExpression", ours), item, "sourceExpression")
        target = reader.part(item, "target", ours)
        if source and target:
            mappings.append(Mapping_(source=source, target=target))
    return tuple(mappings), everything


def read_parameters(reader: Reader) -> dict[str, Any]:
    """``camunda:inputOutput``: texts, lists, maps and scripts."""
    found: dict[str, list[Mapping_]] = {"inputs": [], "outputs": []}
    for item in reader.elements("inputOutput", "ioMapping"):
        for parameter in item:
            field = {"inputParameter": "inputs", "outputParameter": "outputs"}.get(local(parameter))
            target = parameter.get("name")
            if field is None or not target:
                continue
            ours = field.removesuffix("s")
            reader.take(parameter, ours)
            reader.part(parameter, "name", f"{ours} target")
            source = parameter_value(reader, parameter)
            if source is not None:
                found[field].append(Mapping_(source=source, target=target))
    return {name: tuple(mappings) for name, mappings in found.items() if mappings}


def parameter_value(reader: Reader, parameter: Element) -> FEEL | None:
    """The value of a parameter; what cannot be said in FEEL is reported."""
    parts = [part for part in parameter if isinstance(part.tag, str)]
    if not parts:
        text = text_of(parameter)
        return reader.value(text, parameter, None) if text else "null"
    return _structured(reader, parts[0])


def _structured(reader: Reader, part: Element) -> FEEL | None:
    name = local(part)
    if name == "script":
        return _script(reader, part)
    if name == "list":
        reader.take(part, "list")
        values = [_value(reader, item) for item in part if local(item) in ("value", "script")]
        return None if None in values else f"[{', '.join(str(v) for v in values)}]"
    if name == "map":
        reader.take(part, "context")
        entries = [(reader.part(item, "key", "key") or "", _value(reader, item)) for item in part if local(item) == "entry"]
        if any(value is None for _, value in entries):
            return None
        return "{" + ", ".join(f"{literal(key)}: {value}" for key, value in entries) + "}"
    return None  # the ledger says what it is


def _value(reader: Reader, item: Element) -> FEEL | None:
    if local(item) == "script":
        return _script(reader, item)
    reader.take(item, "value")
    parts = [part for part in item if isinstance(part.tag, str)]
    return _structured(reader, parts[0]) if parts else reader.value(text_of(item), item, None) or '""'


def _script(reader: Reader, part: Element) -> FEEL | None:
    reader.take(part, "FEEL")
    language = reader.part(part, "scriptFormat", "FEEL") or ""
    feel = scripts.one_value(text_of(part), language, reader.context.initiators)
    if feel is None:
        reader.cannot_say(text_of(part), part, None)
    return feel
