"""The public announcement of a meeting: by when it must be on show, and how early a meeting may be that is announced now.

Counted as the notice is (`periods.latest`): the day of the meeting is not counted, a week before the 16th is the 9th until 24:00.
"""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from typing import Any

from engine.errors import ServiceRefused
from governance.calendars.calendar import Calendar
from governance.calendars.limits import Limit, day_text, limit_text, parse_limit
from governance.meetings.periods import latest
from governance.meetings.work import Row, Work, moment

#: days looked ahead for the first possible one; no announcement takes longer
_FAR = 400
_LAST_MINUTE = time(23, 59)


def announcement(work: Work, meeting: str, ahead: Any, shown_at: Any) -> dict[str, Any]:
    """`latest`: the last moment to put the announcement on show (the start where no period is asked); `in_time`: it was on show by
    then; `earliest`: the first day on which a meeting may be held that is announced now."""
    row = work.meeting(meeting, lock=False)
    calendar, start = work.calendar(row["area"]), row["start_at"]
    limit = parse_limit(ahead) if ahead else None
    by = start if limit is None else latest(calendar, limit, start)
    shown = None if shown_at is None else moment(shown_at, "shown_at")
    return {
        "latest": by,
        "in_time": limit is None or (shown is not None and shown <= by),
        "earliest": calendar.day_of(work.now) if limit is None else _first_day(calendar, limit, work.now),
    }


def check_date(work: Work, row: Row, start: datetime, ahead: Any) -> None:
    """A new date leaves the public its time, even if the announcement went up this minute. Raises ServiceRefused."""
    if not ahead or not row["open_to_public"]:
        return
    limit, calendar = parse_limit(ahead), work.calendar(row["area"])
    if latest(calendar, limit, start) >= work.now:
        return
    text, first = limit_text(limit), day_text(_first_day(calendar, limit, work.now))
    raise ServiceRefused(
        f"公告须提前{text.zh}，最早 {first.zh} / it must be announced {text.en} ahead: {first.en} at the earliest",
        pointer="/start_at", code_of_rule="announcement",
    )  # fmt: skip


def _first_day(calendar: Calendar, limit: Limit, now: datetime) -> date:
    today = calendar.day_of(now)
    days = (today + timedelta(days=n) for n in range(_FAR))
    return next(day for day in days if latest(calendar, limit, calendar.moment(day, _LAST_MINUTE)) >= now)
