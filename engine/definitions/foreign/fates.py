"""What becomes of what another tool wrote."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum

from engine.definitions.model import Label


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
