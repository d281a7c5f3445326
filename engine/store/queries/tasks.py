"""Open tasks under the selectors of a person; tasks that are done."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from functools import lru_cache
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
    if not selectors:
        return []
    statement = _page(len(selectors), by_due, after is not None, processes is not None, limit)
    given = _asked(selectors, person)
    if after is not None:
        given["last"] = after[1]
        if by_due:
            given["due"] = after[0]
    if processes is not None:
        given["processes"] = list(processes)
    return [(row.task, row.due) for row in connection.execute(statement, given)]


def count_offered(connection: sa.Connection, selectors: Sequence[str], *, person: str, cap: int) -> int:
    """How many tasks are offered, at most `cap`."""
    if not selectors:
        return 0
    found: int = connection.execute(_count(len(selectors), cap), _asked(selectors, person)).scalar_one()
    return found


def _asked(selectors: Sequence[str], person: str) -> dict[str, Any]:
    return {**{f"selector_{n}": selector for n, selector in enumerate(selectors)}, "not_mine": f"%,{person},%"}


# Building a union takes longer than most databases need to answer it: each shape is built once.


@lru_cache(maxsize=256)
def _page(count: int, by_due: bool, after: bool, chosen: bool, limit: int) -> sa.Select[Any]:
    parts = [_offers(n, by_due, after, chosen, limit) for n in range(count)]
    merged = sa.union(*[sa.select(p.c.task, p.c.due) for p in parts]).subquery()
    order = (merged.c.due, merged.c.task) if by_due else (merged.c.task,)
    return sa.select(merged.c.task, merged.c.due).order_by(*order).limit(limit)


@lru_cache(maxsize=64)
def _count(count: int, cap: int) -> sa.Select[Any]:
    parts = [_offers(n, False, False, False, cap) for n in range(count)]
    merged = sa.union(*[sa.select(p.c.task) for p in parts]).subquery()
    return sa.select(sa.func.count()).select_from(sa.select(merged.c.task).limit(cap).subquery())


def _offers(number: int, by_due: bool, after: bool, chosen: bool, limit: int) -> Any:
    offer = task_offer.alias()
    not_mine = sa.or_(task.c.excluded == "", task.c.excluded.not_like(sa.bindparam("not_mine")))
    under = offer.c.selector == sa.bindparam(f"selector_{number}")
    statement = sa.select(offer.c.task, offer.c.due).join(task, task.c.id == offer.c.task).where(under, not_mine)
    last = sa.bindparam("last", type_=offer.c.task.type)
    if chosen:
        statement = statement.where(task.c.process.in_(sa.bindparam("processes", expanding=True)))
    if by_due and after:
        statement = statement.where(sa.tuple_(offer.c.due, offer.c.task) > sa.tuple_(sa.bindparam("due", type_=offer.c.due.type), last))
    elif after:
        statement = statement.where(offer.c.task > last)
    order = (offer.c.due, offer.c.task) if by_due else (offer.c.task,)
    return statement.order_by(*order).limit(limit).subquery()


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
