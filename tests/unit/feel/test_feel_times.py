"""Named zones, years of nine digits, nanoseconds: what Python's own dates and times cannot say."""

from __future__ import annotations

import copy
import pickle
import random
from datetime import UTC, date, datetime, time, timedelta, timezone
from decimal import Decimal
from zoneinfo import ZoneInfo

import pytest

from engine.feel import Environment, FeelSyntaxError, compile_expression
from engine.feel.wide import civil, day_number_of
from engine.feel.zones import region
from engine.values import ValueRefused, dumps, loads, normalise

EAST8 = timezone(timedelta(hours=8))


def value(text: str, **variables: object) -> object:
    return compile_expression(text).evaluate(variables, Environment(zone=EAST8))


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        # the day on which clocks go forward has 23 hours, so a day later is an hour later on the clock
        ('string(@"2026-03-28T12:00:00@Europe/Berlin" + @"P1D")', "2026-03-29T13:00:00@Europe/Berlin"),
        ('string(@"2026-03-29T13:00:00@Europe/Berlin" - @"P1D")', "2026-03-28T12:00:00@Europe/Berlin"),
        ('@"2026-03-29T12:00:00@Europe/Berlin" - @"2026-03-28T12:00:00@Europe/Berlin"', timedelta(hours=23)),
        ('string(@"2026-01-31T12:00:00@Europe/Berlin" + @"P1M")', "2026-02-28T12:00:00@Europe/Berlin"),
        # the hour that comes twice is told apart by adding, not by its text
        ('(@"2026-10-25T02:30:00@Europe/Berlin" + @"PT1H").time offset', timedelta(hours=1)),
        ('(@"2026-10-25T02:30:00@Europe/Berlin" + @"PT1H") = @"2026-10-25T02:30:00+01:00"', True),
        ('@"2026-07-01T12:00:00@Asia/Shanghai" = @"2026-07-01T12:00:00+08:00"', True),
        ('@"2026-07-01T12:00:00@Asia/Shanghai" < @"2026-07-01T12:00:00@Asia/Tokyo"', False),
        ('@"2026-07-01T12:00:00@Asia/Shanghai" < @"2026-07-01T12:00:00"', None),
        ('is(@"2026-07-01T12:00:00@Asia/Shanghai", @"2026-07-01T12:00:00+08:00")', False),
        ('is(@"12:00:00@Asia/Shanghai", @"12:00:00@Asia/Shanghai")', True),
        ('@"2026-07-01T12:00:00@Asia/Shanghai".timezone', "Asia/Shanghai"),
        ('@"2026-07-01T12:00:00+08:00".timezone', None),
        ('@"12:00:00@Asia/Shanghai".time offset', timedelta(hours=8)),
        ('@"12:00:00@Europe/Berlin" = @"12:00:00+01:00"', True),
        ('string(time(@"2026-07-01T12:00:00@Asia/Shanghai"))', "12:00:00@Asia/Shanghai"),
        ('string({at: @"2026-07-01T12:00:00@Asia/Tokyo"}.at)', "2026-07-01T12:00:00@Asia/Tokyo"),
        ('string(date and time(@"2026-07-01T12:00:00Z", "Asia/Shanghai"))', "2026-07-01T20:00:00@Asia/Shanghai"),
        ('string(date and time(@"2026-07-01T12:00:00", "Asia/Shanghai"))', "2026-07-01T12:00:00@Asia/Shanghai"),
        ('date and time(@"2026-07-01T12:00:00", "Asia/Nowhere")', None),
        ('date and time("2026-07-01T12:00:00+08:00@Asia/Shanghai")', None),
        ('time("12:00:00@America/Toronto") != null', True),
        ('time("12:00:00@../etc/passwd")', None),
        # a zone knows an answer for every year
        ('string(@"20000-07-01T12:00:00@Europe/Berlin" + @"P1D")', "20000-07-02T12:00:00@Europe/Berlin"),
        ('@"20000-07-01T12:00:00@Europe/Berlin".time offset', timedelta(hours=2)),
        ('@"-0044-03-15T12:00:00@Europe/Rome" < @"0001-01-01T00:00:00Z"', True),
    ],
)
def test_named_zones(text, expected):
    assert value(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ('string(@"9999-12-31" + @"P1D")', "10000-01-01"),
        ('@"10000-01-01" - @"P1D"', date(9999, 12, 31)),
        ('string(@"0001-01-01" - @"P1D")', "0000-12-31"),
        ('string(@"-0001-01-01" - @"P1M")', "-0002-12-01"),
        ('@"-0044-03-15" < @"2026-01-01"', True),
        ('@"-0044-03-15" = @"-0044-03-15"', True),
        ('@"12026-01-01" > @"2026-01-01T00:00:00Z"', None),
        ('@"-0044-03-15".year', Decimal(-44)),
        ('@"12026-03-02".weekday', Decimal(1)),
        ('day of week(@"10000-01-01")', "Saturday"),
        ('day of year(@"12028-12-31")', Decimal(366)),
        ('week of year(@"12026-01-01")', Decimal(1)),
        ('string(last day of month(@"12028-02-01"))', "12028-02-29"),
        ("date(9999999999, 1, 1)", None),
        ('date("02026-01-01")', None),
        ('@"999999999-12-31" - @"-999999999-01-01" > @"P730000000000D"', True),
        ('count(for d in @"9999-12-30"..@"10000-01-02" return d)', Decimal(4)),
        ('string(date and time(@"12026-01-01", @"08:00:00"))', "12026-01-01T08:00:00"),
        ('date(@"12026-01-01T08:00:00Z") = @"12026-01-01"', True),
        ('years and months duration(@"-0044-03-15", @"0044-03-15") = @"P88Y"', True),
        ('@"12026-01-01" in [@"2026-01-01"..@"20000-01-01"]', True),
        ('string(@"10000-02-29")', "10000-02-29"),  # divisible by 400: a leap year
        ('date("10001-02-29")', None),
    ],
)
def test_years_of_nine_digits(text, expected):
    assert value(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ('@"10:00:00.000000001" > @"10:00:00"', True),
        ('@"10:00:00.000000001" = @"10:00:00.000000002"', False),
        ('string(@"10:00:00.123456789" + @"PT1S")', "10:00:01.123456789"),
        ('string(@"10:00:00" + @"PT0.000000001S")', "10:00:00.000000001"),
        ('@"10:00:00.000000001" - @"PT0.000000001S"', time(10)),
        ('string(@"PT0.000000001S" * 3)', "PT0.000000003S"),
        ('@"PT0.000000001S" * 1000', timedelta(microseconds=1)),
        ('@"PT0.000000002S" / @"PT0.000000001S"', Decimal(2)),
        ('string(-@"PT0.000000001S")', "-PT0.000000001S"),
        ('abs(-@"PT0.000000001S") = @"PT0.000000001S"', True),
        ('@"PT0.000000001S" < @"PT1S"', True),
        ('@"2026-03-02T10:00:00.5+08:00".second', Decimal("0.5")),
        ('@"PT1.5S".seconds', Decimal("1.5")),
        ('-@"PT1.5S".seconds', Decimal("-1.5")),
        ('string(@"2026-03-02T10:00:00.000000001+08:00")', "2026-03-02T10:00:00.000000001+08:00"),
        ('@"2026-03-02T10:00:00.000000001+08:00" > @"2026-03-02T02:00:00Z"', True),
        ('time(10, 0, 0.123456789) = @"10:00:00.123456789"', True),
        ('@"P9999999999D" instance of days and time duration', True),
    ],
)
def test_nanoseconds(text, expected):
    assert value(text) == expected


def test_a_moment_of_the_data_base_is_shown_in_the_installations_zone_and_a_named_one_stays():
    at = datetime(2026, 3, 1, 20, tzinfo=UTC)
    assert value("string(at)", at=at) == "2026-03-02T04:00:00+08:00"
    assert value("string(at)", at=value('@"2026-03-01T20:00:00@Asia/Tokyo"')) == "2026-03-01T20:00:00@Asia/Tokyo"


def test_deployed_expressions_may_refuse_named_zones():
    with pytest.raises(FeelSyntaxError, match="named time zones") as raised:
        compile_expression('@"10:00:00@Asia/Shanghai" > t', named_zones=False)
    assert raised.value.position == 1
    assert "offset" in raised.value.hint
    assert "偏移" in raised.value.hint_zh


def test_day_numbers_agree_with_the_calendar_of_the_standard_library():
    for number in range(1, date.max.toordinal(), 9_973):
        day = date.fromordinal(number)
        assert civil(number) == (day.year, day.month, day.day)
        assert day_number_of(*civil(number)) == number
    for number in range(-(10**12), 10**12, 123_456_789_123):
        assert day_number_of(*civil(number)) == number


def test_what_a_variable_cannot_hold_is_refused_and_a_named_zone_becomes_its_offset():
    for text in ('@"10000-01-01"', '@"10:00:00.000000001"', '@"-0044-03-15T00:00:00Z"', '@"PT0.000000001S"'):
        with pytest.raises(ValueRefused, match="years 0001-9999"):
            normalise([value(text)])
    assert loads(dumps(value('@"2026-07-01T12:00:00@Asia/Shanghai"'))) == datetime(2026, 7, 1, 12, tzinfo=EAST8)
    assert loads(dumps(value('@"12:00:00@Asia/Shanghai"'))) == time(12, tzinfo=EAST8)


def test_a_variable_reads_the_same_before_and_after_it_is_stored():
    for text in (
        '@"2026-07-01T12:00:00@Asia/Shanghai"',
        '@"2026-07-01T12:00:00Z"',
        '@"12:00:00Z"',
        '@"2026-07-01T12:00:00+02:00"',
        '@"12:00:00"',
    ):
        kept = normalise(value(text))
        assert value("string(x)", x=kept) == value("string(x)", x=loads(dumps(kept)))


def test_z_stays_in_an_expression_and_a_variable_is_shown_in_the_zone():
    assert value('string(@"2026-07-01T12:00:00Z")') == "2026-07-01T12:00:00Z"
    assert value('date(@"2026-06-30T20:00:00Z") = @"2026-06-30"') is True
    assert value("date(x)", x=normalise(value('@"2026-06-30T20:00:00Z"'))) == date(2026, 7, 1)


def test_a_zone_can_be_copied_and_stored():
    tokyo = region("Asia/Tokyo")
    assert pickle.loads(pickle.dumps(tokyo)) == tokyo == copy.deepcopy(tokyo)
    assert hash(tokyo) == hash(copy.copy(tokyo))


def test_arithmetic_agrees_with_the_standard_library_where_that_can_count():
    chance = random.Random(20260302)
    berlin = ZoneInfo("Europe/Berlin")
    plus, minus = compile_expression("a + b"), compile_expression("a - b")
    for _ in range(300):
        size = timedelta(seconds=chance.randrange(-(10**9), 10**9), microseconds=chance.randrange(10**6))
        moment = datetime(1900, 1, 1, tzinfo=EAST8) + timedelta(seconds=chance.randrange(6 * 10**9), microseconds=chance.randrange(10**6))
        other = datetime(1900, 1, 1, tzinfo=EAST8) + timedelta(seconds=chance.randrange(6 * 10**9))
        local = moment.replace(tzinfo=None)
        assert plus.evaluate({"a": moment, "b": size}) == moment + size
        assert plus.evaluate({"a": local, "b": size}) == local + size
        assert minus.evaluate({"a": moment, "b": other}) == moment - other
        assert minus.evaluate({"a": moment.date(), "b": other.date()}) == moment.date() - other.date()
        named = moment.astimezone(region("Europe/Berlin"))
        there = plus.evaluate({"a": named, "b": size})
        assert there.replace(tzinfo=None) == (moment + size).astimezone(berlin).replace(tzinfo=None)
        assert there.utcoffset() == (moment + size).astimezone(berlin).utcoffset()
