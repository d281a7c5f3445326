"""Counting back from a meeting: the day of the meeting is not counted, working days follow the calendar."""

from __future__ import annotations

from datetime import date, datetime

import pytest

from engine.definitions.model import Label
from governance.calendars.calendar import Calendar, DayRule
from governance.calendars.limits import parse_limit
from governance.meetings.periods import latest, periods

#: Friday 1 May is a holiday, Saturday 9 May a make-up working day
CALENDAR = Calendar(
    days={
        **{date(2026, 5, d): DayRule(kind="rest", name=Label("劳动节", "Labour Day")) for d in (1, 2, 3, 4, 5)},
        date(2026, 5, 9): DayRule(kind="work", name=Label("调休", "make-up")),
    },
    years=frozenset({2026}),
)


def at(text: str) -> datetime:
    return datetime.fromisoformat(f"2026-{text}+08:00")


@pytest.mark.parametrize(
    ("limit", "start", "expected"),
    [
        ("P7D", "03-12T09:00", "03-06T00:00"),  # 5 March, 24:00
        ("P1D", "03-12T09:00", "03-12T00:00"),
        ("P15D", "05-09T14:00", "04-25T00:00"),
        ("3WD", "03-09T09:00", "03-04T17:30"),  # over a weekend
        ("2WD", "05-07T09:00", "04-30T17:30"),  # over the holiday
        ("1WD", "05-11T09:00", "05-09T17:30"),  # the make-up Saturday counts
        ("PT4H", "03-12T09:00", "03-12T05:00"),
        ("4WH", "03-09T10:00", "03-06T14:30"),  # 1 h on Monday, 3 h on Friday afternoon
    ],
)
def test_the_latest_moment_leaves_the_whole_period(limit, start, expected):
    assert latest(CALENDAR, parse_limit(limit), at(start)) == at(expected)


def test_the_account_names_the_period_the_day_and_the_calendar():
    found = periods(CALENDAR, {"notice": "P7D", "materials": None}, at("03-12T09:00"))
    assert found["materials"] is None
    assert "提前 7 天" in found["notice"]["zh"]
    assert "3月5日(周四) 24:00" in found["notice"]["zh"]
    assert "Thu 05 Mar 2026 24:00" in found["notice"]["en"]
