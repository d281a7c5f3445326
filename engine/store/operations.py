"""Rows of what operators do: held jobs, suspended definitions, batches, ends of chains without an instance."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from engine.store import rows
from engine.store.tables import batch, batch_item, chain_head, definition_suspension, held_job, instance

#: `version` of a suspension of every version
EVERY = 0
_ITEMS_AT_ONCE = 1000

# Held jobs ---------------------------------------------------------------------------------------------------------


def hold(connection: sa.Connection, row: Mapping[str, Any]) -> None:
    rows.insert(connection, held_job, [row])


def first_held(connection: sa.Connection, instance_id: str) -> Any | None:
    """What is to happen first of what was held for an instance."""
    statement = sa.select(held_job).where(held_job.c.instance == instance_id)
    return connection.execute(statement.order_by(held_job.c.due_at, held_job.c.id).limit(1)).one_or_none()


def all_held(connection: sa.Connection, instance_id: str) -> Sequence[Any]:
    """All that was held for an instance, in the order in which it is to happen."""
    statement = sa.select(held_job).where(held_job.c.instance == instance_id)
    return connection.execute(statement.order_by(held_job.c.due_at, held_job.c.id)).all()


def drop_held(connection: sa.Connection, held: str) -> None:
    connection.execute(sa.delete(held_job).where(held_job.c.id == held))


# Definitions -------------------------------------------------------------------------------------------------------


def suspension_of(connection: sa.Connection, process: str, version: int) -> Any | None:
    """The suspension that keeps this version of the process from starting, or None."""
    statement = sa.select(definition_suspension).where(
        definition_suspension.c.process == process, definition_suspension.c.version.in_([EVERY, version])
    )
    return connection.execute(statement.order_by(definition_suspension.c.version).limit(1)).one_or_none()


def suspension(connection: sa.Connection, process: str, version: int) -> Any | None:
    """The suspension of exactly this version (EVERY: of all)."""
    statement = sa.select(definition_suspension).where(
        definition_suspension.c.process == process, definition_suspension.c.version == version
    )
    return connection.execute(statement).one_or_none()


def suspensions(connection: sa.Connection) -> Sequence[Any]:
    statement = sa.select(definition_suspension).order_by(definition_suspension.c.process, definition_suspension.c.version)
    return connection.execute(statement).all()


def suspend(connection: sa.Connection, row: Mapping[str, Any]) -> None:
    rows.insert(connection, definition_suspension, [row])


def resume(connection: sa.Connection, suspension_id: str) -> None:
    connection.execute(sa.delete(definition_suspension).where(definition_suspension.c.id == suspension_id))


def moving_instances(connection: sa.Connection, process: str, version: int) -> list[str]:
    """Running instances of the process (EVERY: in any version) that are not suspended, the oldest first."""
    statement = sa.select(instance.c.id).where(
        instance.c.process == process, instance.c.state == "running", instance.c.suspended_at.is_(None)
    )
    if version != EVERY:
        statement = statement.where(instance.c.process_version == version)
    return list(connection.scalars(statement.order_by(instance.c.id)))


def running_in(connection: sa.Connection, process: str, version: int) -> list[str]:
    """Running instances of a version, the oldest first."""
    found = sa.select(instance.c.id).where(
        instance.c.process == process, instance.c.process_version == version, instance.c.state == "running"
    )
    return list(connection.scalars(found.order_by(instance.c.id)))


def suspended_with(connection: sa.Connection, suspension_id: str) -> list[str]:
    """Instances that were suspended with their definition."""
    return list(connection.scalars(sa.select(instance.c.id).where(instance.c.suspended_with == suspension_id).order_by(instance.c.id)))


# Batches -----------------------------------------------------------------------------------------------------------


def add_batch(connection: sa.Connection, row: Mapping[str, Any], instances: Iterable[str]) -> None:
    rows.insert(connection, batch, [row])
    items = [{"batch": row["id"], "instance": one, "state": "waiting", "code": None, "error": None} for one in instances]
    for start in range(0, len(items), _ITEMS_AT_ONCE):
        rows.insert(connection, batch_item, items[start : start + _ITEMS_AT_ONCE])


def batch_row(connection: sa.Connection, batch_id: str) -> Any | None:
    return connection.execute(sa.select(batch).where(batch.c.id == batch_id)).one_or_none()


def batches(connection: sa.Connection, *, after: str | None, limit: int) -> Sequence[Any]:
    """Batches, the newest first."""
    statement = sa.select(batch)
    if after is not None:
        statement = statement.where(batch.c.id < after)
    return connection.execute(statement.order_by(batch.c.id.desc()).limit(limit)).all()


def waiting_items(connection: sa.Connection, batch_id: str, limit: int) -> list[str]:
    statement = sa.select(batch_item.c.instance).where(batch_item.c.batch == batch_id, batch_item.c.state == "waiting")
    return list(connection.scalars(statement.order_by(batch_item.c.instance).limit(limit)))


def hold_item(connection: sa.Connection, batch_id: str, instance_id: str) -> bool:
    """Whether the item still waits; it is locked until the transaction ends."""
    statement = sa.select(batch_item.c.state).where(batch_item.c.batch == batch_id, batch_item.c.instance == instance_id)
    return connection.execute(statement.with_for_update()).scalar_one_or_none() == "waiting"


def settle_item(connection: sa.Connection, batch_id: str, instance_id: str, state: str, code: str | None, error: str | None) -> None:
    where = (batch_item.c.batch == batch_id, batch_item.c.instance == instance_id)
    connection.execute(sa.update(batch_item).where(*where).values(state=state, code=code, error=error))


def end_batch(connection: sa.Connection, batch_id: str, at: datetime) -> None:
    connection.execute(sa.update(batch).where(batch.c.id == batch_id).values(state="done", ended_at=at))


def counts(connection: sa.Connection, batch_id: str) -> dict[str, int]:
    """State → how many items."""
    statement = sa.select(batch_item.c.state, sa.func.count()).where(batch_item.c.batch == batch_id).group_by(batch_item.c.state)
    return {row.state: row[1] for row in connection.execute(statement)}


def failed_items(connection: sa.Connection, batch_id: str, limit: int) -> Sequence[Any]:
    statement = sa.select(batch_item).where(batch_item.c.batch == batch_id, batch_item.c.state == "failed")
    return connection.execute(statement.order_by(batch_item.c.instance).limit(limit)).all()


# Chains without an instance ----------------------------------------------------------------------------------------


def lock_head(connection: sa.Connection, chain: str) -> Any | None:
    return connection.execute(sa.select(chain_head).where(chain_head.c.instance == chain).with_for_update()).one_or_none()


def head_of(connection: sa.Connection, chain: str) -> Any | None:
    return connection.execute(sa.select(chain_head).where(chain_head.c.instance == chain)).one_or_none()


def add_head(connection: sa.Connection, row: Mapping[str, Any]) -> None:
    rows.insert(connection, chain_head, [row])


def move_head(connection: sa.Connection, chain: str, seq: int, head: str) -> None:
    connection.execute(sa.update(chain_head).where(chain_head.c.instance == chain).values(history_seq=seq, history_chain=head))
