"""Every FEEL expression of a process compiles, uses names, functions, code lists and codes that exist, and fits its place."""

from __future__ import annotations

import re
from typing import Any

from engine.definitions.checks.context import Of, some
from engine.definitions.checks.doubts import Add, near_of, nearest_of
from engine.definitions.checks.feel import check_feel
from engine.definitions.scope.places import Place, Places
from engine.feel.inference import Shape, nearest

_CODE_LIST = re.compile(r"\bcodes\.([A-Za-z_]\w*)")
_DEADLINE = re.compile(r'\bdeadline\(\s*"([^"]*)"\s*\)')
_SETTING = re.compile(r'\bsetting\(\s*"([^"]*)"')
_ROLE = re.compile(r'\brole\(\s*"([^"]*)"')
_COMPARISON = re.compile(r'\b([a-z_]\w*)\.([a-z_]\w*)\s*!?=\s*"([^"]*)"')
_STRING = re.compile(r'"(?:[^"\\]|\\.)*"')


def check_expressions(of: Of) -> list[tuple[Place, Shape]]:
    """All expressions of one process, each with the names of its place. Answers what each that can be read gives."""
    variables = of.checked.world.variables(of.process)
    assert variables is not None  # it is asked for by the process itself
    found: list[tuple[Place, Shape]] = []
    for place in Places(of.checked.world, variables).all():
        if place.text.startswith(("${", "#{")):
            continue  # the reader said BPMN-033
        shape = check_feel(_adding(of, place.element, place.line), place.what, place.text, place.names, place.wanted)
        if shape is not None:
            _vocabulary(of, place.element, place.line, place.what, place.text)
            found.append((place, shape))
    return found


def _adding(of: Of, element: str, line: int) -> Add:
    return lambda code, **facts: of.add(code, element, line, **facts)


def _vocabulary(of: Of, element: str, line: int, where: str, text: str) -> None:
    codes = of.checked.codes
    bare = _STRING.sub('""', text)
    for name in sorted(set(_CODE_LIST.findall(bare)) - codes.keys()):
        of.add("FEEL-005", element, line, where=where, name=name, near=nearest_of(name, codes))
    for name in sorted(set(_DEADLINE.findall(text)) - of.checked.deadlines):
        of.add("BPMN-073", element, line, ref=name, known=some(of.checked.deadlines))
    if of.checked.setting_keys is not None:
        for name in sorted(set(_SETTING.findall(text)) - of.checked.setting_keys):
            of.add("BPMN-075", element, line, ref=name, near=nearest_of(name, of.checked.setting_keys))
    if of.checked.roles is not None:
        for name in sorted(set(_ROLE.findall(text)) - set(of.checked.roles)):
            of.add("BPMN-066", element, line, ref=name, near=nearest_of(name, of.checked.roles))
    for variable, key, value in _COMPARISON.findall(text):
        _comparison(of, element, line, where, variable, key, value)


def _comparison(of: Of, element: str, line: int, where: str, variable: str, key: str, value: str) -> None:
    """``review.opinion = "pass"``: the field's code list has that code. Only where the data's form says which list."""
    data = of.process.data.get(variable)
    form = of.checked.form(data.form) if data is not None and data.form else None
    name = _list_of(form, key) if form is not None else None
    if name is None or name not in of.checked.codes:
        return
    known = [str(entry.get("code")) for entry in of.checked.codes[name]]
    if value not in known:
        near = near_of(nearest(value, known))
        of.add("FEEL-003", element, line, where=where, list=name, value=value, known=some(known), near=near)


def _list_of(form: dict[str, Any], key: str) -> str | None:
    """The code list of a top-level field of a form."""
    for component in form.get("components") or ():
        if isinstance(component, dict) and component.get("key") == key:
            match = _CODE_LIST.fullmatch(str(component.get("valuesExpression", "")).removeprefix("=").strip())
            return match[1] if match else None
    return None
