"""A register as a spreadsheet or CSV file: number, title, state, declared columns, dates."""

from __future__ import annotations

import csv
import io
from collections.abc import Sequence
from datetime import date, datetime, tzinfo
from decimal import Decimal
from typing import Any

from engine.definitions.model import Label
from governance.registers.declaration import HEAD_FIELDS
from governance.registers.views import ColumnHead, Line

HEADS = (
    Label("编号", "Number"),
    Label("标题", "Title"),
    Label("区域", "Area"),
    Label("单位", "Unit"),
    Label("状态", "State"),
    Label("立项", "Opened"),
    Label("时限", "Due"),
    Label("办结", "Closed"),
    Label("得分", "Score"),
)
#: a cell that begins so would be run as a formula by spreadsheet programs; Chinese ones take the full-width signs, too
FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")
MOST_ROWS = 50_000


def cells(heads: Sequence[ColumnHead], lines: Sequence[Line], language: str, zone: tzinfo) -> list[list[Any]]:
    """Heading and rows. Columns the viewer may not read are empty; a declared column that fills a field of the head stands there."""
    more = [h for h in heads if h.key not in HEAD_FIELDS]
    heading = [h.in_(language) for h in HEADS] + [h.name.in_(language) for h in more]
    return [heading, *(_row(more, line, language, zone) for line in lines)]


def to_xlsx(name: Label, table: Sequence[Sequence[Any]], language: str) -> bytes:
    """A workbook with one sheet; the heading row stays in sight and can be filtered."""
    # imported here: it takes a third of a second, and few processes ever export
    from openpyxl import Workbook
    from openpyxl.styles import Alignment, Font
    from openpyxl.utils import get_column_letter

    book = Workbook()
    sheet = book.active
    sheet.title = "".join(c for c in name.in_(language) if c not in r"[]:*?/\'")[:31] or "Sheet"
    for row in table:
        sheet.append([_safe(value) for value in row])
    for cell in sheet[1]:
        cell.font = Font(bold=True)
        cell.alignment = Alignment(wrap_text=True, vertical="top")
    for position, column in enumerate(zip(*table, strict=True), 1):
        width = max(sum(2 if ord(c) > 0x2E80 else 1 for c in str(value)) for value in column if value is not None)
        sheet.column_dimensions[get_column_letter(position)].width = min(60, max(8, width + 2))
    sheet.freeze_panes = "A2"
    sheet.auto_filter.ref = sheet.dimensions
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def to_csv(table: Sequence[Sequence[Any]]) -> bytes:
    """UTF-8 with a byte order mark, so that spreadsheet programs read the Chinese."""
    out = io.StringIO(newline="")
    csv.writer(out).writerows([["" if value is None else _safe(value) for value in row] for row in table])
    return out.getvalue().encode("utf-8-sig")


def _row(heads: Sequence[ColumnHead], line: Line, language: str, zone: tzinfo) -> list[Any]:
    head = (line.number, line.title, line.area, line.unit, line.state, line.opened, line.due, line.closed, line.score)
    return [plain_cell(value, language, zone) for value in (*head, *(line.columns.get(h.key) for h in heads))]


def plain_cell(value: Any, language: str, zone: tzinfo) -> Any:
    """A value as a spreadsheet shows it."""
    if isinstance(value, Label):
        return value.in_(language)
    if isinstance(value, datetime):
        return f"{value.astimezone(zone):%Y-%m-%d %H:%M}"
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, bool):
        return ("是" if value else "否") if language == "zh" else ("yes" if value else "no")
    if isinstance(value, (list, tuple)):
        return "、".join(str(plain_cell(v, language, zone)) for v in value)
    if isinstance(value, dict):
        return str(next((value[k] for k in ("name", "title", "label", "id") if value.get(k)), ""))
    return value


def _safe(value: Any) -> Any:
    if isinstance(value, str) and value.startswith(FORMULA_STARTS):
        return "'" + value
    return value if isinstance(value, (str, Decimal, int, float)) or value is None else str(value)
