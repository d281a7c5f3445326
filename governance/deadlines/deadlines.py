"""Deadlines as the engine's ports.Deadlines, their alarms, and what pages read of them."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from contextlib import AbstractContextManager
from dataclasses import replace
from datetime import datetime
from typing import Any

from engine.clock import Clock
from engine.definitions.model import Deadline
from engine.ids import uuid7
from engine.ports import DeadlineView, InstanceRef, JobHandler, Jobs
from governance.calendars.calendars import Calendars
from governance.calendars.limits import compute, parse_limit, until
from governance.deadlines import store
from governance.deadlines.changes import Changes
from governance.deadlines.escalation import Escalation
from governance.deadlines.ladder import Ladder, WorkOf
from governance.deadlines.records import OVERDUE, Rearm, Records, counter_of, mark, milliseconds, passed_by, unknown
from governance.deadlines.store import Row
from governance.deadlines.views import due_seen, view
from governance.desk.views import Due
from governance.directory.directory import Directory
from governance.notices.notices import Notices
from governance.settings.settings import Settings

#: Ladder of a deadline that names none.
STANDARD = "standard"


class Deadlines:
    """Records of every deadline. `work_of` and `rearm` are given later by `connect` when the engine is built around this."""

    def __init__(self, calendars: Calendars, settings: Settings, jobs: Jobs, notices: Notices, directory: Directory) -> None:
        self._calendars, self._settings = calendars, settings
        self._records = Records(calendars, jobs)
        self._escalation = Escalation(settings, jobs)
        self._changes = Changes(self._records, calendars, settings, directory)
        self._ladder = Ladder(self._records, settings, notices, directory, self._escalation)
        self.pause, self.resume, self.extend = self._changes.pause, self._changes.resume, self._changes.extend

    def connect(self, *, work_of: WorkOf | None = None, rearm: Rearm | None = None) -> None:
        """Join with the engine: who holds a token's task, and how to re-arm timers after a deadline moved."""
        self._ladder.work_of = work_of or self._ladder.work_of
        self._records.rearm = rearm or self._records.rearm

    # ports.Deadlines

    def open(
        self, connection: Any, instance: InstanceRef, token: str, element: str, spec: Deadline, limit: Any, at: datetime
    ) -> DeadlineView:
        """Open the deadline of an element. Raises BadLimit, or UnknownSetting when its ladder is not a setting."""
        calendar = self._calendars.current(connection, at, instance.area)
        computed = compute(calendar, parse_limit(until(calendar, limit, at)), at)
        ladder = spec.ladder or STANDARD
        steps = sorted({int(p) for p in self._settings.get(connection, f"ladders.{ladder}", at, instance.area)} | {OVERDUE})
        row = Row(
            id=uuid7(milliseconds(at)),
            instance=instance.id,
            process=instance.process,
            number=instance.number,
            area=instance.area,
            token=token,
            element=element,
            code=spec.id,
            limit_text=computed.limit,
            clock=computed.clock,
            calendar=calendar.id,
            calendar_version=calendar.version,
            started_at=at,
            due_at=computed.due,
            original_due_at=computed.due,
            state="running",
            ladder=ladder,
            steps=steps,
            next_step=0,
            next_at=None,
            generation=1,
            used_us=0,
            counted_from=at,
            left_us=None,
            paused_at=None,
            pauses=0,
            paused_us=0,
            pause_reason=None,
            extensions=0,
            overdue_at=None,
            closed_at=None,
            text_zh=computed.text.zh,
            text_en=computed.text.en,
            account=computed.as_json(),
        )
        row = replace(row, next_at=counter_of(row, calendar).moment_of(steps[0]))
        store.insert(connection, row)
        self._records.set_alarm(connection, row)
        return view(row)

    def view(self, connection: Any, instance: str, deadline: str) -> DeadlineView | None:
        """The newest deadline with this id in the instance."""
        row = store.newest(connection, instance, deadline)
        return view(row) if row else None

    def close(self, connection: Any, token: str, at: datetime, met: bool) -> None:
        """The element was completed (`met`) or cancelled. A completion after the due moment is late for ever."""
        for row in store.open_of_token(connection, token):
            late = row.overdue_at is not None or (row.state == "running" and at > row.due_at)
            state = ("late_met" if late else "met") if met else "cancelled"
            overdue = row.overdue_at or (row.due_at if late else None)
            if late and row.overdue_at is None:
                calendar = self._records.calendar_of(connection, row)
                store.add_marks(connection, [mark(row, p, m, at, ()) for p, m in passed_by(row, calendar, at)])
            values = {"state": state, "closed_at": at, "overdue_at": overdue, "next_at": None, "generation": row.generation + 1}
            store.update(connection, row.id, values)
            if late:
                self._escalation.closed(connection, row, at, met)

    def follow(self, connection: Any, token: str, element: str) -> None:
        """The case moved to another version: the token's open deadlines belong to this element now."""
        for row in store.open_of_token(connection, token):
            store.update(connection, row.id, {"element": element})

    def due_after(self, connection: Any, area: str | None, limit: Any, start: datetime) -> datetime:
        """When a limit that starts to run at `start` is over, by the area's calendar: for BPMN timers and previews. Raises BadLimit."""
        return compute(self._calendars.current(connection, start, area), parse_limit(limit), start).due

    # alarm

    def alarm_handler(self, begin: Callable[[], AbstractContextManager[Any]], clock: Clock) -> JobHandler:
        """The handler of job ``deadline``; `begin` opens a write transaction (Database.write)."""

        def alarm(payload: Mapping[str, Any]) -> None:
            with begin() as connection:
                self.alarm(connection, payload["deadline"], int(payload["generation"]), clock.now())

        return alarm

    def alarm(self, connection: Any, deadline_id: str, generation: int, at: datetime) -> None:
        """A threshold may be due. Does nothing if the deadline moved or is closed; what was missed meanwhile is marked
        together and told once, for the highest threshold."""
        row = store.locked(connection, deadline_id)
        if row is None or row.generation != generation or row.state not in store.OPEN or row.next_at is None:
            return
        if at < row.next_at:
            self._records.advance(connection, row, {})
        elif row.state == "paused":
            self._changes.resumed(connection, row, row.next_at, None, "暂停期满自动恢复 / the longest pause is over")
        else:
            self._ladder.climb(connection, row, at)

    # reading

    def of_tokens(self, connection: Any, tokens: Iterable[str], at: datetime) -> dict[str, Due]:
        """Token → its deadline as people see it at `at`."""
        return {token: self._due(connection, row, at) for token, row in store.of_tokens(connection, tokens).items()}

    def of_instance(self, connection: Any, instance: str, at: datetime) -> list[tuple[str, str, Due]]:
        """(element, id in the model, deadline) of every deadline of a case, oldest first."""
        return [(r.element, r.code, self._due(connection, r, at)) for r in store.of_instance(connection, instance)]

    def nearest_due(self, connection: Any, instance: str) -> datetime | None:
        """When the next deadline of a case falls due that is running or paused; None: there is none."""
        return store.nearest_open(connection, instance)

    def changes(self, connection: Any, instance: str, deadline: str) -> list[store.Change]:
        """Pauses, resumptions and extensions of the newest deadline with this id, oldest first, each with its computation."""
        row = store.newest(connection, instance, deadline)
        return store.changes(connection, row.id) if row else []

    def account(self, connection: Any, instance: str, deadline: str) -> Mapping[str, Any]:
        """How the first due moment was computed (calendars.limits.Computation.as_json) with the thresholds passed. Raises NotFound."""
        row = store.newest(connection, instance, deadline)
        if row is None:
            raise unknown(deadline)
        return {**row.account, "marks": [{"percent": p, "at": m.isoformat()} for p, m in store.marks(connection, row.id)]}

    def _due(self, connection: Any, row: Row, at: datetime) -> Due:
        return due_seen(connection, row, self._records.calendar_of(connection, row), at)
