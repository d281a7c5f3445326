"""Heartbeats of the processes that work on jobs, jobs that failed, and how long the queue is."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from datetime import UTC, datetime
from typing import Any

import sqlalchemy as sa

from engine.ports import JobFigures
from engine.store import rows
from engine.store.tables import finished_instance, instance, job_executor, job_failure

#: states of a failed job that an operator sees
_OPEN = ("failed", "trying")
_STATUS = ("status", "queue_name", "created_at", "delay_until_epoch_ms")


def beat(connection: sa.Connection, executor: str, at: datetime) -> None:
    """This process is alive."""
    rows.upsert(connection, job_executor, [{"id": executor, "beat_at": at}])


def alive_since(connection: sa.Connection, moment: datetime) -> set[str]:
    """Executors with a beat at or after `moment`."""
    return set(connection.execute(sa.select(job_executor.c.id).where(job_executor.c.beat_at >= moment)).scalars())


def forget(connection: sa.Connection, executor: str) -> None:
    """This process ends; it holds no job any more."""
    connection.execute(sa.delete(job_executor).where(job_executor.c.id == executor))


def forget_before(connection: sa.Connection, moment: datetime) -> None:
    """Remove rows of processes that died long ago."""
    connection.execute(sa.delete(job_executor).where(job_executor.c.beat_at < moment))


# Failed jobs -------------------------------------------------------------------------------------------------------


def failure(connection: sa.Connection, failure_id: str, *, lock: bool = False) -> Any | None:
    """The row of a failed job."""
    statement = sa.select(job_failure).where(job_failure.c.id == failure_id)
    return connection.execute(statement.with_for_update() if lock else statement).one_or_none()


def put_failure(connection: sa.Connection, row: Mapping[str, Any]) -> None:
    rows.upsert(connection, job_failure, [row])


def close_failure(connection: sa.Connection, failure_id: str, state: str, at: datetime, by: str | None) -> None:
    """It counts no longer among what an operator has to look at."""
    values = {"state": state, "next_at": None, "closed_at": at, "closed_by": by}
    connection.execute(sa.update(job_failure).where(job_failure.c.id == failure_id).values(values))


def open_failures(connection: sa.Connection, limit: int, areas: Collection[str | None] | None = None) -> Sequence[Any]:
    """``failed`` before ``trying``, the newest first."""
    order = (job_failure.c.state, job_failure.c.last_at.desc())
    statement = sa.select(job_failure).where(job_failure.c.state.in_(("failed", "trying")))
    if areas is not None:
        of = (sa.select(table.c.id).where(table.c.area.in_(areas)) for table in (instance, finished_instance))
        statement = statement.where(job_failure.c.instance.in_(sa.union_all(*of)))
    return connection.execute(statement.order_by(*order).limit(limit)).all()


def forget_failures(connection: sa.Connection, moment: datetime) -> None:
    """Remove closed rows older than `moment`."""
    connection.execute(sa.delete(job_failure).where(job_failure.c.closed_at < moment))


# Figures -----------------------------------------------------------------------------------------------------------


def figures(connection: sa.Connection, now: datetime) -> JobFigures:
    """What an operator watches. Reads the job engine's own table: its client counts nothing."""
    schema = None if connection.dialect.name == "sqlite" else "dbos"
    jobs = sa.table("workflow_status", *(sa.column(name) for name in _STATUS), schema=schema)
    ours = jobs.c.queue_name.like("cogov%")
    due_at = sa.func.coalesce(jobs.c.delay_until_epoch_ms, jobs.c.created_at)
    is_due = sa.or_(jobs.c.status == "ENQUEUED", sa.and_(jobs.c.status == "DELAYED", due_at <= round(now.timestamp() * 1000)))
    waiting, oldest = connection.execute(sa.select(sa.func.count(), sa.func.min(due_at)).select_from(jobs).where(ours, is_due)).one()
    counted = sa.select(jobs.c.status, sa.func.count()).where(ours, jobs.c.status.in_(("DELAYED", "PENDING"))).group_by(jobs.c.status)
    by_status: dict[str, int] = {row[0]: row[1] for row in connection.execute(counted)}
    failed = (
        sa.select(job_failure.c.state, sa.func.count()).where(job_failure.c.state.in_(("failed", "trying"))).group_by(job_failure.c.state)
    )
    by_state: dict[str, int] = {row[0]: row[1] for row in connection.execute(failed)}
    beats = connection.execute(sa.select(job_executor.c.id, job_executor.c.beat_at))
    return JobFigures(
        due=waiting, oldest_due=datetime.fromtimestamp(oldest / 1000, UTC) if oldest is not None else None,
        later=by_status.get("DELAYED", 0), running=by_status.get("PENDING", 0),
        failed=by_state.get("failed", 0), trying=by_state.get("trying", 0), beats={row[0]: row[1] for row in beats},
    )  # fmt: skip
