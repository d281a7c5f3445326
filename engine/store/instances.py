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


_COLUMNS = tuple(instance.c[name] for name in InstanceRow.__slots__)
_BY_ID = sa.select(*_COLUMNS).where(instance.c.id == sa.bindparam("instance_id"))
_LOCK = _BY_ID.with_for_update()
_LOCK_OF_TASK = (
    sa.select(*_COLUMNS)
    .where(instance.c.id == sa.select(task.c.instance).where(task.c.id == sa.bindparam("task_id")).scalar_subquery())
    .with_for_update()
)
_TOKENS = (
    sa.select(token.c.id, token.c.parent, token.c.process, token.c.node, token.c.state, token.c.seq, token.c.internal)
    .where(token.c.instance == sa.bindparam("instance_id"))
    .order_by(token.c.seq)
)
_VARIABLES = (
    sa.select(variable.c.scope, variable.c.name, variable.c.value, content.c.body)
    .outerjoin(content, variable.c.content == content.c.digest)
    .where(variable.c.instance == sa.bindparam("instance_id"))
)


def lock(connection: sa.Connection, instance_id: str) -> InstanceRow:
    """The instance, locked until the transaction ends. Raises NotFound."""
    row = connection.execute(_LOCK, {"instance_id": instance_id}).one_or_none()
    if row is None:
        raise NotFound(f"there is no case {instance_id}", instance=instance_id)
    return InstanceRow(**row._mapping)


def read(connection: sa.Connection, instance_id: str) -> InstanceRow | None:
    """The instance as it is now, not locked; None when there is none."""
    row = connection.execute(_BY_ID, {"instance_id": instance_id}).one_or_none()
    return InstanceRow(**row._mapping) if row else None


def lock_of_task(connection: sa.Connection, task_id: str) -> InstanceRow | None:
    """The instance of an open task, locked; None when no such task is open."""
    row = connection.execute(_LOCK_OF_TASK, {"task_id": task_id}).one_or_none()
    return InstanceRow(**row._mapping) if row else None


def load(connection: sa.Connection, row: InstanceRow) -> Snapshot:
    """The live tokens and all variables of an instance."""
    tokens = [
        TokenRow(id=r.id, parent=r.parent, process=r.process, node=r.node, state=r.state, seq=r.seq, internal=r.internal or {})
        for r in connection.execute(_TOKENS, {"instance_id": row.id})
    ]
    return Snapshot(tokens=tokens, variables=variables(connection, row.id), next_seq=row.next_seq)


def variables(connection: sa.Connection, instance_id: str) -> dict[str, dict[str, Any]]:
    """All variables of an instance by scope token and name."""
    found: dict[str, dict[str, Any]] = {}
    for scope, name, value, body in connection.execute(_VARIABLES, {"instance_id": instance_id}):
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
        small.append({"scope": scope, "name": name, "instance": instance_id, "value": None if digest else text, "content": digest})
    rows.insert_missing(connection, content, [{"digest": d, "body": b} for d, b in large.items()])
    rows.upsert(connection, variable, small)
