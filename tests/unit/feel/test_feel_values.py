"""What expressions give: operators, control, names, lists, contexts."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta, timezone
from decimal import Decimal

import pytest

from engine.feel import Environment, Range, compile_expression
from engine.values import YearsMonths

D = Decimal
EAST8 = timezone(timedelta(hours=8))
ROWS = [{"no": D(1), "done": True}, {"no": D(2), "done": False}]
VARIABLES = {"x": D(5), "price": D("12.50"), "nothing": None, "name": "王芳", "rows": ROWS}


def value(text, **variables):
    return compile_expression(text).evaluate({**VARIABLES, **variables})


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("1 + 2 * 3", D(7)),
        ("(1 + 2) * 3", D(9)),
        ("10 - 2 - 3", D(5)),
        ("2 ** 3 ** 2", D(64)),
        ("-2 ** 2", D(4)),
        ("0.1 + 0.2 = 0.3", True),
        ("1 / 3 * 3", D("0.9999999999999999999999999999999999")),
        ("100.10 + 200.20", D("300.30")),
        ("1 / 0", None),
        ("10 ** 10000", None),
        (".5 + 1.5e2", D("150.5")),
        ('"共" + "治"', "共治"),
        ('"a" + 1', None),
        ("price * 2", D("25.00")),
        ("- x", D(-5)),
    ],
)
def test_arithmetic_is_decimal_and_null_where_it_has_no_meaning(text, expected):
    assert value(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("x = 5", True),
        ("x != 5", False),
        ("x < 10 and x > 1", True),
        ("x = null", False),
        ("nothing = null", True),
        ("nothing > 3", None),
        ("nothing != null and nothing > 3", False),
        ('x = "5"', None),
        ("true and null", None),
        ("false and null", False),
        ("true or null", True),
        ("not(null)", None),
        ("null or null", None),
        ("x between 1 and 5", True),
        ("x in (1, 5)", True),
        ("x in [1..5)", False),
        ("x in ]4..6[", True),
        ("x in (> 3, < 1)", True),
        ("x in < 5", False),
        ('"b" in ["a", "b"]', True),
        ("x in [[1..2], [4..6]]", True),
        ("x instance of number", True),
        ("[1, 2] instance of list<number>", True),
        ("nothing instance of number", False),
        ("x = 5 or y = 1", True),
    ],
)
def test_logic_has_three_values(text, expected):
    assert value(text) is expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ('if x > 3 then "big" else "small"', "big"),
        ('if nothing > 3 then "big" else "small"', "small"),
        ("for i in 1..3 return i * 2", [D(2), D(4), D(6)]),
        ("for i in 3..1 return i", [D(3), D(2), D(1)]),
        ("for i in [1, 2], j in [i, 10] return i * j", [D(1), D(10), D(4), D(20)]),
        ("for i in 0..4 return if i = 0 then 1 else i * partial[-1]", [D(1), D(1), D(2), D(6), D(24)]),
        ('for d in @"2026-02-28"..@"2026-03-01" return d', [date(2026, 2, 28), date(2026, 3, 1)]),
        ("for i in null return i", None),
        ("some r in rows satisfies r.done", True),
        ("every r in rows satisfies r.done", False),
        ("every r in [] satisfies r.done", True),
        ("rows[done].no", [D(1)]),
        ("rows[no = 2][1].done", False),
        ("rows[item.no > 5]", []),
        ("rows.no", [D(1), D(2)]),
        ("rows[-1].no", D(2)),
        ("rows[3]", None),
        ("[1, 2, 3][item >= x - 3]", [D(2), D(3)]),
        ("[10, 20, 30][count(rows)]", D(20)),
        ("{a: 1, b: a + 1}.b", D(2)),
        ("{two words: 1, c: two words + 1}.c", D(2)),
        ("(function(a, b) a - b)(5, 3)", D(2)),
        ("(function(a: number) a)([4])", D(4)),
        ("{fact: function(n) if n = 0 then 1 else n * fact(n - 1), r: fact(5)}.r", D(120)),
        ("nothing.deep.path", None),
        ("[1..3]", Range(D(1), D(3))),
        ("(1..3]", Range(D(1), D(3), False, True)),
        ("[1..3[", Range(D(1), D(3), True, False)),
        ("[1..3].end", D(3)),
    ],
)
def test_control_lists_and_contexts(text, expected):
    assert value(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ('@"2026-03-02"', date(2026, 3, 2)),
        ('@"P14D"', timedelta(days=14)),
        ('@"P1Y2M"', YearsMonths(14)),
        ('@"09:30:00"', time(9, 30)),
        ('@"2026-03-02T09:00:00+08:00"', datetime(2026, 3, 2, 9, tzinfo=EAST8)),
        ('@"2026-01-31" + @"P1M"', date(2026, 2, 28)),
        ('@"2026-03-02" + @"P1D"', date(2026, 3, 3)),
        ('@"2026-03-02" - @"2026-02-28"', timedelta(days=2)),
        ('@"2026-03-02T09:00:00+08:00" - @"2026-03-02T00:00:00Z"', timedelta(hours=1)),
        ('@"23:30:00" + @"PT1H"', time(0, 30)),
        ('@"P1D" * 1.5', timedelta(hours=36)),
        ('@"P1D" / @"PT12H"', D(2)),
        ('@"2026-03-02T09:00:00+08:00" = @"2026-03-02T01:00:00Z"', True),
        ('@"2026-03-02T09:00:00" < @"2026-03-02T09:00:00Z"', None),
        ('@"2026-03-02".weekday', D(1)),
        ('@"2026-03-02T09:00:00+08:00".time offset', timedelta(hours=8)),
        ('@"P1Y2M".months', D(2)),
        ('@"999999999-12-31" + @"P1D"', None),
        ('@"2026-01-01T24:00:00"', datetime(2026, 1, 2)),
    ],
)
def test_dates_times_and_durations(text, expected):
    assert value(text) == expected


def test_keys_in_quotation_marks_may_hold_spaces():
    assert compile_expression('{"two words": 1}.two words', names=["two words"]).evaluate({}) == D(1)


def test_numbers_from_outside_become_decimal():
    assert value("a + b", a=1, b=0.1) == D("1.1")
    assert value("[i, 1]", i=True) == [True, D(1)]
    assert value("sum(list)", list=[1, 2.5]) == D("3.5")
    assert value("deep.n / 4", deep={"n": 1}) == D("0.25")


def test_moments_from_outside_are_read_in_the_installations_zone():
    due = datetime(2026, 3, 1, 23, 0, tzinfo=UTC)
    environment = Environment(zone=EAST8)
    assert compile_expression("date(due)").evaluate({"due": due}, environment) == date(2026, 3, 2)
    assert compile_expression("due - date(due)").evaluate({"due": due}, environment) == timedelta(hours=7)
    assert compile_expression('due = @"2026-03-01T23:00:00Z"').evaluate({"due": due}, environment) is True


@dataclass(frozen=True)
class Due:
    due: datetime
    steps: int


def test_fields_of_dataclasses_are_entries():
    it = Due(datetime(2026, 3, 2, tzinfo=UTC), 3)
    assert value("d.steps + 1", d=it) == D(4)
    assert value("[d][steps = 3].steps", d=it) == [D(3)]
    assert value("d.missing", d=it) is None


@pytest.mark.parametrize(
    ("text", "names", "variables", "expected"),
    [
        ("Monthly Income * 2", ["Monthly Income"], {"Monthly Income": D(3)}, D(6)),
        ("a-b", ["a-b"], {"a-b": D(1), "a": D(9)}, D(1)),
        ("a - b", [], {"a": D(9), "b": D(1)}, D(8)),
        ("a-b", [], {"a": D(9), "b": D(1)}, D(8)),
        ("`a b` + 1", [], {"a b": D(1)}, D(2)),
        ("date and time", ["date and time"], {"date and time": D(1)}, D(1)),
        ("date and time", [], {"date": True, "time": True}, True),
        ('风险等级 = "高"', [], {"风险等级": "高"}, True),
        ("if income tax > 0 then 1 else 2", ["income tax", "income"], {"income tax": D(1)}, D(1)),
    ],
)
def test_names_with_spaces_and_dashes_are_those_in_scope(text, names, variables, expected):
    assert compile_expression(text, names=names).evaluate(variables) == expected


def test_comments_and_the_leading_equals_sign_are_dropped():
    assert value("= 1 + /* two */ 2 // three") == D(3)


def test_evaluation_does_not_change_its_variables():
    rows = [{"no": 1}]
    value('context put(rows[1], "no", 2)', rows=rows)
    value("append(rows, 3)", rows=rows)
    assert rows == [{"no": 1}]


def test_compiling_twice_gives_the_cached_expression():
    assert compile_expression("1 + x") is compile_expression("1 + x")


def test_a_literal_keeps_the_offset_it_is_written_with():
    """A moment from outside is shown in the installation's zone; what the expression writes stays as it is, as the standard says."""
    environment = Environment(zone=EAST8)
    assert compile_expression('string(@"2026-03-02T20:00:00Z")').evaluate({}, environment) == "2026-03-02T20:00:00Z"
    assert compile_expression('date(date and time("2026-03-02T20:00:00+00:00"))').evaluate({}, environment) == date(2026, 3, 2)
    outside = {"at": datetime(2026, 3, 2, 20, 0, tzinfo=UTC)}
    assert compile_expression("string(at)").evaluate(outside, environment) == "2026-03-03T04:00:00+08:00"
    assert compile_expression('at = @"2026-03-02T20:00:00Z"').evaluate(outside, environment) is True
