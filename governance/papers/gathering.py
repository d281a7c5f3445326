"""From the case's variables to the values of a paper."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, tzinfo
from typing import Any

from engine import feel
from engine.definitions.model import Label
from engine.errors import ExpressionFailed, UnknownVariable
from governance.papers.declaration import Declaration, Field
from governance.papers.filling import Values
from governance.papers.wording import REFERENCES, Wording

Evaluate = Callable[[str], Any]
_LOOKED_UP = (*REFERENCES, "uscc")


@dataclass(frozen=True, slots=True)
class Gathered:
    """Values as templates see them; fields without a value that the paper needs."""

    names: Mapping[str, Any]
    missing: tuple[Field, ...]


def raw_values(declaration: Declaration, evaluate: Evaluate) -> dict[str, Any]:
    """Field → value of the case; null where the case has none yet."""
    return {key: value_of(field.source, evaluate) for key, field in declaration.data.items()}


def value_of(expression: str | None, evaluate: Evaluate) -> Any:
    """Null for what cannot be evaluated yet: its variables come later."""
    if expression is None:
        return None
    try:
        return evaluate(expression)
    except (UnknownVariable, ExpressionFailed):
        return None


def gather(declaration: Declaration, raw: Mapping[str, Any], wording: Wording) -> Gathered:
    """The values in words of the paper's language."""
    names = {key: wording.of_field(f, raw[key]) for key, f in declaration.data.items()}
    return Gathered(names, missing_of(declaration, raw))


def missing_of(declaration: Declaration, raw: Mapping[str, Any]) -> tuple[Field, ...]:
    """Fields that must have a value and have none."""
    return tuple(f for key, f in declaration.data.items() if not f.optional and raw[key] in (None, "", []))


def blanks(gathered: Gathered, language: str) -> dict[str, Any]:
    """For a preview: what is missing says so in its place."""
    text = "(to be filled in)" if language == "en" else "（待填）"
    return {**gathered.names, **{f.key: [] if f.rows is not None else text for f in gathered.missing}}


def references(declaration: Declaration, raw: Mapping[str, Any]) -> set[str]:
    """Ids whose names will be needed, to ask for them at once."""
    found: set[str] = set()
    for key, field in declaration.data.items():
        if field.rows is not None:
            for column, written in field.rows.items():
                if written.kind in _LOOKED_UP:
                    rows = raw[key] if isinstance(raw[key], list) else []
                    found.update(_ids(row.get(column) for row in rows if isinstance(row, Mapping)))
        elif field.written.kind in _LOOKED_UP:
            found.update(_ids([raw[key]]))
    return found


def _ids(values: Iterable[Any]) -> set[str]:
    found: set[str] = set()
    for value in values:
        if isinstance(value, list):
            found |= _ids(value)
        elif isinstance(value, Mapping):
            found |= _ids([value.get("id")])
        elif value:
            found.add(str(value))
    return found


def filling(names: Mapping[str, Any], wording: Wording, now: datetime, zone: tzinfo) -> Values:
    """What `filling.fill` works with. FEEL of templates sees the paper's values only: no functions of the case, no variables."""
    environment = feel.Environment(now=now, zone=zone)

    def evaluate(text: str, seen: Mapping[str, Any]) -> Any:
        return feel.compile_expression(text).evaluate(seen, environment)

    return Values(names=names, evaluate=evaluate, write=wording.write)


def in_language(labels: Mapping[str, Label], language: str) -> dict[str, str]:
    return {key: label.in_(language) for key, label in labels.items()}
