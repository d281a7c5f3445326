"""A day becomes a holiday or a make-up day while a meeting is being called: which calendar its periods are counted in."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Any

import pytest

from engine.definitions.model import Label
from engine.errors import ServiceRefused
from governance.calendars.calendar import DayRule
from tests.hall import START, Hall

#: the meeting is on Thursday 12 March: five working days before it are the 5th, at closing time
RULES = {"notice": "5WD", "materials": "2WD"}
HOLIDAY = {date(2026, 3, 6): DayRule(kind="rest", name=Label("临时放假", "holiday"))}
MAKE_UP = {date(2026, 3, 7): DayRule(kind="work", name=Label("调休上班", "make-up day"))}


def at(text: str) -> datetime:
    return datetime.fromisoformat(f"2026-{text}+08:00")


def publish(hall: Hall, days: dict[date, DayRule]) -> None:
    with hall.app.database.write() as connection:
        hall.app.calendars.publish(connection, hall.now, by="clerk", basis="市府〔2026〕3 号", days=days)


def notice(hall: Hall, meeting: str) -> Any:
    return hall.page("clerk", meeting).notice


def test_a_draft_is_sent_by_the_calendar_of_that_day_when_a_day_became_a_holiday(hall: Hall) -> None:
    meeting = hall.opened(rules=RULES)["meeting"]
    assert notice(hall, meeting).latest == at("03-05T17:30")
    publish(hall, HOLIDAY)
    hall.move(at("03-05T10:00"))
    with pytest.raises(ServiceRefused, match="3月4日") as refused:
        hall.m("send", meeting=meeting)
    assert refused.value.details["code_of_rule"] == "meeting_notice"
    assert "第 2 版" in str(refused.value)


def test_a_draft_is_sent_by_the_calendar_of_that_day_when_a_saturday_is_made_up(hall: Hall) -> None:
    meeting = hall.opened(rules=RULES)["meeting"]
    publish(hall, MAKE_UP)
    hall.move(at("03-06T10:00"))
    hall.m("send", meeting=meeting)
    assert notice(hall, meeting).latest == at("03-06T17:30")
    assert "第 2 版" in notice(hall, meeting).text.zh
    assert "version 2" in notice(hall, meeting).text.en


def test_a_meeting_that_was_called_keeps_its_periods(hall: Hall) -> None:
    meeting = hall.announced(rules=RULES)
    publish(hall, HOLIDAY | {date(2026, 3, 11): DayRule(kind="rest")})
    page = hall.page("clerk", meeting)
    assert (page.notice.latest, page.materials_period.latest) == (at("03-05T17:30"), at("03-10T17:30"))
    assert "第 1 版" in page.notice.text.zh
    hall.move(at("03-10T10:00"))
    hall.m("send", meeting=meeting, materials=[])


def test_another_date_is_counted_in_the_newest_calendar(hall: Hall) -> None:
    meeting = hall.announced(rules=RULES)
    publish(hall, MAKE_UP)
    start = START + timedelta(days=1)
    hall.m("reschedule", meeting=meeting, start_at=start, end_at=start + timedelta(hours=2), reason="场地冲突")
    assert notice(hall, meeting).latest == at("03-07T17:30")
    assert "第 2 版" in notice(hall, meeting).text.zh
