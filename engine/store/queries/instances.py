"""Lists of instances."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import sqlalchemy as sa

from engine.store.tables import (
    instance,
)

Rows = list[Any]


def instances(
    connection: sa.Connection, *, processes: Sequence[str] | None, state: str | None, starter: str | None, areas: Sequence[str] | None,
    number: str | None, parent: str | None, with_incidents: bool, after: str | None, limit: int,
) -> Rows:  # fmt: skip
    """Instances, the newest first."""
    statement = sa.select(instance)
    if processes is not None:
        statement = statement.where(instance.c.process.in_(list(processes)))
    if state is not None:
        statement = statement.where(instance.c.state == state)
    if starter is not None:
        statement = statement.where(instance.c.starter == starter)
    if areas is not None:
        statement = statement.where(instance.c.area.in_(list(areas)))
    if number is not None:
        statement = statement.where(instance.c.number == number)
    if parent is not None:
        statement = statement.where(instance.c.parent == parent)
    if with_incidents:
        statement = statement.where(instance.c.incidents > 0)
    if after is not None:
        statement = statement.where(instance.c.id < after)
    return list(connection.execute(statement.order_by(instance.c.id.desc()).limit(limit)))


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
