"""Lists of tasks: to do, to claim, done, and cases one has started."""

from __future__ import annotations

from engine.actor import Actor
from engine.definitions.model import Label
from engine.queries import DoneLine, InstanceLine
from engine.queries import TaskLine as OpenLine
from governance.application import Application
from governance.desk.reading import Look, look, require_person, title_of
from governance.desk.views import TaskLine

#: the word of the list → the engine's view: what I must do is all that waits for me, whether or not others could do it
_OPEN = {"mine": "all", "candidate": "candidate"}


def lines(app: Application, actor: Actor, view: str, *, cursor: str | None = None, limit: int = 50) -> tuple[list[TaskLine], str | None]:
    """One page of a list and the cursor of the next. `view`: mine, candidate (others could do it, too), done, started.

    Raises Forbidden for the public, BadCursor.
    """
    person = require_person(actor)
    queries = app.engine.queries
    if view in _OPEN:
        page = queries.tasks_for(person, view=_OPEN[view], limit=limit, cursor=cursor)
        with app.database.read() as connection:
            return open_lines(look(app, actor, connection), list(page.items)), page.next
    if view == "done":
        done = queries.done_tasks(person, limit=limit, cursor=cursor)
        return [_done(app, line, actor.language) for line in done.items], done.next
    started = queries.instances(starter=person, limit=limit, cursor=cursor)
    with app.database.read() as connection:
        seen = look(app, actor, connection)
        return [_started(seen, line) for line in started.items], started.next


def candidates(app: Application, actor: Actor) -> int:
    """How many tasks the reader could take that others could do, too; counted up to 100."""
    return app.engine.queries.count_tasks(require_person(actor), view=_OPEN["candidate"])


def open_lines(seen: Look, found: list[OpenLine]) -> list[TaskLine]:
    """Inbox rows with their clocks and the post they are offered to."""
    dues = seen.app.deadlines.of_tokens(seen.connection, [t.token for t in found], seen.now)
    names = seen.names(t.assignee for t in found)
    return [
        TaskLine(
            id=t.id,
            name=t.name,
            process=t.process,
            process_name=t.process_name,
            instance=t.instance,
            number=t.number,
            title=title_of(t.title, t.process_name, seen.actor.language),
            created=t.created_at,
            due=dues.get(t.token),
            assignee=t.assignee,
            assignee_name=names.get(t.assignee or ""),
            mandate=seen.reach.held(t.selectors),
        )
        for t in found
    ]


def _done(app: Application, line: DoneLine, language: str) -> TaskLine:
    process = app.engine.queries.process_of(line.instance, line.process)
    return TaskLine(
        id=line.id, name=line.name, process=line.process, process_name=process.name, instance=line.instance, number=line.number,
        title=title_of(line.title, process.name, language), created=line.created_at, completed=line.at,
        correctable=line.form is not None and line.outcome == "completed",
    )  # fmt: skip


_STATES = {
    "running": Label("办理中", "Running"),
    "completed": Label("已办结", "Closed"),
    "cancelled": Label("已取消", "Cancelled"),
    "failed": Label("出错终止", "Failed"),
}


def _started(seen: Look, line: InstanceLine) -> TaskLine:
    process = seen.app.engine.queries.process(line.process, line.process_version)
    return TaskLine(
        id=line.id, name=_STATES[line.state], process=line.process, process_name=process.name, instance=line.id, number=line.number,
        title=title_of(line.title, process.name, seen.actor.language), created=line.started_at, completed=line.ended_at,
    )  # fmt: skip
