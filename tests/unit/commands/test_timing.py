"""When timers fire."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from engine.commands.timing import resolve_timer
from engine.errors import ExpressionFailed
from engine.values import YearsMonths

SHANGHAI = ZoneInfo("Asia/Shanghai")
NOW = datetime(2026, 3, 2, 1, tzinfo=UTC)  # 9 o'clock in Shanghai


def _working(limit: str, start: datetime) -> datetime:
    assert limit == "5WD"
    return start + timedelta(days=7)


def _resolve(kind: str, value: Any, *, now: datetime = NOW, zone: ZoneInfo = SHANGHAI) -> tuple[datetime, str | None]:
    return resolve_timer(kind, value, now=now, zone=zone, working=_working)


@pytest.mark.parametrize(
    ("value", "due"),
    [
        ("PT2H", datetime(2026, 3, 2, 3, tzinfo=UTC)),
        ("P14D", datetime(2026, 3, 16, 1, tzinfo=UTC)),
        ("P1M", datetime(2026, 4, 2, 1, tzinfo=UTC)),
        ("P2W", datetime(2026, 3, 16, 1, tzinfo=UTC)),
        ("PT0.5S", datetime(2026, 3, 2, 1, 0, 0, 500_000, tzinfo=UTC)),
        ("-PT1H", datetime(2026, 3, 2, 0, tzinfo=UTC)),
        ("5WD", datetime(2026, 3, 9, 1, tzinfo=UTC)),
        (timedelta(hours=3), datetime(2026, 3, 2, 4, tzinfo=UTC)),
        (YearsMonths(12), datetime(2027, 3, 2, 1, tzinfo=UTC)),
        ("2026-03-05", datetime(2026, 3, 4, 16, tzinfo=UTC)),
        ("2026-03-05T09:00:00", datetime(2026, 3, 5, 1, tzinfo=UTC)),
        ("2026-03-05T09:00:00Z", datetime(2026, 3, 5, 9, tzinfo=UTC)),
        (date(2026, 3, 5), datetime(2026, 3, 4, 16, tzinfo=UTC)),
        (datetime(2026, 3, 5, 9, tzinfo=SHANGHAI), datetime(2026, 3, 5, 1, tzinfo=UTC)),
        ({"due": NOW, "state": "running"}, NOW),
    ],
    ids=str,
)
def test_a_date_or_duration_gives_its_moment_and_no_more(value: Any, due: datetime) -> None:
    assert _resolve("duration", value) == (due, None)
    assert _resolve("date", value) == (due, None)


def test_a_day_is_a_day_of_the_calendar_and_an_hour_an_hour_of_the_clock() -> None:
    berlin, before = ZoneInfo("Europe/Berlin"), datetime(2026, 3, 28, 11, tzinfo=UTC)  # the night after, clocks go forward
    assert _resolve("duration", "P1D", now=before, zone=berlin)[0] - before == timedelta(hours=23)
    assert _resolve("duration", "PT24H", now=before, zone=berlin)[0] - before == timedelta(hours=24)


@pytest.mark.parametrize("value", ["", "P", "PT", "soon", "5WX", None, True, 7, ["PT1H"]], ids=str)
def test_what_is_no_date_or_duration_is_refused(value: Any) -> None:
    with pytest.raises(ExpressionFailed):
        _resolve("duration", value)


def _firings(text: str, count: int) -> list[datetime]:
    """The first firings of a cycle, each resolved when the one before fires."""
    found, rest, now = [], text, NOW
    while rest is not None and len(found) < count:
        due, rest = _resolve("cycle", rest, now=now)
        found.append(due)
        now = max(now, due)
    return found


@pytest.mark.parametrize(
    ("text", "hours"),
    [
        ("R3/PT1H", [1, 2, 3]),
        ("R1/PT1H", [1]),
        ("R/PT2H", [2, 4, 6, 8]),
        ("R-1/PT2H", [2, 4, 6, 8]),
        ("PT2H", [2, 4, 6, 8]),
        ("R2/2026-03-02T05:00:00Z/PT1H", [4, 5]),
    ],
)
def test_a_cycle_fires_in_its_rhythm_as_often_as_it_says(text: str, hours: list[int]) -> None:
    assert _firings(text, 4) == [NOW + timedelta(hours=h) for h in hours]


def test_a_late_alarm_does_not_shift_the_rhythm() -> None:
    _, rest = _resolve("cycle", "R3/PT1H")
    late = NOW + timedelta(hours=1, minutes=20)
    assert _resolve("cycle", rest, now=late)[0] == NOW + timedelta(hours=2)


def test_an_endless_cycle_that_was_missed_fires_once_and_goes_on_in_its_rhythm() -> None:
    _, rest = _resolve("cycle", "R/PT1H")
    late = NOW + timedelta(days=3, minutes=5)
    due, rest = _resolve("cycle", rest, now=late)
    assert due == NOW + timedelta(days=3)
    assert _resolve("cycle", rest, now=late)[0] == NOW + timedelta(days=3, hours=1)


@pytest.mark.parametrize("text", ["R0/PT1H", "R3", "3/PT1H", "R3/PT0S", "R3/-PT1H", "Rx/PT1H", 5], ids=str)
def test_a_cycle_that_does_not_go_on_is_refused(text: Any) -> None:
    with pytest.raises(ExpressionFailed):
        _resolve("cycle", text)


def test_an_endless_cycle_of_seconds_that_was_missed_for_decades_is_caught_up_at_once() -> None:
    due, rest = _resolve("cycle", "R/1990-01-01T00:00:00Z/PT7S")
    elapsed = NOW - datetime(1990, 1, 1, tzinfo=UTC)
    assert due == NOW - elapsed % timedelta(seconds=7)
    assert rest == f"R/{(due + timedelta(seconds=7)).isoformat()}/PT7S"
