"""A workbook as sheets of raw rows, and as typed rows of a layout."""

from __future__ import annotations

import zipfile
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from io import BytesIO
from pathlib import Path
from typing import Any

from engine.definitions.model import Label
from engine.ids import digest
from governance.importers.cells import Choices, Unreadable, is_empty, read_cell
from governance.importers.layout import Column, Layout, SheetLayout
from governance.importers.mistakes import Mistake, WorkbookRefused

#: larger ones are refused before they are opened, and so is an archive that explodes [A]
MOST_BYTES = 20 * 1024 * 1024
MOST_UNPACKED = 200 * 1024 * 1024
MOST_ROWS = 20_000
MOST_COLUMNS = 100


@dataclass(frozen=True, slots=True)
class RawSheet:
    """As it was typed. `rows` are (number in the sheet, cells) after the heading, empty ones left out."""

    title: str
    heading: Sequence[str]
    rows: Sequence[tuple[int, Sequence[Any]]]


@dataclass(frozen=True, slots=True)
class Workbook:
    name: str
    digest: str
    sheets: Sequence[RawSheet]


@dataclass(slots=True)
class Row:
    """One row of a sheet: column key → value; absent keys were empty."""

    number: int
    values: dict[str, Any]


@dataclass(slots=True)
class Table:
    """The typed rows of one sheet, and where its columns stand."""

    layout: SheetLayout
    title: str
    rows: list[Row] = field(default_factory=list)
    places: dict[str, str] = field(default_factory=dict)

    def mistake(self, row: Row | None, column: str, what: Label, hint: Label) -> Mistake:
        place = self.places.get(column, column and self._name(column))
        return Mistake(sheet=self.title, row=row.number if row else None, column=place, what=what, hint=hint)

    def _name(self, column: str) -> str:
        return self.layout.column(column).name.zh


def open_workbook(path: Path, *, name: str | None = None) -> Workbook:
    """`name` is what its owner calls the file. Raises WorkbookRefused when it is no workbook, too large or damaged."""
    from openpyxl import load_workbook  # here, as below: every process would load it at its start
    from openpyxl.utils.exceptions import InvalidFileException

    content, name = path.read_bytes(), name or path.name
    hint = Label("另存为 .xlsx 后再试", "save it as .xlsx and try again")
    if len(content) > MOST_BYTES:
        raise _unopened(name, Label("文件超过 20 MB", "the file is larger than 20 MB"), Label("请拆分", "split it"))
    try:
        with zipfile.ZipFile(BytesIO(content)) as archive:
            if sum(entry.file_size for entry in archive.infolist()) > MOST_UNPACKED:
                raise _unopened(name, Label("解压后过大", "it unpacks to far more than it holds"), hint)
        book = load_workbook(BytesIO(content), data_only=True, keep_links=False)
    except (zipfile.BadZipFile, InvalidFileException, KeyError, ValueError, OSError) as error:
        raise _unopened(name, Label("不是完好的 .xlsx 文件", "it is not an intact .xlsx file"), hint) from error
    return Workbook(name, digest(content), [_raw(sheet) for sheet in book.worksheets if sheet.sheet_state == "visible"])


def _unopened(name: str, what: Label, hint: Label) -> WorkbookRefused:
    return WorkbookRefused([Mistake(sheet=name, what=what, hint=hint)])


def _raw(sheet: Any) -> RawSheet:
    """The first row that is not empty is the heading; a row whose first cell begins with # is a note."""
    if sheet.max_row > MOST_ROWS:
        raise WorkbookRefused(
            [
                Mistake(
                    sheet=sheet.title, what=Label(f"超过 {MOST_ROWS} 行", f"more than {MOST_ROWS} rows"), hint=Label("请拆分", "split it")
                )
            ]
        )
    heading: Sequence[str] = ()
    rows: list[tuple[int, Sequence[Any]]] = []
    for number, cells in enumerate(sheet.iter_rows(values_only=True, max_col=min(sheet.max_column or 1, MOST_COLUMNS)), 1):
        if all(is_empty(c) for c in cells) or str(cells[0]).startswith("# "):
            continue
        if not heading:
            heading = [str(c).strip() if not is_empty(c) else "" for c in cells]
        else:
            rows.append((number, cells))
    return RawSheet(sheet.title.strip(), heading, rows)


def recognise(book: Workbook, layouts: Iterable[Layout]) -> Layout:
    """The layout whose sheets the workbook has most of. Raises WorkbookRefused when it has none of any."""
    known = list(layouts)
    titles = [s.title.casefold() for s in book.sheets]
    fits = {layout.key: sum(title in layout.names for title in titles) for layout in known}
    best = max(known, key=lambda layout: fits[layout.key])
    if fits[best.key]:
        return best
    zh = "；".join(f"{la.name.zh}：{'、'.join(s.name.zh for s in la.sheets)}" for la in known)
    en = "; ".join(f"{la.name.en}: {', '.join(s.name.en for s in la.sheets)}" for la in known)
    what = Label("认不出这是哪种工作簿", "cannot tell what kind of workbook this is")
    raise WorkbookRefused([Mistake(sheet=book.name, what=what, hint=Label(f"工作表须取名为 {zh}", f"name the sheets {en}"))])


def read_tables(book: Workbook, layout: Layout, choices: Choices) -> tuple[dict[str, Table], list[Mistake]]:
    """Sheet key → typed rows, and every mistake of single cells and rows. Sheets that are not there have no rows."""
    mistakes: list[Mistake] = []
    tables = {s.key: Table(s, s.name.zh) for s in layout.sheets}
    seen: set[str] = set()
    for raw in book.sheets:
        found = _layout_of(raw.title, layout)
        if found is None:
            mistakes += _strange_sheet(raw, layout)
        elif found.key in seen:
            mistakes.append(
                Mistake(
                    sheet=raw.title,
                    what=Label("同一张工作表出现了两次", "this sheet is there twice"),
                    hint=Label("请合并", "put them into one"),
                )
            )
        else:
            seen.add(found.key)
            tables[found.key] = Table(found, raw.title)
            mistakes += _read_table(raw, tables[found.key], choices)
    for table in tables.values():
        if table.layout.required and not table.rows and not any(m.sheet == table.title for m in mistakes):
            hint = Label("至少填一行", "fill in at least one row")
            mistakes.append(Mistake(sheet=table.title, what=Label("没有内容", "it is empty"), hint=hint))
    return tables, mistakes


def _layout_of(title: str, layout: Layout) -> SheetLayout | None:
    folded = title.casefold()
    return next((s for s in layout.sheets if folded in (s.key, s.name.zh.casefold(), s.name.en.casefold())), None)


def _strange_sheet(raw: RawSheet, layout: Layout) -> Iterator[Mistake]:
    """A sheet with rows that nobody would read is a mistake: its owner expects it to be taken in. Notes (# …) and empty ones are not."""
    if raw.rows and not raw.title.startswith("#"):
        yield Mistake(
            sheet=raw.title,
            what=Label("不认识这张工作表", "this sheet is not known"),
            hint=Label(
                f"改名为 {'、'.join(s.name.zh for s in layout.sheets)} 之一；说明表请以 # 开头",
                f"name it one of {', '.join(s.name.en for s in layout.sheets)}; begin the name of a sheet with notes with #",
            ),
        )


def _read_table(raw: RawSheet, table: Table, choices: Choices) -> list[Mistake]:
    columns, mistakes = _columns(raw, table)
    if mistakes:
        return mistakes
    for number, cells in raw.rows:
        row = Row(number, {})
        for position, column in columns:
            value = cells[position] if position < len(cells) else None
            if is_empty(value):
                continue
            try:
                row.values[column.key] = read_cell(column, value, choices)
            except Unreadable as wrong:
                mistakes.append(table.mistake(row, column.key, wrong.what, wrong.hint))
                row.values[column.key] = None  # filled in, so that it is not also called missing
        mistakes += _row_mistakes(table, row)
        table.rows.append(row)
    return mistakes + list(_repeated(table))


def _columns(raw: RawSheet, table: Table) -> tuple[list[tuple[int, Column]], list[Mistake]]:
    """Where each column stands. A heading may be the Chinese or the English name, or the key, with * behind it."""
    from openpyxl.utils import get_column_letter

    known = {name.casefold(): c for c in table.layout.columns for name in (c.key, c.name.zh, c.name.en)}
    found: list[tuple[int, Column]] = []
    mistakes: list[Mistake] = []
    for position, heading in enumerate(raw.heading):
        column, letter = known.get(heading.rstrip("*＊ ").casefold()), get_column_letter(position + 1)
        if column is None and heading:
            zh, en = "、".join(c.name.zh for c in table.layout.columns), ", ".join(c.name.en for c in table.layout.columns)
            what = Label(f"不认识的列“{heading}”", f"unknown column “{heading}”")
            mistakes.append(Mistake(sheet=raw.title, row=1, column=letter, what=what, hint=Label(f"可用的列：{zh}", f"columns are: {en}")))
        elif column is not None and column.key in table.places:
            what = Label(f"列“{heading}”出现了两次", f"column “{heading}” is there twice")
            mistakes.append(Mistake(sheet=raw.title, row=1, column=letter, what=what, hint=Label("删去一列", "remove one")))
        elif column is not None:
            found.append((position, column))
            table.places[column.key] = f"{letter} {heading.rstrip('*＊ ')}"
    for column in table.layout.columns:
        if column.required and column.key not in table.places:
            what = Label(f"缺少列“{column.name.zh}”", f"column “{column.name.en}” is missing")
            mistakes.append(Mistake(sheet=raw.title, row=1, what=what, hint=Label("可用模板重做表头", "take the heading of the template")))
    return found, mistakes


def _row_mistakes(table: Table, row: Row) -> Iterator[Mistake]:
    """What is missing, and days in the wrong order."""
    for column in table.layout.columns:
        needed = column.required
        if column.needed_when is not None:
            other, code = column.needed_when
            needed = needed or str(row.values.get(other)) == code
        if needed and column.key not in row.values:
            what = Label(f"缺少{column.name.zh}", f"{column.name.en} is missing")
            yield table.mistake(row, column.key, what, Label("此项必填", "this must be filled in"))
        first, last = row.values.get(column.after or ""), row.values.get(column.key)
        if first is not None and last is not None and last <= first:
            before = table.layout.column(column.after or "").name
            what = Label(f"{last} 不晚于{before.zh} {first}", f"{last} is not after {before.en} {first}")
            yield table.mistake(row, column.key, what, Label("核对两个日期", "check the two dates"))


def _repeated(table: Table) -> Iterator[Mistake]:
    sets: list[tuple[str, ...]] = [(c.key,) for c in table.layout.columns if c.unique]
    if table.layout.distinct:
        sets.append(table.layout.distinct)
    for keys in sets:
        first: dict[tuple[str, ...], int] = {}
        for row in table.rows:
            value = tuple(str(row.values.get(k, "")) for k in keys)
            if not any(value) or any(row.values.get(k, "") is None for k in keys):
                continue
            if value in first:
                what = Label(f"与第 {first[value]} 行重复", f"the same as in row {first[value]}")
                yield table.mistake(row, keys[0], what, Label("删去一行或改正", "remove one row or correct it"))
            first.setdefault(value, row.number)


def in_order(mistakes: Iterable[Mistake], tables: Mapping[str, Table]) -> list[Mistake]:
    """As one reads the workbook: sheet by sheet, row by row."""
    titles = [table.title for table in tables.values()]
    return sorted(mistakes, key=lambda m: (titles.index(m.sheet) if m.sheet in titles else -1, m.row or 0, m.column))


#: sort of thing → id → its names
Known = Mapping[str, Mapping[str, Sequence[str]]]


def defined(tables: Mapping[str, Table]) -> dict[str, dict[str, Sequence[str]]]:
    """What the workbook itself defines, as `Known`."""
    found: dict[str, dict[str, Sequence[str]]] = {}
    for table in tables.values():
        layout = table.layout
        if layout.defines is None:
            continue
        for row in table.rows:
            key = row.values.get(layout.id)
            if key is not None:
                name = row.values.get(layout.label or "")
                found.setdefault(layout.defines, {})[str(key)] = [str(name)] if name else []
    return found


def resolve(tables: Mapping[str, Table], known: Known) -> list[Mistake]:
    """Turn references (an id, or a name that only one has) into ids, in place. `known` is what the installation has."""
    book = defined(tables)
    by_sort = {sort: {**known.get(sort, {}), **book.get(sort, {})} for sort in {*known, *book}}
    return [
        mistake
        for table in tables.values()
        for column in table.layout.columns
        if column.refers
        for mistake in _resolve_column(table, column, by_sort)
    ]


def _resolve_column(table: Table, column: Column, known: Known) -> Iterator[Mistake]:
    ids = {key: names for sort in column.refers for key, names in known.get(sort, {}).items()}
    by_name: dict[str, list[str]] = {}
    for key, names in ids.items():
        for name in names:
            by_name.setdefault(name.casefold(), []).append(key)
    for row in table.rows:
        value = row.values.get(column.key)
        if value is None:
            continue
        found: list[str] = []
        for text in value if isinstance(value, list) else [value]:
            fits = [text] if text in ids else by_name.get(text.casefold(), [])
            if len(fits) == 1:
                found.append(fits[0])
            else:
                yield table.mistake(row, column.key, *_unresolved(text, fits))
        row.values[column.key] = found if column.many else (found[0] if found else None)


def _unresolved(text: str, fits: Sequence[str]) -> tuple[Label, Label]:
    if fits:
        return (
            Label(f"叫“{text}”的不止一个", f"more than one is called “{text}”"),
            Label(f"改填编号：{'、'.join(fits)}", f"put in the id: {', '.join(fits)}"),
        )
    return (
        Label(f"“{text}”既不在本工作簿，也不在系统中", f"“{text}” is neither in this workbook nor in the installation"),
        Label("核对编号或名称，或先补上这一行", "check the id or name, or add its row"),
    )
