"""A form-js schema as a tree of components: groups included, kinds and rules read. Problems are collected, not raised."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from engine.errors import FieldError
from engine.forms.kinds import DISPLAY_TYPES, KINDS
from engine.forms.rules import Rule, RuleRegistry

_INCLUDE_DEPTH = 6


@dataclass(frozen=True, slots=True, kw_only=True)
class Problem:
    """Something wrong with a schema, before it is known in which file and language it will be reported."""

    code: str
    element: str | None
    facts: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Component:
    """One component of a form; `source` is its JSON after inclusion (children included), ids unique in the form."""

    id: str
    type: str
    #: keys below the enclosing group or row; () for display components and groups without a path
    path: tuple[str, ...]
    source: Mapping[str, Any]
    kind: str | None
    rules: tuple[Rule, ...]
    children: tuple[Component, ...] = ()

    @property
    def properties(self) -> Mapping[str, Any]:
        properties = self.source.get("properties")
        return properties if isinstance(properties, Mapping) else {}

    @property
    def validate(self) -> Mapping[str, Any]:
        validate = self.source.get("validate")
        return validate if isinstance(validate, Mapping) else {}

    @property
    def key(self) -> str:
        return self.path[-1] if self.path else ""

    @property
    def required(self) -> bool:
        return self.validate.get("required") is True

    @property
    def hide(self) -> str | None:
        """The condition under which the component is hidden, ``=…``."""
        hide = (self.source.get("conditional") or {}).get("hide")
        if not isinstance(hide, str) or not hide.strip():
            return None
        return hide if hide.startswith("=") else "=" + hide

    @property
    def is_input(self) -> bool:
        return self.type not in DISPLAY_TYPES and self.type not in ("group", "expression")

    @property
    def is_outcome(self) -> bool:
        return self.type == "radio" and str(self.properties.get("outcome", "")).lower() == "true"

    def integer(self, name: str) -> int | None:
        """A whole number written in ``properties`` (form-js keeps those as text)."""
        text = self.properties.get(name)
        return int(text) if text is not None and str(text).isdigit() else None

    def text(self, name: str, language: str) -> str:
        """`label`, `description`, … in the language; Chinese when there is no English."""
        return localised(self.source, name, language)

    def walk(self) -> Iterator[Component]:
        """This component and everything below it."""
        yield self
        for child in self.children:
            yield from child.walk()


def localised(source: Mapping[str, Any], name: str, language: str) -> str:
    """A text of a schema node in the language: ``i18n.<language>.<name>``, else the plain property."""
    other = (source.get("i18n") or {}).get(language) or {}
    value = other.get(name) or source.get(name) or ""
    return value if isinstance(value, str) else ""


def children_of(node: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    components = node.get("components")
    return [c for c in components if isinstance(c, Mapping)] if isinstance(components, Sequence) else []


class Reader:
    """Reads one schema; `problems` is what was wrong with it."""

    def __init__(self, shared: Mapping[str, Mapping[str, Any]], rules: RuleRegistry) -> None:
        self._shared = shared
        self._rules = rules
        self.problems: list[Problem] = []

    def read(self, schema: Mapping[str, Any]) -> tuple[Component, ...]:
        return tuple(self._component(c, "", ()) for c in children_of(schema))

    def _component(self, node: Mapping[str, Any], prefix: str, including: tuple[str, ...]) -> Component:
        identity = prefix + str(node.get("id") or node.get("key") or node.get("path") or "")
        source, children = self._with_children(node, identity, prefix, including)
        kind = (source.get("properties") or {}).get("kind")
        return Component(
            id=identity,
            type=str(source.get("type", "")),
            path=tuple(part for part in str(source.get("path") or source.get("key") or "").split(".") if part),
            source=source,
            kind=kind if isinstance(kind, str) else None,
            rules=self._rules_of(source, kind, identity),
            children=children,
        )

    def _with_children(
        self, node: Mapping[str, Any], identity: str, prefix: str, including: tuple[str, ...]
    ) -> tuple[dict[str, Any], tuple[Component, ...]]:
        children = [self._component(c, prefix, including) for c in children_of(node)]
        included = (node.get("properties") or {}).get("include")
        if included:
            children += self._include(str(included), node, identity, including)
        source = {**node, "id": identity}
        if "components" in node or included:
            source["components"] = [dict(child.source) for child in children]
        return source, tuple(children)

    def _include(self, name: str, node: Mapping[str, Any], identity: str, including: tuple[str, ...]) -> list[Component]:
        group = self._shared.get(name) or self._shared.get(f"shared/{name}")
        if group is None or name in including or len(including) >= _INCLUDE_DEPTH:
            self.problems.append(Problem(code="FORM-005", element=identity, facts={"include": name, "cycle": name in including}))
            return []
        omitted = {part.strip() for part in str((node.get("properties") or {}).get("omit", "")).split(",") if part.strip()}
        unknown = omitted - {str(c.get("key") or c.get("path") or c.get("id")) for c in children_of(group)}
        if unknown:
            self.problems.append(Problem(code="FORM-021", element=identity, facts={"include": name, "keys": ", ".join(sorted(unknown))}))
        kept = [c for c in children_of(group) if str(c.get("key") or c.get("path") or c.get("id")) not in omitted]
        return [self._component(c, f"{identity}_", (*including, name)) for c in kept]

    def _rules_of(self, source: Mapping[str, Any], kind: Any, identity: str) -> tuple[Rule, ...]:
        own = str((source.get("properties") or {}).get("rules") or "")
        brought = KINDS[kind].rules if kind in KINDS else ()
        text = " ".join([*(code for code in brought if code not in own), own])
        try:
            return self._rules.parse(text)
        except ValueError as error:
            self.problems.append(Problem(code="FORM-009", element=identity, facts={"reason": str(error)}))
            return ()


def get_at(data: Any, path: Sequence[str | int]) -> Any:
    """Value at a path in nested dicts and lists; None where there is none."""
    for part in path:
        if isinstance(data, Mapping):
            data = data.get(str(part))
        elif isinstance(data, list) and isinstance(part, int) and part < len(data):
            data = data[part]
        else:
            return None
    return data


def set_at(data: dict[str, Any], path: Sequence[str], value: Any) -> None:
    """Set a value in nested dicts, making those that are missing."""
    for part in path[:-1]:
        inner = data.get(part)
        if not isinstance(inner, dict):
            inner = data[part] = {}
        data = inner
    data[path[-1]] = value


def pointer(path: Sequence[str | int]) -> str:
    """RFC 6901 JSON pointer."""
    return "".join("/" + str(part).replace("~", "~0").replace("/", "~1") for part in path)


def field_error(path: Sequence[str | int], code: str, message: str) -> FieldError:
    return FieldError(pointer=pointer(path), code=code, message=message)
