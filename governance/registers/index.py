"""Which registers there are for a reader: the side menu of every page, and the index of ledgers (台账) with its figures.

What is prominent is data of the register files (`group`, `order`, `menu`), not of this code.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from engine.definitions.model import Label
from governance.directory.may import Reach
from governance.registers import store
from governance.registers.declaration import Declaration, MenuItem

REST = Label("其他", "Others")


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """A register of the index with the rows the reader may see."""

    key: str
    name: Label
    menu: MenuItem | None
    total: int
    open: int
    overdue: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Group:
    name: Label
    entries: Sequence[Entry]


@dataclass(frozen=True, slots=True, kw_only=True)
class Item:
    """A register of the menu."""

    key: str
    name: Label
    icon: str


def menu(connection: Any, declarations: Iterable[Declaration], reach: Reach) -> list[Item]:
    """Registers of the menu in which the reader can have rows: by his posts, else because he has one. At most one statement."""
    prominent = [(d, d.menu) for d in _ordered(declarations) if d.menu is not None]
    unsure = [d.key for d, _ in prominent if not _by_office(d, reach)]
    own = store.standing_in(connection, unsure, reach)
    return [Item(key=d.key, name=m.name, icon=m.icon) for d, m in prominent if d.key in own or d.key not in unsure]


def groups(connection: Any, declarations: Iterable[Declaration], reach: Reach, now: datetime, text: str = "") -> list[Group]:
    """The index: every register with rows for the reader, or whose rows his posts open; under its heading, in declared order.
    `text` narrows to names, short names and headings that contain it. One statement."""
    figures = store.totals(connection, reach, now)
    found: dict[Label, list[Entry]] = {}
    for declared in _ordered(declarations):
        total, still_open, late = figures.get(declared.key, (0, 0, 0))
        if (total or _by_office(declared, reach)) and _mentions(declared, text):
            entry = Entry(key=declared.key, name=declared.name, menu=declared.menu, total=total, open=still_open, overdue=late)
            found.setdefault(declared.group or REST, []).append(entry)
    rest = found.pop(REST, None)
    return [Group(name=name, entries=entries) for name, entries in [*found.items(), *([(REST, rest)] if rest else [])]]


def _ordered(declarations: Iterable[Declaration]) -> list[Declaration]:
    return sorted(declarations, key=lambda d: (d.order, d.key))


def _by_office(declared: Declaration, reach: Reach) -> bool:
    """Whether rows of the register are open to the reader without his standing in one: everybody's, or those of his area."""
    return reach.system or declared.access == "public" or (declared.access == "staff" and bool(reach.staff_areas))


def _mentions(declared: Declaration, text: str) -> bool:
    names = [declared.name, declared.group or REST, *([declared.menu.name] if declared.menu else [])]
    said = " ".join(f"{n.zh} {n.en}" for n in names).casefold()
    return all(word in said for word in text.casefold().split())
