"""Laws that hold for all values, against references of their own: decimal arithmetic, a calendar, brute force."""

from __future__ import annotations

import decimal
import os
from datetime import date, timedelta
from decimal import Decimal

import hypothesis.strategies as st
import pytest
from hypothesis import given, settings

from engine.feel import compile_expression
from engine.values import YearsMonths

SOAK = int(os.environ.get("COGOV_SOAK", "0"))
#: IEEE 754 decimal128, as the standard asks for
REFERENCE = decimal.Context(prec=34, rounding=decimal.ROUND_HALF_EVEN, Emin=-6143, Emax=6144, traps=[])
numbers = st.decimals(allow_nan=False, allow_infinity=False, places=None, min_value=Decimal("-1e12"), max_value=Decimal("1e12"))
days = st.dates(date(1600, 1, 1), date(2400, 12, 31))


def property_of(examples: int) -> settings:
    return settings(max_examples=examples * (SOAK or 1), derandomize=not SOAK, database=None, deadline=None)


def value(text, **variables):
    return compile_expression(text).evaluate(variables)


# --- numbers


def trees(leaf):
    return st.recursive(leaf, lambda inner: st.tuples(st.sampled_from("+-*/"), inner, inner), max_leaves=8)


def written(tree):
    if isinstance(tree, Decimal):
        return f"({tree:f})"
    sign, left, right = tree
    return f"({written(left)} {sign} {written(right)})"


def counted(tree):
    """The tree in the reference's decimals; None where the standard says null."""
    if isinstance(tree, Decimal):
        return REFERENCE.plus(tree)
    operations = {"+": REFERENCE.add, "-": REFERENCE.subtract, "*": REFERENCE.multiply, "/": REFERENCE.divide}
    left, right = counted(tree[1]), counted(tree[2])
    if left is None or right is None:
        return None
    result = operations[tree[0]](left, right)
    return result if result.is_finite() else None


@property_of(300)
@given(trees(numbers))
def test_arithmetic_is_decimal128(tree):
    assert value(written(tree)) == counted(tree)


@property_of(150)
@given(st.lists(numbers, min_size=1, max_size=12))
def test_sums_of_money_are_exact(amounts):
    cents = [REFERENCE.quantize(a, Decimal("0.01")) for a in amounts]
    assert value("sum(amounts)", amounts=cents) == sum(cents)
    assert value("sum(for a in amounts return a) = sum(amounts)", amounts=cents) is True
    assert value("min(amounts) <= mean(amounts) and mean(amounts) <= max(amounts)", amounts=cents) is True


@property_of(150)
@given(numbers, st.integers(0, 6))
def test_rounding_is_that_of_the_reference(number, places):
    unit = Decimal(1).scaleb(-places)
    modes = {
        "decimal": decimal.ROUND_HALF_EVEN, "round half up": decimal.ROUND_HALF_UP, "round half down": decimal.ROUND_HALF_DOWN,
        "round up": decimal.ROUND_UP, "round down": decimal.ROUND_DOWN, "floor": decimal.ROUND_FLOOR, "ceiling": decimal.ROUND_CEILING,
    }  # fmt: skip
    number = REFERENCE.plus(number)
    for name, mode in modes.items():
        assert value(f"{name}(n, {places})", n=number) == number.quantize(unit, rounding=mode, context=decimal.Context(prec=60))


# --- texts: what string() writes can be read again

plain_values = st.recursive(
    st.none() | st.booleans() | numbers.map(REFERENCE.plus) | st.text(st.characters(exclude_categories=["Cs"]), max_size=12),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text("ab_甲乙 -\"", min_size=1, max_size=4), inner, max_size=3),
    max_leaves=10,
)  # fmt: skip


@property_of(300)
@given(plain_values)
def test_what_string_writes_is_read_as_the_same(given_value):
    text = value("string([x])", x=given_value)
    assert value(text) == [given_value]


@property_of(100)
@given(plain_values, plain_values)
def test_equality_is_reflexive_and_symmetric(one, other):
    assert value("x = x", x=one) is True
    assert value("x = y", x=one, y=other) == value("y = x", x=one, y=other)
    assert value("[x] = [y]", x=one, y=other) is (value("x = y", x=one, y=other) is True)


# --- dates


def next_day(year, month, day):
    """The calendar by hand."""
    leap = year % 4 == 0 and (year % 100 != 0 or year % 400 == 0)
    length = [31, 29 if leap else 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31][month - 1]
    if day < length:
        return year, month, day + 1
    return (year, month + 1, 1) if month < 12 else (year + 1, 1, 1)


@property_of(60)
@given(days, st.integers(0, 900))
def test_adding_days_goes_through_the_calendar(day, count):
    there = (day.year, day.month, day.day)
    for _ in range(count):
        there = next_day(*there)
    moved = value(f'd + duration("P{count}D")', d=day)
    assert (moved.year, moved.month, moved.day) == there
    assert value("b - a", a=day, b=moved) == timedelta(days=count)
    assert value(f'b - duration("P{count}D")', b=moved) == day
    assert value('day of week(b)', b=moved) == ["Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"][
        (day.weekday() + count) % 7
    ]  # fmt: skip


@property_of(150)
@given(days, st.integers(-600, 600))
def test_adding_months_keeps_the_day_or_takes_the_last(day, months):
    moved = value("d + m", d=day, m=YearsMonths(months))
    assert (moved.year * 12 + moved.month) - (day.year * 12 + day.month) == months
    last = next_day(moved.year, moved.month, moved.day)[1] != moved.month
    assert moved.day == day.day or (moved.day < day.day and last)


@property_of(150)
@given(days, days)
def test_whole_months_between_two_days(start, end):
    found = value("years and months duration(a, b)", a=start, b=end)
    low, high = sorted([(start.year * 12 + start.month, start.day), (end.year * 12 + end.month, end.day)])
    whole = 0
    while (low[0] + whole + 1, low[1]) <= high:
        whole += 1
    assert found == YearsMonths(whole if start <= end else -whole)


# --- lists


@property_of(150)
@given(st.lists(st.tuples(st.integers(0, 4), st.integers(0, 99)), max_size=40))
def test_sorting_is_stable(pairs):
    rows = [{"key": Decimal(key), "place": Decimal(place)} for place, (key, _) in enumerate(pairs)]
    expected = sorted(rows, key=lambda row: row["key"])
    assert value("sort(rows, function(a, b) a.key < b.key)", rows=rows) == expected
    assert value("sort(rows.key)", rows=rows) == [row["key"] for row in expected]


@property_of(150)
@given(st.lists(st.integers(0, 5) | st.none() | st.sampled_from(["a", "b"]), max_size=10), st.integers(0, 5))
def test_lists_as_python_has_them(items, one):
    items = [Decimal(item) if isinstance(item, int) else item for item in items]
    distinct = list(dict.fromkeys(items))
    assert value("distinct values(l)", l=items) == distinct
    assert value("count(l[item = x])", l=items, x=one) == items.count(Decimal(one))
    assert value("index of(l, x)", l=items, x=one) == [place for place, item in enumerate(items, 1) if item == one]
    assert value("list contains(l, x)", l=items, x=one) is (one in items)
    assert value("reverse(reverse(l))", l=items) == items
    assert value("concatenate(l, [x])[-1]", l=items, x=one) == one


# --- ranges, against sets of points a quarter apart

ends = st.tuples(st.integers(0, 5), st.integers(1, 4), st.booleans(), st.booleans())


def points(span):
    low, length, low_in, high_in = span
    places = {Decimal(n) / 4 for n in range(4 * low, 4 * (low + length) + 1)}
    return places - ({Decimal(low)} if not low_in else set()) - ({Decimal(low + length)} if not high_in else set())


def range_text(span):
    low, length, low_in, high_in = span
    return f"{'[' if low_in else '('}{low}..{low + length}{']' if high_in else ')'}"


RELATIONS = {
    "before": lambda a, b: max(a) < min(b),
    "after": lambda a, b: min(a) > max(b),
    "meets": lambda a, b: max(a) == min(b),
    "met by": lambda a, b: min(a) == max(b),
    "overlaps": lambda a, b: bool(a & b),
    "overlaps before": lambda a, b: min(a) < min(b) and bool(a & b) and max(a) <= max(b),
    "overlaps after": lambda a, b: min(b) < min(a) and bool(a & b) and max(b) <= max(a),
    "finishes": lambda a, b: max(a) == max(b) and a <= b,
    "finished by": lambda a, b: max(a) == max(b) and a >= b,
    "includes": lambda a, b: a >= b,
    "during": lambda a, b: a <= b,
    "starts": lambda a, b: min(a) == min(b) and a <= b,
    "started by": lambda a, b: min(a) == min(b) and a >= b,
    "coincides": lambda a, b: a == b,
}


@pytest.mark.parametrize("relation", RELATIONS)
@property_of(120)
@given(a=ends, b=ends)
def test_relations_of_ranges_are_those_of_their_points(relation, a, b):
    assert value(f"{relation}({range_text(a)}, {range_text(b)})") is RELATIONS[relation](points(a), points(b))


@property_of(150)
@given(span=ends, quarter=st.integers(-4, 44))
def test_a_point_in_a_range(span, quarter):
    point = Decimal(quarter) / 4
    inside = point in points(span)
    assert value(f"x in {range_text(span)}", x=point) is inside
    assert value(f"includes({range_text(span)}, x)", x=point) is inside
    assert value(f"before(x, {range_text(span)})", x=point) is (point < min(points(span)))
    assert value(f"after(x, {range_text(span)})", x=point) is (point > max(points(span)))
