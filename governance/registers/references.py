"""Whom and what a row points at: its parties and the cases it is linked with."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from governance.registers.declaration import Declaration
from governance.registers.expressions import attempt
from governance.registers.rows import Row

#: column kinds whose value points at another case
LINK_KINDS = ("case", "commitment", "record")


def parties_of(declaration: Declaration, row: Row, evaluate: Callable[[str], Any] | None) -> dict[str, str]:
    """Parties of a row, ref → unit, person or party: of its columns, of what the register names, and the row's own unit."""
    found: dict[str, str] = {}
    for column in declaration.columns.values():
        if column.kind in ("unit", "person"):
            found |= dict.fromkeys(refs_of(row.columns.get(column.key)), column.kind)
    if declaration.parties is not None:
        named = attempt(evaluate, declaration.parties)
        refs = [ref for ref, kind in row.parties.items() if kind == "party"] if named is None else refs_of(named)
        found |= {ref: found.get(ref, "party") for ref in refs}
    if row.unit is not None:
        found.setdefault(row.unit, "unit")
    return found


def links_of(declaration: Declaration, row: Row) -> frozenset[str]:
    """Cases the row is linked with; a link once made stays."""
    kinds = (column.key for column in declaration.columns.values() if column.kind in LINK_KINDS)
    return row.links | {ref for key in kinds for ref in refs_of(row.columns.get(key))}


def refs_of(value: Any) -> list[str]:
    """The ids in a reference or in a list of them."""
    values = value if isinstance(value, list) else [value]
    return [ref for ref in map(ref_of, values) if ref]


def ref_of(value: Any) -> str | None:
    """The id in a reference value: plain text, or a context with an id."""
    if isinstance(value, Mapping):
        value = value.get("id")
    return str(value) if value not in (None, "") else None
