"""What becomes of what another tool wrote."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum

from engine.definitions.model import Label

#: errors that mean a part of a model cannot run, not that the file is wrong: a file of another tool is stored with them and shown,
#: but its processes are not started
CANNOT_RUN_CODES = frozenset(
    {
        "BPMN-030", "BPMN-033", "BPMN-034", "BPMN-061", "BPMN-062", "BPMN-063", "BPMN-068", "BPMN-069", "BPMN-071", "FEEL-001", "FEEL-004",
        "FEEL-005", "FOREIGN-001", "FOREIGN-004",
    }
)  # fmt: skip


class Fate(StrEnum):
    MAPPED = "mapped"
    NO_MEANING = "no meaning"
    CANNOT_RUN = "cannot run"


@dataclass(frozen=True, slots=True, kw_only=True)
class Item:
    """One foreign attribute or element and what became of it.

    `place` is ``@assignee`` for an attribute of a BPMN element, ``inputOutput/inputParameter@name`` for one of an extension
    element. `holder` is the BPMN element's local name, `ours` what it was read as.
    """

    tool: str
    place: str
    holder: str
    element: str | None
    line: int
    fate: Fate
    ours: str = ""
    why: Label = field(default_factory=Label)

    @property
    def name(self) -> str:
        """As a report writes it: ``camunda:assignee``, ``camunda:in@source``."""
        return f"{self.tool}:{self.place.removeprefix('@')}"
