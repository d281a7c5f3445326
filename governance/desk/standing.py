"""Where a trial stands: what the diagram marks, what each person would see, what was told and published."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any

from engine import values
from engine.actor import SYSTEM, Actor
from engine.commands.starting import none_start
from engine.definitions.model import Label, Lane, Process
from engine.errors import NotFound
from engine.queries import ActionLine, InstanceDetails, TaskLine
from governance.application import Application
from governance.designer.stage import Budget
from governance.desk import histories, meetings
from governance.desk.meeting_views import MeetingPage
from governance.desk.protection import Sight
from governance.desk.reading import look
from governance.directory import store as directory
from governance.meetings import store as meeting_store
from governance.notices.store import Notice
from governance.registers import store as rows
from governance.registers.rows import Row

#: people named for one task; a hearing may have hundreds
_MOST_PEOPLE = 50


class Looker:
    """The designer, who sees everything of a trial: people are real, the case is not."""

    def __init__(self, app: Application, language: str, budget: Budget) -> None:
        self.app, self.language, self.budget = app, language, budget
        self._names: dict[str, str] = {}

    def person(self, person: str) -> dict[str, str]:
        """Id and name in the reader's language."""
        if person not in self._names:
            with self.app.database.read() as connection:
                found = self.app.directory.names(connection, [person])
            self._names[person] = found[person].in_(self.language) if person in found else person
        return {"person": person, "name": self._names[person]}

    def people(self, selectors: Sequence[str]) -> list[str]:
        with self.app.database.read() as connection:
            return self.app.directory.people(connection, list(selectors), self.app.clock.now())

    def actor(self, person: str | None) -> Actor:
        return Actor(person=person, language=self.language, channel="cases")


def of(looker: Looker, instances: Iterable[str]) -> dict[str, Any]:
    """Every instance of the run with what is open in it, and the run's history, notices, publications and register rows."""
    app = looker.app
    found: list[dict[str, Any]] = []
    history: list[dict[str, Any]] = []
    notices: list[Notice] = []
    published: list[dict[str, Any]] = []
    records: list[Row] = []
    held: list[MeetingPage] = []
    for identity in instances:
        looker.budget.spend()
        details = app.engine.queries.instance(identity)
        found.append(_instance(looker, details))
        history += _history(looker, details)
        with app.database.read() as connection:
            notices += app.notices.of_instance(connection, identity)
            published += app.publicity.of_instance(connection, identity, app.clock.now())
            records += rows.rows_of_instance(connection, identity)
            gathered = meeting_store.of_instance(connection, identity)
        held += [_meeting(looker, row) for row in gathered]
    return {
        "instances": found,
        "history": sorted(history, key=lambda line: line["at"]),
        "notices": [_notice(looker, notice) for notice in sorted(notices, key=lambda n: n.id)],
        "published": [
            {"kind": p["kind"], "state": p["state"], "title": p["title"], "start_at": _at(p["start_at"]), "end_at": _at(p["end_at"])}
            for p in published
        ],
        "meetings": held,
        "records": [{"register": r.register, "state": r.state, "number": r.number, "title": r.title} for r in records],
    }


def _meeting(looker: Looker, row: Mapping[str, Any]) -> MeetingPage:
    """As its chair sees it, without anything to press: agenda, seats with who signed in, votes."""
    shown = meetings.page(looker.app, looker.actor(row["chair"]), row["id"])
    return replace(shown, manages=False, check_in_code=None, files=(), tasks=(), actions=())


def starts(looker: Looker, key: str) -> list[dict[str, Any]]:
    """What of the procedure is started by hand: by whom, in which area, with which form."""
    queries = looker.app.engine.queries
    process = queries.process(key)
    try:
        node = none_start(process)
    except NotFound:
        return []
    lane = _role_lane(process, node.lane if node is not None else None)
    with looker.app.database.read() as connection:
        roles = [lane.role, *(node.starters if node is not None else ())] if lane is not None and lane.role else []
        posts = [p for role in roles for p in directory.posts_of_role(connection, role, looker.app.clock.now())]
        places = looker.app.directory.places(connection, [p.of for p in posts], looker.app.clock.now())
    people = [
        {**looker.person(p.person), "area": p.of if places[p.of].sort == "area" else places[p.of].area} for p in posts if p.of in places
    ][:_MOST_PEOPLE]
    chosen = next((p["area"] for p in people), None)
    first = people[0]["person"] if people else None
    rendered = queries.start_form(key, actor=looker.actor(first), area=chosen)
    return [
        {
            "process": key,
            "name": _label(process.name),
            "role": lane.role if lane is not None else None,
            "people": people,
            "area": chosen,
            "form": rendered.payload() if rendered is not None else None,
        }
    ]


def area_of(looker: Looker, process: str, person: str | None) -> str | None:
    """Where a run belongs that names no area: where its starter may start it, else a community, else any area."""
    if person is not None:
        found = next((s for s in looker.app.engine.queries.startable(person) if s.process == process), None)
        if found is not None and found.areas:
            return found.areas[0]
    with looker.app.database.read() as connection:
        areas = directory.all_areas(connection, looker.app.clock.now())
    communities = [area.id for area in areas if area.kind == "community"]
    return next(iter([*communities, *(area.id for area in areas)]), None)


def _instance(looker: Looker, details: InstanceDetails) -> dict[str, Any]:
    app, line = looker.app, details.line
    process = app.engine.queries.process_of(line.id)
    return {
        "id": line.id,
        "process": line.process,
        "name": _label(process.name),
        "number": line.number,
        "title": line.title,
        "area": line.area,
        "state": line.state,
        "ends": list(line.ends),
        "tokens": [{"process": t.process, "element": t.node, "state": t.state} for t in details.tokens if t.node is not None],
        "taken": _counts(line.process, details.flows),
        "completed": _counts(line.process, details.completed),
        "tasks": [_task(looker, task) for task in details.tasks],
        "actions": [_action(looker, line.id, action) for action in details.actions],
        "timers": [{"element": t.node, "due_at": _at(t.due_at)} for t in sorted(details.timers, key=lambda t: t.due_at)],
        "incidents": [{"element": i.node, "code": i.code, "message": i.message, "details": dict(i.details)} for i in details.incidents],
        "variables": values.plain(app.engine.queries.variables(line.id)),
    }


def _notice(looker: Looker, notice: Notice) -> dict[str, Any]:
    return {"at": _at(notice.at), "to": looker.person(notice.person), "kind": notice.kind, "title": _label(notice.title)}


def _task(looker: Looker, task: TaskLine) -> dict[str, Any]:
    queries = looker.app.engine.queries
    asked = [task.assignee] if task.assignee else looker.people(task.selectors)
    offered = [p for p in asked[: _MOST_PEOPLE * 2] if queries.may_complete(task.id, p) is not None][:_MOST_PEOPLE]
    rendered = queries.task_form(task.id, actor=looker.actor(offered[0] if offered else None)) if task.form else None
    return {
        "id": task.id,
        "node": task.node,
        "process": task.process,
        "name": _label(task.name),
        "due": _at(task.due_at),
        "offered": [looker.person(p) for p in offered],
        "vacant": task.vacant or not offered,
        "form": rendered.payload() if rendered is not None else None,
    }


def _action(looker: Looker, instance: str, action: ActionLine) -> dict[str, Any]:
    people = looker.people(action.selectors)[:_MOST_PEOPLE]
    actor = looker.actor(people[0] if people else None)
    rendered = looker.app.engine.queries.action_form(instance, action.token, actor=actor) if action.form else None
    return {
        "node": action.node,
        "name": _label(action.name),
        "message": action.message,
        "offered": [looker.person(p) for p in people],
        "public": action.public or "public" in action.selectors,
        "form": rendered.payload() if rendered is not None else None,
    }


def _history(looker: Looker, details: InstanceDetails) -> list[dict[str, Any]]:
    app, actor = looker.app, replace(SYSTEM, language=looker.language)
    process = app.engine.queries.process_of(details.line.id)
    lines = app.engine.queries.history(details.line.id, limit=1000).items
    with app.database.read() as connection:
        seen = look(app, actor, connection)
        entries = histories.entries(Sight(seen, details), process, lines)
    return [{"at": _at(e.at), "instance": details.line.id, "text": _label(e.text), "by": e.by, "tone": e.tone} for e in entries]


def _counts(process: str, counted: Mapping[str, int]) -> dict[str, dict[str, int]]:
    """Process → element or flow → how often."""
    found: dict[str, dict[str, int]] = {}
    for name, count in counted.items():
        called, _, element = name.rpartition("/")
        found.setdefault(called or process, {})[element] = count
    return found


def _role_lane(process: Process, lane: str | None) -> Lane | None:
    """The lane whose role an element has: its own, or the one around it."""
    found = process.lanes.get(lane or "")
    while found is not None and found.role is None and found.source is None:
        found = process.lanes.get(found.parent or "")
    return found


def _at(moment: datetime | None) -> str | None:
    return None if moment is None else moment.isoformat()


def _label(label: Label) -> dict[str, str]:
    return {"zh": label.zh, "en": label.en or label.zh}
