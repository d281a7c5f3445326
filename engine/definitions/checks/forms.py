"""Forms and code lists: shape by schema, inside by `engine.forms`."""

from __future__ import annotations

from dataclasses import replace

from engine.definitions.checks.context import Checked
from engine.definitions.package import CODES_PATH
from engine.definitions.positions import Located, Path
from engine.errors import Finding
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
    return found


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
