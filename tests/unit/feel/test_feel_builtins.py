"""Built-in functions."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta, timezone
from decimal import Decimal

import pytest

from engine.errors import ExpressionFailed
from engine.feel import Environment, builtin_names, compile_expression
from engine.values import YearsMonths

D = Decimal


def numbers(*values):
    return [D(value) for value in values]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ('number("1 200,50", " ", ",")', D("1200.50")),
        ('number("x")', None),
        ("string(1.10)", "1.10"),
        ('string([1, "a", null, {k: true}])', '[1, "a", null, {k: true}]'),
        ('string(@"P1DT2H")', "P1DT2H"),
        ("string(null)", None),
        ('substring("社区共治", 3)', "共治"),
        ('substring("foobar", -2, 1)', "a"),
        ('string length("共治😀")', D(3)),
        ('upper case("aB")', "AB"),
        ('substring before("foobar", "bar")', "foo"),
        ('substring after("foobar", "o")', "obar"),
        ('contains("foobar", "oba")', True),
        ('starts with("foobar", "fo")', True),
        ('matches("13800138000", "^1\\d{10}$")', True),
        ('replace("2026-03-02", "(\\d+)-(\\d+)-(\\d+)", "$3.$2.$1")', "02.03.2026"),
        ('split("a;b;;c", ";")', ["a", "b", "", "c"]),
        ('string join(["a", null, "b"], ", ")', "a, b"),
        ('trim("  a ")', "a"),
    ],
)
def test_texts(text, expected):
    assert compile_expression(text).evaluate({}) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("decimal(2.5, 0)", D(2)),
        ("decimal(1/3, 2)", D("0.33")),
        ("round half up(2.5, 0)", D(3)),
        ("round half down(2.5, 0)", D(2)),
        ("round up(-1.01, 1)", D("-1.1")),
        ("round down(1.99, 1)", D("1.9")),
        ("floor(-1.5)", D(-2)),
        ("ceiling(1.21, 1)", D("1.3")),
        ("decimal(1250, -2)", D(1200)),
        ("abs(-3)", D(3)),
        ('abs(@"-P1D")', timedelta(days=1)),
        ("modulo(-12, 5)", D(3)),
        ("modulo(1, 0)", None),
        ("sqrt(16)", D(4)),
        ("sqrt(-1)", None),
        ("odd(5)", True),
        ("even(5)", False),
        ("exp(0)", D(1)),
        ("log(1)", D(0)),
    ],
)
def test_numbers(text, expected):
    assert compile_expression(text).evaluate({}) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("count([1, null])", D(2)),
        ("sum([0.1, 0.2])", D("0.3")),
        ("sum([])", None),
        ("sum(1, 2, 3)", D(6)),
        ('sum([1, "a"])', None),
        ("mean([1, 2, 4, 5])", D(3)),
        ("median([8, 2, 5, 3, 4])", D(4)),
        ("median([6, 1, 2, 3])", D("2.5")),
        ("stddev([2, 4, 7, 5])", D("2.081665999466132735282297706979931")),
        ("mode([6, 3, 9, 6, 6])", numbers(6)),
        ("product([2, 3, 4])", D(24)),
        ("min([3, 1, 2])", D(1)),
        ('max("a", "c", "b")', "c"),
        ("all([true, null, false])", False),
        ("any([false, null])", None),
        ("list contains([1, null], null)", True),
        ("sublist([4, 5, 6], 1, 2)", numbers(4, 5)),
        ("append([1], 2, 3)", numbers(1, 2, 3)),
        ("concatenate([1], [2, 3])", numbers(1, 2, 3)),
        ("insert before([1, 3], 1, 2)", numbers(2, 1, 3)),
        ("remove([1, 2, 3], -1)", numbers(1, 2)),
        ("list replace([2, 4, 7], 3, 6)", numbers(2, 4, 6)),
        ("reverse([1, 2])", numbers(2, 1)),
        ("index of([1, 2, 3, 2], 2)", numbers(2, 4)),
        ("union([1, 2], [2, 3])", numbers(1, 2, 3)),
        ("distinct values([1, 2, 1])", numbers(1, 2)),
        ("flatten([[1, [2]], 3])", numbers(1, 2, 3)),
        ("sort([3, 1, 2])", numbers(1, 2, 3)),
        ("sort([3, 1, 2], function(a, b) a > b)", numbers(3, 2, 1)),
        ("is empty([])", True),
        ("partition([1, 2, 3], 2)", [numbers(1, 2), numbers(3)]),
    ],
)
def test_lists(text, expected):
    assert compile_expression(text).evaluate({}) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ('get value({a: 1}, "a")', D(1)),
        ('get value({a: {b: 2}}, ["a", "b"])', D(2)),
        ("get entries({a: 1})", [{"key": "a", "value": D(1)}]),
        ('context([{key: "a", value: 1}])', {"a": D(1)}),
        ('context put({a: {b: 1}}, ["a", "c"], 2)', {"a": {"b": D(1), "c": D(2)}}),
        ("context merge([{a: 1}, {a: 2, b: 3}])", {"a": D(2), "b": D(3)}),
        ("before([1..3], 4)", True),
        ("overlaps([1..5], [5..8])", True),
        ("overlaps([1..5), [5..8])", False),
        ("includes([1..10], [2..3])", True),
        ("meets([1..5], [5..9])", True),
        ('range("[1..3)").end included', False),
    ],
)
def test_contexts_and_ranges(text, expected):
    assert compile_expression(text).evaluate({}) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ('date("2026-02-30")', None),
        ("date(2026, 3, 2)", date(2026, 3, 2)),
        ("time(9, 30, 0)", time(9, 30)),
        ('date and time(date("2026-03-02"), time("09:00:00"))', datetime(2026, 3, 2, 9)),
        ('duration("PT36H")', timedelta(hours=36)),
        ('duration("P1Y1D")', None),
        ('years and months duration(date("2025-12-24"), date("2026-03-23"))', YearsMonths(2)),
        ('day of week(date("2026-03-02"))', "Monday"),
        ('month of year(date("2026-03-02"))', "March"),
        ('day of year(date("2026-03-02"))', D(61)),
        ('week of year(date("2026-01-01"))', D(1)),
        ('last day of month(date("2028-02-10"))', date(2028, 2, 29)),
    ],
)
def test_dates(text, expected):
    assert compile_expression(text).evaluate({}) == expected


def test_now_and_today_come_from_the_clock_in_the_installations_zone():
    environment = Environment(now=datetime(2026, 3, 1, 16, 30, tzinfo=UTC), zone=timezone(timedelta(hours=8)))
    assert compile_expression("today()").evaluate({}, environment) == date(2026, 3, 2)
    assert compile_expression("now().hour").evaluate({}, environment) == D(0)


def test_now_without_a_clock_fails():
    with pytest.raises(ExpressionFailed, match="clock"):
        compile_expression("now()").evaluate({})


def test_arguments_may_be_named():
    assert compile_expression('substring(start position: 2, string: "abc")').evaluate({}) == "bc"


def test_a_single_item_list_counts_as_its_item_and_the_other_way_round():
    assert compile_expression('upper case(["a"])').evaluate({}) == "A"
    assert compile_expression("count(7)").evaluate({}) == D(1)


def test_every_built_in_function_of_the_standard_is_there():
    standard = {
        "date", "date and time", "time", "number", "string", "duration", "years and months duration", "not", "substring", "string length",
        "upper case", "lower case", "substring before", "substring after", "replace", "contains", "starts with", "ends with", "matches",
        "split", "string join", "list contains", "list replace", "count", "min", "max", "sum", "mean", "all", "any", "sublist", "append",
        "concatenate", "insert before", "remove", "reverse", "index of", "union", "distinct values", "flatten", "product", "median",
        "stddev", "mode", "decimal", "floor", "ceiling", "round up", "round down", "round half up", "round half down", "abs", "modulo",
        "sqrt", "log", "exp", "odd", "even", "is", "before", "after", "meets", "met by", "overlaps", "overlaps before", "overlaps after",
        "finishes", "finished by", "includes", "during", "starts", "started by", "coincides", "day of year", "day of week",
        "month of year", "week of year", "sort", "get value", "get entries", "context", "context put", "context merge", "now", "today",
        "range",
    }  # fmt: skip
    assert standard <= builtin_names()


@pytest.mark.parametrize(
    "text",
    [
        "[" + " " * 100_000, "[" + ".." * 100_000, "[1" + " " * 100_000 + "..", "[1..2", ")1..2]", "[1..2(", "[..]", "[", "", "..",
        "[2..1]", "[1..2..3]", "[a..b]",
    ],
)  # fmt: skip
def test_a_text_that_is_no_range_gives_null(text):
    assert compile_expression("range(t)").evaluate({"t": text}) is None


def test_a_range_is_read_with_blanks_and_open_ends():
    assert compile_expression('range("  [ 1 .. 10 )  ") = [1..10)').evaluate({}) is True
    assert compile_expression('range("]@\\"P1D\\"..@\\"P2D\\"]") = (@"P1D"..@"P2D"]').evaluate({}) is True
    open_start = '{r: range("[null..10]"), found: [r.start, r.end, r.start included, r.end included]}.found'
    assert compile_expression(open_start).evaluate({}) == [None, D(10), False, True]


@pytest.mark.parametrize("text", ["modulo(10**40, 10)", "modulo(10**35 + 3, 10)", "modulo(1e35, 0.5)", "modulo(1, 1e-40)"])
def test_a_modulo_whose_quotient_has_more_than_34_digits_is_null(text):
    assert compile_expression(text).evaluate({}) is None
    assert compile_expression(f"{{x: {text}}}.x = null").evaluate({}) is True


def test_a_loop_counts_in_all_34_digits():
    assert compile_expression("for i in 10**30+1..10**30+3 return i").evaluate({}) == [D(10**30 + n) for n in (1, 2, 3)]
    assert compile_expression("for i in 10**30+2..10**30+1 return i").evaluate({}) == [D(10**30 + n) for n in (2, 1)]
