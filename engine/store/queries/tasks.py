"""Open tasks under the selectors of a person; tasks that are done."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from engine.store.tables import (
    done_task,
    finished_instance,
    instance,
    task,
    task_offer,
)
from engine.store.work import HANDED_IN

Rows = list[Any]


def offered_tasks(
    connection: sa.Connection, selectors: Sequence[str], *, person: str, by_due: bool, after: tuple[datetime, str] | None,
    processes: Sequence[str] | None, limit: int,
) -> list[tuple[str, datetime]]:  # fmt: skip
    """(task, due) of the first `limit` tasks under any of the selectors: one short index range per selector, merged."""
    parts = [_offers(s, person, by_due, after, processes, limit) for s in selectors]
    if not parts:
        return []
    merged = sa.union(*[sa.select(p.c.task, p.c.due) for p in parts]).subquery()
    order = (merged.c.due, merged.c.task) if by_due else (merged.c.task,)
    rows = connection.execute(sa.select(merged.c.task, merged.c.due).order_by(*order).limit(limit))
    return [(row.task, row.due) for row in rows]


def _offers(
    selector: str, person: str, by_due: bool, after: tuple[datetime, str] | None, processes: Sequence[str] | None, limit: int
) -> Any:
    offer = task_offer.alias()
    not_mine = sa.or_(task.c.excluded == "", task.c.excluded.not_like(f"%,{person},%"))
    statement = sa.select(offer.c.task, offer.c.due).join(task, task.c.id == offer.c.task).where(offer.c.selector == selector, not_mine)
    if processes is not None:
        statement = statement.where(task.c.process.in_(list(processes)))
    if by_due:
        if after is not None:
            due, last = sa.literal(after[0], offer.c.due.type), sa.literal(after[1])
            statement = statement.where(sa.tuple_(offer.c.due, offer.c.task) > sa.tuple_(due, last))
        statement = statement.order_by(offer.c.due, offer.c.task)
    else:
        if after is not None:
            statement = statement.where(offer.c.task > after[1])
        statement = statement.order_by(offer.c.task)
    return statement.limit(limit).subquery()


def count_offered(connection: sa.Connection, selectors: Sequence[str], *, person: str, cap: int) -> int:
    """How many tasks are offered, at most `cap`."""
    parts = [_offers(s, person, False, None, None, cap) for s in selectors]
    if not parts:
        return 0
    merged = sa.union(*[sa.select(p.c.task) for p in parts]).subquery()
    counted = sa.select(merged.c.task).limit(cap).subquery()
    return connection.execute(sa.select(sa.func.count()).select_from(counted)).scalar_one()


def tasks_by_ids(connection: sa.Connection, ids: Sequence[str]) -> Rows:
    return list(connection.execute(sa.select(task).where(task.c.id.in_(list(ids)))))


def done_by_person(connection: sa.Connection, person: str, *, after: tuple[datetime, str] | None, limit: int) -> Rows:
    """Completed tasks of a person, the newest first, with what their case is called and how it stands."""
    case = {name: sa.func.coalesce(instance.c[name], finished_instance.c[name]).label(name) for name in ("number", "title", "state")}
    statement = (
        sa.select(done_task, *case.values())
        .outerjoin(instance, instance.c.id == done_task.c.instance)
        .outerjoin(finished_instance, finished_instance.c.id == done_task.c.instance)
        .where(done_task.c.person == person, done_task.c.outcome != HANDED_IN)
    )
    if after is not None:
        at, last = sa.literal(after[0], done_task.c.at.type), sa.literal(after[1])
        statement = statement.where(sa.tuple_(done_task.c.at, done_task.c.id) < sa.tuple_(at, last))
    return list(connection.execute(statement.order_by(done_task.c.at.desc(), done_task.c.id.desc()).limit(limit)))


def done_by_instance(connection: sa.Connection, instance_id: str) -> Rows:
    """Tasks of a case that are not open any more, the oldest first."""
    statement = sa.select(done_task).where(done_task.c.instance == instance_id, done_task.c.outcome != HANDED_IN)
    return list(connection.execute(statement.order_by(done_task.c.at, done_task.c.id)))
