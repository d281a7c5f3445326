"""What is drawn beside the flow: text annotations, data objects and stores, and the associations that lead to them."""

from __future__ import annotations

from engine.definitions.layout.scope import Link
from engine.definitions.layout.sizes import ANNOTATION, DATA
from engine.definitions.model import Label, Node, Process
from engine.definitions.reading.document import Element, child, reference, text_of
from engine.definitions.reading.names import bpmn


class Artifacts:
    """The artifacts of one process as nodes to be placed, and the links (with their scope) that join nodes and artifacts.

    `beside` tells for each linked artifact the node it belongs to: it is drawn in that node's scope and lane.
    """

    def __init__(self, root: Element, process: Process) -> None:
        self._process = process
        self._elements = {e.get("id"): e for e in root.iter(bpmn(ANNOTATION), *map(bpmn, DATA)) if e.get("id")}
        self.beside: dict[str, str] = {}
        self.links: list[tuple[str, Link]] = []
        for element in root.iter(bpmn("association")):
            self._link(element, reference(element.get("sourceRef")), reference(element.get("targetRef")))
        for element in root.iter(bpmn("dataInputAssociation")):
            self._link(element, reference(text_of(child(element, "sourceRef"))), element.getparent().get("id"))
        for element in root.iter(bpmn("dataOutputAssociation")):
            self._link(element, element.getparent().get("id"), reference(text_of(child(element, "targetRef"))))
        self.nodes = [self._node(key, element) for key, element in self._elements.items() if self._is_ours(key, element)]

    def _link(self, element: Element, source: str | None, target: str | None) -> None:
        """An association to a compensation handler, or between a node and an artifact."""
        if not element.get("id") or source is None or target is None:
            return
        nodes = [self._process.nodes[end] for end in (source, target) if end in self._process.nodes]
        artifacts = [end for end in (source, target) if end in self._elements]
        if len(nodes) == 2 and nodes[0].compensation_handler == target:
            self.links.append((nodes[0].parent, Link(element.get("id"), source, target)))
        elif len(nodes) == 1 and len(artifacts) == 1:
            scope = nodes[0].parent
            first = self._process.nodes.get(self.beside.setdefault(artifacts[0], nodes[0].id))
            if first is not None and first.parent == scope:  # one artifact is drawn once: other scopes get no line to it
                self.links.append((scope, Link(element.get("id"), source, target)))

    def _is_ours(self, key: str, element: Element) -> bool:
        owner = element.getparent().get("id")
        return key in self.beside or owner == self._process.id or owner in self._process.nodes

    def _node(self, key: str, element: Element) -> Node:
        node = self._process.nodes.get(self.beside.get(key, ""))
        text = text_of(child(element, "text")) or element.get("name") or ""
        kind = ANNOTATION if element.tag == bpmn(ANNOTATION) else element.tag.rpartition("}")[2]
        return Node(
            id=key,
            kind=kind,
            name=Label(zh=text.strip()),
            documentation=Label(),
            line=element.sourceline,
            parent=node.parent if node is not None else element.getparent().get("id"),
        )
