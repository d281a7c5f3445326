"""Rows, numbers, moves and the archive catalogue in the database. The only module of registers with SQL."""

from __future__ import annotations

import base64
import json
from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime, timedelta
from decimal import Decimal
from functools import lru_cache
from typing import Any

import sqlalchemy as sa

from engine import values
from engine.errors import CogovError
from governance.directory.may import Reach
from governance.directory.tables import person, unit
from governance.registers.rows import Filters, Move, Row
from governance.registers.tables import archive_line, register_link, register_move, register_party, register_row, register_sequence

R = register_row.c
SORTS = {
    "number": R.number,
    "title": R.title,
    "opened": R.opened,
    "due": R.due,
    "moved": R.moved,
    "state": R.state,
    "score": R.score_tenths,
}
_NOT_STORED = {"score", "parties", "links", "stored_parties", "stored_links"}


def _reference(table: sa.Table, ref: sa.Column[Any], kind: sa.ColumnElement[Any]) -> sa.Select[Any]:
    """References of an instance's rows as a branch of the statement that reads the rows."""
    here: Mapping[str, sa.ColumnElement[Any]] = {"id": table.c.row, "register": ref, "key": kind}
    shown = [here.get(column.name, sa.null()) for column in register_row.c]
    of_instance = R.instance == sa.bindparam("instance_id")
    return sa.select(sa.literal_column(f"'{table.name}'"), *shown).join_from(table, register_row, R.id == table.c.row).where(of_instance)


_ROW = "row"
#: the rows of an instance with their references, by one statement
_OF_INSTANCE = sa.union_all(
    sa.select(sa.literal_column(f"'{_ROW}'").label("kind_of_line"), *register_row.c).where(R.instance == sa.bindparam("instance_id")),
    _reference(register_party, register_party.c.ref, register_party.c.kind),
    _reference(register_link, register_link.c.target, sa.null()),
)
_UPDATE = register_row.update().where(R.id == sa.bindparam("row_id"))
_PARTIES = sa.select(register_party.c.row, register_party.c.ref, register_party.c.kind).where(
    register_party.c.row.in_(sa.bindparam("rows", expanding=True))
)
_LINKS = sa.select(register_link.c.row, register_link.c.target, sa.null()).where(
    register_link.c.row.in_(sa.bindparam("rows", expanding=True))
)
_REFERENCES = sa.union_all(_PARTIES, _LINKS)


class CursorInvalid(CogovError):
    """This page cursor does not belong to the list."""

    code = "cursor_invalid"


def rows_of_instance(connection: sa.Connection, instance: str) -> list[Row]:
    """Every row of an instance, oldest first."""
    lines = connection.execute(_OF_INSTANCE, {"instance_id": instance}).all()
    found = [_row(dict(zip(register_row.c.keys(), line[1:], strict=True))) for line in lines if line[0] == _ROW]
    found.sort(key=lambda row: (row.opened, row.generation, row.register, row.key))
    return _with_references(found, [(line.id, line.register, line.key) for line in lines if line[0] != _ROW])


def is_of_a_party(connection: sa.Connection, instance: str) -> bool:
    """Whether the instance is a party's own business: a row of class party. Then its title goes into no notice to others."""
    query = sa.select(R.id).where(R.instance == instance, R.access == "party").limit(1)
    return connection.execute(query).first() is not None


def row_by_id(connection: sa.Connection, row: str) -> Row | None:
    return _first(_load(connection, sa.select(register_row).where(R.id == row)))


def row_by_number(connection: sa.Connection, register: str, number: str) -> Row | None:
    return _first(_load(connection, sa.select(register_row).where(R.register == register, R.number == number)))


def has_rows(connection: sa.Connection, register: str) -> bool:
    """Whether anything stands in the register."""
    return connection.execute(sa.select(R.id).where(R.register == register).limit(1)).first() is not None


def lock_row(connection: sa.Connection, row: str) -> None:
    """Hold the row until the transaction ends, for moves that come from another instance (a no-op on SQLite)."""
    connection.execute(sa.select(R.id).where(R.id == row).with_for_update())


def insert_rows(connection: sa.Connection, rows: Sequence[Row]) -> None:
    if not rows:
        return
    connection.execute(register_row.insert(), [_values(row) for row in rows])
    _insert_references(connection, rows)


def update_row(connection: sa.Connection, row: Row) -> None:
    """Write the row back; version goes up by one. References are rewritten only by `replace_references`."""
    row.version += 1
    new = _values(row)
    connection.execute(_UPDATE, {**new, "row_id": new.pop("id")})


def replace_references(connection: sa.Connection, row: Row) -> None:
    """Write what changed of a row's parties and links: mostly some are new."""
    gone = [ref for ref, kind in row.stored_parties.items() if row.parties.get(ref) != kind]
    if gone:
        connection.execute(register_party.delete().where(register_party.c.row == row.id, register_party.c.ref.in_(gone)))
    unlinked = row.stored_links - row.links
    if unlinked:
        connection.execute(register_link.delete().where(register_link.c.row == row.id, register_link.c.target.in_(sorted(unlinked))))
    _insert_references(connection, [row])


def insert_moves(connection: sa.Connection, moves: Sequence[Move]) -> None:
    if moves:
        names = Move.__dataclass_fields__
        connection.execute(register_move.insert(), [{n: getattr(m, n) for n in names} for m in moves])


def moves_of(connection: sa.Connection, row: str) -> list[Move]:
    """The row's history, oldest first."""
    found = connection.execute(sa.select(register_move).where(register_move.c.row == row).order_by(register_move.c.seq))
    return [Move(**m._mapping) for m in found]


def take_number(connection: sa.Connection, register: str, area: str, year: int) -> int:
    """The next number of that register, area and year. The line stays locked until commit; a rollback gives it back."""
    table = register_sequence
    which = (table.c.register == register, table.c.area == area, table.c.year == year)
    taken = connection.execute(table.update().where(*which).values(last=table.c.last + 1).returning(table.c.last)).scalar()
    if taken is not None:
        return int(taken)
    start = {"register": register, "area": area, "year": year, "last": 0}
    connection.execute(_insert_or_ignore(connection, table).values(start))
    return int(connection.execute(table.update().where(*which).values(last=table.c.last + 1).returning(table.c.last)).scalar_one())


def set_due(connection: sa.Connection, instance: str, registers: Iterable[str], due: datetime | None) -> None:
    """Move the due moment of the instance's open rows in those registers."""
    condition = (R.instance == instance, R.register.in_(list(registers)), R.closed.is_(None))
    connection.execute(register_row.update().where(*condition).values(due=due))


def page(
    connection: sa.Connection,
    register: str,
    viewer: Reach,
    filters: Filters,
    now: datetime,
    *,
    sort: str = "opened",
    descending: bool = True,
    limit: int = 50,
    cursor: str | None = None,
) -> tuple[list[Row], str | None]:
    """One page of the rows the viewer may see, and the cursor of the next page. Raises CursorInvalid."""
    column = SORTS[sort]
    query = _visible(register, viewer, filters, now)
    if cursor is not None:
        query = query.where(_after(column, _cursor_in(cursor, sort), descending))
    empty_last = sa.case((column.is_(None), 1), else_=0)
    query = query.order_by(empty_last, column.desc() if descending else column.asc(), R.id.desc() if descending else R.id.asc())
    found = _load(connection, query.limit(limit + 1))
    if len(found) <= limit:
        return found, None
    return found[:limit], _cursor_out(found[limit - 1], sort)


def related(connection: sa.Connection, register: str, row: Row, viewer: Reach, now: datetime, limit: int = 500) -> list[Row]:
    """Rows of `register` that point at this row's number or instance, or live in its instance, oldest first."""
    targets = [t for t in (row.number, row.instance, row.id) if t]
    pointing = sa.select(register_link.c.row).where(register_link.c.target.in_(targets))
    query = _visible(register, viewer, Filters(), now).where(
        sa.or_(R.id.in_(pointing), sa.and_(R.instance == row.instance, R.id != row.id))
    )
    return _load(connection, query.order_by(R.opened, R.id).limit(limit))


def rows_where(
    connection: sa.Connection, register: str, head: Mapping[str, Any], target: str | None, columns: Mapping[str, Any], limit: int
) -> list[Row]:
    """Rows by exact head and column values and, with `target`, pointing at that case; for services, so without a viewer."""
    query = sa.select(register_row).where(R.register == register, *(register_row.c[name] == value for name, value in head.items()))
    if target is not None:
        pointing = sa.select(register_link.c.row).where(register_link.c.target == target)
        query = query.where(sa.or_(R.id.in_(pointing), R.instance == target))
    for key, value in columns.items():  # narrows to rows whose stored text has the pair somewhere; compared exactly below
        query = query.where(sa.type_coerce(R.columns, sa.Text).contains(values.dumps({key: value})[1:-1], autoescape=True))
    rows = _load(connection, query.order_by(R.opened, R.number, R.id).limit(limit))
    return [row for row in rows if all(row.columns.get(key) == value for key, value in columns.items())]


def counts(connection: sa.Connection, register: str, viewer: Reach, filters: Filters, now: datetime, by: str) -> dict[str | None, int]:
    """How many visible rows there are per value of state, stage, unit or area."""
    column = register_row.c[by]
    visible = _visible(register, viewer, filters, now).with_only_columns(column, sa.func.count()).group_by(column)
    return {value: int(n) for value, n in connection.execute(visible)}


def total(connection: sa.Connection, register: str, viewer: Reach, filters: Filters, now: datetime) -> int:
    query = _visible(register, viewer, filters, now).with_only_columns(sa.func.count())
    return int(connection.execute(query).scalar_one())


def totals(connection: sa.Connection, viewer: Reach, now: datetime) -> dict[str, tuple[int, int, int]]:
    """Register → (rows, open ones, open ones past their due moment) that the viewer may see, in one statement; none: no entry."""
    still_open = sa.case((R.closed.is_(None), 1), else_=0)
    late = sa.case((sa.and_(R.closed.is_(None), R.due < now), 1), else_=0)
    query = sa.select(R.register, sa.func.count(), sa.func.sum(still_open), sa.func.sum(late)).where(_may_see(viewer)).group_by(R.register)
    return {register: (int(n), int(o), int(d)) for register, n, o, d in connection.execute(query)}


def age_counts(
    connection: sa.Connection, register: str, viewer: Reach, filters: Filters, now: datetime, limits: Sequence[int]
) -> dict[tuple[str, int], int]:
    """(state, band) → open rows; band i holds those opened at most `limits[i]` whole days ago, the last one the rest."""
    bands = [(R.opened > now - timedelta(days=most + 1), i) for i, most in enumerate(limits)]
    band = sa.case(*bands, else_=len(limits)).label("band")
    found = _visible(register, viewer, filters, now).with_only_columns(R.state, band, sa.func.count()).group_by(R.state, band)
    return {(state, int(i)): int(n) for state, i, n in connection.execute(found)}


def open_figures(
    connection: sa.Connection, register: str, viewer: Reach, filters: Filters, now: datetime
) -> tuple[int, int, int, datetime | None]:
    """Of the rows the filters leave: how many, how many past their due moment, how many due within 7 days, when the oldest began."""
    late = sa.func.coalesce(sa.func.sum(sa.case((R.due < now, 1), else_=0)), 0)
    soon = sa.func.coalesce(sa.func.sum(sa.case((sa.and_(R.due >= now, R.due < now + timedelta(days=7)), 1), else_=0)), 0)
    query = _visible(register, viewer, filters, now).with_only_columns(
        sa.func.count(), late, soon, sa.func.min(R.opened, type_=R.opened.type)
    )
    n, overdue, due_7, oldest = connection.execute(query).one()
    return int(n), int(overdue), int(due_7), oldest


def standing_in(connection: sa.Connection, registers: Sequence[str], viewer: Reach) -> set[str]:
    """Those of `registers` with a row that the viewer reads because it is his own, his unit's, his committee's or kept where he
    serves. One statement; each part of it stops at the first row its index finds."""
    if not registers or viewer.person is None:
        return set()
    person = viewer.person
    known = {
        "person": person,
        "refs": sorted({person} | viewer.units),
        "staff_at": sorted(viewer.staff_at),
        "committees": sorted(viewer.committees),
        "members": ["members", "party"] if viewer.party_member else ["members"],
    }
    (found,) = connection.execute(_standing(tuple(registers)), known)
    return {register for register, yes in found._mapping.items() if yes}


@lru_cache(maxsize=32)
def _standing(registers: tuple[str, ...]) -> sa.Select[Any]:
    """Asked on every page, so built once for each list of registers."""
    asked: list[Any] = [sa.or_(*(way.exists() for way in _own_ways(register))).label(register) for register in registers]
    return sa.select(*asked)


def _own_ways(register: str) -> list[sa.Select[Any]]:
    """`access.may_read` for those who stand in a row, as parts that one index each answers."""

    def several(name: str) -> sa.BindParameter[Any]:
        return sa.bindparam(name, expanding=True)

    here = sa.select(R.id).where(R.register == register)
    named = sa.select(register_party.c.row).join(register_row, R.id == register_party.c.row).where(R.register == register)
    return [
        here.where(R.starter == sa.bindparam("person"), R.access.in_(("parties", "reporter_protected", "procurement_sealed"))),
        named.where(register_party.c.ref.in_(several("refs")), R.access == "parties"),
        named.where(register_party.c.ref == sa.bindparam("person"), R.access == "reporter_protected"),
        here.where(R.owner.in_(several("staff_at")), R.access == "parties"),
        here.where(R.owner.in_(several("committees")), R.access.in_(several("members"))),
    ]


def spans(
    connection: sa.Connection, register: str, viewer: Reach, filters: Filters, now: datetime, limit: int
) -> list[tuple[datetime, datetime | None, datetime | None, str]]:
    """(opened, closed, due, state) of visible rows, newest first: what trends, ageing and medians are made of."""
    query = _visible(register, viewer, filters, now).with_only_columns(R.opened, R.closed, R.due, R.state)
    return [(o, c, d, s) for o, c, d, s in connection.execute(query.order_by(R.opened.desc(), R.id.desc()).limit(limit))]


def archive_insert(connection: sa.Connection, line: Mapping[str, Any]) -> None:
    connection.execute(archive_line.insert(), dict(line))


def archive_of(connection: sa.Connection, instance: str, row: str | None) -> dict[str, Any] | None:
    """The catalogue line of that row (or of the instance as a whole)."""
    condition = archive_line.c.row.is_(None) if row is None else archive_line.c.row == row
    found = connection.execute(sa.select(archive_line).where(archive_line.c.instance == instance, condition)).first()
    return None if found is None else dict(found._mapping)


def archive_page(connection: sa.Connection, viewer: Reach, *, limit: int, before: str | None = None) -> list[dict[str, Any]]:
    """The catalogue, newest first, of the areas the viewer is staff of; `before` is the last id seen."""
    query = sa.select(archive_line)
    if not viewer.system:
        query = query.where(archive_line.c.area.in_(sorted(viewer.staff_areas)))
    if before is not None:
        query = query.where(archive_line.c.id < before)
    return [dict(line._mapping) for line in connection.execute(query.order_by(archive_line.c.id.desc()).limit(limit))]


def expired(connection: sa.Connection, on: date) -> list[dict[str, Any]]:
    """Catalogue lines whose keeping time is over on that day."""
    query = sa.select(archive_line).where(archive_line.c.keep_until.is_not(None), archive_line.c.keep_until < on)
    return [dict(line._mapping) for line in connection.execute(query.order_by(archive_line.c.keep_until))]


def _visible(register: str, viewer: Reach, filters: Filters, now: datetime) -> sa.Select[Any]:
    return sa.select(register_row).where(R.register == register, _may_see(viewer), *_narrowed(filters, now))


def _may_see(viewer: Reach) -> sa.ColumnElement[bool]:
    """`access.may_read` for the class of the row, in SQL."""
    if viewer.system:
        return sa.true()
    ways: list[sa.ColumnElement[bool]] = [R.access == "public"]
    person = viewer.person
    if person is None:
        return ways[0]
    if viewer.staff_areas:
        ways.append(sa.and_(R.access == "staff", sa.or_(R.area.is_(None), R.area.in_(sorted(viewer.staff_areas)))))
    if viewer.staff_at:
        ways.append(sa.and_(R.access == "parties", R.owner.in_(sorted(viewer.staff_at))))
    ways.append(sa.and_(R.access.in_(("parties", "reporter_protected", "procurement_sealed")), R.starter == person))
    ways.append(sa.and_(R.access == "parties", _stands_in({person} | viewer.units)))
    ways.append(sa.and_(R.access == "reporter_protected", _stands_in({person})))
    if viewer.committees:
        classes = ("members", "party") if viewer.party_member else ("members",)
        ways.append(sa.and_(R.access.in_(classes), R.owner.in_(sorted(viewer.committees))))
    return sa.or_(*ways)


def _stands_in(refs: Iterable[str]) -> sa.ColumnElement[bool]:
    return sa.select(register_party.c.row).where(register_party.c.row == R.id, register_party.c.ref.in_(sorted(refs))).exists()


def _narrowed(filters: Filters, now: datetime) -> list[sa.ColumnElement[bool]]:
    equal = {"area": filters.area, "state": filters.state, "stage": filters.stage}
    found = [register_row.c[name] == value for name, value in equal.items() if value is not None]
    if filters.unit is not None:
        found.append(sa.or_(R.unit == filters.unit, _stands_in([filters.unit])))
    if filters.open is not None:
        found.append(R.closed.is_(None) if filters.open else R.closed.is_not(None))
    if filters.due is not None:
        until = now if filters.due == "overdue" else now + timedelta(days=int(filters.due))
        found += [R.closed.is_(None), R.due < until]
        if filters.due != "overdue":
            found.append(R.due >= now)
    if filters.opened_from is not None:
        found.append(R.opened >= filters.opened_from)
    if filters.opened_to is not None:
        found.append(R.opened < filters.opened_to)
    if filters.flag is not None:
        found.append(sa.cast(R.flags, sa.Text).contains(json.dumps(filters.flag), autoescape=True))
    if filters.text is not None:
        found += [_mentions(word) for word in filters.text.split()]
    if filters.related is not None:
        pointing = sa.select(register_link.c.row).where(register_link.c.target == filters.related)
        found.append(sa.or_(R.id.in_(pointing), R.instance == filters.related))
    return found


def _mentions(word: str) -> sa.ColumnElement[bool]:
    """Title, number, or the name of the unit, of a party unit or of a party person contains the word."""

    def says(column: sa.ColumnElement[Any]) -> sa.ColumnElement[bool]:
        return column.contains(word, autoescape=True)

    units = sa.select(unit.c.id).where(sa.or_(says(unit.c.name_zh), says(unit.c.name_en)))
    people = sa.select(person.c.id).where(sa.or_(says(person.c.name_zh), says(person.c.name_en)))
    party = sa.select(register_party.c.row).where(sa.or_(register_party.c.ref.in_(units), register_party.c.ref.in_(people)))
    return sa.or_(says(R.title), says(R.number), R.unit.in_(units), R.id.in_(party))


def _after(column: sa.ColumnElement[Any], cursor: tuple[Any, str], descending: bool) -> sa.ColumnElement[bool]:
    value, row = cursor
    later_id = R.id < row if descending else R.id > row
    if value is None:  # empty values come last
        return sa.and_(column.is_(None), later_id)
    beyond = column < value if descending else column > value
    return sa.or_(beyond, sa.and_(column == value, later_id), column.is_(None))


def _cursor_out(row: Row, sort: str) -> str:
    value = _values(row)["score_tenths" if sort == "score" else sort]
    text = value.isoformat() if isinstance(value, datetime) else value
    return base64.urlsafe_b64encode(json.dumps([sort, text, row.id], ensure_ascii=False).encode()).decode()


def _cursor_in(cursor: str, sort: str) -> tuple[Any, str]:
    try:
        made_for, value, row = json.loads(base64.urlsafe_b64decode(cursor.encode()))
        if value is not None and sort in ("opened", "due", "moved"):
            value = datetime.fromisoformat(value)
    except (ValueError, TypeError) as problem:
        raise CursorInvalid() from problem
    if made_for != sort:
        raise CursorInvalid()
    return value, row


def _values(row: Row) -> dict[str, Any]:
    stored = {name: getattr(row, name) for name in Row.__dataclass_fields__ if name not in _NOT_STORED}
    stored["score_tenths"] = None if row.score is None else int(row.score * 10)
    return stored


def _insert_references(connection: sa.Connection, rows: Sequence[Row]) -> None:
    parties = [
        {"row": row.id, "ref": ref, "kind": kind}
        for row in rows
        for ref, kind in row.parties.items()
        if row.stored_parties.get(ref) != kind
    ]
    if parties:
        connection.execute(register_party.insert(), parties)
    links = [{"row": row.id, "target": target} for row in rows for target in sorted(row.links - row.stored_links)]
    if links:
        connection.execute(register_link.insert(), links)
    for row in rows:
        row.stored_parties, row.stored_links = dict(row.parties), row.links


def _load(connection: sa.Connection, query: sa.Select[Any], parameters: Mapping[str, Any] | None = None) -> list[Row]:
    rows = [_row(dict(found._mapping)) for found in connection.execute(query, parameters)]
    if not rows:
        return rows
    return _with_references(rows, connection.execute(_REFERENCES, {"rows": [row.id for row in rows]}))


def _with_references(rows: list[Row], references: Iterable[Any]) -> list[Row]:
    """The rows with their parties and links: (row, reference, kind of party or None)."""
    by_id = {row.id: row for row in rows}
    for row, ref, kind in references:
        if kind is None:
            by_id[row].links |= {ref}
        else:
            by_id[row].parties[ref] = kind
    for found in rows:
        found.stored_parties, found.stored_links = dict(found.parties), found.links
    return rows


def _row(stored: dict[str, Any]) -> Row:
    tenths = stored.pop("score_tenths")
    return Row(**stored, score=None if tenths is None else Decimal(tenths).scaleb(-1))


def _first(rows: Sequence[Row]) -> Row | None:
    return rows[0] if rows else None


def _insert_or_ignore(connection: sa.Connection, table: sa.Table) -> Any:
    if connection.dialect.name == "postgresql":
        from sqlalchemy.dialects import postgresql

        return postgresql.insert(table).on_conflict_do_nothing()
    from sqlalchemy.dialects import sqlite

    return sqlite.insert(table).on_conflict_do_nothing()
