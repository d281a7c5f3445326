"""Where a field stands while a submission is loaded: the submission, and the row it is in."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from contextvars import ContextVar
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from marshmallow import ValidationError

from engine.feel import Environment
from engine.forms.context import FormContext
from engine.forms.expressions import evaluate, is_expression
from engine.forms.messages import say
from engine.forms.tree import Component, get_at


@dataclass(frozen=True, slots=True)
class Wrong:
    """One message as marshmallow carries it: the code, and the sentence (messages.say) with its facts, or the form's own text."""

    code: str
    key: str
    facts: Mapping[str, Any] = field(default_factory=dict)
    text: str | None = None

    def message(self, language: str) -> str:
        return self.text or say(self.key, language, **self.facts)


@dataclass(frozen=True, slots=True, kw_only=True)
class Frame:
    """The place of a field: the form's root, or one row of a (nested) list. What FEEL sees is what form-js shows to it."""

    context: FormContext
    environment: Environment
    #: variables and draft values of the whole form
    root: Mapping[str, Any]
    #: draft values of this row (of the form, outside rows) and of the row around it
    this: Mapping[str, Any]
    parent: Mapping[str, Any] | None = None
    #: row numbers, from 0, of each list around
    indexes: tuple[int, ...] = ()
    #: values the client may not change, parallel to `this`
    given: Mapping[str, Any]
    #: (component id, indexes) of everything hidden
    hidden: frozenset[tuple[str, tuple[int, ...]]] = frozenset()

    @property
    def language(self) -> str:
        return self.context.language

    def scope(self) -> dict[str, Any]:
        """Names in FEEL: the form's, then this, parent and i (row numbers from 1)."""
        numbers = [Decimal(index + 1) for index in self.indexes]
        return {"this": self.this, "parent": self.parent, "i": numbers, **self.root}

    def value(self, given: Any) -> Any:
        """A property that is a value or ``=FEEL``."""
        return evaluate(given, self.scope(), self.environment) if is_expression(given) else given

    def is_hidden(self, component: Component) -> bool:
        return (component.id, self.indexes) in self.hidden

    def is_locked(self, component: Component) -> bool:
        """Read-only or disabled: the client's value is ignored (form-js submits read-only values)."""
        return component.source.get("disabled") is True or self.value(component.source.get("readonly")) is True

    def row(self, index: int, row: Mapping[str, Any], given: Mapping[str, Any]) -> Frame:
        """The frame of one row of a list that stands in this frame."""
        return Frame(
            context=self.context, environment=self.environment, root=self.root, this=row, parent=self.this,
            indexes=(*self.indexes, index), given=given, hidden=self.hidden,
        )  # fmt: skip

    def given_rows(self, component: Component, prefix: Sequence[str]) -> list[Any]:
        """Rows of a list as the server knows them: from the variables, else from ``properties.rowsExpression``."""
        rows = get_at(self.given, [*prefix, *component.path])
        source = component.properties.get("rowsExpression")
        if not isinstance(rows, list) and is_expression(source):
            rows = self.value(source)
        return rows if isinstance(rows, list) else []


FRAME: ContextVar[Frame] = ContextVar("cogov_form_frame")


def refuse(code: str, key: str, **facts: Any) -> ValidationError:
    """The error of the field that is being loaded."""
    return ValidationError([Wrong(code, key, facts)])
