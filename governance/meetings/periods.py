"""Counting back from a meeting: the latest moment for its notice and its materials (D5; domain 3.4).

The day of the meeting is not counted: 7 days before the 9th is the 2nd, until 24:00. Working days end at closing time; hours are
elapsed time.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from engine.definitions.model import Label
from governance.calendars.calendar import Calendar
from governance.calendars.limits import Limit, limit_text, moment_text, parse_limit

WORKING_DAYS, WORKING_HOURS, ELAPSED = "WD", "WH", "T"


def latest(calendar: Calendar, limit: Limit, start: datetime) -> datetime:
    """The latest moment that leaves `limit` before `start`."""
    if limit.unit == WORKING_DAYS:
        return calendar.closing(calendar.add_working_days(calendar.day_of(start), -limit.count))
    if limit.unit == WORKING_HOURS:
        return _working_hours_before(calendar, start, timedelta(hours=limit.count))
    assert limit.span is not None
    if limit.unit == ELAPSED:
        return start - limit.span
    return calendar.end_of_day(calendar.day_of(start) - limit.span)


def periods(calendar: Calendar, rules: Mapping[str, Any], start: datetime) -> dict[str, Any]:
    """{notice, materials}: each {limit, latest, zh, en} or null where the kind has no such period."""
    return {key: _period(calendar, rules.get(key), start, *words) for key, words in _WORDS.items()} | {
        "calendar": calendar.id,
        "calendar_version": calendar.version,
    }


_WORDS = {"notice": ("会议通知", "notice"), "materials": ("会议材料", "materials")}


def _period(calendar: Calendar, value: Any, start: datetime, zh: str, en: str) -> dict[str, Any] | None:
    if value is None:
        return None
    limit = parse_limit(value)
    at = latest(calendar, limit, start)
    amount, day, moment = limit_text(limit), moment_text(calendar, start), moment_text(calendar, at)
    text = Label(
        f"{zh}须提前 {amount.zh}（会议 {day.zh}，当日不计），最迟 {moment.zh}；日历 {calendar.id} 第 {calendar.version} 版",
        f"{en} {amount.en} ahead of {day.en}, that day not counted: {moment.en} at the latest; calendar {calendar.id}, version "
        f"{calendar.version}",
    )
    return {"limit": limit.text, "latest": at, "zh": text.zh, "en": text.en}


def _working_hours_before(calendar: Calendar, start: datetime, amount: timedelta) -> datetime:
    """The latest moment from which `amount` of working time remains until `start`."""
    day, left = calendar.day_of(start), amount
    while True:
        for opens, closes in reversed(calendar.hours_of(day)):
            begin, end = calendar.moment(day, opens), min(calendar.moment(day, closes), start)
            if end <= begin:
                continue
            if end - begin >= left:
                return end - left
            left -= end - begin
        day = calendar.add_working_days(day, -1)
