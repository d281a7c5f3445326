"""Data of BPMN as variables: data objects and properties are declared in their scope, data stores lie outside every instance, and
associations are mappings.

An item is called by its name if that is a plain word, else by its id. An association that only draws an arrow moves nothing: inside
its scope a data object can be read and written by its name anyway.
"""

from __future__ import annotations

import re
from collections import defaultdict
from typing import Any

from engine.definitions.foreign import translate
from engine.definitions.model import Mapping_
from engine.definitions.reading.context import Context
from engine.definitions.reading.document import Element, child, children, local, reference, text_of
from engine.definitions.reading.names import EVENTS, bpmn
from engine.definitions.reading.texts import formula

_WORD = re.compile(r"[A-Za-z_][A-Za-z0-9_]*")
_PATH = re.compile(r"[A-Za-z_][A-Za-z0-9_]*(\.[A-Za-z_][A-Za-z0-9_]*)*")
_NO_WORD = re.compile(r"[^A-Za-z0-9_]")
#: conventions 3.4, and what a scope's own words are
_RESERVED = frozenset({"form", "result", "message", "signal", "error", "escalation", "starter", "number", "area", "now", "today", "codes"})
#: bpmn-js draws an arrow into an activity with such a property as its end
_PLACEHOLDER = "__targetRef_placeholder"
#: what holds the result of an element: its data outputs are members of it
_RESULTS = {"userTask": "form", "manualTask": "form", "receiveTask": "message"}
_RESULTS |= dict.fromkeys(("serviceTask", "sendTask", "scriptTask", "businessRuleTask", "callActivity"), "result")
_LIFTED = ("dataObject", "property")


def index(context: Context) -> None:
    """The variable of every data item of the file, by id: `Context.variables`."""
    for process in context.root.iter(bpmn("process")):
        shared = [item for item in process.iter(bpmn("dataObject"), bpmn("dataStoreReference")) if item.get("id")]
        meant: dict[str | None, set[str]] = defaultdict(set)
        for item in shared:
            meant[_wanted(item, context)].add(reference(item.get("dataStoreRef")) or item.get("id"))
        for item in shared:
            name = _wanted(item, context)
            context.variables[item.get("id")] = name if name is not None and len(meant[name]) == 1 else _word(item.get("id"))
        for item in process.iter(bpmn("property")):
            if item.get("id"):
                context.variables[item.get("id")] = _plain(item.get("name")) or _word(item.get("id"))
        for item in process.iter(bpmn("dataInput"), bpmn("dataOutput")):
            if item.get("id"):
                context.variables[item.get("id")] = _plain(item.get("name")) or _word(item.get("id"))
        for item in process.iter(bpmn("dataObjectReference")):
            behind = reference(item.get("dataObjectRef"))
            if item.get("id") and behind in context.variables:
                context.variables[item.get("id")] = context.variables[behind]


def _wanted(item: Element, context: Context) -> str | None:
    """The plain word an item is called by: its own name, that of a reference to it, or of the store behind it."""
    found = _plain(item.get("name"))
    if found is None and local(item) == "dataObject":
        process = next(above for above in item.iterancestors() if local(above) == "process")
        names = (
            _plain(ref.get("name"))
            for ref in process.iter(bpmn("dataObjectReference"))
            if reference(ref.get("dataObjectRef")) == item.get("id")
        )
        found = next(filter(None, names), None)
    if found is None and local(item) == "dataStoreReference":
        store = context.elements.get(reference(item.get("dataStoreRef")) or "")
        found = _plain(store.get("name")) if store is not None else None
    return found


def _plain(name: str | None) -> str | None:
    name = (name or "").strip()
    return name if _WORD.fullmatch(name) and name not in _RESERVED and name != _PLACEHOLDER else None


def _word(key: str) -> str:
    word = _NO_WORD.sub("_", key)
    return word if _WORD.fullmatch(word) else f"_{word}"


def read_locals(element: Element, context: Context) -> tuple[str, ...]:
    """Variables that exist in an element's own scope from its beginning as null: its properties and data objects."""
    items = [item for name in _LIFTED for item in children(element, name) if item.get("id") and item.get("name") != _PLACEHOLDER]
    used = _ends(element, context)
    return tuple(dict.fromkeys(context.variables[item.get("id")] for item in items if _declares(item, used, context)))


def _declares(item: Element, used: frozenset[str], context: Context) -> bool:
    """A data object without a plain name is only a picture unless an association moves something from or to it."""
    return _wanted(item, context) is not None or context.variables[item.get("id")] in used


def _ends(element: Element, context: Context) -> frozenset[str]:
    found = set()
    for association in element.iter(bpmn("dataInputAssociation"), bpmn("dataOutputAssociation")):
        if _moves(association, context):
            refs = [text_of(item) for item in (*children(association, "sourceRef"), *children(association, "targetRef"))]
            found |= {context.variables.get(reference(ref) or "", "") for ref in refs}
    return frozenset(found)


def read_stores(process: Element, context: Context) -> dict[str, str]:
    """Variable → key of the data store that it is, for the stores a process refers to."""
    found = {}
    for item in process.iter(bpmn("dataStoreReference")):
        store = context.elements.get(reference(item.get("dataStoreRef")) or "")
        if item.get("id"):
            named = store if store is not None else item
            found[context.variables[item.get("id")]] = (named.get("name") or "").strip() or named.get("id")
    return found


def read_associations(element: Element, kind: str, context: Context) -> dict[str, Any]:
    """Data associations of a node as input and output mappings."""
    inputs = [m for a in children(element, "dataInputAssociation") for m in _mappings(a, kind, element, context)]
    outputs = [m for a in children(element, "dataOutputAssociation") for m in _mappings(a, kind, element, context)]
    return {name: tuple(found) for name, found in (("inputs", inputs), ("outputs", outputs)) if found}


def _moves(association: Element, context: Context) -> bool:
    if child(association, "transformation") is not None or child(association, "assignment") is not None:
        return True
    target = context.elements.get(reference(text_of(child(association, "targetRef"))) or "")
    drawn = target is None or target.get("name") == _PLACEHOLDER
    return not drawn and len(children(association, "sourceRef")) == 1


def _mappings(association: Element, kind: str, node: Element, context: Context) -> list[Mapping_]:
    if not _moves(association, context):
        return []
    source, target = text_of(child(association, "sourceRef")), text_of(child(association, "targetRef"))
    for name, ref in (("sourceRef", source), ("targetRef", target)):
        if ref and reference(ref) not in context.variables:
            context.add("BPMN-012", association, attribute=name, ref=ref)
            return []
    transformation = text_of(child(association, "transformation"))
    if transformation:
        return [Mapping_(source=_feel(association, transformation, context), target=context.variables[str(reference(target))])]
    assignments = children(association, "assignment")
    if assignments:
        return [found for item in assignments if (found := _assignment(item, context)) is not None]
    return [Mapping_(source=_source(str(reference(source)), kind, node, context), target=context.variables[str(reference(target))])]


def _assignment(item: Element, context: Context) -> Mapping_ | None:
    """``from`` is FEEL, ``to`` a variable or a (dotted) member of one."""
    source, target = text_of(child(item, "from")), text_of(child(item, "to")).removeprefix("=").strip()
    head, dot, rest = target.partition(".")
    target = context.variables.get(head, head) + dot + rest
    if not _PATH.fullmatch(target):
        context.add("BPMN-033", item, text=target)
        return None
    return Mapping_(source=_feel(item, source, context), target=target)


def _source(ref: str, kind: str, node: Element, context: Context) -> str:
    """What an association reads: a data output is a member of the element's result, or all of an event's payload."""
    name = context.variables[ref]
    if local(context.elements[ref]) != "dataOutput":
        return name
    if kind in EVENTS:
        payload = next((local(item).removesuffix("EventDefinition") for item in node if local(item).endswith("EventDefinition")), "message")
        return f"get or else({payload}.{name}, {payload})"
    return f"{_RESULTS[kind]}.{name}" if kind in _RESULTS else name


def _feel(item: Element, text: str, context: Context) -> str:
    if text.startswith(("${", "#{")):
        feel = translate(text, context.initiators)
        if feel is None:
            context.add("BPMN-033", item, text=text)
        return feel or text
    return formula(text) or "null"
