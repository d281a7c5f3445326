"""Instances: locked, loaded as a snapshot, written back."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import sqlalchemy as sa

from engine import values
from engine.errors import NotFound
from engine.runner.port import Changes, Snapshot
from engine.store import contents, finished, rows
from engine.store.contents import Key
from engine.store.instance_rows import LIVE_COLUMNS, InstanceRow, LostLock, lost, row_values
from engine.store.live import PRIVATE, ScopeVariables
from engine.store.tables import content, instance, task, token, variable
from engine.store.work import TASK_COLUMNS, TaskRow

_COLUMNS = tuple(instance.c[name] for name in LIVE_COLUMNS)
_BY_ID = sa.select(*_COLUMNS).where(instance.c.id == sa.bindparam("instance_id"))
_LOCK = _BY_ID.with_for_update()
#: The task is locked, too: a row that is only joined would be read as it was before the wait for the instance's lock.
_LOCK_OF_TASK = (
    sa.select(*_COLUMNS, *TASK_COLUMNS)
    .join_from(task, instance, instance.c.id == task.c.instance)
    .where(task.c.id == sa.bindparam("task_id"))
    .with_for_update(of=[instance, task])
)
__all__ = [
    "InstanceRow", "LostLock", "apart_of", "insert", "lock", "lock_of_task", "lock_running", "notes_of_token", "read", "save_tokens",
    "save_variables", "update", "variables",
]  # fmt: skip

_OWN = (
    sa.select(variable.c.scope, variable.c.name, variable.c.value, content.c.body, variable.c.content)
    .outerjoin(content, variable.c.content == content.c.digest)
    .where(variable.c.instance == sa.bindparam("instance_id"), variable.c.kernels.is_(False))
)


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


def lock_of_task(connection: sa.Connection, task_id: str) -> tuple[InstanceRow, TaskRow] | None:
    """An open task with its instance, both locked; None when no such task is open."""
    row = connection.execute(_LOCK_OF_TASK, {"task_id": task_id}).one_or_none()
    if row is None:
        return None
    own = len(_COLUMNS)
    return (
        InstanceRow(**dict(zip(LIVE_COLUMNS, row[:own], strict=True))),
        TaskRow(**dict(zip(TaskRow.__slots__, row[own:], strict=True))),
    )


def apart_of(snapshot: Snapshot) -> set[str] | None:
    """Digests of all values of the instance that lay apart when it was loaded; None: not all were read."""
    lazy = snapshot.rows is not None or any(isinstance(found, ScopeVariables) for found in snapshot.variables.values())
    return None if lazy else set(snapshot.apart.values())


def variables(connection: sa.Connection, row: InstanceRow) -> dict[str, dict[str, Any]]:
    """All variables of an instance by scope token and name, without the kernel's own."""
    if row.finished:
        return {row.root: finished.variables(connection, row.id)}
    found: dict[str, dict[str, Any]] = {}
    for scope, name, value, body, _ in connection.execute(_OWN, {"instance_id": row.id}):
        found.setdefault(scope, {})[name] = values.loads(value if body is None else body)
    # none: it may have ended since its row was read
    return found or {row.root: finished.variables(connection, row.id)}


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


def notes_of_token(connection: sa.Connection, token_id: str) -> Mapping[str, Any]:
    """What the kernel has noted at a token; empty when it is not live any more."""
    return connection.execute(sa.select(token.c.internal).where(token.c.id == token_id)).scalar() or {}
