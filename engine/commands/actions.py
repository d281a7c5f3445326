"""Whom the buttons of the case page are offered to, asked again when a variable changed that their expression reads.

The cost does not depend on how many buttons are open: one statement finds those concerned (two more read a large instance as a whole),
one writes what is different, and the directory is asked once for each different list of selectors.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from typing import TYPE_CHECKING, Any

from engine.commands.expressions import compiled
from engine.commands.library import BoundDefinitions
from engine.errors import ExpressionFailed, UnknownVariable
from engine.runner.elements.waiting import as_texts
from engine.runner.loaded import LoadedRows
from engine.runner.port import Changes, TokenRow
from engine.runner.token import HOST
from engine.store import loading, work
from engine.store.live import own_names

if TYPE_CHECKING:
    from engine.commands.unit import CommandUnit

#: kind of the history row of a button whose expression could not be read again
KEPT = "action_kept"
Rows = Callable[[str], TokenRow | None]


def refresh(unit: CommandUnit, names: Collection[str], changes: Changes) -> None:
    """Offer the open buttons whose expression reads one of these variables to whom it names now.

    A button whose expression fails (a variable is null for a moment) stays offered as it was; the history says so.
    """
    concerned = {node for name, nodes in _readers(unit).items() if name in names for node in nodes}
    rows = work.actions_at(unit.connection, unit.row.id, sorted(concerned)) if concerned else []
    if not rows:
        return
    row_of, variables = _sight(unit, changes)
    resolved: dict[tuple[str, ...], list[str]] = {}
    different = []
    for action in rows:
        asked = _asked(unit, row_of, variables, action.token, action.node)
        if asked is None:
            continue
        if asked not in resolved:
            resolved[asked] = unit.resolved(asked)
        if resolved[asked] != list(action.selectors):
            different.append((action.token, action.node, resolved[asked]))
    work.offer_actions(unit.connection, different)


def _readers(unit: CommandUnit) -> Mapping[str, frozenset[str]]:
    """Variable → nodes whose button reads it, in the process of the instance and those it calls."""
    process = unit.row.process
    found: Mapping[str, frozenset[str]] = unit.definitions.derived(("action readers", process), lambda: _find(unit.definitions, process))
    return found


def _find(definitions: BoundDefinitions, process: str) -> dict[str, frozenset[str]]:
    found: dict[str, set[str]] = {}
    known = definitions.runnable()
    todo, seen = [process], {process}
    while todo:
        for node in definitions.process(todo.pop()).nodes.values():
            if node.action is not None and node.action.role is not None:
                for name in compiled(node.action.role, frozenset()).reads:
                    found.setdefault(name, set()).add(node.id)
            if node.called is not None:
                # an expression may call any of them, and a call another version than the instance's own (``key@version``)
                key = node.called.process
                called = known if key.startswith("=") else {name for name in known if name.partition("@")[0] == key}
                todo += called - seen
                seen |= called
    return {name: frozenset(nodes) for name, nodes in found.items()}


def _asked(
    unit: CommandUnit, row_of: Rows, variables: Callable[[str], Mapping[str, Any]], token: str, node: str
) -> tuple[str, ...] | None:  # fmt: skip
    """Selectors that the expression names now; None: it cannot be read."""
    row = row_of(token)
    if row is None:
        return None
    action = unit.definitions.process(row.process).nodes[node].action
    if action is None or action.role is None:
        return None
    try:
        # a boundary event sees what the activity sees to which it is attached
        return as_texts(unit.evaluator(action.role, variables(row.internal.get(HOST) or token)))
    except (ExpressionFailed, UnknownVariable) as failed:
        element = node if row.process == unit.row.process else f"{row.process}/{node}"
        unit.record(KEPT, element, {"reason": str(failed)})
        return None


def _sight(unit: CommandUnit, changes: Changes) -> tuple[Rows, Callable[[str], Mapping[str, Any]]]:
    """Live tokens, and the variables one sees, as this command left them."""
    if unit.snapshot.rows is None:
        written = {row.id: row for row in changes.tokens}
        return lambda token: written.get(token) or unit.scopes.row(token), unit.variables
    loaded = LoadedRows(loading.load_all(unit.connection, unit.row))
    return loaded.row, lambda token: _visible(loaded, token)


def _visible(rows: LoadedRows, token: str) -> Mapping[str, Any]:
    """Variables at a token, the innermost scope winning; a called process sees its own only."""
    chain: list[str] = []
    at: str | None = token
    while at is not None and (row := rows.row(at)) is not None:
        chain.append(at)
        at = row.parent if row.node is not None else None
    found: dict[str, Any] = {}
    for scope in reversed(chain):
        stored = rows.variables(scope)
        found.update((name, stored[name]) for name in own_names(stored))
    return found
