"""After an act: what was done, who acts next, by when (ui principle 5)."""

from __future__ import annotations

from collections.abc import Mapping

from engine.actor import Actor
from engine.definitions.model import Label
from engine.queries import TaskLine
from governance.application import Application
from governance.desk.protection import KEPT_SECRET, Sight
from governance.desk.reading import look
from governance.desk.views import Entry, OpenTask, Outcome


def outcome(app: Application, actor: Actor, instance: str, done: Label) -> Outcome:
    """The state of the case right after the act."""
    case = app.engine.queries.instance(instance)
    with app.database.read() as connection:
        seen = look(app, actor, connection)
        sight = Sight(seen, case)
        return Outcome(
            done=done,
            at=seen.now,
            instance=instance,
            next_tasks=open_tasks(sight, case.tasks)[:3],
            ended=case.line.state != "running",
            awaited=awaited(sight),
        )


def awaited(sight: Sight) -> Entry | None:
    """The answer a case without open tasks waits for: the buttons on its page, who may press them, until when."""
    seen, case = sight.seen, sight.case
    answers = [a for a in case.actions if a.selectors and "public" not in a.selectors]
    if case.tasks or not answers:
        return None
    asked = list(dict.fromkeys(s for a in answers for s in a.selectors))
    who = [KEPT_SECRET.in_(seen.actor.language)] if sight.names_secret(asked, None) else seen.holders(asked)[:5]
    until = min((t.due_at for t in case.timers), default=None)
    zh, en = "、".join(who), ", ".join(who)
    return Entry(
        at=until or seen.now,
        tone="now",
        icon="clock",
        text=Label(f"等待 {zh} 答复", f"Waiting for an answer of {en}"),
        detail=Label("、".join(a.name.zh for a in answers), ", ".join(a.name.in_("en") for a in answers)),
    )


def open_tasks(sight: Sight, tasks: tuple[TaskLine, ...]) -> list[OpenTask]:
    """Where a case stands: each open task with those who can do it and its clock, the nearest first."""
    seen = sight.seen
    dues = seen.app.deadlines.of_tokens(seen.connection, [t.token for t in tasks], seen.now)
    names = seen.names(t.assignee for t in tasks)
    found = [
        OpenTask(
            id=t.id,
            name=t.name,
            who=_who(sight, t, names),
            due=dues.get(t.token),
            created=t.created_at,
            mine=t.assignee == seen.reach.person or seen.reach.held(t.selectors) is not None,
        )
        for t in tasks
    ]
    return sorted(found, key=lambda t: (t.due is None, t.due.at if t.due else t.created))


def _who(sight: Sight, task: TaskLine, names: Mapping[str, str]) -> list[str]:
    """Nobody is named whom the reader must not know."""
    if sight.names_secret(task.selectors, task.assignee):
        return [KEPT_SECRET.in_(sight.seen.actor.language)]
    return [names[task.assignee]] if task.assignee is not None and task.assignee in names else sight.seen.holders(task.selectors)[:5]
