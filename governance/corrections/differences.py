"""Two versions of a submission, field by field, as a person reads them. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from engine import values
from engine.definitions.model import Label
from engine.forms.compiled import CompiledForm, FieldInfo

#: kinds of field whose value is an id of the directory
NAMED = ("person", "unit", "area", "committee")
Codes = Mapping[str, Sequence[Mapping[str, Any]]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """One field in both versions. `kind`: file, money, or text; a file is {id, name, size, media_type}."""

    label: Label
    before: Any
    after: Any
    changed: bool
    kind: str = "text"


def lines(form: CompiledForm, before: Mapping[str, Any], after: Mapping[str, Any], codes: Codes, names: Mapping[str, Label]) -> list[Line]:
    """Every field of the form that has a value in one of the versions; rows (a table) column by column."""
    return list(_lines(form.fields, before, after, codes, names, Label()))


def references(form: CompiledForm, *versions: Mapping[str, Any]) -> set[str]:
    """Ids of the directory that occur in the versions."""
    return {ref for version in versions for ref in _references(form.fields, version)}


def _lines(
    fields: Mapping[str, FieldInfo],
    before: Mapping[str, Any],
    after: Mapping[str, Any],
    codes: Codes,
    names: Mapping[str, Label],
    where: Label,
) -> Iterator[Line]:
    for key, info in fields.items():
        old, new = _at(before, key), _at(after, key)
        label = Label(f"{where.zh}{info.label('zh') or key}", f"{where.en}{info.label('en') or key}")
        if info.columns is not None:
            olds, news = _rows(old), _rows(new)
            for number in range(max(len(olds), len(news))):
                old_row, new_row = (rows[number] if number < len(rows) else {} for rows in (olds, news))
                row = Label(f"{label.zh} {number + 1} · ", f"{label.en} {number + 1} · ")
                yield from _lines(info.columns, old_row, new_row, codes, names, row)
            continue
        if old in (None, "", []) and new in (None, "", []):
            continue
        kind = "file" if info.type == "filepicker" else "money" if info.kind == "money" else "text"
        yield Line(
            label=label, before=_shown(info, old, codes, names), after=_shown(info, new, codes, names),
            changed=values.dumps(old) != values.dumps(new), kind=kind,
        )  # fmt: skip


def _shown(info: FieldInfo, value: Any, codes: Codes, names: Mapping[str, Label]) -> Any:
    if isinstance(value, list) and info.type != "filepicker":
        return [_shown(info, item, codes, names) for item in value]
    if info.kind in NAMED:
        return names.get(_ref(value) or "", value)
    if info.codes is not None:
        known = {str(c["code"]): Label(str(c["zh"]), str(c["en"])) for c in codes.get(info.codes, ())}
        return known.get(str(value), value)
    return value


def _references(fields: Mapping[str, FieldInfo], version: Mapping[str, Any]) -> Iterator[str]:
    for key, info in fields.items():
        value = _at(version, key)
        if info.columns is not None:
            for row in _rows(value):
                yield from _references(info.columns, row)
        elif info.kind in NAMED:
            yield from filter(None, map(_ref, value if isinstance(value, list) else [value]))


def _ref(value: Any) -> str | None:
    found = value.get("id") if isinstance(value, Mapping) else value
    return found if isinstance(found, str) and found else None


def _rows(value: Any) -> list[Mapping[str, Any]]:
    return [row for row in value if isinstance(row, Mapping)] if isinstance(value, list) else []


def _at(version: Mapping[str, Any], key: str) -> Any:
    found: Any = version
    for name in key.split("."):
        found = found.get(name) if isinstance(found, Mapping) else None
    return found


def files_of(found: Iterable[Line]) -> list[str]:
    """Ids of all files in the lines."""
    return [f["id"] for line in found if line.kind == "file" for side in (line.before, line.after) for f in side or ()]
