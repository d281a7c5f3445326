"""Live rows read one by one: an instance with thousands of tokens costs a command only what it touches."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import sqlalchemy as sa

from engine import values
from engine.runner.port import TokenRow
from engine.store.tables import content, token, variable

#: Names of the kernel's own variables begin with it; they are read apart, since there may be one per participant.
PRIVATE = "#"

_COLUMNS = (token.c.id, token.c.parent, token.c.process, token.c.node, token.c.state, token.c.seq, token.c.internal)
_ROW = sa.select(*_COLUMNS).where(token.c.id == sa.bindparam("token_id"))
_CHILDREN = sa.select(*_COLUMNS).where(token.c.parent == sa.bindparam("scope_id")).order_by(token.c.seq)
_LIVE = sa.select(sa.func.count()).where(token.c.parent == sa.bindparam("scope_id"), token.c.hosted.is_(False))
_VARIABLES = (
    sa.select(variable.c.name, variable.c.value, content.c.body, variable.c.content)
    .outerjoin(content, variable.c.content == content.c.digest)
    .where(variable.c.scope == sa.bindparam("scope_id"))
)
_OWN = _VARIABLES.where(variable.c.kernels.is_(False))
_KERNELS = _VARIABLES.where(variable.c.kernels.is_(True))
_BY_NAME = _VARIABLES.where(variable.c.name == sa.bindparam("variable_name"))


class StoredRows:
    """Implements runner.port.LiveRows over the open transaction; each row is read once."""

    def __init__(self, connection: sa.Connection, root: str) -> None:
        self._connection = connection
        self.root = root
        self._rows: dict[str, TokenRow | None] = {}
        self._variables: dict[str, ScopeVariables] = {}
        #: (scope, name) → digest of values that lie apart, as far as they were read
        self.apart: dict[tuple[str, str], str] = {}

    def row(self, token: str) -> TokenRow | None:
        if token not in self._rows:
            found = self._connection.execute(_ROW, {"token_id": token}).one_or_none()
            self._rows[token] = _token_row(found) if found else None
        return self._rows[token]

    def children(self, scope: str) -> Sequence[TokenRow]:
        found = [_token_row(row) for row in self._connection.execute(_CHILDREN, {"scope_id": scope})]
        self._rows.update((row.id, row) for row in found)
        return found

    def live(self, scope: str) -> int:
        return self._connection.execute(_LIVE, {"scope_id": scope}).scalar_one()

    def variables(self, scope: str) -> Mapping[str, Any]:
        if scope not in self._variables:
            self._variables[scope] = ScopeVariables(self._connection, scope, self.apart)
        return self._variables[scope]


class ScopeVariables(Mapping[str, Any]):
    """The variables of one scope; the kernel's own are read when one of them is asked for, or all are gone through."""

    def __init__(self, connection: sa.Connection, scope: str, apart: dict[tuple[str, str], str], own: dict[str, Any] | None = None) -> None:
        self._connection = connection
        self._scope = scope
        self._apart = apart
        self._own = own
        self._kernels: dict[str, Any] | None = None
        self._looked_up: dict[str, dict[str, Any]] = {}

    def __getitem__(self, name: str) -> Any:
        if not name.startswith(PRIVATE):
            return self.public()[name]
        return self._one(name)[name] if self._kernels is None else self._kernels[name]

    def __contains__(self, name: object) -> bool:
        if not isinstance(name, str):
            return False
        if not name.startswith(PRIVATE):
            return name in self.public()
        return name in (self._one(name) if self._kernels is None else self._kernels)

    def __iter__(self) -> Iterator[str]:
        yield from self.public()
        yield from self._private()

    def __len__(self) -> int:
        return len(self.public()) + len(self._private())

    def __bool__(self) -> bool:
        return True  # whether it is empty is not worth a statement

    def public(self) -> dict[str, Any]:
        if self._own is None:
            self._own = self._read(_OWN)
        return self._own

    def _private(self) -> dict[str, Any]:
        if self._kernels is None:
            self._kernels = self._read(_KERNELS)
        return self._kernels

    def _one(self, name: str) -> dict[str, Any]:
        """A single variable of the kernel, or nothing."""
        if name not in self._looked_up:
            self._looked_up[name] = self._read(_BY_NAME, variable_name=name)
        return self._looked_up[name]

    def _read(self, statement: Any, **more: str) -> dict[str, Any]:
        found = {}
        for name, value, body, digest in self._connection.execute(statement, {"scope_id": self._scope, **more}):
            found[name] = values.loads(value if body is None else body)
            if digest is not None:
                self._apart[self._scope, name] = digest
        return found


def own_names(found: Mapping[str, Any]) -> list[str]:
    """Names of a scope's variables without the kernel's."""
    return list(found.public()) if isinstance(found, ScopeVariables) else [name for name in found if not name.startswith(PRIVATE)]


def _token_row(row: Any) -> TokenRow:
    return TokenRow(
        id=row.id, parent=row.parent, process=row.process, node=row.node, state=row.state, seq=row.seq, internal=row.internal or {}
    )
