"""A stored form → what the browser gets: one language, codes and choices filled in, only the data the form names."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from engine.forms.expressions import ROW_NAMES, fill_template, is_expression, names_in, template_parts
from engine.forms.fields import expected_hash
from engine.forms.kinds import KINDS, REFERENCES
from engine.forms.loading_state import Frame
from engine.forms.options import option, options
from engine.forms.tree import Component, get_at, localised
from engine.values import plain

#: texts that have a translation
_TEXTS = ("label", "description", "text", "title", "content", "alt", "dateLabel", "timeLabel", "patternErrorMessage", "placeholder")
#: properties the server alone reads
_SERVER_ONLY = frozenset({"check", "checkMessage", "hash", "include", "omit", "rowsExpression"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """One button at the foot of the form."""

    value: Any
    label: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Rendered:
    """What a page hands to the browser. `payload()` is the JSON of its data block."""

    schema: Mapping[str, Any]
    data: Mapping[str, Any]
    language: str
    #: key of the radio whose choices are the buttons; None: one plain button
    outcome_key: str | None = None
    outcomes: Sequence[Outcome] = ()
    #: names of people, units … that occur in the data: kind → id → label
    references: Mapping[str, Mapping[str, str]] = field(default_factory=dict)

    def payload(self) -> dict[str, Any]:
        return {
            "schema": dict(self.schema),
            "data": dict(self.data),
            "language": self.language,
            "outcomeKey": self.outcome_key,
            "outcomes": [{"value": plain(o.value), "label": o.label} for o in self.outcomes],
            "references": {kind: dict(names) for kind, names in self.references.items()},
        }


class Renderer:
    """Renders one submission's form. `frame` is the root frame over the variables; `keys` the top-level names that the user fills in."""

    def __init__(self, frame: Frame, keys: frozenset[str]) -> None:
        self._frame = frame
        self._keys = keys
        self._language = frame.context.language
        self.outcome_key: str | None = None
        self.outcomes: list[Outcome] = []
        self.references: dict[str, dict[str, str]] = {}
        self.named: set[str] = set()

    def components(self, components: Iterable[Component], inside_row: bool = False) -> list[dict[str, Any]]:
        rendered = (self._component(component, inside_row) for component in components)
        return [component for component in rendered if component is not None]

    def _component(self, component: Component, inside_row: bool) -> dict[str, Any] | None:
        source = {key: value for key, value in component.source.items() if key not in ("i18n", "components")}
        for name in _TEXTS:
            if text := localised(component.source, name, self._language):
                source[name] = text
        if not self._condition(component, source):
            return None
        self._settle(source)
        self._choices(component, source)
        source["properties"] = self._properties(component)
        if component.type == "expression":
            source.setdefault("computeOn", "change")
        if component.type == "table":
            source["columns"] = [self._column(column) for column in source.get("columns") or []]
        if component.type == "dynamiclist":
            # form-js shows rows only for lists that say so
            source = {"allowAddRemove": True, "defaultRepetitions": component.integer("minRows") or 0, **source, "isRepeating": True}
        if component.is_outcome and not inside_row:
            self.outcome_key = ".".join(component.path)
            self.outcomes = [Outcome(value=o["value"], label=str(o["label"])) for o in source.get("values", [])]
        if component.children or "components" in component.source:
            source["components"] = self.components(component.children, inside_row or component.type == "dynamiclist")
        return source

    def _column(self, column: Mapping[str, Any]) -> dict[str, Any]:
        return {"key": column.get("key"), "label": localised(column, "label", self._language)}

    def _condition(self, component: Component, source: dict[str, Any]) -> bool:
        """Conditions over server data alone are decided here; False: the component is not sent at all."""
        hide = component.hide
        if hide is None:
            source.pop("conditional", None)
            return True
        if not self._server_knows(hide):
            source["conditional"] = {"hide": hide}
            self._needs(hide)
            return True
        source.pop("conditional", None)
        return self._frame.value(hide) is not True

    def _settle(self, source: dict[str, Any]) -> None:
        """FEEL over server data alone becomes its value; the rest goes to the browser with the names it needs."""
        for node, name in _feel_places(source):
            if self._server_knows(node[name]):
                node[name] = browser_value(self._frame.value(node[name]))
            else:
                self._needs(node[name])
        for name in _TEXTS:
            text = source.get(name)
            if isinstance(text, str) and not is_expression(text) and "{{" in text:
                source[name] = self._template(text)
        if source.get("readonly") is None:
            source.pop("readonly", None)

    def _template(self, text: str) -> str:
        parts = template_parts(text)
        if all(self._server_knows(part) for part in parts):
            return fill_template(text, lambda part: _shown(self._frame.value(part)))
        for part in parts:
            self._needs(part)
        return text

    def _choices(self, component: Component, source: dict[str, Any]) -> None:
        expression = component.source.get("valuesExpression")
        if is_expression(expression) and not self._server_knows(expression):
            self._needs(expression)
            return
        if is_expression(expression):
            entries = self._frame.value(expression)
        elif component.source.get("valuesKey"):
            entries = self._frame.context.data.get(component.source["valuesKey"])
        elif "values" in component.source:
            entries = component.source["values"]
        else:
            return
        source.pop("valuesExpression", None)
        source.pop("valuesKey", None)
        source["values"] = [{"value": browser_value(o["value"]), "label": o["label"]} for o in options(entries, self._language)]

    def _properties(self, component: Component) -> dict[str, Any]:
        properties = {key: value for key, value in component.properties.items() if key not in _SERVER_ONLY}
        if component.kind == "signature":
            properties["expected"] = expected_hash(component, self._frame) or ""
        kind = KINDS.get(component.kind or "")
        if kind is not None and kind.digits is not None:
            properties.setdefault("digits", component.source.get("decimalDigits", kind.digits))
        properties["path"] = ".".join(component.path)
        return properties

    def _server_knows(self, expression: str) -> bool:
        """Whether the expression reads nothing that the user fills in."""
        return not (names_in(expression) & (self._keys | ROW_NAMES))

    def _needs(self, expression: str) -> None:
        self.named |= names_in(expression) - ROW_NAMES

    # -- data ------------------------------------------------------------------------------------------------------------

    def data(self, components: Iterable[Component], codes: Mapping[str, Any]) -> dict[str, Any]:
        """Start values of the fields, and the variables that expressions in the browser read; nothing else leaves the server."""
        known = self._frame.context.data
        data = {name: browser_value(known[name]) for name in sorted(self.named) if name in known}
        data.update(self._values(components, self._frame))
        if "codes" in self.named:
            data["codes"] = codes
        return data

    def _values(self, components: Iterable[Component], frame: Frame, prefix: tuple[str, ...] = ()) -> dict[str, Any]:
        values: dict[str, Any] = {}
        for component in components:
            path = (*prefix, *component.path)
            if component.type == "group":
                _merge(values, self._values(component.children, frame, path))
            elif component.type == "dynamiclist":
                _put(values, path, self._rows(component, frame, path))
            elif component.is_input:
                value = get_at(frame.given, path)
                self._refer(component, value)
                if value is not None:
                    _put(values, path, self._field_value(component, value))
        return values

    def _rows(self, component: Component, frame: Frame, path: tuple[str, ...]) -> list[dict[str, Any]] | None:
        rows = frame.given_rows(component, path[: len(path) - len(component.path)])
        if not rows:
            least = component.integer("minRows")
            return [{} for _ in range(least)] if least else None
        return [
            self._values(component.children, frame.row(index, row, row)) if isinstance(row, Mapping) else {}
            for index, row in enumerate(rows)
        ]

    def _field_value(self, component: Component, value: Any) -> Any:
        if component.type == "number" and isinstance(value, Decimal):
            return format(value, "f")
        if isinstance(value, datetime):
            return self._frame.context.local(value).strftime("%Y-%m-%dT%H:%M")
        return browser_value(value)

    def _refer(self, component: Component, value: Any) -> None:
        """Remember the name of whom or what an id in the data means."""
        context, kind = self._frame.context, component.kind or ""
        if kind not in REFERENCES or context.people is None:
            return
        for identity in value if isinstance(value, list) else [value]:
            if not isinstance(identity, str) or identity in self.references.get(kind, {}):
                continue
            entry = context.people.describe(context.connection, kind, identity, context.now)
            if entry is not None:
                self.references.setdefault(kind, {})[identity] = str(option({"id": identity, **entry}, self._language)["label"])


def render(
    schema: Mapping[str, Any], components: Sequence[Component], keys: frozenset[str], codes: Mapping[str, Any], frame: Frame
) -> Rendered:
    """The form in the context's language with start values from its data."""
    context = frame.context
    renderer = Renderer(frame, keys)
    parts = renderer.components(components)
    head = {key: value for key, value in schema.items() if key not in ("components", "i18n")}
    head["title"] = localised(schema, "title", context.language)
    return Rendered(
        schema={**head, "components": parts},
        data=renderer.data(components, codes),
        language=context.language,
        outcome_key=renderer.outcome_key,
        outcomes=tuple(renderer.outcomes),
        references=renderer.references,
    )


def browser_value(value: Any) -> Any:
    """A value as the browser's FEEL wants it: numbers as JSON numbers (previews only; the server counts exactly), moments as ISO text."""
    if isinstance(value, Mapping):
        return {key: browser_value(inner) for key, inner in value.items()}
    if isinstance(value, list):
        return [browser_value(inner) for inner in value]
    if isinstance(value, Decimal):
        return int(value) if value == value.to_integral_value() else float(value)
    if isinstance(value, datetime | date):
        return value.isoformat()
    return plain(value)


_FEEL_PROPERTIES = (
    "readonly",
    "label",
    "description",
    "text",
    "source",
    "alt",
    "url",
    "title",
    "dataSource",
    "columnsExpression",
    "expression",
)
_FEEL_BOUNDS = ("min", "max", "minLength", "maxLength")


def _feel_places(source: dict[str, Any]) -> Iterable[tuple[dict[str, Any], str]]:
    """Properties of a component that hold FEEL (form-js allows it in these)."""
    for name in _FEEL_PROPERTIES:
        if is_expression(source.get(name)):
            yield source, name
    if isinstance(source.get("validate"), Mapping):
        source["validate"] = dict(source["validate"])
        for name in _FEEL_BOUNDS:
            if is_expression(source["validate"].get(name)):
                yield source["validate"], name


def _shown(value: Any) -> str:
    return "" if value is None else str(plain(value))


def _put(values: dict[str, Any], path: Sequence[str], value: Any) -> None:
    for part in path[:-1]:
        values = values.setdefault(part, {})
    values[path[-1]] = value


def _merge(values: dict[str, Any], more: Mapping[str, Any]) -> None:
    for key, value in more.items():
        if isinstance(value, Mapping) and isinstance(values.get(key), dict):
            _merge(values[key], value)
        else:
            values[key] = value
