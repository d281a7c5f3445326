"""Task rows of a command: what is offered, to whom, and what stays of those that are open no longer."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from typing import TYPE_CHECKING, Any

from engine.commands.agenda import Agenda
from engine.events import TaskMigrated, TaskOffered
from engine.runner.port import Changes
from engine.store import entries, work
from engine.store.work import TaskRow

if TYPE_CHECKING:
    from engine.commands.unit import CommandUnit

TITLE = "title"
TITLE_LENGTH = 200


def offer(unit: CommandUnit, plan: Agenda) -> dict[str, TaskRow]:
    """Write the tasks that a run offered. → by token."""
    offers: dict[tuple[str, ...], tuple[list[str], bool]] = {}
    tasks = {}
    for token, event in plan.offered.items():
        asked = _asked(unit, event)
        if asked not in offers:
            resolved = unit.runtime.directory.resolve(unit.connection, asked, unit.now) if asked else []
            offers[asked] = [o.selector for o in resolved], all(o.vacant for o in resolved)
        tasks[token] = _task(unit, token, event, asked, *offers[asked])
    work.add_tasks(unit.connection, list(tasks.values()))
    return tasks


def close(unit: CommandUnit, plan: Agenda, changes: Changes, completed: TaskRow | None) -> None:
    """Take away the tasks that were completed or withdrawn; of the latter a small row stays."""
    gone = set(changes.gone_tokens)
    withdrawn = work.tasks_of_tokens(unit.connection, plan.withdrawn) if plan.withdrawn else []
    closed = [*withdrawn, completed] if completed is not None else withdrawn
    work.remove_tasks(unit.connection, [task.id for task in closed if task.token not in gone])
    work.add_done(unit.connection, [done_row(task, unit.row.id, unit.now, outcome="withdrawn") for task in withdrawn])


def facts(task: TaskRow) -> dict[str, Any]:
    """What history tells of an offer."""
    found: dict[str, Any] = {"task": task.id, "selectors": task.selectors}
    if task.assignee:
        found["assignee"] = task.assignee
    if task.due_at:
        found["due"] = task.due_at
    return found


def follow(unit: CommandUnit, moved: Sequence[TaskMigrated]) -> None:
    """Open tasks belong to another version now: name, form, deadline, and whom it asks. Who has taken one keeps it; what was typed
    stays."""
    events = {event.token: event for event in moved}
    for task in work.tasks_of_tokens(unit.connection, list(events)) if events else ():
        event = events[task.token]
        assert event.node is not None  # a task is a node
        asked = event.selectors or ((f"person:{unit.row.starter}",) if unit.row.starter else ())
        offers = unit.runtime.directory.resolve(unit.connection, asked, unit.now) if asked else []
        deadline = event.node.deadline.id if event.node.deadline is not None else None
        opened = unit.environment.deadlines.get(task.token)
        view = unit.runtime.deadlines.view(unit.connection, unit.row.id, deadline) if deadline is not None else None
        same = tuple(task.asked) == tuple(asked)
        work.rewrite(unit.connection, replace(
            task, process_version=unit.definitions.version("process", event.process), node=event.node.id,
            name_zh=event.node.name.in_("zh") or event.node.id, name_en=event.node.name.in_("en") or event.node.id, form=event.form,
            deadline=deadline, due_at=opened[1] if opened is not None else view.due if view is not None else None,
            assignee=task.assignee or event.assignee, asked=list(asked),
            selectors=task.selectors if same else list(dict.fromkeys(o.selector for o in offers)),
            vacant=task.vacant if same else all(o.vacant for o in offers),
        ))  # fmt: skip


def done_row(
    task: TaskRow, instance: str, at: datetime, *, outcome: str, person: str | None = None,
    salt: str | None = None, digest: str | None = None, answer: Mapping[str, Any] | None = None,
) -> dict[str, Any]:  # fmt: skip
    """The small row that stays of a task that is no longer open."""
    return {
        "id": task.id, "instance": instance, "process": task.process, "node": task.node, "name_zh": task.name_zh, "name_en": task.name_en,
        "form": task.form, "person": person, "created_at": task.created_at, "at": at, "outcome": outcome, "salt": salt,
        "digest": digest, "answer": answer,
    }  # fmt: skip


def _asked(unit: CommandUnit, event: TaskOffered) -> tuple[str, ...]:
    """Whom the model asks; a task with neither lane nor assignment is the starter's (conventions 5)."""
    if event.selectors or event.assignee:
        return event.selectors or (f"person:{event.assignee}",)
    return (f"person:{unit.row.starter}",) if unit.row.starter else ()


def _entered_for(unit: CommandUnit, authors: Collection[str]) -> list[str]:
    """Persons who entered something for one of these: what the author must not decide on, they must not either."""
    if unit.entered is None:
        return entries.entered_for(unit.connection, unit.row.id, authors)
    return [person for person, author in unit.entered if author in authors]


def _title_of(unit: CommandUnit, token: str, event: TaskOffered) -> str | None:
    """What an inbox line calls the matter: in a called procedure its own ``title`` (a meeting, a text to sign), else the case's."""
    if event.process == unit.row.process:
        return unit.row.title
    own = unit.variables(token).get(TITLE)
    return own[:TITLE_LENGTH] if isinstance(own, str) and own else unit.row.title


def _task(unit: CommandUnit, token: str, event: TaskOffered, asked: tuple[str, ...], selectors: list[str], vacant: bool) -> TaskRow:
    assert event.node is not None  # a task is a node
    process = unit.definitions.process(event.process)
    deadline, due = unit.environment.deadlines.get(token, (None, None))
    return TaskRow(
        id=unit.runtime.new_id(),
        token=token,
        instance=unit.row.id,
        process=event.process,
        process_version=unit.definitions.version("process", event.process),
        process_zh=process.name.in_("zh"),
        process_en=process.name.in_("en"),
        node=event.node.id,
        name_zh=event.node.name.in_("zh") or event.node.id,
        name_en=event.node.name.in_("en") or event.node.id,
        form=unit.definitions.form_of(event.node),
        number=unit.row.number,
        title=_title_of(unit, token, event),
        area=unit.row.area,
        created_at=unit.now,
        due_at=due,
        deadline=deadline,
        assignee=event.assignee,
        selectors=selectors,
        asked=list(asked),
        excluded=work.excluded_text([*event.excluded, *_entered_for(unit, event.excluded)]),
        vacant=vacant,
    )
