"""Registers (台账) as people use them: boards, tables, record pages, exports, search. Generic: nothing knows a procedure."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from typing import TypeVar

from engine.actor import Actor
from engine.definitions.model import Label
from engine.errors import NotFound
from governance.application import Application
from governance.desk.histories import require
from governance.desk.protection import Sight
from governance.desk.reading import Look, look, require_person
from governance.directory.may import Scope, decide
from governance.registers import export as sheets
from governance.registers import index
from governance.registers.ages import Ages
from governance.registers.declaration import Declaration
from governance.registers.index import Entry, Group, Item
from governance.registers.rows import Filters
from governance.registers.views import Board, Line, Record, Table

T = TypeVar("T")


@dataclass(frozen=True, slots=True, kw_only=True)
class Hit:
    """A search result."""

    register: str
    register_name: Label
    line: Line


def groups(app: Application, actor: Actor, text: str = "") -> list[Group]:
    """The index of ledgers with the rows the reader may see; `text` narrows it to names that contain it. Raises Forbidden."""
    return _seen(app, actor, lambda seen: index.groups(seen.connection, _declared(seen), seen.reach, seen.now, text))


def readable(app: Application, actor: Actor) -> list[Entry]:
    """Registers in which the reader sees at least one row."""
    return [entry for group in groups(app, actor) for entry in group.entries if entry.total]


def menu(seen: Look) -> list[Item]:
    """Registers of the side menu in which the reader can have rows. At most two statements."""
    return index.menu(seen.connection, _declared(seen), seen.reach)


def _declared(seen: Look) -> Collection[Declaration]:
    return seen.app.registers.declarations.all(seen.connection).values()


def name(app: Application, register: str) -> Label:
    return app.registers.declarations.get(register).name


def board(app: Application, actor: Actor, register: str, filters: Mapping[str, str]) -> Board:
    """Stages with their cards. Raises NotFound."""
    return _seen(app, actor, lambda seen: app.boards.board(seen.connection, register, seen.reach, seen.now, _filters(filters)))


def table(app: Application, actor: Actor, register: str, filters: Mapping[str, str], *, cursor: str | None = None) -> Table:
    """One page of rows. Raises NotFound, CursorInvalid."""
    return _seen(
        app, actor, lambda seen: app.boards.table(seen.connection, register, seen.reach, seen.now, _filters(filters), cursor=cursor)
    )


def ages(app: Application, actor: Actor, register: str, filters: Mapping[str, str], band: int | None = None) -> Ages:
    """How long open rows wait. Raises NotFound."""
    return _seen(app, actor, lambda seen: app.boards.ages(seen.connection, register, seen.reach, seen.now, _filters(filters), band=band))


def record(app: Application, actor: Actor, register: str, row: str) -> Record:
    """The page of one row. Raises NotFound."""

    def read(seen: Look) -> Record:
        def hidden(instance: str) -> tuple[Collection[str], Callable[[str], bool]]:
            sight = Sight(seen, app.engine.queries.instance(instance))
            return sight.secret_persons, sight.document

        return app.boards.record(seen.connection, row, seen.reach, seen.now, hidden=hidden)

    found = _seen(app, actor, read)
    if found.register != register:
        raise NotFound
    return found


def export(app: Application, actor: Actor, register: str, filters: Mapping[str, str], format: str, language: str) -> bytes:  # noqa: A002
    """The rows one may see as xlsx or csv. Raises NotFound, Forbidden when a post without the right asks for a whole register."""

    def write(seen: Look) -> bytes:
        require(decide(seen.reach, "register.export", _own_area(seen)))
        lines = app.boards.lines(seen.connection, register, seen.reach, seen.now, _filters(filters), sheets.MOST_ROWS)
        cells = sheets.cells(app.boards.heads(register), lines, language, app.zone)
        return sheets.to_xlsx(name(app, register), cells, language) if format == "xlsx" else sheets.to_csv(cells)

    if format not in ("xlsx", "csv"):
        raise NotFound
    return _seen(app, actor, write)


def may_export(app: Application, actor: Actor) -> bool:
    """Whether the reader's posts allow him to take whole registers out."""
    return bool(_seen(app, actor, lambda seen: decide(seen.reach, "register.export", _own_area(seen))))


def search(app: Application, actor: Actor, query: str) -> list[Hit]:
    """Rows of all registers whose number, title or unit holds the query, at most 20 of each."""

    def find(seen: Look) -> list[Hit]:
        hits = []
        for declaration in app.registers.declarations.all().values():
            page = app.boards.table(seen.connection, declaration.key, seen.reach, seen.now, Filters(text=query), limit=20)
            hits += [Hit(register=declaration.key, register_name=declaration.name, line=line) for line in page.rows]
        return hits

    return _seen(app, actor, find)


def _seen(app: Application, actor: Actor, read: Callable[[Look], T]) -> T:
    require_person(actor)
    with app.database.read() as connection:
        return read(look(app, actor, connection))


def _own_area(seen: Look) -> Scope:
    return Scope(area=next(iter(sorted(seen.reach.staff_areas)), None))


def _filters(values: Mapping[str, str]) -> Filters:
    return Filters.of({**values, "text": values.get("q")})
