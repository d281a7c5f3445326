"""A form made ready: what its fields are, how it is shown, how a submission is read."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from engine.forms.context import FormContext
from engine.forms.expressions import ROW_NAMES, is_expression, names_in, template_parts
from engine.forms.loading import Loader
from engine.forms.loading_state import Frame
from engine.forms.options import Codes, code_options
from engine.forms.rendering import Rendered, render
from engine.forms.rules import RuleRegistry
from engine.forms.standard_rules import STANDARD_RULES
from engine.forms.tree import Component, Problem, Reader, get_at


@dataclass(frozen=True, slots=True, kw_only=True)
class FieldInfo:
    """One value a form gives, for registers, pages, history and checks. Columns of rows are under `columns`."""

    key: str
    type: str
    kind: str | None
    required: bool
    zh: str
    en: str
    #: code list of ``=codes.<name>``, so that values can be shown as words
    codes: str | None = None
    #: date | datetime | time for type datetime
    subtype: str | None = None
    columns: Mapping[str, FieldInfo] | None = None

    def label(self, language: str) -> str:
        return (self.en or self.zh) if language == "en" else (self.zh or self.en)


class CompiledForm:
    """A form-js schema, compiled. Immutable and thread-safe; cache it by the digest of its parts."""

    def __init__(self, schema: Mapping[str, Any], codes: Codes, shared: Mapping[str, Mapping[str, Any]], rules: RuleRegistry) -> None:
        reader = Reader(shared, rules)
        self.schema = schema
        self.components: tuple[Component, ...] = reader.read(schema)
        self.problems: tuple[Problem, ...] = tuple(reader.problems)
        self.codes = codes
        self.fields: Mapping[str, FieldInfo] = dict(_fields(self.components, ()))
        self._loader = Loader(self.components, codes)
        self._keys = frozenset(key.split(".")[0] for key in self.fields)

    @property
    def needs(self) -> frozenset[str]:
        """Names the form's FEEL reads that are neither its fields nor codes: the task must have these variables. Raises FeelSyntaxError."""
        used = {name for component in self.walk() for text in expressions_of(component) for name in names_in(text)}
        return frozenset(used) - self._keys - ROW_NAMES - {"codes"}

    def walk(self) -> Iterator[Component]:
        """Every component, included groups and columns of rows too."""
        for component in self.components:
            yield from component.walk()

    def load(self, submission: Any, *, context: FormContext) -> dict[str, Any]:
        """Typed values (engine.values) of the fields that are visible and editable for this context; optional ones left blank are null
        (false, [] for ticks and lists). Hidden, read-only and disabled fields are ignored.

        Raises FormInvalid with every error: unknown keys (V-UNKNOWN), missing (V-REQ), wrong shape or range, choices the server does not
        offer (V-CHOICE), rows, rules (V-…) and checks (V-CHECK).
        """
        return self._loader.load(submission, context)

    def render(self, language: str, *, data: Mapping[str, Any] | None = None, context: FormContext) -> Rendered:
        """The form for a browser: in `language`, groups included, choices filled in. `data`: start values (a saved draft, typed or as the
        browser sent it) laid over the context's variables for editable fields; read-only fields always show the variables."""
        context = replace(context, language=language, data={**context.data, **self._start_values(data or {}, context)})
        frame = self._loader.frame({}, context)
        return render(self.schema, self.components, self._keys, code_options(self.codes, language), frame)

    def _start_values(self, data: Mapping[str, Any], context: FormContext) -> dict[str, Any]:
        frame = self._loader.frame({}, context)
        locked = {component.path[0] for component in self.components if component.path and frame.is_locked(component)}
        values = {key: value for key, value in data.items() if key in self._keys and key not in locked}
        for component in self.components:
            if component.type == "dynamiclist" and component.source.get("allowAddRemove") is False and component.key in values:
                values[component.key] = _with_locked_cells(component, values[component.key], frame)
        return values

    def file_ids(self, values: Mapping[str, Any]) -> list[str]:
        """Ids of all uploaded files in loaded values, rows included; the engine attaches these to the instance."""
        return list(self.files(values))

    def files(self, values: Mapping[str, Any]) -> dict[str, Mapping[str, Any]]:
        """All uploaded files in loaded values, rows included, by id."""
        return {file["id"]: file for file in _files(self.components, values)}

    @property
    def reads(self) -> frozenset[str]:
        """Names of variables that the form shows or computes with. Raises FeelSyntaxError."""
        return self.needs | self._keys


def compile_form(
    schema: Mapping[str, Any],
    *,
    codes: Codes | None = None,
    shared: Mapping[str, Mapping[str, Any]] | None = None,
    rules: RuleRegistry = STANDARD_RULES,
) -> CompiledForm:
    """Compile a form-js schema. `codes`: code list name → [{code, zh, en}]; `shared`: name (``shared/check_rows``) → schema of a group.

    Never refuses: what is wrong is reported by `form_findings` at deploy. A component that could not be read raises when it is used.
    """
    return CompiledForm(schema, codes or {}, shared or {}, rules)


def expressions_of(component: Component) -> Iterator[str]:
    """Every FEEL text of a component, as ``=…``."""
    source, properties = component.source, component.properties
    if component.hide:
        yield component.hide
    for name in ("valuesExpression", "readonly", "label", "description", "text", "source", "expression", "dataSource"):
        if is_expression(source.get(name)):
            yield source[name]
        elif isinstance(source.get(name), str):
            yield from template_parts(source[name])
    yield from (value for value in component.validate.values() if is_expression(value))
    for name in ("check", "hash", "rowsExpression"):
        text = properties.get(name)
        if isinstance(text, str):
            yield text if is_expression(text) else "=" + text


def code_list_of(component: Component) -> str | None:
    """Name of the code list when the choices are ``=codes.<name>``."""
    text = component.source.get("valuesExpression")
    if not is_expression(text):
        return None
    name = str(text).removeprefix("=").strip()
    return name.removeprefix("codes.") if name.startswith("codes.") and name.removeprefix("codes.").isidentifier() else None


def _fields(components: Iterable[Component], prefix: tuple[str, ...]) -> Iterator[tuple[str, FieldInfo]]:
    for component in components:
        path = (*prefix, *component.path)
        if component.type == "group":
            yield from _fields(component.children, path)
        elif (component.is_input or component.type == "expression") and path:
            yield ".".join(path), _info(component, ".".join(path))


def _info(component: Component, key: str) -> FieldInfo:
    return FieldInfo(
        key=key,
        type=component.type,
        kind=component.kind,
        required=component.required,
        zh=component.text("label", "zh"),
        en=component.text("label", "en"),
        codes=code_list_of(component),
        subtype=component.source.get("subtype", "date") if component.type == "datetime" else None,
        columns=dict(_fields(component.children, ())) if component.type == "dynamiclist" else None,
    )


def _with_locked_cells(component: Component, draft: Any, frame: Frame) -> list[dict[str, Any]]:
    """The server's rows of a list that cannot grow, with what the draft has in the cells that may be edited."""
    drafted = draft if isinstance(draft, list) else []
    locked = [child.key for child in component.children if child.key and child.source.get("readonly") is True]
    rows = []
    for index, known in enumerate(frame.given_rows(component, ())):
        row = drafted[index] if index < len(drafted) and isinstance(drafted[index], Mapping) else {}
        rows.append({**known, **row, **{key: known.get(key) for key in locked}})
    return rows


def _files(components: Sequence[Component], values: Mapping[str, Any], prefix: tuple[str, ...] = ()) -> Iterator[Mapping[str, Any]]:
    for component in components:
        path = (*prefix, *component.path)
        if component.type == "group":
            yield from _files(component.children, values, path)
        elif component.type == "filepicker":
            yield from get_at(values, path) or []
        elif component.type == "dynamiclist":
            for row in get_at(values, path) or []:
                yield from _files(component.children, row)
