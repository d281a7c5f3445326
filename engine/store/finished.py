"""Instances that have ended: one row each, with the outermost variables in it (decision 0005)."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Any

import sqlalchemy as sa

from engine import values
from engine.store import contents
from engine.store.instance_rows import COLUMNS, InstanceRow, lost, row_values
from engine.store.tables import finished_instance, instance

_BY_ID = sa.select(*(finished_instance.c[name] for name in COLUMNS)).where(finished_instance.c.id == sa.bindparam("instance_id"))
_LOCK = _BY_ID.with_for_update()
_VARIABLES = sa.select(finished_instance.c.variables).where(finished_instance.c.id == sa.bindparam("instance_id"))
_LEFT = sa.select(instance.c.id).where(instance.c.state != "running").order_by(instance.c.id).with_for_update(skip_locked=True)
_LEAVE = sa.delete(instance).where(instance.c.id == sa.bindparam("key_id"), instance.c.version == sa.bindparam("key_version"))


def lock(connection: sa.Connection, instance_id: str) -> InstanceRow | None:
    """The finished instance, locked until the transaction ends: its record may still be corrected."""
    return _row(connection.execute(_LOCK, {"instance_id": instance_id}).one_or_none())


def read(connection: sa.Connection, instance_id: str) -> InstanceRow | None:
    """The finished instance, not locked."""
    return _row(connection.execute(_BY_ID, {"instance_id": instance_id}).one_or_none())


def variables(connection: sa.Connection, instance_id: str) -> dict[str, Any]:
    """Its outermost variables, as it left them."""
    text = connection.execute(_VARIABLES, {"instance_id": instance_id}).scalar_one_or_none()
    found: dict[str, Any] = values.loads(text) if text is not None else {}
    return found


def keep(
    connection: sa.Connection, row: InstanceRow, read_version: int, outermost: Mapping[str, Any], apart: Collection[str] | None = None
) -> None:
    """Move an instance that has ended out of the work tables, in the transaction in which it ends: what waits in it, its tokens and
    its variables go with its row there. `apart`: digests of its values that lie apart; None: they are looked for.

    Raises LostLock when its version is not the one that was read under the lock.
    """
    digests = contents.of_instance(connection, row.id) if apart is None else apart
    if connection.execute(_LEAVE, {"key_id": row.id, "key_version": read_version}).rowcount != 1:
        raise lost(row, read_version)
    contents.drop_unused(connection, digests)
    connection.execute(sa.insert(finished_instance), {**row_values(row, COLUMNS), "variables": values.dumps(outermost)})


def update(connection: sa.Connection, row: InstanceRow, read_version: int, outermost: Mapping[str, Any] | None) -> None:
    """Write back a finished instance whose record has changed; `outermost`: its variables, when they were corrected. Raises LostLock."""
    changed = row_values(row, COLUMNS)
    if outermost is not None:
        changed["variables"] = values.dumps(outermost)
    where = (finished_instance.c.id == row.id, finished_instance.c.version == read_version)
    if connection.execute(sa.update(finished_instance).where(*where).values(changed)).rowcount != 1:
        raise lost(row, read_version)


def left_behind(connection: sa.Connection, most: int) -> list[str]:
    """Instances that ended under a release that left them among those that run; locked until the transaction ends."""
    return list(connection.scalars(_LEFT.limit(most)))


def _row(found: Any | None) -> InstanceRow | None:
    return InstanceRow(**found._mapping, finished=True) if found is not None else None
