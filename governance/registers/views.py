"""What pages, exports and the API get of registers: frozen data, texts in both languages."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from typing import Any

from engine.definitions.model import Label
from governance.desk.views import Entry, Fact, Step


@dataclass(frozen=True, slots=True, kw_only=True)
class ColumnHead:
    key: str
    kind: str
    name: Label


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """One row as far as the viewer may see it: a card of a board, a line of a table."""

    id: str
    instance: str
    number: str | None
    title: str
    state: Label
    state_key: str
    #: now | ok | warn | bad | plain
    tone: str
    stage: str | None
    #: name of the unit, else its id
    unit: str | None
    area: str | None
    opened: datetime
    due: datetime | None
    closed: datetime | None
    score: Decimal | None
    #: whole days in this state
    days: int
    late: bool
    flags: Sequence[Label]
    #: column key → value with names and labels in the place of ids and codes; hidden columns are missing
    columns: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class StageColumn:
    key: str
    name: Label
    count: int
    cards: Sequence[Line]


@dataclass(frozen=True, slots=True, kw_only=True)
class Board:
    register: str
    name: Label
    total: int
    #: listed columns, for the cards
    columns: Sequence[ColumnHead]
    stages: Sequence[StageColumn]


@dataclass(frozen=True, slots=True, kw_only=True)
class Table:
    register: str
    name: Label
    total: int
    columns: Sequence[ColumnHead]
    rows: Sequence[Line]
    next: str | None
    #: state key → name, for the filter
    states: Sequence[tuple[str, Label]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Panel:
    """A part of a record page. Which fields are filled depends on `kind`: facts, columns, parties (facts), related (register,
    columns, rows), timeline (entries), documents, signing, publicity, scores (items)."""

    kind: str
    name: Label
    facts: Sequence[Fact] = ()
    entries: Sequence[Entry] = ()
    register: str | None = None
    columns: Sequence[ColumnHead] = ()
    rows: Sequence[Line] = ()
    items: Sequence[Mapping[str, Any]] = ()

    @property
    def documents(self) -> Sequence[Mapping[str, Any]]:
        return self.items


@dataclass(frozen=True, slots=True, kw_only=True)
class Record:
    """The page of one row."""

    line: Line
    register: str
    register_name: Label
    access: Label
    access_key: str
    steps: Sequence[Step]
    panels: Sequence[Panel]


@dataclass(frozen=True, slots=True, kw_only=True)
class Statistics:
    """Figures over the rows the viewer may see; `sampled` says that spans rest on the newest rows only."""

    register: str
    name: Label
    total: int
    open: int
    overdue: int
    due_7: int
    due_30: int
    by_state: Sequence[tuple[str, Label, int]]
    by_stage: Sequence[tuple[str, Label, int]]
    by_unit: Sequence[tuple[str, int]]
    #: (YYYY-MM, opened, closed), oldest first
    months: Sequence[tuple[str, int, int]]
    #: age of open rows: (label, count)
    ages: Sequence[tuple[Label, int]]
    median_days: float | None
    #: share of closed rows with a due moment that were closed by it
    on_time: float | None
    sampled: bool
