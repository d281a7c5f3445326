"""Reading: plain Core SQL for lists and pages. Never inside a command's hot path."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from engine.store.tables import (
    action,
    definition,
    deployment,
    done_task,
    incident,
    instance,
    resource,
    subscription,
    task,
    task_offer,
    timer,
    token,
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
    """Completed tasks of a person, the newest first."""
    statement = (
        sa.select(done_task, instance.c.number, instance.c.title, instance.c.state)
        .join(instance, instance.c.id == done_task.c.instance)
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


def tokens(connection: sa.Connection, instance_id: str) -> Rows:
    return list(connection.execute(sa.select(token).where(token.c.instance == instance_id).order_by(token.c.seq)))


def timers(connection: sa.Connection, instance_id: str | None, limit: int) -> Rows:
    """Armed timers, the next first."""
    statement = sa.select(timer)
    if instance_id is not None:
        statement = statement.where(timer.c.instance == instance_id)
    return list(connection.execute(statement.order_by(timer.c.due_at, timer.c.token).limit(limit)))


def subscriptions(connection: sa.Connection, instance_id: str) -> Rows:
    return list(connection.execute(sa.select(subscription).where(subscription.c.instance == instance_id).order_by(subscription.c.id)))


def actions(connection: sa.Connection, instance_id: str) -> Rows:
    return list(connection.execute(sa.select(action).where(action.c.instance == instance_id).order_by(action.c.token)))


def public_actions(connection: sa.Connection, limit: int) -> Rows:
    """Buttons that people without an account may press now, the newest first."""
    return list(connection.execute(sa.select(action).where(action.c.public).order_by(action.c.token.desc()).limit(limit)))


def count_open_incidents(connection: sa.Connection) -> int:
    """How many incidents are open in all cases."""
    return connection.execute(sa.select(sa.func.count()).select_from(incident).where(incident.c.state == "open")).scalar_one()


def incidents(connection: sa.Connection, *, state: str | None, instance_id: str | None, after: str | None, limit: int) -> Rows:
    """Incidents, the newest first."""
    statement = sa.select(incident)
    if state is not None:
        statement = statement.where(incident.c.state == state)
    if instance_id is not None:
        statement = statement.where(incident.c.instance == instance_id)
    if after is not None:
        statement = statement.where(incident.c.id < after)
    return list(connection.execute(statement.order_by(incident.c.id.desc()).limit(limit)))


def definitions(connection: sa.Connection, kind: str | None, key: str | None) -> Rows:
    """All versions, the newest of each key first."""
    columns = (definition, deployment.c.at, deployment.c.actor)
    statement = sa.select(*columns).join(deployment, deployment.c.id == definition.c.deployment)
    if kind is not None:
        statement = statement.where(definition.c.kind == kind)
    if key is not None:
        statement = statement.where(definition.c.key == key)
    return list(connection.execute(statement.order_by(definition.c.kind, definition.c.key, definition.c.version.desc())))


def deployments(connection: sa.Connection, *, after: str | None, limit: int) -> Rows:
    statement = sa.select(deployment.c.id, deployment.c.digest, deployment.c.at, deployment.c.actor, deployment.c.files)
    if after is not None:
        statement = statement.where(deployment.c.id < after)
    return list(connection.execute(statement.order_by(deployment.c.id.desc()).limit(limit)))


def deployment_files(connection: sa.Connection, deployment_id: str) -> dict[str, str] | None:
    """Path → digest of what a deployment brought; None: there is no such deployment. Files it took away are not in it."""
    found: dict[str, str | None] | None = connection.execute(
        sa.select(deployment.c.files).where(deployment.c.id == deployment_id)
    ).scalar_one_or_none()
    return found if found is None else {path: digest for path, digest in found.items() if digest is not None}


def deployments_until(connection: sa.Connection, deployment_id: str) -> list[dict[str, str | None]]:
    """Files of this deployment and all before it, in order: path → digest, None for a file that was taken away."""
    statement = sa.select(deployment.c.files).where(deployment.c.id <= deployment_id).order_by(deployment.c.id)
    return [dict(files) for (files,) in connection.execute(statement)]


def running_by_version(connection: sa.Connection, process: str | None = None) -> dict[tuple[str, int], int]:
    """(process, version) → how many instances run in it."""
    columns = (instance.c.process, instance.c.process_version)
    statement = sa.select(*columns, sa.func.count()).where(instance.c.state == "running").group_by(*columns)
    if process is not None:
        statement = statement.where(instance.c.process == process)
    return {(key, version): count for key, version, count in connection.execute(statement)}


def contents(connection: sa.Connection, digests: Sequence[str]) -> dict[str, bytes]:
    """Contents by digest."""
    statement = sa.select(resource.c.digest, resource.c.content).where(resource.c.digest.in_(list(digests)))
    return {row.digest: bytes(row.content) for row in connection.execute(statement)}


def versions(connection: sa.Connection, process: str, version: int | None = None) -> list[int]:
    """Versions of a process that were deployed, the newest first; with `version`, only that one."""
    statement = sa.select(definition.c.version).where(definition.c.kind == "process", definition.c.key == process)
    if version is not None:
        statement = statement.where(definition.c.version == version)
    return list(connection.scalars(statement.order_by(definition.c.version.desc())))
