"""Rows ⇄ live tokens. Changes are found by comparing, never by trusting that every mutation was announced."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from SpiffWorkflow.util.task import TaskState

from engine import values
from engine.runner.port import Changes, TokenRow
from engine.runner.token import CHOICE, INSTANCE, Token
from engine.runner.variables import PRIVATE, has, own

if TYPE_CHECKING:
    from engine.runner.elements.base import Element
    from engine.runner.instance import Instance

#: Suffix of the compiled behaviour of one multi-instance or loop instance, as opposed to the body. No XML id holds a "#".
INSTANCE_SUFFIX = "#instance"
#: Suffix of the button of an ad-hoc sub-process that starts an element.
CHOICE_SUFFIX = "#choice"
_STATES = {TaskState.get_name(state): state for state in (TaskState.WAITING, TaskState.READY, TaskState.STARTED, TaskState.ERROR)}
_NAMES = {state: name for name, state in _STATES.items()}


def restore(instance: Instance, row: TokenRow) -> Token:
    """The token of a row whose scope is already restored."""
    scope = instance.tasks[row.parent] if row.parent is not None else None
    token = Token(
        instance,
        _spec(instance, row),
        scope,
        id=row.id,
        seq=row.seq,
        internal=_own_copy(row.internal),
        state=_STATES[row.state],
        stored=instance.source.variables(row.id),
    )
    instance.tasks[row.id] = token
    return token


def changes(instance: Instance) -> Changes:
    """What the run changed, compared with the snapshot it began with."""
    found = Changes(events=instance.events, next_seq=instance.next_seq, outcome=instance.outcome)
    for token in sorted(instance.tasks.values(), key=lambda live: live.seq):
        before = instance.row(token.id)
        after = _row(token)
        if before != after:
            found.tokens.append(after)
        _compare_variables(found, token, token.loaded)
    for token in instance.gone:
        _note_gone(found, instance, token)
    return found


def _note_gone(found: Changes, instance: Instance, token: Token) -> None:
    """What left the tree, as far as the snapshot had it. The variables of the instance's own scope outlive it."""
    before = token.loaded
    if instance.row(token.id) is not None:
        found.gone_tokens.append(token.id)
    if token.scope is None:
        token.data = {name: value for name, value in token.data.items() if not name.startswith(PRIVATE)}
        token.stored = {name: value for name, value in token.stored.items() if not name.startswith(PRIVATE)}
        _compare_variables(found, token, before)
    else:
        found.gone_variables.extend((token.id, name) for name in before)
        if last := own(token):
            found.last_variables[token.id] = last


def _compare_variables(found: Changes, token: Token, before: Mapping[str, Any]) -> None:
    """Those that differ; the kernel's own rows are written without looking, since reading one may cost the store a statement."""
    for name, value in token.data.items():
        if name.startswith(PRIVATE) or name not in before or not _same(before[name], value):
            found.variables[token.id, name] = value
    if token.stored is not before:
        found.gone_variables.extend((token.id, name) for name in before if not has(token, name))


def _spec(instance: Instance, row: TokenRow) -> Element:
    process = instance.process_spec(row.process)
    if row.node is None:
        return process.start
    suffix = INSTANCE_SUFFIX if INSTANCE in row.internal else CHOICE_SUFFIX if CHOICE in row.internal else ""
    return process.task_specs[row.node + suffix]


def _row(token: Token) -> TokenRow:
    node = token.task_spec.node
    return TokenRow(
        id=token.id,
        parent=token.scope.id if token.scope is not None else None,
        process=token.task_spec.process.name,
        node=node.id if node is not None else None,
        state=_NAMES[token._state],
        seq=token.seq,
        internal=token.internal_data,
    )


def _own_copy(value: Any) -> Any:
    """A deep copy of JSON kinds; numbers come back from a typed column as Decimal, here they are counters."""
    if isinstance(value, Mapping):
        return {key: _own_copy(item) for key, item in value.items()}
    if isinstance(value, (list, tuple)):
        return [_own_copy(item) for item in value]
    return int(value) if isinstance(value, Decimal) else value


def _same(before: Any, after: Any) -> bool:
    """Equal in value and kind (True is not 1, a list is not shared)."""
    return before is after or (before == after and values.dumps(before) == values.dumps(after))
