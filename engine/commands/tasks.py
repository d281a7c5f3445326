"""What a person does with a task: complete, claim, release, assign, keep a draft."""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from engine import values
from engine.actor import SYSTEM, Actor, Mandate
from engine.commands import correcting, opening
from engine.commands.offering import done_row
from engine.commands.receipt import Receipt
from engine.commands.runtime import Runtime
from engine.commands.submission import Submission
from engine.commands.unit import CommandUnit
from engine.definitions.model import Label
from engine.errors import AlreadyCompleted, Conflict, NotExpected, NotFound, NotOffered
from engine.history.chain import content_digest
from engine.store import instances, work
from engine.store.work import TaskRow

Connection = Any


def complete(runtime: Runtime, task_id: str, form: Mapping[str, Any] | None, *, actor: Actor, idempotency_key: str | None) -> Receipt:
    """Complete an open task; see Engine.complete."""
    key = opening.scoped_key("complete", actor, idempotency_key)
    submitted = values.dumps(form or {})

    def command(connection: Connection) -> Receipt:
        locked = instances.lock_of_task(connection, task_id)
        first = opening.repeated(connection, key)
        if first is not None:
            return _named(first, work.done_by_id(connection, task_id))
        if locked is None:
            return _answered(connection, task_id, actor, submitted)
        row, task = locked
        loaded = opening.load(runtime, connection, row, at=task.token)
        unit = opening.open_unit(runtime, connection, row, _may(runtime, connection, task, actor), loaded=loaded)
        handed = _accepted(unit, task, form)
        changes = runtime.kernel.complete(unit.definitions, unit.snapshot, unit.environment, task.token, handed.value)
        unit.apply(changes, completed=task, handed=handed)
        receipt = replace(unit.finish(), name=Label(task.name_zh, task.name_en))
        salt = secrets.token_hex(16)
        done = done_row(
            task, row.id, unit.now, outcome="completed", person=actor.person, salt=salt,
            digest=content_digest(salt, submitted), answer=receipt.brief,
        )  # fmt: skip
        work.add_done(connection, [done])
        opening.remember(connection, key, receipt, unit.now)
        return receipt

    return opening.run(runtime, command)


def _answered(connection: Connection, task_id: str, actor: Actor, submitted: str) -> Receipt:
    """The same person with the same data gets the first answer. Raises AlreadyCompleted, NotExpected, NotFound."""
    done = work.done_by_id(connection, task_id)
    if done is None:
        raise NotFound(f"there is no task {task_id}", task=task_id)
    if done.outcome == "withdrawn":
        raise NotExpected("This task was withdrawn; it need not be done any more.", task=task_id)
    if done.person == actor.person and content_digest(done.salt, submitted) == done.digest:
        return _named(Receipt.again(done.answer, done.instance), done)
    raise AlreadyCompleted(task=task_id, by=done.person, at=done.at.isoformat())


def _named(receipt: Receipt, done: Any) -> Receipt:
    """With the name of the completed task. An idempotency key that was used for another task names none."""
    return receipt if done is None else replace(receipt, name=Label(done.name_zh, done.name_en))


def _accepted(unit: CommandUnit, task: TaskRow, form: Mapping[str, Any] | None) -> Submission:
    """The checked submission. Files in it now belong to the case."""
    place: dict[str, Any] = {
        "process": task.process, "node": task.node, "token": task.token, "name": "form", "seen": correcting.seen(unit, task),
    }  # fmt: skip
    if task.form is None:
        free = opening.read_free(form, unit.definitions.process(task.process), unit.actor.language)
        return Submission(**place, value=free)
    compiled = unit.definitions.form(task.form)
    context = opening.form_context(unit.runtime, unit.connection, unit.instance, unit.actor, unit.variables(task.token), unit.now)
    accepted = opening.read_form(compiled, form, context)
    files = compiled.file_ids(accepted)
    attach_files(unit, files)
    return Submission(**place, value=accepted, files=files)


def attach_files(unit: CommandUnit, file_ids: list[str]) -> None:
    if file_ids and unit.runtime.files is not None:
        unit.runtime.files.attach(unit.connection, file_ids, unit.row.id)


def _may(runtime: Runtime, connection: Connection, task: TaskRow, actor: Actor) -> Actor:
    """The actor with his mandate for this task. Raises NotOffered."""
    if {actor.person, actor.author} & set(task.excluded_persons):
        raise NotOffered("You are excluded from this task.", task=task.id)
    if task.assignee is not None and task.assignee == actor.person and actor.entered is None:
        by_post = opening.permitted(runtime, connection, actor, task.selectors, runtime.clock.now())
        own = Mandate(kind="assignment", selector=f"person:{actor.person}")
        return by_post or replace(actor, mandate=own)
    return opening.required(opening.permitted(runtime, connection, actor, task.offers(), runtime.clock.now()), task=task.id)


def claim(runtime: Runtime, task_id: str, *, actor: Actor) -> None:
    """Take a task that is offered to several; it leaves the others' lists. Raises NotOffered, Conflict, NotFound."""

    def change(connection: Connection, task: TaskRow) -> TaskRow:
        if task.assignee == actor.person:
            return task
        if task.assignee is not None:
            raise Conflict("Someone else has taken this task.", task=task.id, assignee=task.assignee)
        if actor.person is None:
            raise NotOffered(task=task.id)
        _may(runtime, connection, task, actor)
        return replace(task, assignee=actor.person)

    _change(runtime, task_id, actor, "task_claimed", change)


def release(runtime: Runtime, task_id: str, *, actor: Actor) -> None:
    """Give a task back to all it was offered to. Only its assignee may. Raises NotOffered, NotFound."""

    def change(_connection: Connection, task: TaskRow) -> TaskRow:
        if task.assignee is None:
            return task
        if task.assignee != actor.person and not actor.system:
            raise NotOffered("Only the one who took the task can give it back.", task=task.id)
        return replace(task, assignee=None)

    _change(runtime, task_id, actor, "task_released", change)


def assign(runtime: Runtime, task_id: str, person: str, *, actor: Actor) -> None:
    """Give a task to a person. Who may do so is the caller's question (governance); excluded persons never get it."""

    def change(_connection: Connection, task: TaskRow) -> TaskRow:
        if person in task.excluded_persons:
            raise NotOffered("This person is excluded from the task.", task=task.id, person=person)
        return replace(task, assignee=person, vacant=False)

    _change(runtime, task_id, actor, "task_assigned", change)


def reoffer(runtime: Runtime, task_id: str) -> None:
    """Resolve again whom the model asks: posts may have been filled or left since. An assignee keeps the task."""

    def change(connection: Connection, task: TaskRow) -> TaskRow:
        resolved = runtime.directory.resolve(connection, task.asked, runtime.clock.now())
        selectors = list(dict.fromkeys(o.selector for o in resolved))
        return replace(task, selectors=selectors, vacant=task.assignee is None and all(o.vacant for o in resolved))

    _change(runtime, task_id, SYSTEM, "task_offered", change)


def _change(runtime: Runtime, task_id: str, actor: Actor, kind: str, change: Any) -> None:
    def command(connection: Connection) -> None:
        locked = instances.lock_of_task(connection, task_id)
        if locked is None:
            raise NotFound(f"there is no open task {task_id}", task=task_id)
        row, task = locked
        changed = change(connection, task)
        if changed == task:
            return
        work.reassign(connection, changed)
        unit = opening.open_unit(runtime, connection, row, actor, moving=False)
        unit.record(kind, task.node, {"task": task.id, "assignee": changed.assignee, "selectors": changed.selectors})
        unit.finish()

    opening.run(runtime, command)


def save_draft(runtime: Runtime, task_id: str, data: Mapping[str, Any], *, actor: Actor) -> None:
    """Keep what a person has typed so far; it is checked only on completion. Raises NotOffered, NotFound."""

    def command(connection: Connection) -> None:
        task = work.task_by_id(connection, task_id)
        if task is None or actor.person is None:
            raise NotFound(f"there is no open task {task_id}", task=task_id)
        _may(runtime, connection, task, actor)
        work.save_draft(connection, task_id, actor.person, values.plain(values.normalise(data)), runtime.clock.now())

    opening.run(runtime, command)
