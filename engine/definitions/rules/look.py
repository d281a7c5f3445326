"""One file as the rules see it: its elements by name and by id, its sequence flows by their ends."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from functools import cached_property

from engine.definitions.reading.names import BPMN, BPMNDI
from engine.definitions.rules.xml import Element, child, children, is_bpmn, is_true, kind, text

_EVENT_DEFINITION = "EventDefinition"


class Look:
    """An index over the tree of one file, made in one pass. Processes that are not executable are known by id, but not looked into."""

    def __init__(self, root: Element) -> None:
        self.root = root
        self.named: dict[str, list[Element]] = defaultdict(list)
        self.by_id: dict[str, Element] = {}
        #: id of a node → the sequence flows that leave it, that lead to it; those with a wrong end are reported by the reader
        self.outgoing: dict[str, list[Element]] = defaultdict(list)
        self.incoming: dict[str, list[Element]] = defaultdict(list)
        #: id of an activity → its boundary events
        self.boundaries: dict[str, list[Element]] = defaultdict(list)
        #: ids that an association leads to
        self.associated: set[str] = set()
        self._target_namespace = root.get("targetNamespace")
        self._index()

    def _index(self) -> None:
        self.named["definitions"].append(self.root)
        for top in self.root:
            left_out = kind(top) == "process" and not is_true(top, "isExecutable")
            for element in top.iter(f"{{{BPMN}}}*", f"{{{BPMNDI}}}*"):
                name = kind(element)
                key = element.get("id")
                if key and is_bpmn(element):
                    self.by_id.setdefault(key, element)
                if not left_out:
                    self.named[name].append(element)
        for flow in self.named["sequenceFlow"]:
            source, target = self.target(flow, "sourceRef"), self.target(flow, "targetRef")
            if source is not None and target is not None and source.getparent() is target.getparent():
                self.outgoing[self.key(flow, "sourceRef")].append(flow)
                self.incoming[self.key(flow, "targetRef")].append(flow)
        for event in self.named["boundaryEvent"]:
            self.boundaries[self.key(event, "attachedToRef")].append(event)
        self.associated.update(self.key(line, "targetRef") for line in self.named["association"])

    @staticmethod
    def key(element: Element, attribute: str) -> str:
        """The id that an attribute names, without a prefix; "" for none."""
        return (element.get(attribute) or "").strip().rpartition(":")[2]

    def target(self, element: Element, attribute: str) -> Element | None:
        """The element that an attribute names."""
        return self.by_id.get(self.key(element, attribute))

    def elsewhere(self, element: Element, value: str) -> bool:
        """Whether a QName belongs to another namespace than this file's: what it names is in another document."""
        prefix, colon, _ = value.partition(":")
        space = element.nsmap.get(prefix)
        return bool(colon) and space is not None and space != self._target_namespace

    @cached_property
    def undoable(self) -> frozenset[str]:
        """Ids of activities with a compensation boundary event."""
        return frozenset(host for host, events in self.boundaries.items() if any("compensate" in self.kinds(event) for event in events))

    def out_of(self, node: Element) -> list[Element]:
        return self.outgoing.get(node.get("id") or "", [])

    def into(self, node: Element) -> list[Element]:
        return self.incoming.get(node.get("id") or "", [])

    def triggers(self, event: Element) -> list[tuple[str, Element]]:
        """Kind and element of each event definition of an event, those it refers to too."""
        found = []
        for item in event:
            if not is_bpmn(item):
                continue
            definition = self.by_id.get(text(item).rpartition(":")[2]) if kind(item) == "eventDefinitionRef" else item
            if definition is not None and kind(definition).endswith(_EVENT_DEFINITION):
                found.append((kind(definition).removesuffix(_EVENT_DEFINITION), definition))
        return found

    def kinds(self, event: Element) -> list[str]:
        return [name for name, _ in self.triggers(event)]

    def parts(self, element: Element, name: str) -> list[tuple[Element, Element | None]]:
        """The children of that name, and the element that each of them names."""
        return [(item, self.by_id.get(text(item).rpartition(":")[2])) for item in children(element, name) if text(item)]

    def inside(self, scope: Element) -> Iterator[Element]:
        """The BPMN elements directly in a process or sub-process."""
        return (item for item in scope if is_bpmn(item))

    def in_event_sub_process(self, event: Element) -> bool:
        """Whether an event stands directly in an event sub-process."""
        return is_true(event.getparent(), "triggeredByEvent")

    def process_of(self, element: Element) -> Element | None:
        """The process around an element, or itself."""
        while element is not None and kind(element) != "process":
            element = element.getparent()
        return element

    def has_condition(self, flow: Element) -> bool:
        """An empty one counts as none."""
        return bool(text(child(flow, "conditionExpression")))
