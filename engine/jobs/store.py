"""Heartbeats of the processes that work on jobs."""

from __future__ import annotations

from datetime import datetime

import sqlalchemy as sa

from engine.store import rows
from engine.store.tables import job_executor


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
