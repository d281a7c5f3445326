"""Rows of what is open: tasks and their offers, drafts, timers, subscriptions, actions, incidents."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

import sqlalchemy as sa

from engine.store import rows
from engine.store.tables import action, done_task, draft, incident, subscription, task, task_offer, timer

#: Sorts a task without a due date last.
NEVER = datetime(9999, 12, 31, tzinfo=UTC)


@dataclass(frozen=True, slots=True, kw_only=True)
class TaskRow:
    """One open task, as in table `task`."""

    id: str
    token: str
    instance: str
    process: str
    process_version: int
    process_zh: str
    process_en: str
    node: str
    name_zh: str
    name_en: str
    form: str | None
    number: str | None
    title: str | None
    area: str | None
    created_at: datetime
    due_at: datetime | None
    deadline: str | None
    assignee: str | None
    selectors: list[str]
    asked: list[str]
    excluded: str
    vacant: bool

    @property
    def excluded_persons(self) -> frozenset[str]:
        return frozenset(p for p in self.excluded.split(",") if p)

    def offers(self) -> list[str]:
        """The selectors under which the inbox finds it: those it was resolved to, or its assignee alone."""
        return [f"person:{self.assignee}"] if self.assignee else list(dict.fromkeys(self.selectors))


def excluded_text(persons: Iterable[str]) -> str:
    joined = ",".join(sorted(set(persons)))
    return f",{joined}," if joined else ""


# Tasks -------------------------------------------------------------------------------------------------------------

TASK_COLUMNS = tuple(task.c[name] for name in TaskRow.__slots__)
_TASK = sa.select(*TASK_COLUMNS)
_TASKS_OF_TOKENS = _TASK.where(task.c.token.in_(sa.bindparam("tokens", expanding=True)))
_TASK_BY_ID = _TASK.where(task.c.id == sa.bindparam("task_id"))


def task_by_id(connection: sa.Connection, task_id: str) -> TaskRow | None:
    row = connection.execute(_TASK_BY_ID, {"task_id": task_id}).one_or_none()
    return TaskRow(**row._mapping) if row else None


def tasks_of_tokens(connection: sa.Connection, tokens: Sequence[str]) -> list[TaskRow]:
    return [TaskRow(**r._mapping) for r in connection.execute(_TASKS_OF_TOKENS, {"tokens": list(tokens)})]


def tasks_of_instance(connection: sa.Connection, instance_id: str) -> list[TaskRow]:
    return [TaskRow(**r._mapping) for r in connection.execute(_TASK.where(task.c.instance == instance_id).order_by(task.c.id))]


def add_tasks(connection: sa.Connection, tasks: Sequence[TaskRow]) -> None:
    rows.insert(connection, task, [_columns(t) for t in tasks])
    rows.insert(connection, task_offer, [o for t in tasks for o in _offers(t)])


def _columns(row: TaskRow) -> dict[str, Any]:
    return {name: getattr(row, name) for name in TaskRow.__slots__}


def _offers(row: TaskRow) -> list[dict[str, Any]]:
    return [{"task": row.id, "selector": s, "due": row.due_at or NEVER} for s in row.offers()]


def remove_tasks(connection: sa.Connection, task_ids: Sequence[str]) -> None:
    rows.delete_in(connection, task.c.id, task_ids)


def reassign(connection: sa.Connection, row: TaskRow) -> None:
    """Write a task whose assignee, selectors or due date changed, and offer it anew."""
    changed = {"assignee": row.assignee, "selectors": row.selectors, "vacant": row.vacant, "due_at": row.due_at}
    connection.execute(sa.update(task).where(task.c.id == row.id).values(changed))
    connection.execute(sa.delete(task_offer).where(task_offer.c.task == row.id))
    rows.insert(connection, task_offer, _offers(row))


def rewrite(connection: sa.Connection, row: TaskRow) -> None:
    """Write a task that belongs to another version of its process now, and offer it anew."""
    changed = {name: value for name, value in _columns(row).items() if name != "id"}
    connection.execute(sa.update(task).where(task.c.id == row.id).values(changed))
    connection.execute(sa.delete(task_offer).where(task_offer.c.task == row.id))
    rows.insert(connection, task_offer, _offers(row))


def relabel(connection: sa.Connection, instance_id: str, process: str, number: str | None, title: str | None) -> None:
    """The instance got its number or another title: its inbox lines show it. Tasks of called procedures keep what they are called."""
    own = sa.case((task.c.process == process, sa.literal(title, task.c.title.type)), else_=task.c.title)
    connection.execute(sa.update(task).where(task.c.instance == instance_id).values(number=number, title=own))


#: outcome of a form that came in without a task
HANDED_IN = "handed_in"


def add_done(connection: sa.Connection, done: Sequence[Mapping[str, Any]]) -> None:
    rows.insert(connection, done_task, done)


def done_by_id(connection: sa.Connection, task_id: str) -> Any | None:
    return connection.execute(sa.select(done_task).where(done_task.c.id == task_id)).one_or_none()


def save_draft(connection: sa.Connection, task_id: str, person: str, data: Mapping[str, Any], at: datetime) -> None:
    rows.upsert(connection, draft, [{"task": task_id, "person": person, "data": dict(data), "at": at}])


def draft_of(connection: sa.Connection, task_id: str, person: str) -> dict[str, Any] | None:
    statement = sa.select(draft.c.data).where(draft.c.task == task_id, draft.c.person == person)
    found: dict[str, Any] | None = connection.execute(statement).scalar_one_or_none()
    return found


# Waiting -----------------------------------------------------------------------------------------------------------


def save_timers(connection: sa.Connection, armed: Sequence[Mapping[str, Any]], disarmed: Sequence[Mapping[str, Any]]) -> None:
    rows.delete_keys(connection, timer, disarmed)
    rows.upsert(connection, timer, armed)


def timer_row(connection: sa.Connection, token: str, node: str, event: int) -> Any | None:
    statement = sa.select(timer).where(timer.c.token == token, timer.c.node == node, timer.c.event == event)
    return connection.execute(statement).one_or_none()


def save_subscriptions(connection: sa.Connection, opened: Sequence[Mapping[str, Any]], closed: Sequence[Mapping[str, Any]]) -> None:
    rows.delete_keys(connection, subscription, closed)
    rows.insert(connection, subscription, opened)


def save_actions(connection: sa.Connection, opened: Sequence[Mapping[str, Any]], closed: Sequence[Mapping[str, Any]]) -> None:
    rows.delete_keys(connection, action, closed)
    rows.upsert(connection, action, opened)


def actions_at(connection: sa.Connection, instance_id: str, nodes: Sequence[str]) -> list[Any]:
    """Open actions of the instance at these nodes: token, node, selectors."""
    c = action.c
    statement = sa.select(c.token, c.node, c.selectors).where(c.instance == instance_id, c.node.in_(nodes))
    return list(connection.execute(statement.order_by(c.token, c.node)))


def offer_actions(connection: sa.Connection, offered: Sequence[tuple[str, str, Sequence[str]]]) -> None:
    """Give open actions (token, node) other selectors."""
    if not offered:
        return
    row = sa.and_(action.c.token == sa.bindparam("at"), action.c.node == sa.bindparam("of"))
    statement = sa.update(action).where(row).values(selectors=sa.bindparam("to"))
    connection.execute(statement, [{"at": token, "of": node, "to": list(selectors)} for token, node, selectors in offered])


def action_of(connection: sa.Connection, token: str, node: str | None) -> Any | None:
    """The open action of a token; `node` tells them apart when the token has several."""
    statement = sa.select(action).where(action.c.token == token)
    if node is not None:
        statement = statement.where(action.c.node == node)
    return connection.execute(statement.order_by(action.c.node).limit(1)).one_or_none()


def subscription_of(connection: sa.Connection, token: str, node: str, message: str) -> Any | None:
    """The open subscription of a token to this message; an event may wait for others beside it."""
    statement = sa.select(subscription).where(
        subscription.c.token == token, subscription.c.node == node, subscription.c.kind == "message", subscription.c.name == message
    )
    return connection.execute(statement.order_by(subscription.c.event).limit(1)).one_or_none()


# Incidents ---------------------------------------------------------------------------------------------------------


def add_incidents(connection: sa.Connection, found: Sequence[Mapping[str, Any]]) -> None:
    rows.insert(connection, incident, found)


def close_incidents_of(connection: sa.Connection, tokens: Sequence[str], at: datetime) -> int:
    """The tokens are gone, and their incidents with them. Returns how many were open."""
    statement = sa.update(incident).where(incident.c.token.in_(list(tokens)), incident.c.state == "open")
    return connection.execute(statement.values(state="gone", closed_at=at)).rowcount


def move_incidents(connection: sa.Connection, token: str, node: str) -> None:
    """The token stands at another element now, and its open incidents with it."""
    statement = sa.update(incident).where(incident.c.token == token, incident.c.state == "open")
    connection.execute(statement.values(node=node))


def incident_by_id(connection: sa.Connection, incident_id: str) -> Any | None:
    return connection.execute(sa.select(incident).where(incident.c.id == incident_id)).one_or_none()


def close_incident(connection: sa.Connection, incident_id: str, state: str, at: datetime, by: str | None) -> None:
    values = {"state": state, "closed_at": at, "closed_by": by}
    connection.execute(sa.update(incident).where(incident.c.id == incident_id).values(values))


def instance_of_incident(connection: sa.Connection, incident_id: str) -> str | None:
    """The instance, running or finished, that an incident belongs to."""
    return connection.execute(sa.select(incident.c.instance).where(incident.c.id == incident_id)).scalar_one_or_none()
