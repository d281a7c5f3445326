"""How long open rows have been waiting: states against bands of age, oldest first. Any register has this view."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

from engine.definitions.model import Label
from governance.registers.declaration import Declaration
from governance.registers.rows import Filters
from governance.registers.views import ColumnHead, Line

#: whole days since a row was opened, up to and including; the last band has no end (domain 11: ageing)
LIMITS = (30, 90, 365)
NAMES = (
    Label("0–30 天", "0–30 days"),
    Label("31–90 天", "31–90 days"),
    Label("91–365 天", "91–365 days"),
    Label("超过 365 天", "Over 365 days"),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class StateAges:
    """One state: open rows in each band."""

    key: str
    name: Label
    counts: Sequence[int]

    @property
    def total(self) -> int:
        return sum(self.counts)


@dataclass(frozen=True, slots=True, kw_only=True)
class Ages:
    """Open rows the viewer may see. `oldest`: days since the oldest was opened; `groups`: (band, lines), longest first, of the lines
    asked for, at most `limit` of them; `more`: there are others."""

    register: str
    name: Label
    open: int
    overdue: int
    due_7: int
    oldest: int | None
    states: Sequence[StateAges]
    columns: Sequence[ColumnHead]
    groups: Sequence[tuple[int, Sequence[Line]]]
    more: bool

    @property
    def bands(self) -> Sequence[int]:
        """Sums over the states."""
        return [sum(s.counts[band] for s in self.states) for band in range(len(NAMES))]


def band_of(opened: datetime, now: datetime) -> int:
    days = (now - opened).days
    return next((band for band, most in enumerate(LIMITS) if days <= most), len(LIMITS))


def within(filters: Filters, band: int | None, now: datetime) -> Filters:
    """The filters narrowed to open rows, of that band. `opened_from` is inclusive, `opened_to` is not."""
    found = replace(filters, open=True)
    if band is None:
        return found
    # a row is in a band until the day after its last one has fully passed
    youngest = None if band == 0 else now - timedelta(days=LIMITS[band - 1] + 1)
    oldest = None if band == len(LIMITS) else now - timedelta(days=LIMITS[band] + 1)
    instant = timedelta(microseconds=1)
    return replace(
        found, opened_from=oldest + instant if oldest is not None else None, opened_to=youngest + instant if youngest is not None else None
    )


def by_state(declared: Declaration, counts: Mapping[tuple[str, int], int]) -> list[StateAges]:
    """States in declared order that have an open row."""
    found = [
        StateAges(key=s.key, name=s.name, counts=[counts.get((s.key, band), 0) for band in range(len(NAMES))])
        for s in declared.states.values()
    ]
    return [row for row in found if row.total]


def grouped(lines: Sequence[Line], now: datetime) -> list[tuple[int, list[Line]]]:
    """Lines by band, the longest waiting band first; lines keep their order."""
    found: dict[int, list[Any]] = {}
    for line in lines:
        found.setdefault(band_of(line.opened, now), []).append(line)
    return sorted(found.items(), reverse=True)
