"""Tokens and variables of one instance as the command in progress sees them: what was stored, and over it what the command changed."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from engine.errors import NotFound
from engine.runner.loaded import LoadedRows
from engine.runner.port import Changes, LiveRows, Snapshot, TokenRow
from engine.runner.token import INSTANCE
from engine.store import instances
from engine.store.instances import InstanceRow
from engine.store.live import PRIVATE, own_names

Connection = Any


class Scopes:
    """A token that ended in this command still counts until the command is over."""

    def __init__(self, snapshot: Snapshot, root: str) -> None:
        self.snapshot = snapshot
        self._root = root
        self._rows: LiveRows = snapshot.rows or LoadedRows(snapshot)
        #: parents of tokens of this command; None where a process ends the view
        self._parents: dict[str, str | None] = {}
        #: variables changed by this command, by scope
        self._written: dict[str, dict[str, Any]] = {}
        #: those of them that the kernel does not know of
        self._unsaved: dict[tuple[str, str], Any] = {}
        #: variables of a finished instance were written: they are kept with its row
        self.corrected = False

    # Tokens -----------------------------------------------------------------------------------------------------------

    def row(self, token: str) -> TokenRow | None:
        """A token as it was before this command."""
        return self._rows.row(token)

    def live(self, token: str) -> TokenRow:
        """The row of a live token of this instance. Raises NotFound."""
        row = self._rows.row(token)
        if row is None:
            raise NotFound(f"the token {token} is not live", token=token)
        return row

    def around(self, token: str) -> tuple[str | None, bool, frozenset[str]]:
        """The scope around a live token, whether the token is one of many (a multi-instance), and its own variables."""
        row = self.live(token)
        return row.parent, INSTANCE in row.internal, self.own_names(token)

    def _parent(self, token: str) -> str | None:
        """The scope around a token that it sees into; a token nobody knows any more sees the outermost variables."""
        if token not in self._parents:
            row = self._rows.row(token)
            if row is None:
                return self._root if token != self._root else None
            self._parents[token] = row.parent if row.node is not None else None
        return self._parents[token]

    # Variables --------------------------------------------------------------------------------------------------------

    def variables(self, token: str) -> Mapping[str, Any]:
        """The variables visible at a token, the innermost scope winning. A called process sees its own only."""
        chain: list[str] = []
        scope: str | None = token
        while scope is not None:
            chain.append(scope)
            scope = self._parent(scope)
        found: dict[str, Any] = {}
        for scope_id in reversed(chain):
            stored = self._rows.variables(scope_id)
            found.update((name, stored[name]) for name in own_names(stored))
            found.update((name, value) for name, value in self._written.get(scope_id, {}).items() if not name.startswith(PRIVATE))
        return found

    def own_names(self, scope: str) -> frozenset[str]:
        """The variables of this very scope."""
        return frozenset(own_names(self._rows.variables(scope)))

    def value(self, scope: str, name: str) -> Any:
        """The variable of this very scope, as this command left it."""
        return self._written.get(scope, {}).get(name, self._rows.variables(scope).get(name))

    def written(self, scope: str, name: str) -> Any:
        """What this command wrote to the variable, None when nothing."""
        return self._written.get(scope, {}).get(name)

    def holder(self, scope: str, name: str) -> str | None:
        """The nearest scope outwards, of those that are still there, that has the variable; None: there is none any more."""
        at: str | None = scope
        while at is not None and (at == self._root or self._rows.row(at) is not None):
            if name in self._rows.variables(at):
                return at
            at = self._parent(at)
        return None

    def write(self, scope: str, name: str, value: Any) -> None:
        """Write a variable behind the kernel's back; `save` stores it."""
        self._written.setdefault(scope, {})[name] = value
        self._unsaved[(scope, name)] = value

    def correct(self, token: str, corrected: Mapping[str, Any]) -> None:
        """Overwrite variables where the token sees them (the nearest scope that has the name, else the outermost).

        The kernel reads the corrected snapshot; the store gets the values with the rest of the command.
        """
        for name, value in corrected.items():
            self.write(self._nearest(token, name), name, value)
        scopes = {scope: {**found, **self._written.get(scope, {})} for scope, found in self.snapshot.variables.items()}
        self.snapshot = replace(self.snapshot, variables={**self._written, **scopes})

    def _nearest(self, token: str, name: str) -> str:
        scope: str | None = token
        while scope is not None:
            if name in self._rows.variables(scope):
                return scope
            scope = self._parent(scope)
        return self._root

    # A run of the kernel ----------------------------------------------------------------------------------------------

    def take_over(self, changes: Changes) -> None:
        """Bring the view up to date. What is gone stays readable until the command ends."""
        for event in changes.events:
            self._parents.setdefault(event.token, event.scope if event.node is not None else None)
        for token in changes.tokens:
            self._parents[token.id] = token.parent if token.node is not None else None
        for scope, last in changes.last_variables.items():
            self._written.setdefault(scope, {}).update(last)
        for (scope, name), value in changes.variables.items():
            self._written.setdefault(scope, {})[name] = value
        for scope, last in changes.last_variables.items():
            self._written.setdefault(scope, {}).update(last)

    def save(self, connection: Connection, instance: InstanceRow, changes: Changes) -> set[str]:
        """Write what changed; returns the names of the variables in scopes that are still there. Of an instance that ends, or has
        ended, nothing but its own row is kept."""
        changed = {**changes.variables, **self._unsaved}
        # a whole snapshot knows every scope that has rows; of a large instance any token may have some
        known = self.snapshot.variables if self.snapshot.rows is None else changes.gone_tokens
        gone_scopes = {t for t in changes.gone_tokens if t in known and t != self._root}
        stays = {self._root} & set(changes.gone_tokens)  # an ended instance keeps its outermost variables
        gone = [(s, n) for s, n in changes.gone_variables if s not in gone_scopes and (s not in stays or n.startswith(PRIVATE))]
        dead = set(changes.gone_tokens) - {self._root}
        changed = {key: value for key, value in changed.items() if key[0] not in dead}
        if instance.finished:
            self.corrected = self.corrected or bool(changed)
        elif changes.outcome is None:
            instances.save_variables(connection, instance.id, changed, gone, sorted(gone_scopes), self.snapshot.apart)
        self._unsaved = {}
        return {name for _, name in changed} | {name for scope, name in gone if scope not in dead}
