"""The ladder of a deadline: thresholds that were passed are marked, told to those who must know, and raised."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from engine.definitions.model import Label
from governance.calendars.limits import moment_text
from governance.deadlines import store
from governance.deadlines.escalation import Escalation, Late
from governance.deadlines.records import OVERDUE, Records, counter_of, mark, passed_by
from governance.deadlines.store import Row
from governance.directory import selectors
from governance.directory.directory import Directory
from governance.notices.notices import Notices
from governance.settings.settings import Settings


@dataclass(frozen=True, slots=True, kw_only=True)
class Work:
    """What a token's task is, for the people who are warned: who holds it now (the claimer as ``person:…``, else the offers),
    the task's name and the case's title."""

    selectors: Sequence[str] = ()
    name: Label = field(default_factory=Label)
    title: str = ""
    link: str | None = None


#: Told by the wiring: connection, token → the work of that token.
WorkOf = Callable[[Any, str], Work]


def _nothing_known(_connection: Any, _token: str) -> Work:
    return Work()


class Ladder:
    """`work_of` is given when the engine is built around this."""

    def __init__(self, records: Records, settings: Settings, notices: Notices, directory: Directory, escalation: Escalation) -> None:
        self._records, self._settings = records, settings
        self._notices, self._directory, self._escalation = notices, directory, escalation
        self.work_of: WorkOf = _nothing_known

    def climb(self, connection: Any, row: Row, at: datetime) -> None:
        """Mark every threshold passed by `at`; people are told once, for the highest."""
        calendar = self._records.calendar_of(connection, row)
        passed = passed_by(row, calendar, at)
        told = self._warn(connection, row, passed[-1][0], at) if passed else []
        store.add_marks(connection, [mark(row, p, m, at, told) for p, m in passed])
        index = row.next_step + len(passed)
        values: dict[str, Any] = {"next_step": index, "next_at": None}
        if index < len(row.steps):
            values["next_at"] = counter_of(row, calendar).moment_of(row.steps[index])
        if row.overdue_at is None and any(p >= OVERDUE for p, _ in passed):
            values["overdue_at"] = row.due_at
        row = self._records.advance(connection, row, values)
        self._escalate(connection, row, [p for p, _ in passed], at)

    def _escalate(self, connection: Any, row: Row, percents: Sequence[int], at: datetime) -> None:
        """Set going what these steps ask for besides notices; nothing for a ladder without actions."""
        if not any(p >= OVERDUE for p in percents):
            return
        actions = self._escalation.wanted(connection, row, at)
        if not actions:
            return
        work = self.work_of(connection, row.token)
        units = self._answering_for(connection, row, work, at)
        named = self._directory.places(connection, units, at)
        names = [named[u].name for u in units if u in named]
        late = Late(
            units=units,
            unit_name=Label("、".join(n.zh for n in names), ", ".join(n.in_("en") for n in names)),
            answerers=list(dict.fromkeys([*work.selectors, *self._recipients(connection, "head", row, work, at)])),
            task=work.name,
            title=work.title,
            link=work.link or f"/cases/{row.instance}",
        )
        self._escalation.passed(connection, row, percents, late, actions, at)

    def _warn(self, connection: Any, row: Row, percent: int, at: datetime) -> list[str]:
        """Tell those the setting ladders.recipients names for this threshold (the nearest one below it that is named)."""
        table = self._settings.get(connection, "ladders.recipients", at, row.area)
        named = [int(p) for p in table if int(p) <= percent]
        who = table[str(max(named))] if named else []
        work = self.work_of(connection, row.token)
        to = [s for name in who for s in self._recipients(connection, name, row, work, at)]
        calendar = self._records.calendar_of(connection, row)
        due, late = moment_text(calendar, row.due_at), percent >= OVERDUE
        subject = Label(
            " ".join(filter(None, (row.number, work.title, work.name.zh))),
            " ".join(filter(None, (row.number, work.title, work.name.in_("en")))),
        )
        title = (
            Label(f"已逾期：{subject.zh}（应于 {due.zh} 前办结）", f"Overdue: {subject.en} (was due {due.en})")
            if late
            else Label(f"时限已用 {percent}%：{subject.zh}（{due.zh} 到期）", f"{percent}% of the time used: {subject.en} (due {due.en})")
        )
        return self._notices.send(
            connection,
            to,
            kind="deadline_overdue" if late else "deadline_warning",
            at=at,
            title=title,
            link=work.link or f"/cases/{row.instance}",
            instance=row.instance,
            occasion=f"deadline:{row.id}:{row.generation}",
        )

    def _recipients(self, connection: Any, name: str, row: Row, work: Work, at: datetime) -> list[str]:
        if name == "holder":
            return list(work.selectors)
        if name == "head":
            places = self._answering_for(connection, row, work, at)
            return [selectors.person(p) for place in places for p in self._directory.heads_of(connection, place, at)]
        return [selectors.role(name, row.area)] if row.area else []

    def _answering_for(self, connection: Any, row: Row, work: Work, at: datetime) -> list[str]:
        """Units, areas and committees that answer for the work: where its posts are, and where those who hold it work."""
        holders = self._directory.people(connection, work.selectors, at)
        places = {s.of for s in map(selectors.parse, work.selectors) if s.kind in ("role", "holder")}
        places |= {unit for person in holders for unit in self._directory.unit_of(connection, person, at)}
        if not places and row.area:
            places = {row.area}
        return sorted(places)
