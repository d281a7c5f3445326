"""Thresholds, pauses and extensions of a deadline, without a database."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest

from governance.calendars.calendar import Calendar
from governance.calendars.limits import compute, parse_limit
from governance.calendars.published import published_days, published_years
from governance.deadlines.counting import Counter, due_after_pause, due_extended

CN = Calendar(days=published_days(2024), years=published_years())


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=CN.zone)


def shown(moment: datetime) -> str:
    return f"{moment.astimezone(CN.zone):%m-%d %H:%M}"


def counter(limit: str, start: str, used: timedelta = timedelta(0)) -> Counter:
    parsed, begin = parse_limit(limit), at(start)
    return Counter(calendar=CN, clock=parsed.clock, used=used, counted_from=begin, due=compute(CN, parsed, begin).due)


@pytest.mark.parametrize(
    ("limit", "start", "percent", "moment"),
    [
        ("PT2H", "2026-03-06T17:00", 50, "03-06 18:00"),
        ("PT2H", "2026-03-06T17:00", 100, "03-06 19:00"),
        ("PT2H", "2026-03-06T17:00", 200, "03-06 21:00"),
        # 2 working days from Thursday 09:00: 7 hours of Thursday, 7 of Friday, 7 of Monday
        ("2WD", "2026-03-05T09:00", 50, "03-06 14:00"),
        ("2WD", "2026-03-05T09:00", 100, "03-09 17:30"),
        ("2WD", "2026-03-05T09:00", 200, "03-12 17:30"),
    ],
)
def test_a_threshold_is_counted_in_the_deadlines_own_clock(limit: str, start: str, percent: int, moment: str) -> None:
    assert shown(counter(limit, start).moment_of(percent)) == moment


def test_time_used_before_a_pause_counts() -> None:
    half_used = counter("PT2H", "2026-03-06T17:00", used=timedelta(hours=2))
    assert half_used.total == timedelta(hours=4)
    assert shown(half_used.moment_of(80)) == "03-06 18:12"
    assert half_used.moment_of(50) == at("2026-03-06T17:00")
    assert half_used.share_at(at("2026-03-06T18:00")) == 0.75


@pytest.mark.parametrize(
    ("limit", "start", "paused", "resumed", "due"),
    [
        ("PT2H", "2026-03-06T17:00", "2026-03-06T17:30", "2026-03-08T10:00", "03-08 11:30"),
        # paused on Wednesday 10:00 with Friday 17:30 ahead; resumed at the same moment: nothing changes
        ("5WD", "2026-02-27T10:00", "2026-03-04T10:00", "2026-03-04T10:00", "03-05 17:30"),
        # six hours of Wednesday, Thursday left = 13 hours; resumed Monday 11:00: 5 + 7 + 1, to the end of that day
        ("5WD", "2026-02-27T10:00", "2026-03-04T10:00", "2026-03-09T11:00", "03-11 17:30"),
        ("4WH", "2026-03-02T09:00", "2026-03-02T10:00", "2026-03-03T16:30", "03-04 11:00"),
        # natural days end at the end of a day, not on a rest day
        ("P14D", "2026-03-02T09:00", "2026-03-05T12:00", "2026-03-06T12:00", "03-18 00:00"),
        ("P4D", "2026-03-02T09:00", "2026-03-05T12:00", "2026-03-06T12:00", "03-09 17:30"),
    ],
)
def test_the_time_left_is_kept_over_a_pause(limit: str, start: str, paused: str, resumed: str, due: str) -> None:
    before = counter(limit, start)
    left = before.between(at(paused), before.due)
    assert shown(due_after_pause(CN, parse_limit(limit), at(resumed), left)) == due


@pytest.mark.parametrize(
    ("due", "by", "new"),
    [
        ("2026-03-05T17:30", "3WD", "03-10 17:30"),
        ("2026-03-17T00:00", "1WD", "03-17 17:30"),
        ("2026-03-17T00:00", "P2D", "03-19 00:00"),
        ("2026-03-05T17:30", "P2D", "03-09 17:30"),
        ("2026-03-05T17:30", "2WH", "03-06 11:00"),
        ("2026-03-05T17:30", "PT2H", "03-05 19:30"),
    ],
)
def test_an_extension_is_added_to_the_due_moment(due: str, by: str, new: str) -> None:
    assert shown(due_extended(CN, at(due), parse_limit(by))) == new
