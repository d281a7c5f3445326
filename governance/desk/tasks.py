"""One task: what its page shows, and what a person does with it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from typing import Any

from engine.actor import Actor, Mandate
from engine.definitions.model import Label
from engine.errors import Forbidden, NotFound, NotOffered
from engine.queries import TaskDetails
from governance.application import Application
from governance.desk import cases, clocks, outcomes
from governance.desk.completing import area_of
from governance.desk.entering import entering, may_enter
from governance.desk.inbox import open_lines
from governance.desk.protection import Sight
from governance.desk.reading import Look, look, require_case, require_person
from governance.desk.views import FormView, Outcome, TaskLine, TaskPage
from governance.directory.may import Decision, Task, decide


def page(app: Application, actor: Actor, task: str) -> TaskPage:
    """The task page. Raises NotFound when there is no such open task or the reader may not see its case."""
    person = require_person(actor)
    found = app.engine.queries.task(task)
    case = app.engine.queries.instance(found.line.instance)
    process = app.engine.queries.process_of(found.line.instance)
    with app.database.read() as connection:
        seen = look(app, actor, connection)
        may = _may(seen, found)
        if not may:
            require_case(seen, case, process)
        sight = Sight(seen, case)
        without = sight.hidden_names(found.token)
        helps = not may and may_enter(seen, case.line.area) and not set(found.excluded) & ({person} | seen.reach.units)
        rendered = app.engine.queries.task_form(task, actor=actor, without=without) if may or helps else None
        line = open_lines(seen, [found.line])[0]
        return TaskPage(
            line=line,
            head=cases.head(seen, case, process),
            description=found.documentation,
            form=FormView(payload=rendered.payload()) if rendered else None,
            mandates=_mandates(seen, found, may),
            facts=cases.facts(seen, case.line.id, process.id),
            timeline=cases.timeline(seen, case, process, limit=8),
            draft_saved=_draft_moment(app, task, person),
            holders=[] if may else seen.holders(found.line.selectors),
            can_complete=bool(may),
            authors=_authors(seen, found) if helps else [],
            why_not=may.reason,
            clock_changes=_clock_changes(seen, found, line, bool(may)),
            files=cases.files(sight),
        )


def complete(
    app: Application, actor: Actor, task: str, data: Mapping[str, Any], *, mandate: str | None = None,
    key: str | None = None, on_behalf_of: Mapping[str, Any] | None = None,
) -> Outcome:  # fmt: skip
    """Complete a task with its form, under the mandate the person chose, or on behalf of another (desk.entering).

    Raises NotFound, NotOffered, Forbidden, FormInvalid (the draft stays), AlreadyCompleted.
    """
    if on_behalf_of:
        actor = entering(app, actor, on_behalf_of, area_of(app, task))
    elif mandate:
        actor = replace(actor, mandate=Mandate(kind="chosen", selector=mandate))
    name = _name(app, task)
    receipt = app.engine.complete(task, data, actor=actor, idempotency_key=key)
    if receipt.instance is None:
        raise NotFound
    return outcomes.outcome(app, actor, receipt.instance, Label(f"已办：{name.zh}", f"Done: {name.in_('en')}"))


def claim(app: Application, actor: Actor, task: str) -> None:
    app.engine.claim(task, actor=actor)


def release(app: Application, actor: Actor, task: str) -> None:
    """Put it back for all it is offered to. Raises NotFound, NotOffered."""
    if app.engine.queries.may_complete(task, require_person(actor)) is None:
        raise NotOffered
    app.engine.release(task, actor=actor)


def save_draft(app: Application, actor: Actor, task: str, data: Mapping[str, Any]) -> datetime:
    """Keep what was typed; returns when."""
    app.engine.save_draft(task, data, actor=actor)
    return app.clock.now()


def _name(app: Application, task: str) -> Label:
    try:
        return app.engine.queries.task(task).line.name
    except NotFound:
        return app.engine.queries.done_task(task).name


def _may(seen: Look, found: TaskDetails) -> Decision:
    thing = Task(selectors=found.line.selectors, assignee=found.line.assignee, excluded=tuple(found.excluded))
    return decide(seen.reach, "task.complete", thing)


def _authors(seen: Look, found: TaskDetails) -> list[tuple[str, str]]:
    """(id, name) of those who could do the task, and for whom it can be entered."""
    line = found.line
    people = [line.assignee] if line.assignee else seen.app.directory.people(seen.connection, list(line.selectors), seen.now)
    names = seen.names(people)
    return [(p, names[p]) for p in people if p in names and p not in found.excluded]


def _mandates(seen: Look, found: TaskDetails, may: Decision) -> list[Mandate]:
    """All mandates that fit, the one the task proposes first."""
    fitting = [seen.reach.selectors[s] for s in found.line.selectors if s in seen.reach.selectors]
    return list(dict.fromkeys([*([may.mandate] if may.mandate else []), *fitting]))


def _clock_changes(seen: Look, found: TaskDetails, line: TaskLine, mine: bool) -> tuple[str, ...]:
    """Those who do the task may ask, those above them decide; others see no such button."""
    possible = clocks.changes(line)
    if not possible or mine:
        return possible
    try:
        clocks.page(seen.app, seen.actor, found.line.id, possible[0])
    except Forbidden:
        return ()
    return possible


def _draft_moment(app: Application, task: str, person: str) -> datetime | None:
    draft = app.engine.queries.draft(task, person)
    return app.clock.now() if draft else None
