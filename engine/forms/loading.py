"""A submission → typed values, or all that is wrong with it.

Order: what is hidden is found first (to a fixed point, so that a value the user cannot see decides nothing), then a marshmallow
Schema of what is visible and editable reads the values, then rules and checks run over the typed result.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any

from marshmallow import RAISE, Schema, ValidationError
from marshmallow import fields as ma

from engine.errors import FieldError, FormInvalid
from engine.forms.context import FormContext
from engine.forms.expressions import environment_of, evaluate, is_expression
from engine.forms.fields import GroupField, field_for
from engine.forms.loading_state import FRAME, Frame, Wrong
from engine.forms.messages import say
from engine.forms.options import Codes, code_options
from engine.forms.reading import is_blank, read_number, read_temporal
from engine.forms.rules import Checked, Violation
from engine.forms.tree import Component, field_error, get_at, set_at
from engine.values import normalise

Placed = tuple[tuple[str, ...], Component]

_ROUNDS = 20
_MOST_SCHEMAS = 500


class Loader:
    """Loads submissions of one form. Thread-safe: the state of a load lies in its Frame; schemas are built once per visible set."""

    def __init__(self, components: Sequence[Component], codes: Codes) -> None:
        self._components = tuple(components)
        self._codes = codes
        self._schemas: dict[tuple[str, ...], Schema] = {}
        self._code_options: dict[str, Mapping[str, Any]] = {}
        #: whether what is read-only depends on values, so that hiding must wait for it
        self._locks = any(is_expression(inner.source.get("readonly")) for component in components for inner in component.walk())

    def load(self, submission: Any, context: FormContext) -> dict[str, Any]:
        """Typed values of visible, editable fields. Raises FormInvalid with every error found."""
        if not isinstance(submission, Mapping):
            raise FormInvalid([field_error((), "V-TYPE", say("object", context.language))])
        frame = self.frame(submission, context)
        values, messages = self._values(self._components, frame, submission)
        errors = [*_flat(messages, context.language), *self._broken(self._components, frame, values, messages)]
        if errors:
            raise FormInvalid(errors)
        self._compute(self._components, frame, values)
        return values

    def frame(self, submission: Mapping[str, Any], context: FormContext) -> Frame:
        """The root frame of a submission, with what it hides."""
        codes = self._options(context.language)
        frame = Frame(
            context=context, environment=environment_of(context), root={"codes": codes, **context.data}, this={}, given=context.data
        )
        for _ in range(_ROUNDS):
            draft = self._draft(self._components, submission, frame, ())
            seen = replace(frame, root={"codes": codes, **context.data, **draft}, this=draft)
            hidden = frozenset(_hidden(self._components, seen, ()))
            settled = hidden == frame.hidden and (not self._locks or draft == frame.this)
            frame = replace(seen, hidden=hidden)
            if settled:
                break
        return frame

    def _options(self, language: str) -> Mapping[str, Any]:
        """The code lists as conditions see them, made once per language."""
        if language not in self._code_options:
            self._code_options[language] = code_options(self._codes, language)
        return self._code_options[language]

    # -- draft: what conditions see -------------------------------------------------------------------------------------

    def _draft(self, components: Iterable[Component], raw: Any, before: Frame, prefix: tuple[str, ...]) -> dict[str, Any]:
        """Values as far as they can be read; null where the last round (`before`) hid the field, the server's own where it is read-only."""
        draft: dict[str, Any] = {}
        for path, component in _inputs(components, prefix):
            if before.is_hidden(component):
                set_at(draft, path, None)
            elif before.is_locked(component):
                set_at(draft, path, _unless_blank(get_at(before.given, path)))
            elif component.type == "dynamiclist":
                set_at(draft, path, self._draft_rows(component, get_at(raw, path), before, path))
            else:
                set_at(draft, path, _as_typed(component, get_at(raw, path), before.context))
        return draft

    def _draft_rows(self, component: Component, rows: Any, before: Frame, path: tuple[str, ...]) -> list[dict[str, Any]] | None:
        if not isinstance(rows, list):
            return None
        given = before.given_rows(component, path[: len(path) - len(component.path)])
        earlier = get_at(before.this, path)
        return [
            self._draft(component.children, row, before.row(index, _mapping_at(earlier, index), _mapping_at(given, index)), ())
            for index, row in enumerate(rows[: before.context.limits.rows])
        ]

    # -- values ----------------------------------------------------------------------------------------------------------

    def _values(self, components: Sequence[Component], frame: Frame, raw: Any) -> tuple[dict[str, Any], dict[str, Any]]:
        editable = [placed for placed in _visible(components, frame, ()) if not frame.is_locked(placed[1])]
        kept = {component.id for _, component in editable}
        ignored = [path for path, component in _inputs(components, ()) if component.id not in kept]
        ignored += [path for path, component in _expressions(components, ())]
        token = FRAME.set(frame)
        try:
            values = self._schema(editable).load(_without(raw, ignored, [path for path, _ in editable]))
        except ValidationError as error:
            return (error.valid_data if isinstance(error.valid_data, dict) else {}), _by_field(error)
        finally:
            FRAME.reset(token)
        return values, {}

    def _load_row(self, component: Component, frame: Frame, raw: Any) -> dict[str, Any]:
        # a row in which everything is hidden arrives as null
        values, messages = self._values(component.children, frame, {} if raw is None else raw)
        for path, child in _visible(component.children, frame, ()):
            if frame.is_locked(child):
                set_at(values, path, normalise(get_at(frame.given, path)))
        if messages:
            raise ValidationError(messages, valid_data=values)
        return values

    def _schema(self, editable: Sequence[Placed]) -> Schema:
        key = tuple(component.id for _, component in editable)
        schema = self._schemas.get(key)
        if schema is None:
            if len(self._schemas) >= _MOST_SCHEMAS:
                self._schemas.clear()
            schema = self._schemas[key] = self._built(editable)
        return schema

    def _built(self, editable: Sequence[Placed]) -> Schema:
        tree: dict[str, Any] = {}
        for path, component in editable:
            set_at(tree, path, field_for(component, path[: len(path) - len(component.path)], self._load_row))
        return _nested(tree)

    # -- rules -----------------------------------------------------------------------------------------------------------

    def _broken(
        self,
        components: Sequence[Component],
        frame: Frame,
        values: Mapping[str, Any],
        messages: Mapping[Any, Any],
        at: tuple[str | int, ...] = (),
        rows: Sequence[Mapping[str, Any]] | None = None,
    ) -> Iterator[FieldError]:
        """Violations of rules and checks, of fields whose own value could be read."""
        visible = _visible(components, frame, ())
        labels = {component.key: component.text("label", frame.language) for _, component in visible}
        for path, component in visible:
            value = get_at(values, path)
            below = get_at(messages, path)
            if frame.is_locked(component) or is_blank(value):
                continue
            if component.type == "dynamiclist" and isinstance(value, list):
                yield from self._broken_rows(component, frame, value, below or {}, (*at, *path))
            if below:
                continue
            checked = Checked(
                value=value, key=component.key, kind=component.kind, label=labels[component.key], context=frame.context, labels=labels,
                siblings=get_at(values, path[:-1]) or {}, root=frame.root, rows=rows, index=frame.indexes[-1] if frame.indexes else None,
            )  # fmt: skip
            for code, violation in _violations(component, checked, frame):
                yield field_error((*at, *path, *violation.at), code, violation.message)

    def _broken_rows(
        self, component: Component, frame: Frame, rows: Sequence[Mapping[str, Any]], messages: Mapping[Any, Any], at: tuple[str | int, ...]
    ) -> Iterator[FieldError]:
        for index, row in enumerate(rows):
            inner = frame.row(index, row, {})
            wrong = messages.get(index) if isinstance(messages, Mapping) else None
            yield from self._broken(component.children, inner, row, wrong or {}, (*at, index), rows)

    # -- expressions -----------------------------------------------------------------------------------------------------

    @staticmethod
    def _compute(components: Sequence[Component], frame: Frame, values: dict[str, Any]) -> None:
        """Computed fields (type expression) are evaluated here, from accepted values; what the client sent is ignored."""
        for path, component in _expressions(components, ()):
            source = component.source.get("expression")
            if isinstance(source, str) and path and not frame.is_hidden(component):
                set_at(values, path, evaluate(source, {**frame.scope(), **values}, frame.environment))


def _inputs(components: Iterable[Component], prefix: tuple[str, ...]) -> Iterator[Placed]:
    """Input components with their full path below the form or row; groups are walked into, lists are not."""
    for component in components:
        path = (*prefix, *component.path)
        if component.type == "group":
            yield from _inputs(component.children, path)
        elif component.is_input:
            yield path, component


def _expressions(components: Iterable[Component], prefix: tuple[str, ...]) -> Iterator[Placed]:
    for component in components:
        path = (*prefix, *component.path)
        if component.type == "group":
            yield from _expressions(component.children, path)
        elif component.type == "expression":
            yield path, component


def _visible(components: Sequence[Component], frame: Frame, prefix: tuple[str, ...]) -> list[Placed]:
    return [placed for placed in _inputs(components, prefix) if not frame.is_hidden(placed[1])]


def _hidden(
    components: Iterable[Component], frame: Frame, prefix: tuple[str, ...], inside: bool = False
) -> Iterator[tuple[str, tuple[int, ...]]]:
    """Everything hidden, children of hidden groups included."""
    for component in components:
        hidden = inside or (component.hide is not None and frame.value(component.hide) is True)
        path = (*prefix, *component.path)
        if hidden:
            yield component.id, frame.indexes
        if component.type == "group":
            yield from _hidden(component.children, frame, path, hidden)
        elif component.type == "dynamiclist" and not hidden:
            rows = get_at(frame.this, path)
            for index, row in enumerate(rows if isinstance(rows, list) else []):
                yield from _hidden(component.children, frame.row(index, row, {}), ())


def _unless_blank(raw: Any) -> Any:
    """A text in which nothing is typed is null in conditions, as in what is kept of it; the browser sees it so, too (temporal.js)."""
    return None if isinstance(raw, str) and is_blank(raw) else raw


def _as_typed(component: Component, raw: Any, context: FormContext) -> Any:
    """The value as FEEL should see it; null when it cannot be read (the field will complain)."""
    try:
        if component.type == "number":
            return None if is_blank(raw) else read_number(raw)
        if component.type == "datetime":
            return None if is_blank(raw) else read_temporal(raw, component.source.get("subtype", "date"), context.zone)
        return normalise(_unless_blank(raw))
    except (ValueError, OverflowError, TypeError):
        return None


def _violations(component: Component, checked: Checked, frame: Frame) -> Iterator[tuple[str, Violation]]:
    for rule in component.rules:
        for violation in rule.check(checked):
            yield rule.code, violation
    condition = component.properties.get("check")
    if isinstance(condition, str) and frame.value(condition if condition.startswith("=") else "=" + condition) is not True:
        own = (component.source.get("i18n") or {}).get(frame.language, {}).get("checkMessage") or component.properties.get("checkMessage")
        yield "V-CHECK", Violation(str(own) if own else say("check", frame.language))


def _nested(tree: Mapping[str, Any]) -> Schema:
    schema_fields: dict[str, ma.Field[Any]] = {
        name: GroupField(_nested(part)) if isinstance(part, dict) else part for name, part in tree.items()
    }
    schema = Schema.from_dict(schema_fields, name="Form")(unknown=RAISE)
    schema.error_messages = {**schema.error_messages, "unknown": Wrong("V-UNKNOWN", "unknown"), "type": Wrong("V-TYPE", "object")}  # type: ignore[dict-item]
    return schema


def _without(raw: Any, ignored: Sequence[tuple[str, ...]], kept: Sequence[tuple[str, ...]]) -> Any:
    """The submission without values the server does not read. Groups of which nothing is left are taken out as well."""
    if not isinstance(raw, Mapping) or not ignored:
        return raw
    copy: dict[str, Any] = dict(raw)
    for head in {path[0] for path in ignored if path and path[0] in copy}:
        inner = [path[1:] for path in ignored if path[0] == head and len(path) > 1]
        stays = [path[1:] for path in kept if path[0] == head and len(path) > 1]
        if not inner:
            del copy[head]
        elif isinstance(copy[head], Mapping):
            copy[head] = _without(copy[head], inner, stays)
            if not copy[head] and not stays:
                del copy[head]
    return copy


def _by_field(error: ValidationError) -> dict[Any, Any]:
    """Messages keyed by field; marshmallow puts those about the whole under ``_schema``."""
    return error.messages if isinstance(error.messages, dict) else {"_schema": error.messages}


def _flat(messages: Any, language: str, at: tuple[str | int, ...] = ()) -> Iterator[FieldError]:
    if isinstance(messages, Mapping):
        for key, inner in messages.items():
            yield from _flat(inner, language, at if key == "_schema" else (*at, key))
    else:
        for wrong in messages:
            yield field_error(at, wrong.code, wrong.message(language))


def _mapping_at(rows: Any, index: int) -> Mapping[str, Any]:
    row = rows[index] if isinstance(rows, list) and index < len(rows) else None
    return row if isinstance(row, Mapping) else {}
