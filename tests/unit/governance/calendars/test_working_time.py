"""Arithmetic of working days, working hours and natural periods, with China's holidays of 2026 (State Council's notice)."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.definitions.model import Label
from engine.values import YearsMonths
from governance.calendars.calendar import Calendar, DayRule, NoWorkingDay
from governance.calendars.limits import BadLimit, compute, moment_text, parse_limit, until
from governance.calendars.published import published_days, published_years

CN = Calendar(days=published_days(2024), years=published_years())


def at(text: str) -> datetime:
    """A moment in Shanghai time."""
    return datetime.fromisoformat(text).replace(tzinfo=CN.zone)


def shown(moment: datetime) -> str:
    return f"{moment.astimezone(CN.zone):%Y-%m-%d %H:%M}"


@pytest.mark.parametrize(
    ("start", "limit", "due"),
    [
        # an ordinary week
        ("2026-03-02T09:00", "5WD", "2026-03-09 17:30"),
        ("2026-03-02T09:00", "3WD", "2026-03-05 17:30"),
        ("2026-03-02T23:59", "1WD", "2026-03-03 17:30"),
        # the event on a rest day
        ("2026-03-07T10:00", "1WD", "2026-03-09 17:30"),
        # make-up Saturday before the Spring Festival counts, the nine days off do not
        ("2026-02-12T10:00", "2WD", "2026-02-14 17:30"),
        ("2026-02-12T10:00", "5WD", "2026-02-26 17:30"),
        # make-up Saturday after Labour Day
        ("2026-04-30T10:00", "3WD", "2026-05-08 17:30"),
        ("2026-04-30T10:00", "4WD", "2026-05-09 17:30"),
        # over the turn of the year: 1–3 January off, Sunday 4 January made up
        ("2025-12-31T10:00", "1WD", "2026-01-04 17:30"),
        # working hours: over lunch, over a weekend, begun at night, begun on a holiday
        ("2026-03-02T11:00", "4WH", "2026-03-02 16:30"),
        ("2026-03-06T16:30", "4WH", "2026-03-09 12:00"),
        ("2026-03-02T20:00", "1WH", "2026-03-03 10:00"),
        ("2026-02-18T10:00", "7WH", "2026-02-24 17:30"),
        # elapsed time ignores the calendar
        ("2026-03-06T17:00", "PT2H", "2026-03-06 19:00"),
        ("2026-02-14T17:00", "P1DT12H", "2026-02-16 05:00"),
        # natural days end at 24:00, or on the next working day at closing time
        ("2026-03-02T09:00", "P14D", "2026-03-17 00:00"),
        ("2026-03-02T09:00", "P5D", "2026-03-09 17:30"),
        ("2026-02-14T09:00", "P7D", "2026-02-24 17:30"),
        ("2026-03-02T09:00", "P2W", "2026-03-17 00:00"),
        # months end on the corresponding day, or the last of a shorter month (a make-up Saturday here)
        ("2026-01-31T09:00", "P1M", "2026-03-01 00:00"),
        ("2026-03-31T09:00", "P1M", "2026-05-01 00:00"),
        ("2025-03-02T09:00", "P1Y", "2026-03-03 00:00"),
    ],
)
def test_a_limit_ends_when_the_law_says(start: str, limit: str, due: str) -> None:
    assert shown(compute(CN, parse_limit(limit), at(start)).due) == due


def test_the_day_of_the_event_is_that_of_the_calendars_zone() -> None:
    late_in_utc = datetime(2026, 3, 2, 17, 0, tzinfo=UTC)  # 3 March 01:00 in Shanghai
    assert shown(compute(CN, parse_limit("1WD"), late_in_utc).due) == "2026-03-04 17:30"


@pytest.mark.parametrize("text", ["", "5", "WD", "0WD", "P", "PT", "P0D", "PT0S", "-P1D", "5 WD", "R3/PT1H", None, 5, "P1.5D"])
def test_what_is_no_limit_is_refused_with_the_text(text: object) -> None:
    with pytest.raises(BadLimit) as refused:
        parse_limit(text)
    assert refused.value.details["value"] == str(text)


def test_feel_durations_are_limits_of_the_natural_clock() -> None:
    assert parse_limit(timedelta(days=14)).text == "P14D"
    assert parse_limit(timedelta(hours=2)).unit == "T"
    assert parse_limit(YearsMonths(2)).clock == "natural"
    assert parse_limit("5wd").clock == "working"


def test_the_account_names_skipped_and_made_up_days_and_the_version() -> None:
    account = compute(CN, parse_limit("5WD"), at("2026-02-12T10:00"))
    assert account.rule == "working_days"
    assert len(account.skipped) == 9
    assert account.skipped[0] == (date(2026, 2, 15), Label("春节", "Spring Festival"))
    assert account.made_up == (date(2026, 2, 14),)
    assert account.unconfirmed == ()
    assert "5 个工作日" in account.text.zh
    assert "2026年2月26日(周四) 17:30" in account.text.zh
    assert "春节" in account.text.zh
    assert "9 rest days skipped" in account.text.en
    assert "Civil Code 201" in account.text.en
    assert account.as_json()["calendar_version"] == 1


def test_the_account_of_a_moved_natural_period_says_why() -> None:
    account = compute(CN, parse_limit("P5D"), at("2026-03-02T09:00"))
    assert [d for d, _ in account.skipped] == [date(2026, 3, 7), date(2026, 3, 8)]
    assert "末日 2026年3月7日(周六) 为休息日" in account.text.zh


def test_a_year_without_entered_holidays_is_said_to_be_provisional() -> None:
    account = compute(CN, parse_limit("5WD"), at("2026-12-30T10:00"))
    assert account.unconfirmed == (2027,)
    assert "2027 年节假日尚未录入" in account.text.zh
    assert compute(CN, parse_limit("PT2H"), at("2027-12-30T10:00")).unconfirmed == ()


def test_midnight_at_the_end_of_a_day_reads_as_24_00() -> None:
    assert moment_text(CN, CN.end_of_day(date(2026, 3, 16))).zh == "2026年3月16日(周一) 24:00"


def test_hours_of_a_single_day_may_differ() -> None:
    short = Calendar(days={date(2026, 3, 3): DayRule(kind="work", hours=((time(9), time(11)),))})
    assert shown(compute(short, parse_limit("1WD"), at("2026-03-02T09:00")).due) == "2026-03-03 11:00"
    assert shown(compute(short, parse_limit("4WH"), at("2026-03-03T09:00")).due) == "2026-03-04 11:00"


def test_a_calendar_that_never_works_is_refused_instead_of_searched_for_ever() -> None:
    never = Calendar(days={date(2026, 1, 1) + timedelta(days=n): DayRule(kind="rest") for n in range(800)})
    with pytest.raises(NoWorkingDay):
        never.add_working_days(date(2026, 1, 1), 1)
    with pytest.raises(NoWorkingDay):
        never.add_working_time(at("2026-01-01T09:00"), timedelta(hours=1))


DAYS = st.dates(date(2024, 1, 1), date(2026, 12, 31))


@given(day=DAYS, count=st.integers(-60, 60))
def test_between_undoes_add(day: date, count: int) -> None:
    if count < 0:
        day = CN.next_working_day(day)
    assert CN.working_days_between(day, CN.add_working_days(day, count)) == count


@given(day=DAYS, minute=st.integers(0, 24 * 60 - 1), minutes=st.integers(0, 5000))
def test_working_time_between_undoes_add(day: date, minute: int, minutes: int) -> None:
    start = datetime.combine(day, time(0), CN.zone) + timedelta(minutes=minute)
    amount = timedelta(minutes=minutes)
    assert CN.working_time_between(start, CN.add_working_time(start, amount)) == amount


@given(start=DAYS, first=st.integers(0, 3000), second=st.integers(0, 3000))
def test_working_time_adds_up(start: date, first: int, second: int) -> None:
    begin = datetime.combine(start, time(8), CN.zone)
    a, b = timedelta(minutes=first), timedelta(minutes=second)
    assert CN.add_working_time(CN.add_working_time(begin, a), b) == CN.add_working_time(begin, a + b)


@pytest.mark.parametrize(
    ("moment", "text", "due"),
    [
        (datetime(2026, 3, 5, 12, tzinfo=CN.zone), "P3DT2H30M0S", datetime(2026, 3, 5, 12, tzinfo=CN.zone)),
        ("2026-03-05T12:00:00+08:00", "P3DT2H30M0S", datetime(2026, 3, 5, 12, tzinfo=CN.zone)),
        ("2026-03-05T12:00:00", "P3DT2H30M0S", datetime(2026, 3, 5, 12, tzinfo=CN.zone)),
        (date(2026, 3, 2), "P0DT14H30M0S", datetime(2026, 3, 3, tzinfo=CN.zone)),
        ("2026-03-02", "P0DT14H30M0S", datetime(2026, 3, 3, tzinfo=CN.zone)),
        (datetime(2026, 3, 2, 9, 30, 0, 1, tzinfo=CN.zone), "P0DT0H0M1S", datetime(2026, 3, 2, 9, 30, 1, tzinfo=CN.zone)),
        (datetime(2020, 1, 1, tzinfo=CN.zone), "P0DT0H0M1S", datetime(2026, 3, 2, 9, 30, 1, tzinfo=CN.zone)),
    ],
)
def test_a_due_moment_counts_as_the_time_until_it(moment, text, due):
    begin = datetime(2026, 3, 2, 9, 30, tzinfo=CN.zone)
    limit = until(CN, moment, begin)
    assert limit == text
    assert compute(CN, parse_limit(limit), begin).due == due


@pytest.mark.parametrize("limit", ["5WD", "P3D", timedelta(hours=2), None])
def test_a_limit_is_no_moment(limit):
    assert until(CN, limit, datetime(2026, 3, 2, tzinfo=CN.zone)) == limit
