"""The reader's days (日程): meetings he has a part in, and what falls due for him."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from engine.actor import Actor
from engine.definitions.model import Label
from governance.application import Application
from governance.desk import calls, inbox, meetings
from governance.desk.meeting_views import CallLine, MeetingLine
from governance.desk.reading import look, require_person
from governance.desk.views import TaskLine

#: tasks looked at: those due first
_MOST = 200
_GONE = ("cancelled",)


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """One line of a day. `kind`: meeting, task, vote, opinion; `until` only of a meeting."""

    kind: str
    at: datetime
    until: datetime | None = None
    title: str
    about: Label
    href: str
    late: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Day:
    on: date
    entries: Sequence[Entry]


@dataclass(frozen=True, slots=True, kw_only=True)
class Agenda:
    """`late`: tasks past their due moment, oldest first; `days`: those with something on them, in order."""

    since: date
    until: date
    late: Sequence[Entry]
    days: Sequence[Day]


def agenda(app: Application, actor: Actor, since: date | None = None, *, days: int = 28) -> Agenda:
    """The span of `days` natural days from `since` (today without it), in the installation's zone. Raises Forbidden for the public."""
    person = require_person(actor)
    offered = app.engine.queries.tasks_for(person, view="all", limit=_MOST)
    with app.database.read() as connection:
        seen = look(app, actor, connection)
        tasks = inbox.open_lines(seen, list(offered.items))
        waiting = calls.lines(seen)
    first = since or seen.now.astimezone(app.zone).date()
    begin = datetime.combine(first, datetime.min.time(), app.zone)
    end = begin + timedelta(days=days)
    entries = [_task(t, seen.now) for t in tasks if t.due is not None and t.due.state == "running"]
    entries += [_call(c, c.closes_at) for c in waiting if c.closes_at is not None]
    entries += [_meeting(m) for m in meetings.between(app, actor, begin, end) if m.role and m.state not in _GONE]
    entries.sort(key=lambda e: (e.at, e.kind, e.href))
    shown: dict[date, list[Entry]] = {}
    for entry in entries:
        if begin <= entry.at < end and not entry.late:
            shown.setdefault(entry.at.astimezone(app.zone).date(), []).append(entry)
    return Agenda(
        since=first,
        until=(end - timedelta(days=1)).date(),
        late=[e for e in entries if e.late],
        days=[Day(on=on, entries=found) for on, found in sorted(shown.items())],
    )


def _task(line: TaskLine, now: datetime) -> Entry:
    assert line.due is not None
    return Entry(
        kind="task", at=line.due.at, title=line.title, about=line.name, href=f"/tasks/{line.id}", late=line.due.at < now
    )  # fmt: skip


def _call(line: CallLine, closes: datetime) -> Entry:
    return Entry(kind=line.kind, at=closes, title=line.title, about=Label(line.name, line.name), href=line.href)


def _meeting(line: MeetingLine) -> Entry:
    venue = Label(line.venue, line.venue)
    return Entry(kind="meeting", at=line.start_at, until=line.end_at, title=line.title, about=venue, href=f"/meetings/{line.id}")
