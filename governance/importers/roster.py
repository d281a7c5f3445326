"""A roster workbook → the directory: areas, units, people with accounts, posts, committees, seats, delegations."""

from __future__ import annotations

import secrets
from collections.abc import Iterator, Mapping
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

from engine.definitions.model import Label
from engine.ids import OrderedIds
from governance.application import Application
from governance.directory.catalogue import kinds, roles, seats
from governance.directory.roster import load_roster
from governance.importers.cells import Choices
from governance.importers.imported import Imported, own_choices
from governance.importers.layout import Layout, read_layout
from governance.importers.mistakes import Mistake, WorkbookRefused
from governance.importers.workbook import Known, Row, Table, Workbook, in_order, read_tables, resolve
from governance.imports import imports, store

LAYOUT = read_layout(Path(__file__).with_name("roster.import.yaml"))
#: sheets whose ids must differ from each other, since a selector names any of them
_NAMED = ("areas", "units", "people", "committees")


def choices(layout: Layout) -> Choices:
    """The lists of codes of a roster: those of the catalogue, and the layout's own."""
    return {
        **{f"kinds:{of}": kinds(of) for of in ("areas", "units", "committees")},
        "roles": {code: role.name for code, role in roles().items()},
        "seats": {code: role.name for code, role in seats().items()},
        **own_choices(layout),
    }


def take_in(app: Application, book: Workbook, *, by: str | None = None, dry_run: bool = False) -> Imported:
    """Check the workbook and load it in one transaction.

    Raises WorkbookRefused with every mistake, Conflict when this very file was imported before; then nothing was changed.
    """
    tables, mistakes = read_tables(book, LAYOUT, choices(LAYOUT))
    with app.database.write() as connection:
        imports.refuse_again(connection, book.digest, hold=not dry_run)
        known = store.known(connection)
        mistakes += resolve(tables, known)
        mistakes += _existing(tables, known)
        mistakes += _taken(tables, store.logins(connection), store.unit_codes(connection))
        mistakes += _contradictions(tables)
        if mistakes:
            raise WorkbookRefused(in_order(mistakes, tables))
        counts = {key: len(table.rows) for key, table in tables.items() if table.rows}
        if dry_run:
            return Imported(None, counts)
        return _load(app, connection, book, tables, known, by)


def _load(app: Application, connection: Any, book: Workbook, tables: Mapping[str, Table], known: Known, by: str | None) -> Imported:
    now = app.clock.now()
    there = {key for ids in known.values() for key in ids}
    accounts: list[str] = []
    passwords: dict[str, str] = {}

    def make_account(person: str, login: str) -> None:
        passwords[login] = secrets.token_urlsafe(12)
        accounts.append(app.accounts.create(connection, person, login, passwords[login], now, generated=True))

    roster = as_roster(tables, now, OrderedIds())
    loaded = load_roster(connection, roster, at=now, make_account=make_account, zone=app.zone.key, known=there)
    items = [(sort, ref) for sort, refs in loaded.rows.items() for ref in refs] + [("account", ref) for ref in accounts]
    run = imports.record(connection, layout=LAYOUT.key, file=book.name, digest=book.digest, at=now, by=by, items=items)
    return Imported(run, run.counts, passwords)


def as_roster(tables: Mapping[str, Table], now: datetime, ids: OrderedIds) -> dict[str, Any]:
    """The rows in the format of governance.directory.roster."""

    def entries(sheet: str, *, numbered: bool = False) -> list[dict[str, Any]]:
        found = [_entry(row) for row in tables[sheet].rows]
        return [{"id": ids.next(int(now.timestamp() * 1000)), **e} for e in found] if numbered else found

    delegations = [_delegation(e) for e in entries("delegations")]
    posts = [e | {"title": {"zh": e["title"]}} if "title" in e else e for e in entries("posts", numbered=True)]
    return {
        "areas": entries("areas"),
        "units": entries("units"),
        "people": entries("people"),
        "committees": entries("committees"),
        "posts": posts,
        "memberships": entries("memberships", numbered=True),
        "delegations": delegations,
    }


def _entry(row: Row) -> dict[str, Any]:
    values = dict(row.values)
    if "name" in values:
        values["name"] = {"zh": values["name"], "en": values.pop("name_en", "")}
    if isinstance(values.get("to"), date):
        # a clerk writes the last day; the directory keeps the first moment after it
        values["to"] += timedelta(days=1)
    return values


def _delegation(entry: dict[str, Any]) -> dict[str, Any]:
    scope: dict[str, Any] = {"kind": entry.pop("scope")}
    for key in ("roles", "committee"):
        if key in entry:
            scope[key] = entry.pop(key)
    return entry | {"scope": scope}


def _existing(tables: Mapping[str, Table], known: Known) -> Iterator[Mistake]:
    """Ids that the installation has already, and ids that two sheets use."""
    there = {key: sort for sort, ids in known.items() for key in ids}
    first: dict[str, str] = {}
    for table in (tables[sheet] for sheet in _NAMED):
        for row in table.rows:
            key = row.values.get("id")
            if key in there:
                what = Label(f"编号 {key} 系统中已有", f"the id {key} is in the installation already")
                hint = Label(
                    "已有的不必再导入：删去此行，岗位和席位可直接引用它", "leave the row out: posts and seats may refer to what is there"
                )
                yield table.mistake(row, "id", what, hint)
            elif key in first and first[key] != table.title:
                what = Label(f"编号 {key} 在“{first[key]}”中已用", f"the id {key} is used in “{first[key]}”")
                yield table.mistake(row, "id", what, Label("换一个编号", "choose another id"))
            elif key is not None:
                first[key] = table.title


def _taken(tables: Mapping[str, Table], logins: set[str], codes: set[str]) -> Iterator[Mistake]:
    people, units = tables["people"], tables["units"]
    for row in people.rows:
        login = row.values.get("login")
        if login and login.casefold() in logins:
            what = Label(f"登录名 {login} 已被使用", f"the login {login} is taken")
            yield people.mistake(row, "login", what, Label("换一个登录名", "choose another one"))
    for row in units.rows:
        if row.values.get("uscc") in codes:
            what = Label("系统中已有这个信用代码的单位", "the installation has a unit with this credit code")
            yield units.mistake(row, "uscc", what, Label("核对是否同一单位", "check whether it is the same unit"))


def _contradictions(tables: Mapping[str, Table]) -> Iterator[Mistake]:
    for sheet in ("areas", "units", "committees"):
        yield from _circles(tables[sheet])
    table = tables["delegations"]
    for row in table.rows:
        giver = row.values.get("from_person")
        if giver is not None and giver == row.values.get("to_person"):
            what = Label("委托人与受托人相同", "giver and delegate are the same person")
            yield table.mistake(row, "to_person", what, Label("填另一人", "put in someone else"))
    table = tables["memberships"]
    for row in table.rows:
        start, end = row.values.get("from"), row.values.get("to")
        if end is not None and start is None:
            what = Label("有任期止而无任期起", "the term has an end but no beginning")
            yield table.mistake(row, "from", what, Label("填任期起", "put in when it begins"))


def _circles(table: Table) -> Iterator[Mistake]:
    parents = {row.values["id"]: row.values.get("parent") for row in table.rows if row.values.get("id")}
    for row in table.rows:
        path, at = {row.values.get("id")}, row.values.get("parent")
        while at is not None and at not in path:
            path.add(at)
            at = parents.get(at)
        if at is not None and at == row.values.get("id"):
            what = Label("上级绕成了圈", "the parents go round in a circle")
            yield table.mistake(row, "parent", what, Label("改正上级", "correct the parent"))
