"""XML in, safely, and small helpers over lxml elements."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from lxml import etree

from engine.definitions.reading.names import BPMN, bpmn
from engine.definitions.report import Report

Element = Any  # lxml has no types

MAX_BYTES = 5_000_000


def parse(data: bytes, report: Report) -> Element | None:
    """The root element, or None with the reason in `report`.

    No entity is resolved, no network is touched, a DOCTYPE is refused; libxml2 refuses a nesting deeper than 256.
    """
    if len(data) > MAX_BYTES:
        report.add("BPMN-001", size=len(data), limit=MAX_BYTES)
        return None
    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False, recover=False)
    try:
        root: Element = etree.fromstring(data, parser)
    except etree.XMLSyntaxError as error:
        line: Any = error.lineno or None
        doctype = b"<!DOCTYPE" in data[:4096]
        report.add("BPMN-003" if doctype else "BPMN-002", line=line, reason=error.msg or "?")
        return None
    if root.getroottree().docinfo.doctype:
        report.add("BPMN-003", line=1)
        return None
    if root.tag != bpmn("definitions"):
        report.add("BPMN-004", line=root.sourceline, root=root.tag)
        return None
    return root


def local(element: Element) -> str:
    """The name without namespace; "" for comments and processing instructions."""
    return etree.QName(element).localname if isinstance(element.tag, str) else ""


def namespace(element: Element) -> str:
    return (etree.QName(element).namespace or "") if isinstance(element.tag, str) else ""


def is_bpmn(element: Element) -> bool:
    return namespace(element) == BPMN


def child(element: Element, name: str) -> Element | None:
    """The first BPMN child of that name."""
    return element.find(bpmn(name))


def children(element: Element, name: str) -> list[Element]:
    return list(element.findall(bpmn(name)))


def extensions(element: Element) -> Iterator[Element]:
    """The children of extensionElements."""
    for holder in children(element, "extensionElements"):
        yield from (item for item in holder if isinstance(item.tag, str))


def extension(element: Element, qualified: str) -> Element | None:
    """The first extension element of that qualified name."""
    return next((item for item in extensions(element) if item.tag == qualified), None)


def text_of(element: Element | None) -> str:
    """All text inside, trimmed; "" for None."""
    return "" if element is None else "".join(element.itertext()).strip()


def reference(value: str | None) -> str | None:
    """An id from a QName attribute: a prefix of the target namespace is dropped (no id of ours holds a colon)."""
    if value is None or not value.strip():
        return None
    return value.strip().rpartition(":")[2]
