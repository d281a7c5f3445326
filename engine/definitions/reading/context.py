"""What every reading step needs: the report and the file-wide things that nodes refer to."""

from __future__ import annotations

from dataclasses import dataclass, field

from engine.definitions.model import Message
from engine.definitions.reading.document import Element
from engine.definitions.report import Report


@dataclass(slots=True)
class Context:
    report: Report
    root: Element
    #: every element with an id, first one wins
    elements: dict[str, Element] = field(default_factory=dict)
    messages: dict[str, Message] = field(default_factory=dict)
    #: the variable that a data object, property, data input or output, or store reference is, by its id
    variables: dict[str, str] = field(default_factory=dict)
    #: ids of those that are called by a plain word of their own
    named: set[str] = field(default_factory=set)
    #: names that camunda:initiator gives to the starter
    initiators: frozenset[str] = frozenset()
    #: what other tools wrote and we do not read: names → the first element that has them, and how many do
    _left_out: dict[str, tuple[Element, int]] = field(default_factory=dict)

    def add(self, code: str, element: Element, **facts: object) -> None:
        """A finding about an XML element."""
        self.report.add(code, element.get("id") or _owner(element), element.sourceline, **facts)

    def leave_out(self, names: str, element: Element) -> None:
        """Note something that has no meaning here; said once for the whole file."""
        first, count = self._left_out.get(names, (element, 0))
        self._left_out[names] = (first, count + 1)

    def report_left_out(self) -> None:
        for names, (element, count) in self._left_out.items():
            self.add("BPMN-031", element, names=names, count=count)


def _owner(element: Element) -> str | None:
    """The id of the nearest ancestor that has one."""
    return next((above.get("id") for above in element.iterancestors() if above.get("id")), None)
