"""After an act: what was done, who acts next, by when (ui principle 5)."""

from __future__ import annotations

from engine.actor import Actor
from engine.definitions.model import Label
from engine.queries import TaskLine
from governance.application import Application
from governance.desk.reading import Look, look
from governance.desk.views import OpenTask, Outcome


def outcome(app: Application, actor: Actor, instance: str, done: Label) -> Outcome:
    """The state of the case right after the act."""
    case = app.engine.queries.instance(instance)
    with app.database.read() as connection:
        seen = look(app, actor, connection)
        return Outcome(
            done=done,
            at=seen.now,
            instance=instance,
            next_tasks=open_tasks(seen, case.tasks)[:3],
            ended=case.line.state != "running",
        )


def open_tasks(seen: Look, tasks: tuple[TaskLine, ...]) -> list[OpenTask]:
    """Where a case stands: each open task with those who can do it and its clock, the nearest first."""
    dues = seen.app.deadlines.of_tokens(seen.connection, [t.token for t in tasks], seen.now)
    names = seen.names(t.assignee for t in tasks)
    found = [
        OpenTask(
            id=t.id,
            name=t.name,
            who=[names[t.assignee]] if t.assignee in names else seen.holders(t.selectors)[:5],
            due=dues.get(t.token),
            created=t.created_at,
            mine=t.assignee == seen.reach.person or seen.reach.held(t.selectors) is not None,
        )
        for t in tasks
    ]
    return sorted(found, key=lambda t: (t.due is None, t.due.at if t.due else t.created))
