"""A row of a register in memory, and one move of it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from typing import Any

from governance.registers.access import Subject


@dataclass(slots=True, kw_only=True)
class Row:
    """Mutable while a command works on it; the store writes it once at the end."""

    id: str
    register: str
    instance: str
    process: str
    title: str
    state: str
    access: str
    opened: datetime
    moved: datetime
    key: str = ""
    generation: int = 1
    number: str | None = None
    area: str | None = None
    unit: str | None = None
    owner: str | None = None
    starter: str | None = None
    stage: str | None = None
    due: datetime | None = None
    closed: datetime | None = None
    score: Decimal | None = None
    columns: dict[str, Any] = field(default_factory=dict)
    flags: list[str] = field(default_factory=list)
    version: int = 0
    moves: int = 0
    #: ref → unit | person
    parties: dict[str, str] = field(default_factory=dict)
    links: frozenset[str] = frozenset()
    #: parties and links as the database has them
    stored_parties: dict[str, str] = field(default_factory=dict)
    stored_links: frozenset[str] = frozenset()

    @property
    def subject(self) -> Subject:
        return Subject(owner=self.owner, area=self.area, starter=self.starter, parties=self.parties)


@dataclass(frozen=True, slots=True, kw_only=True)
class Move:
    """One line of a row's history."""

    id: str
    row: str
    seq: int
    at: datetime
    person: str | None
    person_name: str
    mandate_zh: str
    mandate_en: str
    element: str | None
    before: str | None
    after: str
    changed: Sequence[str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Filters:
    """What a list or board is narrowed to. Empty means everything the viewer may see."""

    area: str | None = None
    unit: str | None = None
    state: str | None = None
    stage: str | None = None
    flag: str | None = None
    #: True: only open rows, False: only closed ones
    open: bool | None = None
    #: overdue | 7 | 30 | 60 : due before now, or within that many days
    due: str | None = None
    opened_from: datetime | None = None
    opened_to: datetime | None = None
    #: number, title or unit contains this
    text: str | None = None
    #: rows that point at this number or instance, or belong to this instance
    related: str | None = None

    @classmethod
    def of(cls, values: Mapping[str, Any]) -> Filters:
        """From query parameters; unknown names are ignored, empty ones mean no filter."""
        known = {name: values[name] for name in cls.__dataclass_fields__ if values.get(name) not in (None, "")}
        if isinstance(known.get("open"), str):
            known["open"] = known["open"] in ("1", "true", "yes")
        return cls(**known)
