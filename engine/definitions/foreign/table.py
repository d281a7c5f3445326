"""The one table of what other tools write beside BPMN and what becomes of it here. docs/reference/foreign-files.md is made from it.

The rows are in a module for each tool. A place is looked up with the holder first, then without, then by the parts above it
that end in ``/**``.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache

from engine.definitions.foreign import rows_camunda, rows_jbpm, rows_spiff, rows_zeebe
from engine.definitions.foreign.fates import Fate
from engine.definitions.foreign.rows import Row
from engine.definitions.model import Label

#: a place that is read on other BPMN elements
_ELSEWHERE = Row(tools=(), place="", fate=Fate.NO_MEANING, why=Label(zh="在这个位置不采用", en="not used at this place"))


def rows() -> Iterator[Row]:
    """Every row, tool by tool."""
    for module in (rows_zeebe, rows_camunda, rows_jbpm, rows_spiff):
        yield from module.ROWS


@cache
def _index() -> dict[tuple[str, str, str], Row]:
    found: dict[tuple[str, str, str], Row] = {}
    for row in rows():
        for tool in row.tools:
            for holder in row.holders or ("",):
                key = (tool, row.place, holder)
                assert key not in found, key
                found[key] = row
    return found


@cache
def _places() -> frozenset[tuple[str, str]]:
    return frozenset((tool, place) for tool, place, _ in _index())


def find(tool: str, place: str, holder: str) -> Row | None:
    """The row of a place that no reader took, on a BPMN element of that kind; None when it is not known.

    A row that says it is mapped gives way to one that says what it is where it was not.
    """
    index = _index()
    keys = [(tool, candidate, on) for candidate in (place, *_above(place)) for on in (holder, "")]
    found = [index[key] for key in keys if key in index]
    if not found:
        return _ELSEWHERE if (tool, place) in _places() else None
    return next((row for row in found if row.native or row.fate is not Fate.MAPPED), found[0])


def _above(place: str) -> Iterator[str]:
    """``a/b@c`` is also below ``a/b/**`` and ``a/**``."""
    steps = place.split("@")[0].split("/") if not place.startswith("@") else []
    for length in range(len(steps), 0, -1):
        yield "/".join(steps[:length]) + "/**"
