"""Forms and code lists: shape by schema, inside by `engine.forms`."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from engine.definitions.checks.context import Checked
from engine.definitions.checks.doubts import Add, add_doubts
from engine.definitions.package import CODES_PATH
from engine.definitions.positions import Located, Path
from engine.definitions.scope.form_places import form_places, users
from engine.definitions.scope.functions import OWN_FUNCTIONS
from engine.definitions.scope.variables import Seen
from engine.errors import Finding
from engine.feel.inference import Anything, infer
from engine.forms import form_findings
from engine.schemas.validate import validate


def check_codes(checked: Checked) -> None:
    """forms/shared/codes.yaml."""
    located = checked.package.located.get(CODES_PATH)
    if located is None:
        return
    for fault in validate("codes", located.value):
        checked.add("FORM-103", CODES_PATH, None, located.line(fault.path), where=fault.where, reason=fault.reason)
    for name, entries in checked.package.codes.items():
        seen: set[str] = set()
        for index, entry in enumerate(entries):
            code = str(entry.get("code"))
            if code in seen:
                checked.add("FORM-104", CODES_PATH, name, located.line((name, index)), list=name, value=code)
            seen.add(code)


def check_forms(checked: Checked, language: str) -> list[Finding]:
    """Findings of every form: from inside first; if those are clean, against the schema."""
    found: list[Finding] = []
    shown = users(checked.world, checked.processes)
    shared = {**checked.deployed.shared, **checked.package.shared}
    for form, schema in checked.package.forms.items():
        path = checked.package.form_path(form)
        located = checked.package.located[path]
        inside = form_findings(form, schema, checked.codes, shared, path, language=language)
        places = _places(located)
        found += [replace(finding, line=located.line(places.get(finding.element or "", ()))) for finding in inside]
        if any(finding.severity == "error" for finding in inside):
            continue
        for fault in validate("form", schema):
            checked.add("FORM-102", path, None, located.line(fault.path), where=fault.where, reason=fault.reason)
        _names(checked, form, path, {name: located.line(place) for name, place in places.items()}, shown.get(form))
    return found


def _names(checked: Checked, form: str, path: str, lines: Mapping[str, int | None], shown: list[Seen | None] | None) -> None:
    """Names and kinds in the expressions of a form that some step shows. In the browser an unknown name would just be null."""
    compiled = checked.world.compiled_form(form)
    if not shown or compiled is None:
        return
    for place in form_places(checked.world, compiled, shown):
        text = place.text.removeprefix("=")
        doubts = infer(text, Anything() if place.names is None else place.names, functions=OWN_FUNCTIONS).doubts
        add_doubts(_adding(checked, path, place.component, lines.get(place.component)), form, text, doubts)


def _adding(checked: Checked, path: str, component: str, line: int | None) -> Add:
    return lambda code, **facts: checked.add(code, path, component, line, **facts)


def _places(located: Located) -> dict[str, Path]:
    """Component id (or key) → its path in the file."""
    places: dict[str, Path] = {}
    todo: list[tuple[Path, object]] = [((), located.value)]
    while todo:
        path, value = todo.pop()
        if isinstance(value, dict):
            for name in ("path", "key", "id"):
                if path and isinstance(value.get(name), str):
                    places[value[name]] = path
            todo += [((*path, "components"), value.get("components"))]
        elif isinstance(value, list):
            todo += [((*path, index), item) for index, item in enumerate(value)]
    return places
