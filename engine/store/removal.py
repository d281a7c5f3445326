"""Taking a finished instance out of the tables: its content goes, the chain of its history and what proves it stay."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from engine.store import contents, rows
from engine.store.instances import InstanceRow
from engine.store.tables import (
    chain_head,
    done_task,
    entry,
    event_content,
    finished_instance,
    guard,
    incident,
    instance,
    plain_deadline,
)


def has_running_children(connection: sa.Connection, instance_id: str) -> bool:
    """Whether an instance that this one began still runs."""
    statement = sa.select(instance.c.id).where(instance.c.parent == instance_id, instance.c.state == "running").limit(1)
    return connection.execute(statement).first() is not None


def remove(connection: sa.Connection, row: InstanceRow, *, at: datetime, retention: str | None) -> None:
    """Erase the content of the history but for its last row (which tells of the removal), keep the end of the chain, delete the rest."""
    old = sa.and_(event_content.c.instance == row.id, event_content.c.seq < row.history_seq)
    connection.execute(sa.delete(event_content).where(old))
    apart = contents.of_instance(connection, row.id)
    head = {
        "instance": row.id, "history_seq": row.history_seq, "history_chain": row.history_chain, "process": row.process,
        "process_version": row.process_version, "number": row.number, "state": row.state, "started_at": row.started_at,
        "ended_at": row.ended_at, "removed_at": at, "retention": retention,
    }  # fmt: skip
    rows.insert(connection, chain_head, [head])
    for table in (instance, finished_instance):
        connection.execute(sa.delete(table).where(table.c.id == row.id))
    for table in (done_task, incident, guard, entry, plain_deadline):
        connection.execute(sa.delete(table).where(table.c.instance == row.id))
    contents.drop_unused(connection, apart)


def removed(connection: sa.Connection, *, after: str | None, limit: int) -> Sequence[Any]:
    """What is left of removed instances, the newest first."""
    statement = sa.select(chain_head).where(chain_head.c.removed_at.is_not(None))
    if after is not None:
        statement = statement.where(chain_head.c.instance < after)
    return connection.execute(statement.order_by(chain_head.c.instance.desc()).limit(limit)).all()
