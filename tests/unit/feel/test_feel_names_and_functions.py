"""Names that are not there, functions from outside, what an expression tells about itself, and limits."""

from __future__ import annotations

from decimal import Decimal

import pytest

from engine.errors import ExpressionFailed, NotFound, UnknownVariable
from engine.feel import OWN_FUNCTION_NAMES, Environment, compile_expression, compile_unary_tests

LENIENT = Environment(strict_names=False)
D = Decimal


def test_a_name_in_no_scope_is_an_error():
    with pytest.raises(UnknownVariable, match="ammount") as caught:
        compile_expression("ammount > 3").evaluate({"amount": 5})
    assert caught.value.details == {
        "name": "ammount", "expression": "ammount > 3", "position": 0, "place": [1, 1], "nearest": "amount", "names": ["amount"],
    }  # fmt: skip
    assert "是否应为“amount”" in caught.value.message
    assert "Did you mean “amount”?" in caught.value.message


def test_with_lenient_names_it_is_null():
    assert compile_expression("ammount = null").evaluate({}, LENIENT) is True


def test_a_function_name_is_no_variable():
    with pytest.raises(UnknownVariable):
        compile_expression("today > 3").evaluate({})


def test_a_function_that_does_not_exist_is_an_error():
    with pytest.raises(UnknownVariable, match="tody"):
        compile_expression("tody()").evaluate({})


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("get or else(missing, 7)", D(7)),
        ("get or else(declared, 7)", D(7)),
        ("get or else(x, 7)", D(5)),
        ("get or else(missing.deep, 7)", D(7)),
        ("get or else(x, missing)", D(5)),
        ("is defined(missing)", False),
        ("is defined(declared)", True),
    ],
)
def test_get_or_else_and_is_defined_take_names_that_may_be_absent(text, expected):
    assert compile_expression(text).evaluate({"x": 5, "declared": None}) == expected


def test_the_default_of_get_or_else_must_be_there():
    with pytest.raises(UnknownVariable):
        compile_expression("get or else(missing, absent)").evaluate({})


def test_a_misspelt_name_in_a_filter_is_an_error_but_an_entry_of_another_row_is_null():
    rows = [{"no": 1, "state": "open"}, {"no": 2}]
    assert compile_expression('rows[state = "open"].no').evaluate({"rows": rows}) == [D(1)]
    with pytest.raises(UnknownVariable, match="stat"):
        compile_expression('rows[stat = "open"]').evaluate({"rows": rows})


@pytest.mark.parametrize(
    ("text", "names", "functions"),
    [
        ("x != null and x > limit", {"x", "limit"}, set()),
        ("for i in items return i + y", {"items", "y"}, set()),
        ("{a: b, c: a}.c", {"b"}, set()),
        ("function(p) p + q", {"q"}, set()),
        ("get or else(maybe, sure)", {"sure"}, set()),
        ("rows[done and no > 1]", {"rows"}, set()),
        ('deadline("d").due', set(), {"deadline"}),
        ("add working days(d, 3)", {"d"}, {"add working days"}),
        ("frobnicate(x)", {"x"}, {"frobnicate"}),
        ("count(number)", {"number"}, set()),
    ],
)
def test_an_expression_tells_which_names_and_functions_it_reads(text, names, functions):
    expression = compile_expression(text)
    assert expression.names == names
    assert expression.functions == functions


def test_names_in_filters_are_told_apart():
    assert compile_expression("rows[done and item.no > 1]").item_names == {"done"}


def test_own_functions_come_from_the_environment():
    environment = Environment(functions={"add working days": lambda day, n: f"{day}+{n}", "setting": lambda key: {"value": 14}[key]})
    assert compile_expression('add working days("a", 3)').evaluate({}, environment) == "a+3"
    assert compile_expression('setting("value") + 1').evaluate({}, environment) == D(15)


def test_own_functions_are_called_by_name_too():
    environment = Environment(functions={"role": lambda code, of: f"role:{code}@{of}"})
    assert compile_expression('role(of: "a1", code: "legal")').evaluate({}, environment) == "role:legal@a1"


def test_wrong_arguments_of_an_own_function_are_an_expression_error():
    with pytest.raises(ExpressionFailed, match="arguments"):
        compile_expression("setting()").evaluate({}, Environment(functions={"setting": lambda key: key}))


def test_what_an_own_function_raises_passes_through():
    def setting(key):
        raise NotFound(f"no setting {key}")

    with pytest.raises(NotFound, match="no setting pace"):
        compile_expression('setting("pace")').evaluate({}, Environment(functions={"setting": setting}))


def test_the_parser_always_knows_the_own_functions():
    for name in OWN_FUNCTION_NAMES:
        assert compile_expression(f"{name}(1)").functions == {name}


@pytest.mark.parametrize(
    "text",
    [
        "for i in 1..1000000000 return i",
        "for i in 1..1000, j in 1..1000 return i",
        "count(for i in 1..90000 return [i, i])  + count(for i in 1..90000 return i) + count(for i in 1..90000 return i)",
        "{f: function(n) f(n + 1), r: f(1)}.r",
        '(for i in 1..40 return if i = 1 then "ab" else partial[-1] + partial[-1])[-1]',
        "(for i in 1..40 return if i = 1 then [1] else concatenate(partial[-1], partial[-1]))[-1]",
        'replace(text, "a", text)',
    ],
)
def test_work_and_memory_are_limited(text):
    with pytest.raises(ExpressionFailed, match=r"limit|deep"):
        compile_expression(text).evaluate({"text": "a" * 2000})


def test_a_pattern_that_explodes_elsewhere_takes_linear_time():
    assert compile_expression('matches(t, "^(a+)+$")').evaluate({"t": "a" * 5000 + "b"}) is False


def test_deeply_nested_data_is_an_error_and_no_crash():
    deep = []
    for _ in range(100_000):
        deep = [deep]
    with pytest.raises(ExpressionFailed, match="deep"):
        compile_expression("d = d2").evaluate({"d": deep, "d2": [deep]})
    while deep:  # taken apart by hand: the interpreter would recurse
        deep = deep.pop()


@pytest.mark.parametrize(
    ("tests", "value", "expected"),
    [
        ("-", None, True),
        ("5", D(5), True),
        ("> 3, 1", D(1), True),
        ("[1..3]", D(4), False),
        ('"a", "b"', "b", True),
        ('not("a", "b")', "c", True),
        ('not("a", "b")', "a", False),
        ("null", None, True),
        ("> 3", None, False),
        ("? > limit and ? < 10", D(6), True),
        ('starts with(?, "a")', "abc", True),
        ("limit", D(5), True),
        ("limit > 4", "anything", True),
        ("[1, 5]", D(5), True),
        ("not(? > 3)", D(5), False),
        ('@"2026-03-02"', None, False),
        ("true", True, True),
        ("= 5", D(5), True),
    ],
)
def test_unary_tests(tests, value, expected):
    assert compile_unary_tests(tests).matches(value, {"limit": D(5)}) is expected


def test_unary_tests_tell_their_names():
    assert compile_unary_tests("? > limit").names == {"limit"}
