"""What every reading step needs: the report and the file-wide things that nodes refer to."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from engine.definitions.foreign.ledger import Ledger
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
    #: what became of each attribute and element that is not BPMN's own
    ledger: Ledger = field(default_factory=Ledger)
    #: forms made from the fields another tool writes into the model, by form id
    forms: dict[str, dict[str, Any]] = field(default_factory=dict)
    #: namespaces of other tools that the file uses
    tools: frozenset[str] = frozenset()
    #: nodes whose data inputs and outputs were read
    described: set[Element] = field(default_factory=set)

    def add(self, code: str, element: Element, **facts: object) -> None:
        """A finding about an XML element."""
        self.report.add(code, element.get("id") or _owner(element), element.sourceline, **facts)


def _owner(element: Element) -> str | None:
    """The id of the nearest ancestor that has one."""
    return next((above.get("id") for above in element.iterancestors() if above.get("id")), None)
