"""Services ``registers.*``. Inputs, results and errors: docs/reference/services.md."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from engine.errors import ServiceRefused
from engine.services import Call, service
from governance.registers import store
from governance.registers.archive import Archive
from governance.registers.declaration import Declaration
from governance.registers.reaction import Registers
from governance.registers.references import LINK_KINDS
from governance.registers.rows import Row

#: head fields that `registers.rows` can be asked for
HEAD = ("instance", "state", "stage", "unit", "area", "number", "key")
MOST_ROWS = 1000


@service("registers.move")
def move(
    call: Call, register: str, state: str, key: Any = None, values: Mapping[str, Any] | None = None, number: str | None = None
) -> dict[str, Any]:
    """Move a row as the register allows. Refuses register_move. → {row, register, number, key, state}"""
    registers = _registers(call)
    row = _row(call, register, key, number)
    registers.move(call.connection, row, state, values or {}, actor=call.actor, now=call.now, element=call.element)
    return {"row": row.id, "register": register, "number": row.number, "key": row.key, "state": row.state}


@service("registers.rows")
def rows(call: Call, register: str, where: Mapping[str, Any]) -> list[dict[str, Any]]:
    """Rows whose values are equal to all of `where`, in order of opening. → [{row, number, key, state, title …, columns}]"""
    declaration = _registers(call).declarations.get(register)
    head, target, columns = _asked(declaration, where)
    found = store.rows_where(call.connection, register, head, target, columns, MOST_ROWS + 1)
    if len(found) > MOST_ROWS:
        raise ServiceRefused(
            f"符合的行超过 {MOST_ROWS} 条，请缩小条件 / more than {MOST_ROWS} rows: narrow the condition", register=register
        )
    return [_value(row) for row in found]


@service("registers.flag")
def flag(call: Call, register: str, flag: str, on: bool = True, key: Any = None, number: str | None = None) -> dict[str, Any]:
    """Set or take away a mark such as a breach. → {row, flags}"""
    row = _row(call, register, key, number)
    wanted = sorted({*row.flags, flag} if on else {*row.flags} - {flag})
    if wanted != row.flags:
        row.flags = wanted
        store.update_row(call.connection, row)
    return {"row": row.id, "flags": wanted}


@service("registers.archive")
def archive(
    call: Call, register: str | None = None, key: Any = None, retention: str | None = None, title: str | None = None
) -> dict[str, Any]:
    """Write the line of the archive catalogue. → {archive_no, retention, years, keep_until, row}"""
    keeper = Archive(_registers(call), call.resources["settings"])
    row = _row(call, register, key, None) if register is not None else _main(call)
    return keeper.archive(
        call.connection,
        instance=call.instance,
        process=call.process,
        row=row,
        title=title,
        retention=retention or "case",
        area=(row.area if row else None) or call.area,
        now=call.now,
    )


HANDLERS = (move, rows, flag, archive)


def _registers(call: Call) -> Registers:
    found: Registers = call.resources["registers"]
    return found


def _row(call: Call, register: str, key: Any, number: str | None) -> Row:
    """The row of this instance (newest generation), or of any instance by its number."""
    declaration = _registers(call).declarations.get(register)
    found: Row | None
    if number is not None:
        found = store.row_by_number(call.connection, register, number)
        if found is not None:
            store.lock_row(call.connection, found.id)
            found = store.row_by_number(call.connection, register, number)
    else:
        wanted = _text(key)
        own = [r for r in store.rows_of_instance(call.connection, call.instance) if r.register == register and r.key == wanted]
        found = max(own, key=lambda r: r.generation, default=None)
    if found is None:
        message = f"台账“{declaration.name.zh}”没有这一行 / register {declaration.name.in_('en')} has no such row"
        raise ServiceRefused(message, register=register, key=_text(key), number=number)
    return found


def _main(call: Call) -> Row | None:
    """The row that gave the case its number, else its first one."""
    own = store.rows_of_instance(call.connection, call.instance)
    return next((r for r in own if r.number is not None and r.number == call.number), own[0] if own else None)


def _asked(declaration: Declaration, where: Mapping[str, Any]) -> tuple[dict[str, Any], str | None, dict[str, Any]]:
    """Head fields, the case pointed at, and columns to compare."""
    head = {key: value for key, value in where.items() if key in HEAD}
    rest = {key: value for key, value in where.items() if key not in HEAD and key != "parent"}
    unknown = sorted(set(rest) - set(declaration.columns))
    if unknown:
        message = f"台账“{declaration.name.zh}”没有列 {unknown} / register {declaration.name.in_('en')} has no column {unknown}"
        raise ServiceRefused(message, columns=unknown)
    pointing = [key for key in rest if declaration.columns[key].kind in LINK_KINDS]
    target = where.get("parent") or (rest[pointing[0]] if pointing else None)
    return head, None if target is None else str(target), rest


def _value(row: Row) -> dict[str, Any]:
    names = ("number", "key", "state", "title", "unit", "area", "opened", "due", "closed", "score", "flags")
    return {**row.columns, "row": row.id, **{name: getattr(row, name) for name in names}}


def _text(key: Any) -> str:
    if key is None:
        return ""
    return format(key, "f") if isinstance(key, Decimal) else str(key)
