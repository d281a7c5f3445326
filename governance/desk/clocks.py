"""The clock of a task: who may stop it, let it run again or move its end, and asking somebody above to do so (domain 3.3)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from engine.actor import Actor
from engine.definitions.model import Label
from engine.errors import Forbidden, NotFound
from engine.queries import TaskDetails
from governance.application import Application
from governance.calendars.limits import parse_limit
from governance.deadlines.records import DeadlineRefused
from governance.desk import cases
from governance.desk.inbox import open_lines
from governance.desk.reading import Look, look, require_case, require_person
from governance.desk.views import CaseHead, TaskLine

CHANGES = ("extend", "pause", "resume")
#: state of the deadline → what can be done to it
_POSSIBLE = {"running": ("extend", "pause"), "paused": ("resume",)}


@dataclass(frozen=True, slots=True, kw_only=True)
class Wish:
    """What is asked for: `amount` in working days or days (extend), `reason` a code (pause), `note` the grounds."""

    amount: str = ""
    reason: str = ""
    note: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class ClockPage:
    """`decides`: the reader stands above `holder` and may approve; otherwise he asks `above`."""

    line: TaskLine
    head: CaseHead
    change: str
    decides: bool
    holder: str
    holder_name: str
    above: Sequence[str]
    #: code and name of the grounds for a pause
    reasons: Sequence[tuple[str, Label]] = ()
    wish: Wish = Wish()


def changes(line: TaskLine) -> tuple[str, ...]:
    """What can be done now to a task's clock."""
    return _POSSIBLE.get(line.due.state, ()) if line.due is not None else ()


def page(app: Application, actor: Actor, task: str, change: str, *, holder: str | None = None, wish: Wish | None = None) -> ClockPage:
    """The form of a change. `holder` is for whom it was asked. Raises NotFound, Forbidden."""
    found = app.engine.queries.task(task)
    case = app.engine.queries.instance(found.line.instance)
    process = app.engine.queries.process_of(found.line.instance)
    with app.database.read() as connection:
        seen = look(app, actor, connection)
        holders = _holders(seen, found)
        if seen.reach.person not in holders:
            require_case(seen, case, process)
        line = open_lines(seen, [found.line])[0]
        if change not in changes(line):
            raise NotFound
        about, decides = _roles(seen, holders, holder)
        names = seen.names([about, *_above(seen, found, about)])
        known = app.settings.get(connection, "deadlines.pause_reasons", seen.now, found.line.area)
        return ClockPage(
            line=line, head=cases.head(seen, case, process), change=change, decides=decides or change == "resume", holder=about,
            holder_name=names.get(about, ""), above=[names[p] for p in _above(seen, found, about) if p in names],
            reasons=[(str(r["code"]), Label(r["zh"], r["en"])) for r in known], wish=wish or Wish(),
        )  # fmt: skip


def submit(app: Application, actor: Actor, task: str, change: str, wish: Wish, *, holder: str | None = None) -> bool:
    """Do it when the reader may approve, else ask those above. Returns whether it was done.

    Raises NotFound, Forbidden, DeadlineRefused, BadLimit.
    """
    person = require_person(actor)
    found = app.engine.queries.task(task)
    with app.database.write() as connection:
        seen = look(app, actor, connection)
        if change not in CHANGES or found.line.deadline is None:
            raise NotFound
        about, decides = _roles(seen, _holders(seen, found), holder)
        if not decides and change != "resume":
            _ask(seen, found, change, wish)
            return False
        facts: dict[str, Any] = {"requested_by": about, "at": seen.now}
        where = (connection, found.line.instance, found.line.deadline)
        match change:
            case "extend":
                limit = _limit(seen, found, wish.amount)
                app.deadlines.extend(*where, by=limit, reason=wish.note, approved_by=person, **facts)
            case "pause":
                app.deadlines.pause(*where, reason=wish.reason, approved_by=person, note=wish.note, **facts)
            case _:
                app.deadlines.resume(*where, note=wish.note, **facts)
    return True


def _roles(seen: Look, holders: Sequence[str], holder: str | None) -> tuple[str, bool]:
    """For whom, and whether the reader stands above him. Raises Forbidden for people who neither do the task nor stand above."""
    me = seen.reach.person
    if me is not None and me in holders and holder in (None, me):
        return me, False
    about = holder if holder in holders else next(iter(holders), None)
    if me is None or about is None or not seen.app.directory.is_above(seen.connection, me, about, seen.now):
        raise Forbidden("只有办理人和他的上级可以改动时限 / only those who do the task and those above them may change its clock")
    return about, True


def _holders(seen: Look, found: TaskDetails) -> list[str]:
    if found.line.assignee is not None:
        return [found.line.assignee]
    return seen.app.directory.people(seen.connection, found.line.selectors, seen.now)


def _above(seen: Look, found: TaskDetails, person: str) -> list[str]:
    """Those who answer for the case's area and the areas above it, as far as they stand above the person."""
    directory = seen.app.directory
    heads = [
        h
        for area in directory.area_path(seen.connection, found.line.area, seen.now)
        for h in directory.heads_of(seen.connection, area, seen.now)
    ]
    return [h for h in dict.fromkeys(heads) if directory.is_above(seen.connection, h, person, seen.now)]


def _limit(seen: Look, found: TaskDetails, amount: str) -> str:
    """Whole days in the deadline's own clock. Raises DeadlineRefused."""
    if not amount.isdigit() or not 0 < int(amount) < 1000:
        raise DeadlineRefused("请填写延长几天（整数）/ give the number of days, a whole number")
    due = seen.app.deadlines.of_tokens(seen.connection, [found.token], seen.now)[found.token]
    return f"{amount}WD" if due.clock == "working" else f"P{amount}D"


_TITLES = {
    "extend": Label("申请延期", "Extension asked"),
    "pause": Label("申请暂停计时", "Pause asked"),
}


def _ask(seen: Look, found: TaskDetails, change: str, wish: Wish) -> None:
    person = seen.reach.person
    assert person is not None
    if change == "extend":
        parse_limit(_limit(seen, found, wish.amount))
    if not wish.note.strip():
        raise DeadlineRefused("请写明理由 / give the reason")
    above = _above(seen, found, person)
    if not above:
        raise DeadlineRefused(
            "没有找到可以批准的上级，请联系所在社区的管理员 / nobody above you was found; ask your community's administrator"
        )
    name, title = seen.names([person]).get(person, ""), _TITLES[change]
    subject = f"{found.line.number or ''} {found.line.name.zh}".strip()
    query = urlencode({"for": person, "amount": wish.amount, "reason": wish.reason, "note": wish.note[:200]})
    seen.app.notices.send(
        seen.connection, above, kind="deadline_changed", at=seen.now, instance=found.line.instance,
        title=Label(f"{title.zh}：{subject}（{name}）", f"{title.en}: {subject} ({name})"),
        link=f"/tasks/{found.line.id}/clock/{change}?{query}",
    )  # fmt: skip
