"""A workbook of running cases → cases that go on here, at the step where they stood. What a row means is in `<key>.import.yaml`."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from engine import values
from engine.actor import Actor, Mandate
from engine.commands.receipt import Receipt
from engine.definitions.model import Label
from engine.engine import Taken
from engine.errors import CogovError, InstanceEnded
from engine.feel import Environment, compile_expression
from governance.application import Application
from governance.importers.cells import Choices
from governance.importers.imported import Imported, own_choices
from governance.importers.layout import Layout
from governance.importers.mistakes import Mistake, WorkbookRefused
from governance.importers.workbook import Row, Table, Workbook, in_order, read_tables, resolve
from governance.imports import imports, store
from governance.imports.imports import INSTANCE
from governance.imports.store import Run

_CHANNEL = "import"


def choices(app: Application, layout: Layout) -> Choices:
    """The layout's own lists, and ``codes:<list>`` of the deployed procedures."""
    codes = app.engine.queries.codes()
    deployed = {f"codes:{name}": {e["code"]: Label(e["zh"], e.get("en", "")) for e in entries} for name, entries in codes.items()}
    return {**deployed, **own_choices(layout)}


def take_in(app: Application, book: Workbook, layout: Layout, *, by: str | None = None, dry_run: bool = False) -> Imported:
    """Check the workbook and take its cases over in one transaction.

    Raises WorkbookRefused with every mistake, Conflict when this very file was imported before, NotFound when the procedure is
    not deployed; then nothing was changed.
    """
    spec = layout.data["take_over"]
    tables, mistakes = read_tables(book, layout, choices(app, layout))
    with app.database.read() as connection:
        imports.refuse_again(connection, book.digest)
        mistakes += resolve(tables, store.known(connection))
        rows = [(row, _variables(spec, tables, row)) for row in tables[spec["sheet"]].rows]
        if not mistakes:
            mistakes += _broken_rules(app, spec, tables, rows)
            taken = store.numbers_taken(connection, [str(row.values[spec["number"]]) for row, _ in rows])
            mistakes += _taken_numbers(tables[spec["sheet"]], spec["number"], taken)
    if mistakes:
        raise WorkbookRefused(in_order(mistakes, tables))
    counts = {key: len(table.rows) for key, table in tables.items() if table.rows}
    if dry_run:
        return Imported(None, counts)
    return Imported(_start(app, book, layout, rows, by), counts)


def undo(app: Application, run: Run, instances: list[str], *, by: str | None) -> None:
    """Cancel the cases and what they started, mark their rows in the registers and give their numbers free. Their history stays.

    May be repeated after it was interrupted.
    """
    everything = _with_descendants(app, instances)
    for instance in everything:
        try:
            app.engine.cancel(instance, f"撤销导入 {run.file} / import undone", actor=_actor(app, by))
        except InstanceEnded:
            continue  # it ended by itself, or an undo before this one was interrupted
    with app.database.write() as connection:
        store.void_rows(connection, everything, kept=instances, mark=run.id[-8:])
        store.mark_undone(connection, run.id, app.clock.now(), by)


def _start(app: Application, book: Workbook, layout: Layout, rows: list[tuple[Row, dict[str, Any]]], by: str | None) -> Run:
    spec = layout.data["take_over"]
    cases = [
        Taken(variables=variables, note=str(row.values.get(spec.get("note", ""), "")), source=f"{book.name} {book.digest} #{row.number}")
        for row, variables in rows
    ]
    recorded: list[Run] = []

    def record(connection: Any, receipts: list[Receipt]) -> None:
        items = [(INSTANCE, str(r.instance)) for r in receipts]
        recorded[:] = [
            imports.record(
                connection, layout=layout.key, file=book.name, digest=book.digest, at=app.clock.now(), by=by, items=items
            )
        ]  # fmt: skip

    app.engine.take_over(spec["message"], cases, actor=_actor(app, by), also=record)
    return recorded[0]


def _actor(app: Application, by: str | None) -> Actor:
    """Whoever imports acts as the operator of the installation, under his name if he gives it."""
    mandate = Mandate(kind="system", zh="系统管理", en="Operator of the installation")
    if by is None:
        return Actor(person=None, name="系统", mandate=mandate, channel=_CHANNEL, system=True)
    with app.database.read() as connection:
        names = app.directory.names(connection, [by])
    if by not in names:
        raise CogovError(f"没有这个人员 {by} / there is no such person: {by}")
    return Actor(person=by, name=names[by].zh, mandate=mandate, channel=_CHANNEL, system=True)


def _variables(spec: Mapping[str, Any], tables: Mapping[str, Table], row: Row) -> dict[str, Any]:
    """The variables of the message: the row's columns, the lists of its children, and where the case belongs."""
    found = _columns(tables[spec["sheet"]], row)
    for child in spec.get("children", ()):
        table = tables[child["sheet"]]
        found[child["as"]] = [_columns(table, r) for r in table.rows if r.values.get(child["parent"]) == row.values.get(spec["number"])]
    return found | {"number": row.values.get(spec["number"]), "area": row.values.get(spec["area"])}


def _columns(table: Table, row: Row) -> dict[str, Any]:
    """Every column; an empty one is null."""
    return {column.key: row.values.get(column.key) for column in table.layout.columns}


def _broken_rules(
    app: Application, spec: Mapping[str, Any], tables: Mapping[str, Table], rows: list[tuple[Row, dict[str, Any]]]
) -> Iterator[Mistake]:
    environment = Environment(now=app.clock.now(), zone=app.zone, functions={})
    for rule in spec.get("checks", ()):
        expression = compile_expression(rule["true_when"].removeprefix("="))
        table = tables[rule["sheet"]]
        main = rule["sheet"] == spec["sheet"]
        for row, variables in rows if main else [(r, _columns(table, r)) for r in table.rows]:
            if expression.evaluate(values.normalise(variables), environment) is not True:
                yield table.mistake(row, rule["column"], Label(rule["zh"], rule["en"]), Label("核对后改正", "check and correct it"))


def _taken_numbers(table: Table, column: str, taken: set[str]) -> Iterator[Mistake]:
    for row in table.rows:
        if str(row.values[column]) in taken:
            what = Label(f"台账中已有编号 {row.values[column]}", f"a register has the number {row.values[column]} already")
            yield table.mistake(row, column, what, Label("已接续的删去此行", "leave out what was taken over already"))


def _with_descendants(app: Application, instances: list[str]) -> list[str]:
    """The instances and those their messages started, parents first."""
    found = list(instances)
    for instance in found:
        cursor: str | None = None
        while True:
            page = app.engine.queries.instances(parent=instance, limit=200, cursor=cursor)
            found += [line.id for line in page.items if line.id not in found]
            cursor = page.next
            if cursor is None:
                break
    return found
