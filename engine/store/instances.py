"""Instances: locked, loaded as a snapshot, written back."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import sqlalchemy as sa

from engine import values
from engine.errors import NotFound
from engine.runner.port import Changes, Snapshot, TokenRow
from engine.store import contents, finished, rows
from engine.store.contents import Key
from engine.store.instance_rows import LIVE_COLUMNS, InstanceRow, LostLock, lost, row_values
from engine.store.live import PRIVATE, ScopeVariables, StoredRows
from engine.store.tables import content, instance, task, token, variable

_COLUMNS = tuple(instance.c[name] for name in LIVE_COLUMNS)
_BY_ID = sa.select(*_COLUMNS).where(instance.c.id == sa.bindparam("instance_id"))
_LOCK = _BY_ID.with_for_update()
_LOCK_OF_TASK = (
    sa.select(*_COLUMNS)
    .where(instance.c.id == sa.select(task.c.instance).where(task.c.id == sa.bindparam("task_id")).scalar_subquery())
    .with_for_update()
)
__all__ = [
    "InstanceRow", "LostLock", "apart_of", "insert", "load", "lock", "lock_of_task", "lock_running", "process_of_token", "read",
    "save_tokens", "save_variables", "update", "variables",
]  # fmt: skip

#: up to so many tokens an instance is loaded whole: two statements
_WHOLE = 100
_INTERNAL = sa.type_coerce(token.c.internal, sa.Text).label("internal")
_TOKENS = (
    sa.select(token.c.id, token.c.parent, token.c.process, token.c.node, token.c.state, token.c.seq, _INTERNAL)
    .where(token.c.instance == sa.bindparam("instance_id"))
    .order_by(token.c.seq)
)
_FEW_TOKENS = _TOKENS.limit(_WHOLE + 1)
_OWN = (
    sa.select(variable.c.scope, variable.c.name, variable.c.value, content.c.body, variable.c.content)
    .outerjoin(content, variable.c.content == content.c.digest)
    .where(variable.c.instance == sa.bindparam("instance_id"), variable.c.kernels.is_(False))
)
#: one row per scope that has variables of the kernel's own
_KERNELS = (
    sa.select(variable.c.scope, sa.null(), sa.null(), sa.null(), sa.null())
    .where(variable.c.instance == sa.bindparam("instance_id"), variable.c.kernels.is_(True))
    .group_by(variable.c.scope)
)
_VARIABLES = sa.union_all(_OWN, _KERNELS)


def lock(connection: sa.Connection, instance_id: str) -> InstanceRow:
    """The instance, running or finished, locked until the transaction ends. Raises NotFound."""
    found = connection.execute(_LOCK, {"instance_id": instance_id}).one_or_none()
    row = InstanceRow(**found._mapping) if found is not None else finished.lock(connection, instance_id)
    if row is None:
        raise NotFound(f"there is no case {instance_id}", instance=instance_id)
    return row


def lock_running(connection: sa.Connection, instance_id: str) -> InstanceRow | None:
    """The instance, locked; None when it has ended or is gone: a job that comes late has nothing to do."""
    row = connection.execute(_LOCK, {"instance_id": instance_id}).one_or_none()
    return InstanceRow(**row._mapping) if row is not None and row.state == "running" else None


def read(connection: sa.Connection, instance_id: str) -> InstanceRow | None:
    """The instance as it is now, running or finished, not locked; None when there is none."""
    row = connection.execute(_BY_ID, {"instance_id": instance_id}).one_or_none()
    # one that ends between the two is in the second
    return InstanceRow(**row._mapping) if row is not None else finished.read(connection, instance_id)


def lock_of_task(connection: sa.Connection, task_id: str) -> InstanceRow | None:
    """The instance of an open task, locked; None when no such task is open."""
    row = connection.execute(_LOCK_OF_TASK, {"task_id": task_id}).one_or_none()
    return InstanceRow(**row._mapping) if row else None


def load(connection: sa.Connection, row: InstanceRow, *, whole: bool = False) -> Snapshot:
    """The live tokens and all variables of an instance; of a large one (unless `whole`) only a reader of them. Nothing lives in a
    finished one."""
    if row.finished:
        return Snapshot(variables={row.root: finished.variables(connection, row.id)}, next_seq=row.next_seq)
    found = connection.execute(_TOKENS if whole else _FEW_TOKENS, {"instance_id": row.id}).all()
    if len(found) > _WHOLE and not whole:
        reader = StoredRows(connection, row.root)
        return Snapshot(rows=reader, next_seq=row.next_seq, apart=reader.apart)
    tokens = [
        TokenRow(id=r.id, parent=r.parent, process=r.process, node=r.node, state=r.state, seq=r.seq, internal=_internal(r.internal))
        for r in found
    ]
    own: dict[str, dict[str, Any]] = {}
    with_kernels = set()
    apart: dict[tuple[str, str], str] = {}
    for scope, name, value, body, digest in connection.execute(_VARIABLES, {"instance_id": row.id}):
        if name is None:
            with_kernels.add(scope)
        else:
            own.setdefault(scope, {})[name] = values.loads(value if body is None else body)
            if digest is not None:
                apart[scope, name] = digest
    scopes: dict[str, Mapping[str, Any]] = {**own}
    for scope in with_kernels:
        scopes[scope] = ScopeVariables(connection, scope, apart, own.get(scope, {}))
    return Snapshot(tokens=tokens, variables=scopes, next_seq=row.next_seq, apart=apart)


def apart_of(snapshot: Snapshot) -> set[str] | None:
    """Digests of all values of the instance that lay apart when it was loaded; None: not all were read."""
    lazy = snapshot.rows is not None or any(isinstance(found, ScopeVariables) for found in snapshot.variables.values())
    return None if lazy else set(snapshot.apart.values())


def _internal(text: str | None) -> dict[str, Any]:
    return values.loads(text) if text is not None else {}


def variables(connection: sa.Connection, row: InstanceRow) -> dict[str, dict[str, Any]]:
    """All variables of an instance by scope token and name, without the kernel's own."""
    if row.finished:
        return {row.root: finished.variables(connection, row.id)}
    found: dict[str, dict[str, Any]] = {}
    for scope, name, value, body, _ in connection.execute(_OWN, {"instance_id": row.id}):
        found.setdefault(scope, {})[name] = values.loads(value if body is None else body)
    return found


def insert(connection: sa.Connection, row: InstanceRow) -> None:
    connection.execute(sa.insert(instance), row_values(row, LIVE_COLUMNS))


_UPDATE = (
    sa.update(instance)
    .where(instance.c.id == sa.bindparam("key_id"), instance.c.version == sa.bindparam("key_version"))
    .values({name: sa.bindparam(name) for name in LIVE_COLUMNS if name != "id"})
)


def update(connection: sa.Connection, row: InstanceRow, read_version: int) -> None:
    """Write the instance back. Raises LostLock when its version is not the one that was read under the lock."""
    new = row_values(row, LIVE_COLUMNS)
    new["key_id"] = new.pop("id")
    new["key_version"] = read_version
    if connection.execute(_UPDATE, new).rowcount != 1:
        raise lost(row, read_version)


def save_tokens(connection: sa.Connection, instance_id: str, changes: Changes) -> None:
    """Write the changed tokens and remove those that are gone, with everything that waits on them."""
    rows.delete_in(connection, token.c.id, changes.gone_tokens)
    rows.upsert(
        connection,
        token,
        [
            {
                "id": t.id,
                "instance": instance_id,
                "parent": t.parent,
                "process": t.process,
                "node": t.node,
                "state": t.state,
                "seq": t.seq,
                "internal": dict(t.internal) or None,
                "hosted": "host" in t.internal,
            }
            for t in changes.tokens
        ],
    )


def save_variables(
    connection: sa.Connection, instance_id: str, changed: Mapping[Key, Any], gone: list[Key], gone_scopes: list[str],
    apart: Mapping[Key, str],
) -> None:  # fmt: skip
    """Write changed variables; remove those that are gone and those of closed scopes, and values that lie apart with the last of them.
    `apart`: digests of those that lay apart before, as far as they were read."""
    before = {apart[key] for key in (*gone, *changed) if key in apart} | contents.drop_scopes(connection, gone_scopes)
    rows.delete_keys(connection, variable, [{"scope": s, "name": n} for s, n in gone])
    after = contents.put(connection, instance_id, changed, PRIVATE)
    contents.drop_unused(connection, before - after)


def process_of_token(connection: sa.Connection, token_id: str) -> str | None:
    """The process a live token belongs to: the instance's own or a called one."""
    return connection.execute(sa.select(token.c.process).where(token.c.id == token_id)).scalar()


def notes_of_token(connection: sa.Connection, token_id: str) -> Mapping[str, Any]:
    """What the kernel has noted at a token; empty when it is not live any more."""
    return connection.execute(sa.select(token.c.internal).where(token.c.id == token_id)).scalar() or {}
