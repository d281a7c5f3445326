"""The few questions that rules put to an XML element. Kept apart from the reader's: rules give the reader its words."""

from __future__ import annotations

from typing import Any

from engine.definitions.reading.names import BPMN, bpmn

Element = Any  # lxml has no types

_PREFIX = f"{{{BPMN}}}"


def kind(element: Element) -> str:
    """The local name; "" for what is no element."""
    tag = element.tag
    return tag.rpartition("}")[2] if isinstance(tag, str) else ""


def is_bpmn(element: Element) -> bool:
    return isinstance(element.tag, str) and element.tag.startswith(_PREFIX)


def child(element: Element, name: str) -> Element | None:
    return element.find(bpmn(name))


def children(element: Element, name: str) -> list[Element]:
    return list(element.findall(bpmn(name)))


def text(element: Element | None) -> str:
    """All text inside, trimmed; "" for None."""
    return "" if element is None else "".join(element.itertext()).strip()


def is_true(element: Element, attribute: str, default: bool = False) -> bool:
    """An xsd:boolean attribute; one that is no boolean is reported by the reader and counts as the default."""
    return {"true": True, "1": True, "false": False, "0": False}.get((element.get(attribute) or "").strip(), default)


def integer(value: str | None) -> int | None:
    """An xsd:integer, or None."""
    try:
        return None if value is None else int(value.strip())
    except ValueError:
        return None


def name_of(element: Element) -> str:
    """How a message calls an element: its kind and id."""
    return f"{kind(element)} “{element.get('id') or '?'}”"
