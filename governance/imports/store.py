"""Imports in the database, what the directory knows, and who refers to what an import made."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from engine.store.metadata import metadata
from governance.accounts.tables import account, api_token
from governance.directory.tables import area, committee, delegation, membership, person, post, power, representative, unit
from governance.imports.tables import import_item, import_run
from governance.reference import store as reference
from governance.registers import store as registers
from governance.registers.tables import register_row
from governance.registers.work import CANCELLED

#: sort of item → its table; an undo removes them in this order
REMOVED: Mapping[str, sa.Table] = {
    "account": account,
    "delegation": delegation,
    "representative": representative,
    "membership": membership,
    "post": post,
    "power": power,
    "committee": committee,
    "person": person,
    "unit": unit,
    "area": area,
}
#: sorts whose ids others refer to
NAMED = ("area", "unit", "person", "committee")
#: the record of imports itself, and definitions, which name no people
_PASSED_OVER = frozenset({import_run.name, import_item.name, "definition", "definition_set", "deployment"})
#: ids in stored JSON: a value, or the end of a selector (``role:legal@yunqiao``)
_IN_JSON = re.compile(r'["@:]([A-Za-z][A-Za-z0-9_]{0,63})(?=["\\:])')


@dataclass(frozen=True, slots=True, kw_only=True)
class Run:
    id: str
    layout: str
    file: str
    digest: str
    at: datetime
    by: str | None
    counts: Mapping[str, int]
    undone_at: datetime | None
    undone_by: str | None


@dataclass(frozen=True, slots=True)
class Use:
    """A row outside the import that refers to something the import made."""

    ref: str
    table: str
    column: str
    rows: int


def insert(connection: sa.Connection, run: Run, items: Sequence[tuple[str, str]]) -> None:
    connection.execute(import_run.insert(), asdict(run))
    if items:
        rows = [{"run": run.id, "seq": seq, "sort": sort, "ref": ref} for seq, (sort, ref) in enumerate(items)]
        connection.execute(import_item.insert(), rows)


def runs(connection: sa.Connection) -> list[Run]:
    """Newest first."""
    return [_run(r) for r in connection.execute(sa.select(import_run).order_by(import_run.c.at.desc(), import_run.c.id.desc()))]


def get(connection: sa.Connection, run: str) -> Run | None:
    found = connection.execute(sa.select(import_run).where(import_run.c.id == run).with_for_update()).first()
    return _run(found) if found else None


def hold(connection: sa.Connection) -> None:
    """One import at a time from here to the end of the transaction; readers are not kept waiting. SQLite has one writer anyway."""
    if connection.dialect.name == "postgresql":
        connection.execute(sa.text(f"LOCK TABLE {import_run.name} IN SHARE ROW EXCLUSIVE MODE"))


def same_content(connection: sa.Connection, content: str) -> Run | None:
    """An import of the same file that still stands."""
    query = sa.select(import_run).where(import_run.c.digest == content, import_run.c.undone_at.is_(None))
    found = connection.execute(query).first()
    return _run(found) if found else None


def items(connection: sa.Connection, run: str) -> list[tuple[str, str]]:
    """(sort, id) in the order they were made."""
    query = sa.select(import_item.c.sort, import_item.c.ref).where(import_item.c.run == run).order_by(import_item.c.seq)
    return [(r.sort, r.ref) for r in connection.execute(query)]


def mark_undone(connection: sa.Connection, run: str, at: datetime, by: str | None) -> None:
    connection.execute(import_run.update().where(import_run.c.id == run).values(undone_at=at, undone_by=by))


def remove(connection: sa.Connection, made: Mapping[str, Sequence[str]]) -> None:
    """Delete rows of the directory and accounts. Call `uses` before."""
    for sort, table in REMOVED.items():
        for ids in _chunks(made.get(sort, ())):
            if sort == "account":
                connection.execute(api_token.delete().where(api_token.c.account.in_(ids)))
            connection.execute(table.delete().where(table.c.id.in_(ids)))
    reference.renew(connection)


def known(connection: sa.Connection) -> dict[str, dict[str, list[str]]]:
    """Sort → id → names, of everything in the directory."""
    found: dict[str, dict[str, list[str]]] = {}
    for sort in NAMED:
        table = REMOVED[sort]
        rows = connection.execute(sa.select(table.c.id, table.c.name_zh, table.c.name_en))
        found[sort] = {r.id: [n for n in dict.fromkeys((r.name_zh, r.name_en)) if n] for r in rows}
    return found


def logins(connection: sa.Connection) -> set[str]:
    """As they are stored: folded."""
    return set(connection.execute(sa.select(account.c.login)).scalars())


def unit_areas(connection: sa.Connection) -> dict[str, str | None]:
    """Unit → its area."""
    return {r.id: r.area for r in connection.execute(sa.select(unit.c.id, unit.c.area))}


def unit_codes(connection: sa.Connection) -> set[str]:
    """Credit codes that are taken."""
    return set(connection.execute(sa.select(unit.c.uscc).where(unit.c.uscc.is_not(None))).scalars())


def numbers_taken(connection: sa.Connection, numbers: Sequence[str]) -> set[str]:
    """Those that a register row has already."""
    found: set[str] = set()
    for some in _chunks(numbers):
        found |= set(connection.execute(sa.select(register_row.c.number).where(register_row.c.number.in_(some))).scalars())
    return found


def void_rows(connection: sa.Connection, instances: Sequence[str], *, kept: Sequence[str], mark: str) -> None:
    """Mark the rows of cases that were taken back. Rows of `kept` brought their number along: it becomes free for the next try."""
    for instance in instances:
        for row in registers.rows_of_instance(connection, instance):
            row.flags = sorted({*row.flags, CANCELLED})
            if instance in kept and row.number is not None:
                row.number = f"{row.number} ({mark})"
            registers.update_row(connection, row)


def uses(connection: sa.Connection, made: Mapping[str, Sequence[str]]) -> list[Use]:
    """Rows of any table that name an area, unit, person or committee among `made`, without the rows of `made` themselves.

    It looks into every text column and every JSON column of the database, so nothing that refers to them can be missed, whoever
    adds a table. That takes as long as reading the database once; it is done when an import is taken back, not more often.
    """
    wanted = {ref for sort in NAMED for ref in made.get(sort, ())}
    own = {table.name: (table, set(made.get(sort, ()))) for sort, table in REMOVED.items()}
    found: dict[tuple[str, str, str], int] = {}
    for table in metadata.sorted_tables:
        if table.name in _PASSED_OVER or not wanted:
            continue
        excluded = own.get(table.name, (table, set()))[1]
        for column, ref in _mentions(connection, table, wanted, excluded):
            found[ref, table.name, column] = found.get((ref, table.name, column), 0) + 1
    return [Use(ref, table, column, rows) for (ref, table, column), rows in sorted(found.items())]


def _mentions(connection: sa.Connection, table: sa.Table, wanted: set[str], own: set[str]) -> Iterator[tuple[str, str]]:
    key = table.c.get("id")
    for column in table.c:
        if column is key and table.name.startswith("directory_"):
            continue
        is_json = isinstance(column.type, (sa.JSON, sa.Text)) or "Json" in type(column.type).__name__
        if not is_json and not isinstance(column.type, sa.String):
            continue
        text = sa.cast(column, sa.Text)
        query = sa.select(text.label("text"), (sa.literal("") if key is None else sa.cast(key, sa.Text)).label("id"))
        for row in connection.execute(query.where(column.is_not(None)).execution_options(yield_per=1000)):
            if row.id not in own:
                refs = set(_IN_JSON.findall(row.text)) if is_json else {row.text, row.text.rpartition("@")[2], row.text.rpartition(":")[2]}
                yield from ((column.name, ref) for ref in refs & wanted)


def _chunks(ids: Iterable[str], size: int = 500) -> Iterator[list[str]]:
    everything = list(ids)
    for start in range(0, len(everything), size):
        yield everything[start : start + size]


def _run(row: Any) -> Run:
    return Run(**row._mapping)
