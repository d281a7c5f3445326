"""Numbers of rows: without gaps per register, area and year, or the one a row brings along from before."""

from __future__ import annotations

from datetime import tzinfo
from typing import Any

from engine.errors import CogovError
from governance.registers import store
from governance.registers.declaration import Declaration, counted_by_month, format_number
from governance.registers.work import Work

#: counts together what has no area
NO_AREA = "0"


class NumberTaken(CogovError):
    """The register has a row with this number already."""

    code = "register_number_taken"


def kept_number(work: Work, declaration: Declaration, given: Any) -> str | None:
    """The number a row brings along from before; None: it takes the next one. Raises NumberTaken."""
    if given in (None, ""):
        return None
    if store.row_by_number(work.connection, declaration.key, str(given)) is not None:
        zh, en = f"台账“{declaration.name.zh}”中已有编号 {given}", f"register {declaration.name.in_('en')} has a row {given} already"
        raise NumberTaken(f"{zh} / {en}", register=declaration.key, number=str(given))
    return str(given)


def next_number(work: Work, declaration: Declaration, area_code: str | None, zone: tzinfo) -> str:
    """The next number of the register in the area, in the year (or month) of the installation's zone."""
    code = area_code or NO_AREA
    pattern, local = declaration.number or "", work.now.astimezone(zone)
    period = local.year * 100 + local.month if counted_by_month(pattern) else local.year
    while True:
        seq = store.take_number(work.connection, declaration.key, code, period)
        number = format_number(pattern, code, local.year, seq, local.month)
        # a row from before may have kept the very number that comes next
        if store.row_by_number(work.connection, declaration.key, number) is None:
            return number
