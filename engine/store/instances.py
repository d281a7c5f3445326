"""Instance rows: locked, loaded as a snapshot, written back."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from engine import ids, values
from engine.errors import NotFound
from engine.runner.port import Changes, Snapshot, TokenRow
from engine.store import rows
from engine.store.live import PRIVATE, ScopeVariables, StoredRows
from engine.store.tables import content, instance, task, token, variable

#: A longer typed JSON text is stored once, by digest.
_INLINE = 1024


class LostLock(RuntimeError):
    """The instance was changed by someone else while this command held its lock: a code path forgot to take it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class InstanceRow:
    """One row of table `instance`."""

    id: str
    version: int
    process: str
    process_version: int
    definitions: str
    state: str
    number: str | None
    title: str | None
    area: str | None
    starter: str | None
    parent: str | None
    started_at: datetime
    ended_at: datetime | None
    ends: list[str] | None
    root: str
    incidents: int
    next_seq: int
    history_seq: int
    history_chain: str
    #: since when nothing in it moves, and with which suspension of its definition
    suspended_at: datetime | None = None
    suspended_with: str | None = None


_COLUMNS = tuple(instance.c[name] for name in InstanceRow.__slots__)
_BY_ID = sa.select(*_COLUMNS).where(instance.c.id == sa.bindparam("instance_id"))
_LOCK = _BY_ID.with_for_update()
_LOCK_OF_TASK = (
    sa.select(*_COLUMNS)
    .where(instance.c.id == sa.select(task.c.instance).where(task.c.id == sa.bindparam("task_id")).scalar_subquery())
    .with_for_update()
)
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
    sa.select(variable.c.scope, variable.c.name, variable.c.value, content.c.body)
    .outerjoin(content, variable.c.content == content.c.digest)
    .where(variable.c.instance == sa.bindparam("instance_id"), variable.c.kernels.is_(False))
)
#: one row per scope that has variables of the kernel's own
_KERNELS = (
    sa.select(variable.c.scope, sa.null(), sa.null(), sa.null())
    .where(variable.c.instance == sa.bindparam("instance_id"), variable.c.kernels.is_(True))
    .group_by(variable.c.scope)
)
_VARIABLES = sa.union_all(_OWN, _KERNELS)


def lock(connection: sa.Connection, instance_id: str) -> InstanceRow:
    """The instance, locked until the transaction ends. Raises NotFound."""
    row = connection.execute(_LOCK, {"instance_id": instance_id}).one_or_none()
    if row is None:
        raise NotFound(f"there is no case {instance_id}", instance=instance_id)
    return InstanceRow(**row._mapping)


def lock_running(connection: sa.Connection, instance_id: str) -> InstanceRow | None:
    """The instance, locked; None when it has ended or is gone: a job that comes late has nothing to do."""
    row = connection.execute(_LOCK, {"instance_id": instance_id}).one_or_none()
    return InstanceRow(**row._mapping) if row is not None and row.state == "running" else None


def read(connection: sa.Connection, instance_id: str) -> InstanceRow | None:
    """The instance as it is now, not locked; None when there is none."""
    row = connection.execute(_BY_ID, {"instance_id": instance_id}).one_or_none()
    return InstanceRow(**row._mapping) if row else None


def lock_of_task(connection: sa.Connection, task_id: str) -> InstanceRow | None:
    """The instance of an open task, locked; None when no such task is open."""
    row = connection.execute(_LOCK_OF_TASK, {"task_id": task_id}).one_or_none()
    return InstanceRow(**row._mapping) if row else None


def load(connection: sa.Connection, row: InstanceRow, *, whole: bool = False) -> Snapshot:
    """The live tokens and all variables of an instance; of a large one (unless `whole`) only a reader of them."""
    found = connection.execute(_TOKENS if whole else _FEW_TOKENS, {"instance_id": row.id}).all()
    if len(found) > _WHOLE and not whole:
        return Snapshot(rows=StoredRows(connection, row.root), next_seq=row.next_seq)
    tokens = [
        TokenRow(id=r.id, parent=r.parent, process=r.process, node=r.node, state=r.state, seq=r.seq, internal=_internal(r.internal))
        for r in found
    ]
    own: dict[str, dict[str, Any]] = {}
    with_kernels = set()
    for scope, name, value, body in connection.execute(_VARIABLES, {"instance_id": row.id}):
        if name is None:
            with_kernels.add(scope)
        else:
            own.setdefault(scope, {})[name] = values.loads(value if body is None else body)
    scopes: dict[str, Mapping[str, Any]] = {**own}
    for scope in with_kernels:
        scopes[scope] = ScopeVariables(connection, scope, own.get(scope, {}))
    return Snapshot(tokens=tokens, variables=scopes, next_seq=row.next_seq)


def _internal(text: str | None) -> dict[str, Any]:
    return values.loads(text) if text is not None else {}


def variables(connection: sa.Connection, instance_id: str) -> dict[str, dict[str, Any]]:
    """All variables of an instance by scope token and name, without the kernel's own."""
    found: dict[str, dict[str, Any]] = {}
    for scope, name, value, body in connection.execute(_OWN, {"instance_id": instance_id}):
        found.setdefault(scope, {})[name] = values.loads(value if body is None else body)
    return found


def insert(connection: sa.Connection, row: InstanceRow) -> None:
    connection.execute(sa.insert(instance).values(_values(row)))


_UPDATE = (
    sa.update(instance)
    .where(instance.c.id == sa.bindparam("key_id"), instance.c.version == sa.bindparam("key_version"))
    .values({name: sa.bindparam(name) for name in InstanceRow.__slots__ if name != "id"})
)


def update(connection: sa.Connection, row: InstanceRow, read_version: int) -> None:
    """Write the instance back. Raises LostLock when its version is not the one that was read under the lock."""
    new = _values(row)
    new["key_id"] = new.pop("id")
    new["key_version"] = read_version
    if connection.execute(_UPDATE, new).rowcount != 1:
        raise LostLock(f"instance {row.id} is not at version {read_version} any more")


def _values(row: InstanceRow) -> dict[str, Any]:
    return {name: getattr(row, name) for name in InstanceRow.__slots__}


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
    connection: sa.Connection, instance_id: str, changed: Mapping[tuple[str, str], Any], gone: list[tuple[str, str]], gone_scopes: list[str]
) -> None:
    """Write changed variables; remove those that are gone and those of closed scopes."""
    rows.delete_in(connection, variable.c.scope, gone_scopes)
    rows.delete_keys(connection, variable, [{"scope": s, "name": n} for s, n in gone])
    small, large = [], {}
    for (scope, name), value in changed.items():
        text = values.dumps(value)
        digest = ids.digest(text.encode()) if len(text) > _INLINE else None
        if digest is not None:
            large[digest] = text
        row = {"scope": scope, "name": name, "instance": instance_id, "value": None if digest else text, "content": digest}
        small.append({**row, "kernels": name.startswith(PRIVATE)})
    rows.insert_missing(connection, content, [{"digest": d, "body": b} for d, b in sorted(large.items())])
    rows.upsert(connection, variable, small)


def process_of_token(connection: sa.Connection, token_id: str) -> str | None:
    """The process a live token belongs to: the instance's own or a called one."""
    return connection.execute(sa.select(token.c.process).where(token.c.id == token_id)).scalar()


def notes_of_token(connection: sa.Connection, token_id: str) -> Mapping[str, Any]:
    """What the kernel has noted at a token; empty when it is not live any more."""
    return connection.execute(sa.select(token.c.internal).where(token.c.id == token_id)).scalar() or {}
