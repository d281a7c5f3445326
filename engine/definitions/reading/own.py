"""The cogov extension elements: which there are, where they may stand, and what they say.

`engine/schemas/cogov.moddle.json` describes the same elements to the designer; a test holds the two together.
"""

from __future__ import annotations

from dataclasses import dataclass

from engine.definitions.model import Action, Data, Deadline, Record
from engine.definitions.reading.context import Context
from engine.definitions.reading.document import Element, extensions, local, namespace
from engine.definitions.reading.names import ACTIVITIES, CATCHING, COGOV, FLOW_NODES, cogov
from engine.definitions.reading.texts import expression
from engine.message_ttl import ttl_of
from engine.values import ValueRefused


@dataclass(frozen=True, slots=True, kw_only=True)
class Shape:
    """Attributes of a cogov element, and the BPMN elements that may hold it (None = any). `of_process`: only where a process holds it."""

    required: tuple[str, ...] = ()
    optional: tuple[str, ...] = ()
    of_process: tuple[str, ...] = ()
    holders: frozenset[str] | None = None


SHAPES = {
    "text": Shape(required=("lang",), optional=("name",)),
    "role": Shape(optional=("code", "of", "from"), holders=frozenset({"lane", "startEvent"})),
    "deadline": Shape(required=("id", "limit"), optional=("ladder",), holders=ACTIVITIES | {"intermediateCatchEvent"}),
    "exclude": Shape(required=("who",), holders=frozenset({"userTask", "manualTask"})),
    "record": Shape(required=("register",), optional=("state", "on", "key", "values", "number"), holders=FLOW_NODES),
    "data": Shape(required=("name",), optional=("form", "access", "of", "about"), holders=frozenset({"process"})),
    "access": Shape(required=("class",), optional=("of",), of_process=("from",), holders=FLOW_NODES | {"process"}),
    "message": Shape(required=("ttl",), holders=frozenset({"sendTask", "intermediateThrowEvent", "endEvent"})),
    "action": Shape(optional=("role", "form", "public"), holders=CATCHING | {"receiveTask"}),
}

#: on a start event: one more role that may start by hand
_STARTER = Shape(required=("code",))


def check_own(element: Element, context: Context) -> None:
    """Findings for unknown, misplaced or incomplete cogov elements of one BPMN element."""
    for item in extensions(element):
        if namespace(item) != COGOV:
            continue
        name = local(item)
        shape = SHAPES.get(name)
        if shape is None:
            context.add("BPMN-035", item, name=name, known=", ".join(sorted(SHAPES)))
            continue
        expected = _STARTER if name == "role" and local(element) == "startEvent" else shape
        _check_attributes(item, name, expected, shape.of_process if local(element) == "process" else (), context)
        if shape.holders is not None and local(element) not in shape.holders:
            context.add("BPMN-039", item, name=name, kind=local(element), known=", ".join(sorted(shape.holders)))


def _check_attributes(item: Element, name: str, shape: Shape, more: tuple[str, ...], context: Context) -> None:
    for attribute in shape.required:
        if not (item.get(attribute) or "").strip():
            context.add("BPMN-036", item, name=name, attribute=attribute)
    known = (*shape.required, *shape.optional, *more)
    for attribute in item.attrib:
        if attribute not in known:
            context.add("BPMN-038", item, name=name, attribute=attribute, known=", ".join(known))
    if name == "role" and not shape.required and not item.get("code") and not item.get("from"):
        context.add("BPMN-036", item, name=name, attribute="code")


def _find(element: Element, name: str) -> Element | None:
    return next((item for item in extensions(element) if item.tag == cogov(name)), None)


def read_deadline(element: Element) -> Deadline | None:
    item = _find(element, "deadline")
    if item is None or not item.get("id") or not item.get("limit"):
        return None
    return Deadline(id=item.get("id"), limit=item.get("limit").strip(), ladder=item.get("ladder"))


def read_records(element: Element) -> tuple[Record, ...]:
    return tuple(
        Record(
            register=item.get("register"),
            state=item.get("state"),
            on=item.get("on", "start"),
            key=expression(item.get("key")),
            values=expression(item.get("values")),
            number=expression(item.get("number")),
        )
        for item in extensions(element)
        if item.tag == cogov("record") and item.get("register")
    )


def read_action(element: Element) -> Action | None:
    item = _find(element, "action")
    if item is None:
        return None
    return Action(role=expression(item.get("role")), form=item.get("form"), public=item.get("public") == "true")


def read_message_ttl(element: Element, context: Context) -> str | None:
    """How long the message thrown here is kept; a text that is no such duration is a finding."""
    item = _find(element, "message")
    text = (item.get("ttl") or "").strip() if item is not None else ""
    if item is None or not text:
        return None
    try:
        ttl_of(text)
    except ValueRefused:
        context.add("BPMN-079", item, text=text)
        return None
    return text


def read_exclude(element: Element) -> str | None:
    item = _find(element, "exclude")
    return None if item is None else expression(item.get("who"))


def read_access(element: Element) -> tuple[str | None, str | None]:
    """Class and FEEL of ``of``."""
    item = _find(element, "access")
    return (None, None) if item is None else (item.get("class"), expression(item.get("of")))


def read_access_from(element: Element) -> str | None:
    """FEEL that gives the class of one instance of a process."""
    item = _find(element, "access")
    return None if item is None else expression(item.get("from"))


def read_role(element: Element) -> tuple[str | None, str | None, str | None]:
    """Code, FEEL of ``of``, FEEL of ``from``."""
    item = _find(element, "role")
    if item is None:
        return None, None, None
    return item.get("code"), expression(item.get("of")), expression(item.get("from"))


def read_starters(element: Element) -> tuple[str, ...]:
    """Codes of the roles that a start event names beside its lane's."""
    return tuple(item.get("code") for item in extensions(element) if item.tag == cogov("role") and item.get("code"))


def read_data(element: Element) -> dict[str, Data]:
    return {
        item.get("name"): Data(
            name=item.get("name"),
            form=item.get("form"),
            access=item.get("access"),
            of=expression(item.get("of")),
            about=expression(item.get("about")),
            line=item.sourceline,
        )
        for item in extensions(element)
        if item.tag == cogov("data") and item.get("name")
    }
