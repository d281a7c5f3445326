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

_PATH = sa.select(token.c.id, token.c.parent).where(token.c.id == sa.bindparam("token_id")).cte("path", recursive=True)
_PATH = _PATH.union_all(sa.select(token.c.id, token.c.parent).where(token.c.id == _PATH.c.parent))
_ON_PATH = sa.select(_PATH.c.id)
_EMPTY = sa.cast(sa.null(), sa.Text)
_INTERNAL = sa.cast(token.c.internal, sa.Text).label("internal")
_WIDE = (token.c.id, token.c.parent, token.c.process, token.c.node, token.c.state, token.c.seq, _INTERNAL)
#: What a token needs to be completed: itself with its scopes, what is inside it, how much is live in each scope, and their variables.
_AHEAD = sa.union_all(
    sa.select(sa.literal_column("'token'").label("kind"), *_WIDE).where(token.c.id.in_(_ON_PATH)),
    sa.select(sa.literal_column("'child'"), *_WIDE).where(token.c.parent == sa.bindparam("token_id")),
    sa.select(sa.literal_column("'live'"), token.c.parent, *[_EMPTY] * 4, sa.func.count(), _EMPTY)
    .where(token.c.parent.in_(_ON_PATH), token.c.hosted.is_(False))
    .group_by(token.c.parent),
    sa.select(
        sa.case((variable.c.kernels.is_(True), "kernels"), else_="variable"), variable.c.scope, variable.c.name, variable.c.value,
        _EMPTY, variable.c.content, sa.cast(sa.null(), sa.Integer), content.c.body,
    )
    .outerjoin_from(variable, content, variable.c.content == content.c.digest)
    .where(variable.c.scope.in_(_ON_PATH), sa.or_(variable.c.kernels.is_(False), variable.c.scope == sa.bindparam("token_id"))),
)  # fmt: skip


class StoredRows:
    """Implements runner.port.LiveRows over the open transaction; each row is read once."""

    def __init__(self, connection: sa.Connection, root: str) -> None:
        self._connection = connection
        self.root = root
        self._rows: dict[str, TokenRow | None] = {}
        self._variables: dict[str, ScopeVariables] = {}
        #: (scope, name) → digest of values that lie apart, as far as they were read
        self.apart: dict[tuple[str, str], str] = {}
        self._children: dict[str, Sequence[TokenRow]] = {}
        self._live: dict[str, int] = {}

    def read_ahead(self, token: str) -> None:
        """Read by one statement what will be asked for when this token is completed."""
        path: list[str] = []
        inside: list[TokenRow] = []
        own: dict[str, dict[str, Any]] = {}
        kernels: dict[str, Any] = {}
        for found in self._connection.execute(_AHEAD, {"token_id": token}):
            match found.kind:
                case "token":
                    path.append(found.id)
                    self._rows[found.id] = _token_row(found, values.loads(found.internal or "{}"))
                case "child":
                    inside.append(_token_row(found, values.loads(found.internal or "{}")))
                case "live":
                    self._live[found.id] = found.seq
                case kind:
                    named = kernels if kind == "kernels" else own.setdefault(found.id, {})
                    named[found.parent] = values.loads(found.process if found.internal is None else found.internal)
                    if found.state is not None:
                        self.apart[found.id, found.parent] = found.state
        if token not in self._rows:
            return  # it is not live: there is nothing to read ahead
        self._children[token] = sorted(inside, key=lambda row: row.seq)
        self._rows.update((row.id, row) for row in inside)
        for scope in path:
            self._live.setdefault(scope, 0)
            known = kernels if scope == token else None
            self._variables[scope] = ScopeVariables(self._connection, scope, self.apart, own.get(scope, {}), known)

    def row(self, token: str) -> TokenRow | None:
        if token not in self._rows:
            found = self._connection.execute(_ROW, {"token_id": token}).one_or_none()
            self._rows[token] = _token_row(found, found.internal) if found else None
        return self._rows[token]

    def children(self, scope: str) -> Sequence[TokenRow]:
        if scope not in self._children:
            found = [_token_row(row, row.internal) for row in self._connection.execute(_CHILDREN, {"scope_id": scope})]
            self._rows.update((row.id, row) for row in found)
            self._children[scope] = found
        return self._children[scope]

    def live(self, scope: str) -> int:
        if scope not in self._live:
            self._live[scope] = self._connection.execute(_LIVE, {"scope_id": scope}).scalar_one()
        return self._live[scope]

    def variables(self, scope: str) -> Mapping[str, Any]:
        if scope not in self._variables:
            self._variables[scope] = ScopeVariables(self._connection, scope, self.apart)
        return self._variables[scope]


class ScopeVariables(Mapping[str, Any]):
    """The variables of one scope; the kernel's own are read when one of them is asked for, or all are gone through."""

    def __init__(
        self, connection: sa.Connection, scope: str, apart: dict[tuple[str, str], str], own: dict[str, Any] | None = None,
        kernels: dict[str, Any] | None = None,
    ) -> None:  # fmt: skip
        self._connection = connection
        self._scope = scope
        self._apart = apart
        self._own = own
        self._kernels = kernels
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


def _token_row(row: Any, internal: Mapping[str, Any] | None) -> TokenRow:
    return TokenRow(id=row.id, parent=row.parent, process=row.process, node=row.node, state=row.state, seq=row.seq, internal=internal or {})
