"""Data of BPMN as variables: data objects and properties are declared in their scope, data stores lie outside every instance, and
associations are mappings.

An item is called by its name if that is a plain word, else by its id. An association that only draws an arrow moves nothing: inside
its scope a data object can be read and written by its name anyway.
"""

from __future__ import annotations

import re
from collections import defaultdict
from typing import Any

from engine.definitions.foreign.juel import to_feel as translate
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
_ITEMS = (*_LIFTED, "dataStoreReference", "dataInput", "dataOutput")
_ENDS = ("sourceRef", "targetRef")


def index(context: Context) -> None:
    """The variable of every data item of the file, by id: `Context.variables`."""
    for process in context.root.iter(bpmn("process")):
        called = _called(process, context)
        meant: dict[str, set[str]] = defaultdict(set)
        for item in process.iter(bpmn("dataObject"), bpmn("dataStoreReference")):
            if (key := item.get("id")) in called:
                meant[called[key]].add(reference(item.get("dataStoreRef")) or key)
        for item in process.iter(*(bpmn(name) for name in _ITEMS)):
            key, name = item.get("id"), called.get(item.get("id"))
            if key:
                clear = name is not None and len(meant[name]) < 2
                context.variables[key] = name if name is not None and clear else _word(key)
                if name is not None:
                    context.named.add(key)
        for item in process.iter(bpmn("dataObjectReference")):
            behind = reference(item.get("dataObjectRef"))
            if item.get("id") and behind in context.variables:
                context.variables[item.get("id")] = context.variables[behind]


def _called(process: Element, context: Context) -> dict[str, str]:
    """The plain word each item of a process is called by: its own name, that of a reference to it, or of the store behind it."""
    found = {}
    for item in process.iter(*(bpmn(name) for name in _ITEMS)):
        name = _plain(item.get("name"))
        if name is None and local(item) == "dataStoreReference":
            store = context.elements.get(reference(item.get("dataStoreRef")) or "")
            name = _plain(store.get("name")) if store is not None else None
        if name is not None and item.get("id"):
            found[item.get("id")] = name
    for item in process.iter(bpmn("dataObjectReference")):
        behind, name = reference(item.get("dataObjectRef")), _plain(item.get("name"))
        if behind is not None and name is not None:
            found.setdefault(behind, name)
    return found


def _plain(name: str | None) -> str | None:
    name = (name or "").strip()
    return name if _WORD.fullmatch(name) and name not in _RESERVED and name != _PLACEHOLDER else None


def _word(key: str) -> str:
    word = _NO_WORD.sub("_", key)
    return word if _WORD.fullmatch(word) else f"_{word}"


def read_locals(element: Element, context: Context) -> tuple[str, ...]:
    """Variables that exist in an element's own scope from its beginning as null: its properties and data objects.

    A data object without a plain name is only a picture unless an association moves something from or to it.
    """
    items = [item for name in _LIFTED for item in children(element, name) if item.get("id") and item.get("name") != _PLACEHOLDER]
    if not items:
        return ()
    used = _ends(element, context)
    names = [context.variables[item.get("id")] for item in items if item.get("id") in context.named or item.get("id") in used]
    return tuple(dict.fromkeys(names))


def _ends(element: Element, context: Context) -> frozenset[str]:
    found = set()
    for association in element.iter(bpmn("dataInputAssociation"), bpmn("dataOutputAssociation")):
        if _moves(association, context):
            ends = [context.elements.get(reference(text_of(item)) or "") for name in _ENDS for item in children(association, name)]
            found |= {reference(end.get("dataObjectRef")) or end.get("id") for end in ends if end is not None}
            found |= {text_of(item).partition(".")[0] for item in association.iter(bpmn("to"))}
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
