"""Deploy checks of one form: everything that would fail, mislead or stay untranslated later."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

import re2

from engine.errors import Finding
from engine.feel import FeelSyntaxError
from engine.forms.compiled import CompiledForm, code_list_of, compile_form, expressions_of
from engine.forms.expressions import compiled, names_in
from engine.forms.finding_texts import finding_text
from engine.forms.kinds import CHOICE_TYPES, CHOICES_TYPES, KINDS, KNOWN_TYPES, REFERENCES, REFUSED_TYPES, SCORE_COLUMNS
from engine.forms.options import Codes, options
from engine.forms.rules import RuleRegistry
from engine.forms.standard_rules import APPLIES_TO, STANDARD_RULES
from engine.forms.tree import Component, Problem, children_of

_KEY = re.compile(r"[a-z][a-z0-9_]*(\.[a-z][a-z0-9_]*)*\Z")
_RESERVED = frozenset({"form", "result", "message", "codes", "this", "parent", "i", "now", "today"})
_WARNINGS = frozenset({"FORM-020", "FORM-022"})


def form_findings(
    form_id: str,
    schema: Mapping[str, Any],
    codes: Codes,
    shared: Mapping[str, Mapping[str, Any]],
    path: str,
    *,
    rules: RuleRegistry = STANDARD_RULES,
    language: str = "zh",
) -> list[Finding]:
    """What is wrong with a form. `form_id`: ``<key>/<form>`` from its place in the tree; `path`: the file, for the report.
    A shared group is checked like a form. `language` chooses the words of the report ("zh" or "en"); codes are stable."""
    problems = list(_shape(form_id, schema))
    if not any(problem.code == "FORM-016" for problem in problems):
        form = compile_form(schema, codes=codes, shared=shared, rules=rules)
        problems += [*form.problems, *_whole(form), *(p for component in form.walk() for p in _component(component, form))]
    return [_finding(problem, path, language) for problem in problems]


def _finding(problem: Problem, path: str, language: str) -> Finding:
    message, hint = finding_text(problem.code, language, problem.facts)
    severity = "warning" if problem.code in _WARNINGS else "error"
    return Finding(file=path, element=problem.element, line=None, code=problem.code, severity=severity, message=message, hint=hint)


def _shape(form_id: str, schema: Mapping[str, Any]) -> Iterator[Problem]:
    if schema.get("type") != "default" or not isinstance(schema.get("components"), list):
        yield Problem(code="FORM-016", element=None)
    if schema.get("id") != form_id:
        yield Problem(code="FORM-011", element=None, facts={"expected": form_id, "actual": schema.get("id")})
    if not schema.get("title") or not _english(schema, "title"):
        yield Problem(code="FORM-003", element=None, facts={"what": "title"})


def _whole(form: CompiledForm) -> Iterator[Problem]:
    seen: set[str] = set()
    for component in form.walk():
        if component.id in seen:
            yield Problem(code="FORM-019", element=component.id, facts={"id": component.id})
        seen.add(component.id)
    yield from _clashes(form.components)
    radios = [component for component in form.walk() if component.is_outcome]
    inside = {
        child.id for component in form.walk() if component.type == "dynamiclist" for child in component.walk() if child is not component
    }
    for index, component in enumerate(radios):
        if index or component.id in inside:
            yield Problem(code="FORM-012", element=component.id)


def _clashes(components: Iterable[Component]) -> Iterator[Problem]:
    """The same place filled by two fields, or a field that is a part of another. Rows are places of their own."""
    taken: dict[tuple[str, ...], str] = {}
    for place, component in _places(components, ()):
        for known, other in taken.items():
            if known[: len(place)] == place or place[: len(known)] == known:
                yield Problem(code="FORM-006", element=component.id, facts={"key": ".".join(place), "other": other})
                break
        taken[place] = component.id
        if component.type == "dynamiclist":
            yield from _clashes(component.children)


def _places(components: Iterable[Component], prefix: tuple[str, ...]) -> Iterator[tuple[tuple[str, ...], Component]]:
    for component in components:
        place = (*prefix, *component.path)
        if component.type == "group":
            yield from _places(component.children, place)
        elif (component.is_input or component.type == "expression") and component.path:
            yield place, component


def _component(component: Component, form: CompiledForm) -> Iterator[Problem]:
    if component.type not in KNOWN_TYPES or component.type in REFUSED_TYPES:
        yield Problem(
            code="FORM-001", element=component.id, facts={"type": component.type, "known": ", ".join(sorted(KNOWN_TYPES - REFUSED_TYPES))}
        )
        return
    yield from _kind(component)
    yield from _key(component)
    yield from _texts(component)
    yield from _choices(component, form)
    yield from _expressions(component)
    yield from _rules(component, form)
    yield from _bounds(component)
    yield from _rows(component)


def _kind(component: Component) -> Iterator[Problem]:
    if component.kind is None:
        return
    kind = KINDS.get(component.kind)
    if kind is None:
        yield Problem(
            code="FORM-002", element=component.id, facts={"kind": component.kind, "allowed": ", ".join(sorted(KINDS)), "type": ""}
        )
    elif component.type not in kind.types:
        facts = {"kind": component.kind, "allowed": ", ".join(sorted(kind.types)), "type": component.type}
        yield Problem(code="FORM-002", element=component.id, facts=facts)


def _key(component: Component) -> Iterator[Problem]:
    key = ".".join(component.path)
    if not component.is_input and component.type != "expression":
        if component.type == "group" and key and not _KEY.match(key):
            yield Problem(code="FORM-007", element=component.id, facts={"key": key})
        return
    if not _KEY.match(key) or (component.path and component.path[0] in _RESERVED):
        yield Problem(code="FORM-007", element=component.id, facts={"key": key})


def _texts(component: Component) -> Iterator[Problem]:
    source = component.source
    needed = ["text"] if component.type == "text" else ["label"] if component.is_input else []
    for name in [*needed, "label", "description", "text"]:
        if name in needed and not source.get(name):
            yield Problem(code="FORM-003", element=component.id, facts={"what": name})
        elif source.get(name) and not _english(source, name):
            yield Problem(code="FORM-003", element=component.id, facts={"what": f"i18n.en.{name}"})
        if name in needed:
            needed = []
            source = {key: value for key, value in source.items() if key != name}
    for column in component.source.get("columns") or []:
        if not column.get("label") or not _english(column, "label"):
            yield Problem(code="FORM-003", element=component.id, facts={"what": f"columns: {column.get('key')}"})
    if component.properties.get("checkMessage") and not ((component.source.get("i18n") or {}).get("en") or {}).get("checkMessage"):
        yield Problem(code="FORM-003", element=component.id, facts={"what": "i18n.en.checkMessage"})


def _english(source: Mapping[str, Any], name: str) -> bool:
    text = source.get(name)
    return bool(((source.get("i18n") or {}).get("en") or {}).get(name)) or (isinstance(text, str) and text.startswith("="))


def _choices(component: Component, form: CompiledForm) -> Iterator[Problem]:
    if component.type not in CHOICE_TYPES | CHOICES_TYPES or component.kind in REFERENCES:
        return
    name = code_list_of(component)
    if name is not None and name not in form.codes:
        yield Problem(code="FORM-004", element=component.id, facts={"list": name})
    source = component.source
    if not source.get("valuesExpression") and not source.get("valuesKey") and not options(source.get("values"), "zh"):
        yield Problem(code="FORM-013", element=component.id)
    for entry in source.get("values") or []:
        if (
            isinstance(entry, Mapping)
            and not ((entry.get("i18n") or {}).get("en") or {}).get("label")
            and not str(entry.get("label", "")).isascii()
        ):
            yield Problem(code="FORM-003", element=component.id, facts={"what": f"values: {entry.get('value')}"})


def _expressions(component: Component) -> Iterator[Problem]:
    for text in [*expressions_of(component), *([str(component.properties["filter"])] if "filter" in component.properties else [])]:
        try:
            compiled(text)
        except FeelSyntaxError as error:
            yield Problem(
                code="FORM-008", element=component.id, facts={"text": text, "reason": error.message, "reason_zh": error.message_zh}
            )


def _rules(component: Component, form: CompiledForm) -> Iterator[Problem]:
    for rule in component.rules:
        allowed = APPLIES_TO.get(rule.code)
        if allowed is not None and component.type not in allowed and component.kind not in allowed:
            facts = {"rule": rule.code, "type": component.kind or component.type, "allowed": ", ".join(sorted(allowed))}
            yield Problem(code="FORM-017", element=component.id, facts=facts)
        known = {key for other in form.walk() for key in (other.key, ".".join(other.path)) if key}
        for name in rule.fields():
            if name not in known:
                yield Problem(code="FORM-015", element=component.id, facts={"rule": rule.code, "field": name})


def _bounds(component: Component) -> Iterator[Problem]:
    pattern = component.validate.get("pattern")
    if pattern:
        try:
            re2.compile(pattern)
        except re2.error as error:
            yield Problem(code="FORM-018", element=component.id, facts={"pattern": pattern, "reason": str(error)})
    if "required" in component.validate and not isinstance(component.validate["required"], bool):
        yield Problem(code="FORM-010", element=component.id, facts={"what": "validate.required"})
    for name in ("minRows", "maxRows"):
        if name in component.properties and component.integer(name) is None:
            yield Problem(code="FORM-010", element=component.id, facts={"what": f"properties.{name}"})
    least, most = component.integer("minRows"), component.integer("maxRows")
    if least is not None and most is not None and least > most:
        yield Problem(code="FORM-010", element=component.id, facts={"what": "minRows > maxRows"})


def _rows(component: Component) -> Iterator[Problem]:
    if component.type != "dynamiclist":
        return
    if not component.children and not any(True for _ in children_of(component.source)):
        yield Problem(code="FORM-020", element=component.id)
    keys = {child.key for child in component.children}
    if component.kind == "score_table" and not keys.issuperset(SCORE_COLUMNS):
        yield Problem(code="FORM-023", element=component.id, facts={"missing": ", ".join(sorted(set(SCORE_COLUMNS) - keys))})
    locked = [child for child in component.children if child.source.get("readonly") is True or child.source.get("disabled") is True]
    if locked and component.source.get("allowAddRemove") is not False:
        yield Problem(code="FORM-014", element=component.id, facts={"key": locked[0].key})
    columns = {child.key for child in component.children if child.key}
    for child in component.children:
        if child.hide and _reads_column(child.hide, columns):
            yield Problem(code="FORM-022", element=child.id, facts={"text": child.hide})


def _reads_column(hide: str, columns: set[str]) -> bool:
    """Inside rows a bare name is a name of the form; a column is written ``this.<column>``."""
    try:
        return bool(names_in(hide) & columns)
    except FeelSyntaxError:
        return False
