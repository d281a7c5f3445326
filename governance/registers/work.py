"""What one command does to rows: found, opened, moved and closed here, written once at its end."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from engine.actor import Actor
from engine.errors import CogovError, NotFound
from engine.ids import uuid7
from engine.ports import InstanceRef
from governance.registers.declaration import Declaration
from governance.registers.rows import Move, Row

Connection = Any
#: flag of rows whose case was cancelled
CANCELLED = "cancelled"


class RegisterMove(CogovError):
    """The register does not allow this move."""

    code = "register_move"


@dataclass(slots=True)
class Work:
    """What one command does to rows: loaded once, written once."""

    connection: Connection
    instance: InstanceRef
    actor: Actor
    now: datetime
    rows: list[Row]
    declarations: Mapping[str, Declaration]
    created: list[Row] = field(default_factory=list)
    touched: dict[str, Row] = field(default_factory=dict)
    #: rows whose parties or links changed
    references: set[str] = field(default_factory=set)
    moves: list[Move] = field(default_factory=list)

    def declaration(self, register: str) -> Declaration:
        """Raises NotFound, naming the register."""
        found = self.declarations.get(register)
        if found is None:
            raise NotFound(f"没有台账 {register} / there is no register {register}", register=register)
        return found


def find_row(work: Work, declaration: Declaration, key: str, state: str | None, called: bool) -> Row | None:
    """The newest row with that key. A called procedure that begins again after its row was closed gets the next row."""
    rows = [row for row in work.rows if row.register == declaration.key and row.key == key]
    if not rows:
        return None
    row = max(rows, key=lambda r: r.generation)
    over = declaration.states[row.state].final if row.state in declaration.states else False
    if called and over and state is not None and state != row.state:
        return None
    return row


def open_row(work: Work, declaration: Declaration, key: str, process: str, state: str) -> Row:
    """A new row of this command. Raises RegisterMove for a state the register does not have."""
    if state not in declaration.states:
        raise refused(declaration, None, None, state)
    earlier = sum(1 for row in work.rows if row.register == declaration.key and row.key == key)
    row = Row(
        id=uuid7(int(work.now.timestamp() * 1000)),
        register=declaration.key,
        instance=work.instance.id,
        process=process,
        key=key,
        generation=earlier + 1,
        title="",
        state=state,
        access=declaration.access_of(state),
        opened=work.now,
        moved=work.now,
        area=work.instance.area,
        owner=work.instance.area,
        starter=work.instance.starter,
    )
    work.rows.append(row)
    work.created.append(row)
    return row


def close_all(work: Work, outcome: str) -> None:
    """The case is over: nothing will move its rows any more. A cancelled case leaves a mark on them."""
    for row in work.rows:
        changed = row.closed is None
        row.closed = row.closed or work.now
        if outcome == CANCELLED and changed and CANCELLED not in row.flags:
            row.flags = [*row.flags, CANCELLED]
        if changed:
            work.touched[row.id] = row


def move_of(work: Work, row: Row, before: str | None, after: str, element: str | None, changed: Sequence[str]) -> Move:
    """The line of the row's history: who moved it from where to where, and which columns changed."""
    mandate = work.actor.mandate
    row.moves += 1
    return Move(
        id=uuid7(int(work.now.timestamp() * 1000)),
        row=row.id,
        seq=row.moves,
        at=work.now,
        person=work.actor.person,
        person_name=work.actor.name,
        mandate_zh=mandate.zh if mandate else "",
        mandate_en=mandate.en if mandate else "",
        element=element,
        before=before,
        after=after,
        changed=sorted(changed),
    )


def refused(declaration: Declaration, row: Row | None, before: str | None, after: str) -> RegisterMove:
    """Why the row may not go there, with the states it may go to."""

    def name(state: str | None, language: str) -> str:
        found = declaration.states.get(state or "")
        return found.name.in_(language) if found else str(state)

    found = declaration.states.get(before or "")
    allowed = list(found.to) if found else list(declaration.states)
    zh = f"台账“{declaration.name.zh}”不能由“{name(before, 'zh')}”转为“{name(after, 'zh')}”"
    en = f"register {declaration.name.in_('en')}: no move from {name(before, 'en')} to {name(after, 'en')}"
    where = row.number or row.id if row else None
    return RegisterMove(f"{zh} / {en}", register=declaration.key, row=where, before=before, after=after, allowed=allowed)
