"""FEEL of a register, evaluated where an element stands: which records an event writes, and the values of columns."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from decimal import Decimal
from typing import Any

from engine.definitions.model import Record
from engine.errors import CogovError, ExpressionFailed, NotFound, UnknownVariable
from engine.events import ElementCompleted, ElementStarted, Event, SubmissionCorrected, VariablesChanged
from engine.ports import Unit
from governance.registers.declaration import Declaration
from governance.registers.rows import Row


def records_of(event: Event) -> Sequence[Record]:
    """What the element of an event writes at this moment, at its start or its end."""
    if event.node is None or not isinstance(event, (ElementStarted, ElementCompleted)):
        return ()
    on = "start" if isinstance(event, ElementStarted) else "end"
    return [record for record in event.node.records if record.on == on]


def has_deadline(event: Event) -> bool:
    """Whether the element of an event has one."""
    return event.node is not None and event.node.deadline is not None


def evaluate_at(unit: Unit, event: Event, expression: str) -> Any:
    """In the element's own scope; an element that is already over has none, then in the enclosing one."""
    try:
        return unit.evaluate(expression, event.token)
    except NotFound:
        if event.scope is None:
            raise
        return unit.evaluate(expression, event.scope)


def evaluate_around(unit: Unit, event: Event, expression: str) -> Any:
    """What a column shows is the case's: the inputs of the one element (the title of a notice, say) do not stand in for variables
    of the same name. Names that only the element knows (the item of a multi-instance) are its own."""
    if event.scope is None:
        return evaluate_at(unit, event, expression)
    try:
        return unit.evaluate(expression, event.scope)
    except (UnknownVariable, NotFound):
        return evaluate_at(unit, event, expression)


def attempt(evaluate: Callable[[str], Any] | None, expression: str) -> Any:
    """None where the expression cannot be evaluated yet: its variables come later, or belong to another process."""
    if evaluate is None:
        return None
    try:
        return evaluate(expression)
    except (UnknownVariable, ExpressionFailed):
        return None


def columns_now(declaration: Declaration, evaluate: Callable[[str], Any]) -> dict[str, Any]:
    """Values of the columns that can be evaluated now; the others keep what they have."""
    found: dict[str, Any] = {}
    for column in declaration.columns.values():
        if column.source is None:
            continue
        try:
            found[column.key] = evaluate(column.source)
        except (UnknownVariable, ExpressionFailed):
            continue
    return found


def context_of(values: Any, declaration: Declaration) -> dict[str, Any]:
    """Column → value as given. Raises NotFound for a column the register does not have, CogovError for what is no context."""
    if values is None:
        return {}
    if not isinstance(values, Mapping):
        raise CogovError(f"台账 {declaration.key} 的取值须是键值对 / values for register {declaration.key} must be a context")
    unknown = sorted(set(values) - set(declaration.columns))
    if unknown:
        raise NotFound(f"台账 {declaration.key} 没有列 {unknown} / register {declaration.key} has no column {unknown}", columns=unknown)
    return dict(values)


def is_row_of(row: Row, event: SubmissionCorrected | VariablesChanged, evaluate: Callable[[str], Any]) -> bool:
    """A row of a case as a whole; of many rows the one that the model's key names where the correction was made."""
    if not row.key:
        return row.process == event.process
    keys = {record.key for record in event.records if record.register == row.register and record.key is not None}
    return any((value := attempt(evaluate, key)) is not None and key_of(value) == row.key for key in keys)


def key_of(value: Any) -> str:
    """The key of one of many rows as text. Raises CogovError for null."""
    if value is None:
        raise CogovError("台账行的键为空 / the key of a register row is null")
    return format(value, "f") if isinstance(value, Decimal) else str(value)
