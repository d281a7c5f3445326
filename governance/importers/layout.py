"""How a workbook is laid out: its sheets, their columns, what the cells mean. Read from YAML (`*.import.yaml`)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import yaml

from engine.definitions.model import Label
from engine.errors import CogovError
from engine.schemas.validate import validate


class WrongLayout(CogovError):
    """The description of the workbook is wrong."""

    code = "wrong_layout"


@dataclass(frozen=True, slots=True, kw_only=True)
class Column:
    """One column. `kind` says how a cell is read (`cells`)."""

    key: str
    name: Label
    kind: str
    required: bool = False
    #: list of codes a cell of kind choice takes one of
    choices: str | None = None
    #: what a cell of kind ref may name: sorts of things, known from the installation or defined by a sheet
    refers: tuple[str, ...] = ()
    #: several values in one cell, parted by commas, semicolons or new lines
    many: bool = False
    longest: int = 200
    #: a day that must not lie before that of the other column
    after: str | None = None
    #: no two rows (of the sheet) have the same value
    unique: bool = False
    #: must be filled in when the other column has this value: (column, code)
    needed_when: tuple[str, str] | None = None
    example: Any = None
    help: Label = field(default_factory=lambda: Label("", ""))


@dataclass(frozen=True, slots=True, kw_only=True)
class SheetLayout:
    key: str
    name: Label
    columns: Sequence[Column]
    #: at least one row
    required: bool = False
    #: the sort of things its rows are; the column `id` (else the first) names them, `label` is another name of theirs
    defines: str | None = None
    id: str = "id"
    label: str | None = None
    #: keys of columns that together are different in every row
    distinct: tuple[str, ...] = ()
    help: Label = field(default_factory=lambda: Label("", ""))

    def column(self, key: str) -> Column:
        return next(c for c in self.columns if c.key == key)


@dataclass(frozen=True, slots=True, kw_only=True)
class Layout:
    """A kind of workbook. `data` is the whole file, for what only one importer knows."""

    key: str
    name: Label
    sheets: Sequence[SheetLayout]
    data: Mapping[str, Any]

    def sheet(self, key: str) -> SheetLayout:
        return next(s for s in self.sheets if s.key == key)

    @property
    def names(self) -> frozenset[str]:
        """Names of all its sheets, in both languages and as keys, folded."""
        return frozenset(name.casefold() for s in self.sheets for name in (s.key, s.name.zh, s.name.en))


def read_layout(path: Path) -> Layout:
    """Raises WrongLayout naming what the schema ``import`` does not allow."""
    data = yaml.safe_load(path.read_text("utf-8"))
    faults = validate("import", data)
    if faults:
        raise WrongLayout("; ".join(f"{path.name} {f.where}: {f.reason.zh} / {f.reason.en}" for f in faults))
    return Layout(key=data["import"], name=_label(data["name"]), sheets=[_sheet(key, s) for key, s in data["sheets"].items()], data=data)


def _sheet(key: str, data: Mapping[str, Any]) -> SheetLayout:
    columns = [_column(c) for c in data["columns"]]
    return SheetLayout(
        key=key,
        name=_label(data["name"]),
        columns=columns,
        required=data.get("required", False),
        defines=data.get("defines"),
        id=data.get("id", columns[0].key),
        label=data.get("label"),
        distinct=tuple(data.get("distinct", ())),
        help=_label(data.get("help", {})),
    )


def _column(data: Mapping[str, Any]) -> Column:
    needed = data.get("needed_when")
    return Column(
        key=data["key"],
        name=Label(data["zh"], data["en"]),
        kind=data["kind"],
        required=data.get("required", False),
        choices=data.get("choices"),
        refers=tuple(data.get("refers", ())),
        many=data.get("many", False),
        longest=data.get("longest", 200),
        after=data.get("after"),
        unique=data.get("unique", False),
        needed_when=(needed[0], str(needed[1])) if needed else None,
        example=data.get("example"),
        help=_label(data.get("help", {})),
    )


def _label(data: Mapping[str, str]) -> Label:
    return Label(data.get("zh", ""), data.get("en", ""))
