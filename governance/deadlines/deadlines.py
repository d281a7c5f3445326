"""Deadlines as the engine's ports.Deadlines, and what governance does with them: pause, resume, extend, warn."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Any

from engine.clock import Clock
from engine.definitions.model import Deadline, Label
from engine.errors import CogovError, NotFound
from engine.ids import uuid7
from engine.ports import DeadlineView, InstanceRef, JobHandler, Jobs
from engine.values import duration_text
from governance.calendars.calendar import Calendar
from governance.calendars.calendars import Calendars
from governance.calendars.limits import compute, limit_text, moment_text, parse_limit, until
from governance.deadlines import store
from governance.deadlines.counting import Counter, due_after_pause, due_extended
from governance.deadlines.escalation import Escalation, Late
from governance.deadlines.store import Row
from governance.desk.views import Due
from governance.directory import selectors
from governance.directory.directory import Directory
from governance.notices.notices import Notices
from governance.settings.settings import Settings

#: Name of the alarm job; payload {deadline: id, generation: n}.
JOB = "deadline"
#: Ladder of a deadline that names none.
STANDARD = "standard"
_OVERDUE = 100
_US = timedelta(microseconds=1)


class DeadlineRefused(CogovError):
    """This deadline cannot be changed like that."""

    code = "deadline_refused"


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
#: Told by the wiring: connection, instance id → re-arm the instance's timers inside the transaction.
Rearm = Callable[[Any, str], None]


def _nothing_known(_connection: Any, _token: str) -> Work:
    return Work()


class Deadlines:
    """Records of every deadline. `work_of` and `rearm` are given later by `connect` when the engine is built around this."""

    def __init__(self, calendars: Calendars, settings: Settings, jobs: Jobs, notices: Notices, directory: Directory) -> None:
        self._calendars, self._settings, self._jobs = calendars, settings, jobs
        self._notices, self._directory = notices, directory
        self._escalation = Escalation(settings, jobs)
        self._work_of: WorkOf = _nothing_known
        self._rearm: Rearm | None = None

    def connect(self, *, work_of: WorkOf | None = None, rearm: Rearm | None = None) -> None:
        """Join with the engine: who holds a token's task, and how to re-arm timers after a deadline moved."""
        self._work_of = work_of or self._work_of
        self._rearm = rearm or self._rearm

    # ports.Deadlines

    def open(
        self, connection: Any, instance: InstanceRef, token: str, element: str, spec: Deadline, limit: Any, at: datetime
    ) -> DeadlineView:
        """Open the deadline of an element. Raises BadLimit, or UnknownSetting when its ladder is not a setting."""
        calendar = self._calendars.current(connection, at, instance.area)
        computed = compute(calendar, parse_limit(until(calendar, limit, at)), at)
        ladder = spec.ladder or STANDARD
        steps = sorted({int(p) for p in self._settings.get(connection, f"ladders.{ladder}", at, instance.area)} | {_OVERDUE})
        row = Row(
            id=uuid7(_ms(at)),
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
        row = replace(row, next_at=_counter(row, calendar).moment_of(steps[0]))
        store.insert(connection, row)
        self._set_alarm(connection, row)
        return self._view(row)

    def view(self, connection: Any, instance: str, deadline: str) -> DeadlineView | None:
        """The newest deadline with this id in the instance."""
        row = store.newest(connection, instance, deadline)
        return self._view(row) if row else None

    def close(self, connection: Any, token: str, at: datetime, met: bool) -> None:
        """The element was completed (`met`) or cancelled. A completion after the due moment is late for ever."""
        for row in store.open_of_token(connection, token):
            late = row.overdue_at is not None or (row.state == "running" and at > row.due_at)
            state = ("late_met" if late else "met") if met else "cancelled"
            overdue = row.overdue_at or (row.due_at if late else None)
            if late and row.overdue_at is None:
                calendar = self._calendar_of(connection, row)
                store.add_marks(connection, [_mark(row, p, m, at, ()) for p, m in _passed(row, calendar, at)])
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

    # changes

    def pause(
        self,
        connection: Any,
        instance: str,
        deadline: str,
        *,
        reason: str,
        requested_by: str | None,
        approved_by: str | None,
        at: datetime,
        note: str = "",
    ) -> DeadlineView:
        """Stop the clock. `reason` is a code of the setting deadlines.pause_reasons; `approved_by` stands above `requested_by`
        (None: the system asks). At most deadlines.max_pauses times and deadlines.max_pause_days (natural) in total [A]: then it
        resumes by itself. Raises NotFound or DeadlineRefused."""
        row = self._running(connection, instance, deadline)
        if at >= row.due_at:
            raise DeadlineRefused("时限已届满，不能再暂停 / the deadline has passed and cannot be paused any more")
        label = self._pause_reason(connection, row, reason, at)
        self._check_approver(connection, requested_by, approved_by, at)
        most = int(self._settings.get(connection, "deadlines.max_pauses", at, row.area))
        if row.pauses >= most:
            raise DeadlineRefused(f"最多暂停 {most} 次 / it may be paused {most} times at most", pauses=row.pauses)
        budget = timedelta(days=int(self._settings.get(connection, "deadlines.max_pause_days", at, row.area))) - row.paused_us * _US
        if budget <= timedelta(0):
            raise DeadlineRefused("累计暂停天数已用完 / no days are left for pausing")
        calendar = self._calendar_of(connection, row)
        counter = _counter(row, calendar)
        left = counter.between(at, row.due_at)
        until = at + budget
        changed = replace(
            row,
            state="paused",
            used_us=counter.used_at(at) // _US,
            left_us=left // _US,
            paused_at=at,
            pauses=row.pauses + 1,
            pause_reason=reason,
            due_at=due_after_pause(calendar, parse_limit(row.limit_text), until, left),
            next_at=until,
        )
        begin, latest = moment_text(calendar, at), moment_text(calendar, until)
        text = Label(
            f"{begin.zh} 起暂停计时（{label.zh}），剩余时间保留，最迟 {latest.zh} 自动恢复",
            f"Paused from {begin.en} ({label.en}); the time left is kept, it resumes by itself on {latest.en} at the latest",
        )
        self._save(
            connection, row, changed, "pause", at, text, requested_by=requested_by, approved_by=approved_by, reason=reason, note=note
        )
        return self._view(changed)

    def resume(
        self, connection: Any, instance: str, deadline: str, *, requested_by: str | None, at: datetime, note: str = ""
    ) -> DeadlineView:
        """Let the clock run again: the remaining time is added to `at` in the calendar now in force. Raises NotFound, DeadlineRefused."""
        row = store.newest(connection, instance, deadline, lock=True)
        if row is None:
            raise _unknown(deadline)
        if row.state != "paused":
            raise DeadlineRefused("该时限没有暂停 / this deadline is not paused", state=row.state)
        return self._view(self._resumed(connection, row, at, requested_by, note))

    def extend(
        self,
        connection: Any,
        instance: str,
        deadline: str,
        *,
        by: Any,
        reason: str,
        requested_by: str | None,
        approved_by: str | None,
        at: datetime,
    ) -> DeadlineView:
        """Move the due moment by the limit `by`, before it has passed, at most deadlines.max_extensions times and by no more than
        the original limit [A; L-BJJS 15], approved from above. Raises NotFound, DeadlineRefused or BadLimit."""
        row = self._running(connection, instance, deadline)
        if at >= row.due_at:
            raise DeadlineRefused("只能在届满前申请延期 / an extension must come before the deadline has passed")
        most = int(self._settings.get(connection, "deadlines.max_extensions", at, row.area))
        if row.extensions >= most:
            raise DeadlineRefused(f"最多延期 {most} 次 / it may be extended {most} times at most", extensions=row.extensions)
        if not reason.strip():
            raise DeadlineRefused("请写明延期理由 / give the reason of the extension")
        self._check_approver(connection, requested_by, approved_by, at)
        amount, calendar = parse_limit(by), self._calendars.current(connection, at, row.area)
        due = due_extended(calendar, row.due_at, amount)
        if due > due_extended(calendar, row.due_at, parse_limit(row.limit_text)):
            raise DeadlineRefused("延期不得超过原时限 / an extension must not be longer than the original limit", limit=row.limit_text)
        changed = replace(row, due_at=due, extensions=row.extensions + 1, calendar=calendar.id, calendar_version=calendar.version)
        changed = _with_next(changed, calendar)
        before, after, name = moment_text(calendar, row.due_at), moment_text(calendar, due), limit_text(amount)
        text = Label(f"延期 {name.zh}：由 {before.zh} 延至 {after.zh}", f"Extended by {name.en}: from {before.en} to {after.en}")
        self._save(
            connection, row, changed, "extend", at, text, requested_by=requested_by, approved_by=approved_by, reason=None, note=reason
        )
        return self._view(changed)

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
            self._advance(connection, row, {})
        elif row.state == "paused":
            self._resumed(connection, row, row.next_at, None, "暂停期满自动恢复 / the longest pause is over")
        else:
            self._pass_thresholds(connection, row, at)

    # reading

    def of_tokens(self, connection: Any, tokens: Iterable[str], at: datetime) -> dict[str, Due]:
        """Token → its deadline as people see it at `at`."""
        return {token: self._due(connection, row, at) for token, row in store.of_tokens(connection, tokens).items()}

    def of_instance(self, connection: Any, instance: str, at: datetime) -> list[tuple[str, str, Due]]:
        """(element, id in the model, deadline) of every deadline of a case, oldest first."""
        return [(r.element, r.code, self._due(connection, r, at)) for r in store.of_instance(connection, instance)]

    def changes(self, connection: Any, instance: str, deadline: str) -> list[store.Change]:
        """Pauses, resumptions and extensions of the newest deadline with this id, oldest first, each with its computation."""
        row = store.newest(connection, instance, deadline)
        return store.changes(connection, row.id) if row else []

    def account(self, connection: Any, instance: str, deadline: str) -> Mapping[str, Any]:
        """How the first due moment was computed (calendars.limits.Computation.as_json) with the thresholds passed. Raises NotFound."""
        row = store.newest(connection, instance, deadline)
        if row is None:
            raise _unknown(deadline)
        return {**row.account, "marks": [{"percent": p, "at": m.isoformat()} for p, m in store.marks(connection, row.id)]}

    # inside

    def _running(self, connection: Any, instance: str, deadline: str) -> Row:
        row = store.newest(connection, instance, deadline, lock=True)
        if row is None:
            raise _unknown(deadline)
        if row.state != "running":
            raise DeadlineRefused("该时限不在计时中 / this deadline is not running", state=row.state)
        return row

    def _pause_reason(self, connection: Any, row: Row, reason: str, at: datetime) -> Label:
        known = self._settings.get(connection, "deadlines.pause_reasons", at, row.area)
        for entry in known:
            if entry["code"] == reason:
                return Label(entry["zh"], entry["en"])
        codes = "、".join(e["code"] for e in known)
        raise DeadlineRefused(f"暂停理由须为下列之一 / the ground must be one of: {codes}", reason=reason)

    def _check_approver(self, connection: Any, requested_by: str | None, approved_by: str | None, at: datetime) -> None:
        if requested_by is None:
            return
        if approved_by is None or not self._directory.is_above(connection, approved_by, requested_by, at):
            raise DeadlineRefused("须由申请人的上级批准 / it needs the approval of somebody above", approved_by=approved_by)

    def _resumed(self, connection: Any, row: Row, at: datetime, requested_by: str | None, note: str) -> Row:
        assert row.paused_at is not None
        assert row.left_us is not None
        calendar = self._calendars.current(connection, at, row.area)
        due = due_after_pause(calendar, parse_limit(row.limit_text), at, row.left_us * _US)
        changed = replace(
            row,
            state="running",
            due_at=due,
            counted_from=at,
            left_us=None,
            paused_at=None,
            pause_reason=None,
            paused_us=row.paused_us + (at - row.paused_at) // _US,
            calendar=calendar.id,
            calendar_version=calendar.version,
        )
        changed = _with_next(changed, calendar)
        begin, after = moment_text(calendar, at), moment_text(calendar, due)
        text = Label(
            f"{begin.zh} 恢复计时，剩余时间续算，截止 {after.zh}", f"Resumed on {begin.en} with the time that was left, due {after.en}"
        )
        self._save(
            connection, row, changed, "resume", at, text, requested_by=requested_by, approved_by=None, reason=row.pause_reason, note=note
        )
        return changed

    def _save(self, connection: Any, before: Row, after: Row, kind: str, at: datetime, text: Label, **facts: Any) -> None:
        """Write a change, replace the alarm, move the instance's timers."""
        values = {f: getattr(after, f) for f in Row.__slots__ if getattr(after, f) != getattr(before, f)}
        self._advance(connection, before, values)
        store.add_change(
            connection,
            {
                "id": uuid7(_ms(at)),
                "deadline": before.id,
                "kind": kind,
                "at": at,
                "due_before": before.due_at,
                "due_after": after.due_at,
                "text_zh": text.zh,
                "text_en": text.en,
                **facts,
            },
        )
        if self._rearm is not None:
            self._rearm(connection, before.instance)

    def _advance(self, connection: Any, row: Row, values: Mapping[str, Any]) -> Row:
        """Write `values` with the next generation and set its alarm."""
        row = replace(row, **{**values, "generation": row.generation + 1})
        store.update(connection, row.id, {**values, "generation": row.generation})
        self._set_alarm(connection, row)
        return row

    def _set_alarm(self, connection: Any, row: Row) -> None:
        if row.next_at is not None:
            payload = {"deadline": row.id, "generation": row.generation}
            self._jobs.enqueue(connection, JOB, payload, at=row.next_at, key=f"deadline:{row.id}:{row.generation}")

    def _pass_thresholds(self, connection: Any, row: Row, at: datetime) -> None:
        calendar = self._calendar_of(connection, row)
        passed = _passed(row, calendar, at)
        told = self._warn(connection, row, passed[-1][0], at) if passed else []
        store.add_marks(connection, [_mark(row, p, m, at, told) for p, m in passed])
        index = row.next_step + len(passed)
        values: dict[str, Any] = {"next_step": index, "next_at": None}
        if index < len(row.steps):
            values["next_at"] = _counter(row, calendar).moment_of(row.steps[index])
        if row.overdue_at is None and any(p >= _OVERDUE for p, _ in passed):
            values["overdue_at"] = row.due_at
        row = self._advance(connection, row, values)
        self._escalate(connection, row, [p for p, _ in passed], at)

    def _escalate(self, connection: Any, row: Row, percents: Sequence[int], at: datetime) -> None:
        """Set going what these steps ask for besides notices; nothing for a ladder without actions."""
        if not any(p >= _OVERDUE for p in percents):
            return
        actions = self._escalation.wanted(connection, row, at)
        if not actions:
            return
        work = self._work_of(connection, row.token)
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
        work = self._work_of(connection, row.token)
        to = [s for name in who for s in self._recipients(connection, name, row, work, at)]
        calendar = self._calendar_of(connection, row)
        due, late = moment_text(calendar, row.due_at), percent >= _OVERDUE
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

    def _calendar_of(self, connection: Any, row: Row) -> Calendar:
        return self._calendars.version(connection, row.calendar, row.calendar_version)

    def _view(self, row: Row) -> DeadlineView:
        left = _left_text(row.left_us * _US, row.clock) if row.left_us is not None else None
        return DeadlineView(id=row.code, due=row.due_at, started=row.started_at, clock=row.clock, state=row.state, remaining=left)

    def _due(self, connection: Any, row: Row, at: datetime) -> Due:
        calendar = self._calendar_of(connection, row)
        moment = row.closed_at or row.paused_at or at
        counter = _counter(row, calendar)
        # while paused `due_at` is a forecast; what was used and left then is exact
        used = row.used_us / max(row.used_us + (row.left_us or 0), 1) if row.state == "paused" else counter.share_at(moment)
        working = row.clock == "working" and row.state in store.OPEN
        changed = store.changes(connection, row.id) if row.pauses or row.extensions else []
        text = Label("；".join([row.text_zh, *(c.text_zh for c in changed)]), "; ".join([row.text_en, *(c.text_en for c in changed)]))
        return Due(
            at=row.due_at,
            clock=row.clock,
            state=row.state,
            started=row.started_at,
            limit=row.limit_text,
            used=used,
            working_days_left=calendar.working_days_between(calendar.day_of(moment), calendar.day_of(row.due_at)) if working else None,
            computation=text,
            pause_reason=row.pause_reason,
            was_late=row.overdue_at is not None or (row.state == "running" and at > row.due_at),
        )


def _counter(row: Row, calendar: Calendar) -> Counter:
    return Counter(calendar=calendar, clock=row.clock, used=row.used_us * _US, counted_from=row.counted_from, due=row.due_at)


def _with_next(row: Row, calendar: Calendar) -> Row:
    """The row with its next alarm computed anew."""
    return replace(row, next_at=_counter(row, calendar).moment_of(row.steps[row.next_step]))


def _passed(row: Row, calendar: Calendar, at: datetime) -> list[tuple[int, datetime]]:
    """Thresholds not yet marked that lie at or before `at`, with their moments."""
    counter = _counter(row, calendar)
    moments = [(p, counter.moment_of(p)) for p in row.steps[row.next_step :]]
    return [(p, m) for p, m in moments if m <= at]


def _mark(row: Row, percent: int, passed: datetime, noticed: datetime, told: Sequence[str]) -> dict[str, Any]:
    return {"deadline": row.id, "percent": percent, "passed_at": passed, "noticed_at": noticed, "told": list(told)}


def _left_text(left: timedelta, clock: str) -> str:
    """ISO 8601; working time in hours only, since a working day has not 24 of them."""
    if clock == "natural":
        return duration_text(left)
    hours, rest = divmod(left // timedelta(minutes=1), 60)
    return f"PT{hours}H" + (f"{rest}M" if rest else "")


def _unknown(deadline: str) -> NotFound:
    return NotFound(f"没有名为 {deadline} 的时限 / there is no deadline {deadline} in this case", deadline=deadline)


def _ms(at: datetime) -> int:
    return int(at.timestamp() * 1000)
