"""Lists of instances."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import sqlalchemy as sa

from engine.store.instance_rows import COLUMNS
from engine.store.tables import finished_instance, instance

Rows = list[Any]


def instances(
    connection: sa.Connection, *, processes: Sequence[str] | None, state: str | None, starter: str | None, areas: Sequence[str] | None,
    number: str | None, parent: str | None, with_incidents: bool, after: str | None, limit: int,
) -> Rows:  # fmt: skip
    """Instances, running and finished, the newest first: of each table no more than the page."""

    def part(table: sa.Table) -> sa.Select[Any]:
        c = table.c
        suspended = c.suspended_at if table is instance else sa.cast(sa.null(), instance.c.suspended_at.type).label("suspended_at")
        asked = [
            c.process.in_(list(processes)) if processes is not None else None,
            c.state == state if state is not None else None,
            c.starter == starter if starter is not None else None,
            c.area.in_(list(areas)) if areas is not None else None,
            c.number == number if number is not None else None,
            c.parent == parent if parent is not None else None,
            c.incidents > 0 if with_incidents else None,
            c.id < after if after is not None else None,
        ]
        found = sa.select(*(c[name] for name in COLUMNS), suspended).where(*(one for one in asked if one is not None))
        return found.order_by(c.id.desc()).limit(limit)

    if state == "running":
        return list(connection.execute(part(instance)))
    both = sa.union_all(*(sa.select(part(table).subquery()) for table in (instance, finished_instance)))
    return list(connection.execute(both.order_by(sa.desc("id")).limit(limit)))


def running(connection: sa.Connection, processes: Sequence[str], most: int) -> Rows:
    """(process, number of running instances, counted up to `most`) of those that have any."""
    counted = []
    for key in processes:
        some = sa.select(instance.c.id).where(instance.c.process == key, instance.c.state == "running").limit(most).subquery()
        counted.append(sa.select(sa.literal(key).label("process"), sa.func.count().label("number")).select_from(some))
    return list(connection.execute(sa.union_all(*counted))) if counted else []


def running_by_version(connection: sa.Connection, process: str | None = None) -> dict[tuple[str, int], int]:
    """(process, version) → how many instances run in it."""
    columns = (instance.c.process, instance.c.process_version)
    statement = sa.select(*columns, sa.func.count()).where(instance.c.state == "running").group_by(*columns)
    if process is not None:
        statement = statement.where(instance.c.process == process)
    return {(key, version): count for key, version, count in connection.execute(statement)}
