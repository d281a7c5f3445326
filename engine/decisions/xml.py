"""DMN in XML: read safely, and small helpers that look at local names, since DMN has five namespaces."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from lxml import etree

from engine.decisions.codes import Report
from engine.definitions.model import Label

Element = Any  # lxml has no types

MAX_BYTES = 5_000_000
_NAMESPACES = ("http://www.omg.org/spec/DMN/", "https://www.omg.org/spec/DMN/")
_COGOV_TEXT = "{urn:cogov:bpmn:1}text"


def parse(data: bytes, report: Report) -> Element | None:
    """The root, or None with the reason in `report`. No entity is resolved, no network is touched, a DOCTYPE is refused."""
    if len(data) > MAX_BYTES:
        report.add("DMN-010", size=len(data), limit=MAX_BYTES)
        return None
    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False, recover=False)
    try:
        root: Element = etree.fromstring(data, parser)
    except etree.XMLSyntaxError as error:
        report.add("DMN-012" if b"<!DOCTYPE" in data[:4096] else "DMN-011", reason=error.msg or "?")
        return None
    if root.getroottree().docinfo.doctype:
        report.add("DMN-012", root)
        return None
    name = etree.QName(root)
    if name.localname != "definitions" or not (name.namespace or "").startswith(_NAMESPACES):
        report.add("DMN-013", root, root=root.tag)
        return None
    return root


def local(element: Element) -> str:
    """The name without namespace; "" for comments and processing instructions."""
    return etree.QName(element).localname if isinstance(element.tag, str) else ""


def children(element: Element, *names: str) -> Iterator[Element]:
    """Child elements with one of these local names."""
    return (child for child in element if local(child) in names)


def child(element: Element | None, *names: str) -> Element | None:
    return None if element is None else next(children(element, *names), None)


def text_of(element: Element | None) -> str:
    """The text of the `text` child, or of the element itself."""
    if element is None:
        return ""
    inner = child(element, "text")
    return "".join((element if inner is None else inner).itertext()).strip()


def label_of(element: Element) -> Label:
    """Chinese from `name` (or `label`), English from the `cogov:text` extension."""
    english = ""
    for holder in children(element, "extensionElements"):
        for item in holder:
            if item.tag == _COGOV_TEXT and item.get("lang") == "en":
                english = (item.get("name") or "").strip()
    return Label(zh=(element.get("label") or element.get("name") or "").strip(), en=english)


def name_of(element: Element) -> str:
    """The `name`, with single spaces."""
    return " ".join((element.get("name") or "").split())


def owner_name(box: Element) -> str:
    """The id or name of the decision or knowledge model a box stands in."""
    while box is not None:
        if local(box) in ("decision", "businessKnowledgeModel"):
            return str(box.get("id") or box.get("name") or "")
        box = box.getparent()
    return ""


def variable_name(element: Element) -> str:
    """The name by which expressions know the element: that of its variable, else its own."""
    variable = child(element, "variable")
    name = (variable.get("name") if variable is not None else None) or element.get("name") or element.get("id") or ""
    return " ".join(name.split())


def references(element: Element, *names: str) -> list[tuple[Element, str]]:
    """(element, id) of every `href` on children of these names, also one level down."""
    found: list[tuple[Element, str]] = []
    for item in element.iter():
        if local(item) in names and item.get("href"):
            found.append((item, item.get("href")))
    return found
