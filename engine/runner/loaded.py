"""The rows of a snapshot that was loaded as a whole, in the form the kernel asks for them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from engine.runner.port import Snapshot, TokenRow
from engine.runner.token import HOST


class LoadedRows:
    """Implements `engine.runner.port.LiveRows` over a whole snapshot: one cheap pass, no object per token."""

    def __init__(self, snapshot: Snapshot) -> None:
        self.root = ""
        self._variables = snapshot.variables
        self._rows: dict[str, TokenRow] = {}
        self._inside: dict[str, list[TokenRow]] = {}
        self._live: dict[str, int] = {}
        for row in snapshot.tokens:
            self._rows[row.id] = row
            if row.parent is None:
                self.root = row.id
                continue
            self._inside.setdefault(row.parent, []).append(row)
            if HOST not in row.internal:
                self._live[row.parent] = self._live.get(row.parent, 0) + 1

    def row(self, token: str) -> TokenRow | None:
        return self._rows.get(token)

    def children(self, scope: str) -> Sequence[TokenRow]:
        return sorted(self._inside.get(scope, ()), key=lambda row: row.seq)

    def live(self, scope: str) -> int:
        return self._live.get(scope, 0)

    def variables(self, scope: str) -> Mapping[str, Any]:
        return self._variables.get(scope) or {}
