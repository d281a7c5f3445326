"""An empty workbook of a layout: headings with explanations, choices to pick from, one example as a note."""

from __future__ import annotations

import io
from collections.abc import Sequence
from typing import Any

from openpyxl import Workbook
from openpyxl.comments import Comment
from openpyxl.styles import Alignment, Font, PatternFill
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.datavalidation import DataValidation

from governance.importers.cells import Choices
from governance.importers.layout import Column, Layout, SheetLayout

_NEEDED = PatternFill("solid", fgColor="FBE9D7")
_OPTIONAL = PatternFill("solid", fgColor="E9EEF1")
#: a list of choices typed into a cell rule must be shorter than this; longer ones stand on a sheet of their own
_ROWS = 1000
_TEXTS = {
    "zh": {"choices": "#可选值", "required": "必填", "date": "日期，如 2026-03-02", "yes_no": "是 / 否", "many": "可填多个，用顿号"},
    "en": {
        "choices": "#choices",
        "required": "required",
        "date": "like 2026-03-02",
        "yes_no": "yes / no",
        "many": "several, by commas",
    },
}


def template(layout: Layout, choices: Choices, language: str = "zh") -> bytes:
    """The .xlsx file."""
    return filled(layout, choices, {}, language)


def filled(layout: Layout, choices: Choices, rows: dict[str, Sequence[dict[str, Any]]], language: str = "zh") -> bytes:
    """A workbook of this layout with rows: sheet key → rows, column key → what stands in the cell."""
    book = Workbook()
    book.remove(book.active)
    lists = _Lists(choices, language)
    for sheet in layout.sheets:
        _sheet(book.create_sheet(sheet.name.in_(language)), sheet, rows.get(sheet.key, ()), lists, language)
    lists.write(book)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


class _Lists:
    """The choices used, each in a column of a last sheet (its name begins with #, so an import passes it over)."""

    def __init__(self, choices: Choices, language: str) -> None:
        self._choices, self._language = choices, language
        self._columns: dict[str, int] = {}

    def formula(self, name: str) -> str:
        letter = get_column_letter(self._columns.setdefault(name, len(self._columns) + 1))
        title = _TEXTS[self._language]["choices"]
        return f"'{title}'!${letter}$2:${letter}${len(self._choices[name]) + 1}"

    def write(self, book: Any) -> None:
        sheet = book.create_sheet(_TEXTS[self._language]["choices"])
        for name, position in self._columns.items():
            sheet.cell(1, position, name).font = Font(bold=True)
            for row, label in enumerate(self._choices[name].values(), 2):
                sheet.cell(row, position, label.in_(self._language))
            sheet.column_dimensions[get_column_letter(position)].width = 24


def _sheet(sheet: Any, layout: SheetLayout, rows: Sequence[dict[str, Any]], lists: _Lists, language: str) -> None:
    for position, column in enumerate(layout.columns, 1):
        letter = get_column_letter(position)
        cell = sheet.cell(1, position, column.name.in_(language) + ("*" if column.required else ""))
        cell.font = Font(bold=True)
        cell.fill = _NEEDED if column.required else _OPTIONAL
        cell.alignment = Alignment(wrap_text=True, vertical="top")
        note = _note(layout if position == 1 else None, column, language)
        if note:
            cell.comment = Comment(note, "Cogov", width=280, height=120)
        sheet.column_dimensions[letter].width = max(12, min(40, 2 * len(column.name.zh) + 6))
        if column.kind in ("phone", "uscc", "id", "text"):
            sheet.column_dimensions[letter].number_format = "@"
        if column.kind == "choice" and not column.many:
            rule = DataValidation(type="list", formula1=lists.formula(column.choices or ""), allow_blank=True, showErrorMessage=True)
            sheet.add_data_validation(rule)
            rule.add(f"{letter}2:{letter}{_ROWS}")
        for number, row in enumerate(rows, 2):
            if row.get(column.key) is not None:
                value = sheet.cell(number, position, row[column.key])
                if column.kind == "date":
                    value.number_format = "yyyy-mm-dd"
    sheet.freeze_panes = "A2"


def _note(sheet: SheetLayout | None, column: Column, language: str) -> str:
    texts = _TEXTS[language]
    parts = [sheet.help.in_(language) if sheet else "", column.help.in_(language)]
    parts += [texts["required"]] if column.required else []
    parts += [texts[column.kind]] if column.kind in ("date", "yes_no") else []
    parts += [texts["many"]] if column.many else []
    parts += [f"例 / e.g. {column.example}"] if column.example is not None else []
    return "\n".join(p for p in parts if p)
