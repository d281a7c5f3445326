"""The shape of what a form gives: one entry for each field, lists for rows, contexts for groups."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from engine.feel.inference import ANY, BOOLEAN, DATE, MOMENT, NUMBER, TEXT, TIME, Shape, context_of, list_of
from engine.forms.compiled import CompiledForm, FieldInfo

_TEMPORAL = {"date": DATE, "datetime": MOMENT, "time": TIME}
_FILE = context_of({"id": TEXT, "name": TEXT, "size": NUMBER, "media_type": TEXT, "digest": TEXT}, open=True)
_PLACE = context_of({"address": TEXT, "lat": NUMBER, "lon": NUMBER})
#: who handed a form in, and when (conventions 3)
FACTS: Mapping[str, Shape] = {"by": TEXT, "at": MOMENT}
_PLAIN: Mapping[str, Shape] = {
    "textfield": TEXT,
    "textarea": TEXT,
    "number": NUMBER,
    "checkbox": BOOLEAN,
    "filepicker": list_of(_FILE),
}


def form_shape(form: CompiledForm) -> Shape:
    """The accepted submission without who handed it in."""
    return context_of(_nested((key.split("."), field_shape(info)) for key, info in form.fields.items()))


def field_shape(info: FieldInfo) -> Shape:
    """The shape of one field's value."""
    if info.columns is not None:
        return list_of(context_of(_nested((key.split("."), field_shape(column)) for key, column in info.columns.items())))
    if info.kind == "geo":
        return _PLACE
    if info.type == "datetime":
        return _TEMPORAL.get(info.subtype or "date", ANY)
    if info.type in ("select", "radio"):
        return TEXT if info.codes or info.kind else ANY
    if info.type in ("checklist", "taglist"):
        return list_of(TEXT if info.codes or info.kind else ANY)
    return _PLAIN.get(info.type, ANY)


def _nested(fields: Any) -> dict[str, Shape]:
    """Keys with dots are groups."""
    found: dict[str, Shape] = {}
    groups: dict[str, list[Any]] = {}
    for path, shape in fields:
        if len(path) == 1:
            found[path[0]] = shape
        else:
            groups.setdefault(path[0], []).append((path[1:], shape))
    for name, inside in groups.items():
        found[name] = context_of(_nested(inside))
    return found
