"""Pause, resumption and extension of a deadline, each approved from above and kept with its computation."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

from engine.definitions.model import Label
from engine.ports import DeadlineView
from governance.calendars.calendars import Calendars
from governance.calendars.limits import limit_text, moment_text, parse_limit
from governance.deadlines import store
from governance.deadlines.counting import due_after_pause, due_extended
from governance.deadlines.records import MICROSECOND, DeadlineRefused, Records, counter_of, unknown, with_next
from governance.deadlines.store import Row
from governance.deadlines.views import view
from governance.directory.directory import Directory
from governance.settings.settings import Settings


class Changes:
    """What moves a deadline besides time."""

    def __init__(self, records: Records, calendars: Calendars, settings: Settings, directory: Directory) -> None:
        self._records, self._calendars, self._settings, self._directory = records, calendars, settings, directory

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
        row = self._records.running(connection, instance, deadline)
        if at >= row.due_at:
            raise DeadlineRefused("时限已届满，不能再暂停 / the deadline has passed and cannot be paused any more")
        label = self._pause_reason(connection, row, reason, at)
        self._check_approver(connection, requested_by, approved_by, at)
        most = int(self._settings.get(connection, "deadlines.max_pauses", at, row.area))
        if row.pauses >= most:
            raise DeadlineRefused(f"最多暂停 {most} 次 / it may be paused {most} times at most", pauses=row.pauses)
        budget = timedelta(days=int(self._settings.get(connection, "deadlines.max_pause_days", at, row.area))) - row.paused_us * MICROSECOND
        if budget <= timedelta(0):
            raise DeadlineRefused("累计暂停天数已用完 / no days are left for pausing")
        calendar = self._records.calendar_of(connection, row)
        counter = counter_of(row, calendar)
        left = counter.between(at, row.due_at)
        until = at + budget
        changed = replace(
            row,
            state="paused",
            used_us=counter.used_at(at) // MICROSECOND,
            left_us=left // MICROSECOND,
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
        self._records.save(
            connection, row, changed, "pause", at, text, requested_by=requested_by, approved_by=approved_by, reason=reason, note=note
        )
        return view(changed)

    def resume(
        self, connection: Any, instance: str, deadline: str, *, requested_by: str | None, at: datetime, note: str = ""
    ) -> DeadlineView:
        """Let the clock run again: the remaining time is added to `at` in the calendar now in force. Raises NotFound, DeadlineRefused."""
        row = store.newest(connection, instance, deadline, lock=True)
        if row is None:
            raise unknown(deadline)
        if row.state != "paused":
            raise DeadlineRefused("该时限没有暂停 / this deadline is not paused", state=row.state)
        return view(self.resumed(connection, row, at, requested_by, note))

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
        row = self._records.running(connection, instance, deadline)
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
        changed = with_next(changed, calendar)
        before, after, name = moment_text(calendar, row.due_at), moment_text(calendar, due), limit_text(amount)
        text = Label(f"延期 {name.zh}：由 {before.zh} 延至 {after.zh}", f"Extended by {name.en}: from {before.en} to {after.en}")
        self._records.save(
            connection, row, changed, "extend", at, text, requested_by=requested_by, approved_by=approved_by, reason=None, note=reason
        )
        return view(changed)

    def resumed(self, connection: Any, row: Row, at: datetime, requested_by: str | None, note: str) -> Row:
        """The paused row runs again from `at`."""
        assert row.paused_at is not None
        assert row.left_us is not None
        calendar = self._calendars.current(connection, at, row.area)
        due = due_after_pause(calendar, parse_limit(row.limit_text), at, row.left_us * MICROSECOND)
        changed = replace(
            row,
            state="running",
            due_at=due,
            counted_from=at,
            left_us=None,
            paused_at=None,
            pause_reason=None,
            paused_us=row.paused_us + (at - row.paused_at) // MICROSECOND,
            calendar=calendar.id,
            calendar_version=calendar.version,
        )
        changed = with_next(changed, calendar)
        begin, after = moment_text(calendar, at), moment_text(calendar, due)
        text = Label(
            f"{begin.zh} 恢复计时，剩余时间续算，截止 {after.zh}", f"Resumed on {begin.en} with the time that was left, due {after.en}"
        )
        self._records.save(
            connection, row, changed, "resume", at, text, requested_by=requested_by, approved_by=None, reason=row.pause_reason, note=note
        )
        return changed

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
