"""What operators look for across instances: suspended ones, those of a version, messages nobody has taken yet."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from engine.store.instance_rows import COLUMNS
from engine.store.tables import buffered_message, finished_instance, instance, token


def instances(
    connection: sa.Connection, *, areas: Sequence[str] | None, processes: Sequence[str] | None, version: int | None, state: str | None,
    suspended: bool, failing: bool, text: str | None, after: str | None, limit: int,
) -> Sequence[Any]:  # fmt: skip
    """Instances, running and finished, the newest first: of each table no more than the page. `areas`: only of these (None: all);
    `text`: an id, or how a number begins."""

    def part(table: sa.Table) -> sa.Select[Any]:
        c = table.c
        stopped = c.suspended_at if table is instance else sa.cast(sa.null(), instance.c.suspended_at.type).label("suspended_at")
        asked = [
            c.area.in_(list(areas)) if areas is not None else None,
            c.process.in_(list(processes)) if processes is not None else None,
            c.process_version == version if version is not None else None,
            c.state == state if state is not None else None,
            c.suspended_at.is_not(None) if suspended and table is instance else None,
            c.incidents > 0 if failing else None,
            sa.or_(c.id == text, c.number.startswith(text, autoescape=True)) if text else None,
            c.id < after if after is not None else None,
        ]
        found = sa.select(*(c[name] for name in COLUMNS), stopped).where(*(one for one in asked if one is not None))
        return found.order_by(c.id.desc()).limit(limit)

    if suspended or state == "running":
        return connection.execute(part(instance)).all()
    both = sa.union_all(*(sa.select(part(table).subquery()) for table in (instance, finished_instance)))
    return connection.execute(both.order_by(sa.desc("id")).limit(limit)).all()


def running_by_version(connection: sa.Connection, process: str) -> dict[int, tuple[int, int]]:
    """Version → (running, of them suspended)."""
    c = instance.c
    stopped = sa.func.count(c.suspended_at)
    statement = sa.select(c.process_version, sa.func.count(), stopped).where(c.process == process, c.state == "running")
    return {row[0]: (row[1], row[2]) for row in connection.execute(statement.group_by(c.process_version))}


def kept_messages(connection: sa.Connection, now: datetime, *, after: str | None, limit: int) -> Sequence[Any]:
    """Messages that wait for a receiver, without what they carry, the newest first."""
    c = buffered_message.c
    statement = sa.select(c.id, c.name, c.key, c.message_id, c.at, c.expires_at).where(c.expires_at > now)
    if after is not None:
        statement = statement.where(c.id < after)
    return connection.execute(statement.order_by(c.id.desc()).limit(limit)).all()


def called(connection: sa.Connection, process: str, version: int, instance_id: str | None) -> list[tuple[str, str]]:
    """(definition set, process) of live calls in running instances of the version, or in this one."""
    c = instance.c
    statement = (
        sa.select(c.definitions, token.c.process)
        .join(token, token.c.instance == c.id)
        .where(c.process == process, c.process_version == version, c.state == "running", token.c.process != process)
    )
    if instance_id is not None:
        statement = statement.where(c.id == instance_id)
    return [(row[0], row[1]) for row in connection.execute(statement.distinct())]
