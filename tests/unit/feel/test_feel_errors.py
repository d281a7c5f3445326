"""What is not FEEL: where, what was expected, how to mend it."""

from __future__ import annotations

import random

import pytest

from engine.errors import CogovError
from engine.feel import FeelSyntaxError, compile_expression, compile_unary_tests


@pytest.mark.parametrize(
    ("text", "position", "message", "hint"),
    [
        ("", 0, "no expression", ""),
        ("=", 1, "no expression", ""),
        ("1 +", 3, "expected a value", ""),
        ("x == 1", 3, "expected a value", "single ="),
        ("a && b", 2, "no meaning", "and, or"),
        ("foo bar", 4, "operator or the end", "backticks"),
        ("(1", 2, "expected “)”", ""),
        ('"abc', 0, "closing quotation", ""),
        ("if x then 1", 11, "expected “else”", "then and else"),
        ('@"10:00:00@Europe/Pariss"', 1, "no date, time or duration", "P14D"),
        ('@"soon"', 1, "no date, time or duration", "P14D"),
        ("金额＞3", 2, "no meaning", "ASCII"),
        ("x ? 1 : 2", 2, "operator or the end", "if … then"),
        ("substring()", 0, "does not take these arguments", "substring(string: string"),
        ("{a: 1, a: 2}", 7, "twice", ""),
        ("x instance of frob", 14, "no type", ""),
        ("1 /* open", 2, "comment", ""),
        ("function() external {}", 11, "Java", ""),
    ],
)
def test_a_syntax_error_says_where_and_what(text, position, message, hint):
    with pytest.raises(FeelSyntaxError) as caught:
        compile_expression(text)
    error = caught.value
    assert error.code == "feel_syntax"
    assert error.position == position
    assert message in error.message
    assert hint in error.hint
    assert error.message_zh.startswith("第 ")


def test_line_and_column_count_from_one():
    with pytest.raises(FeelSyntaxError) as caught:
        compile_expression("1 +\n  * 2")
    assert (caught.value.line, caught.value.column) == (2, 3)


@pytest.mark.parametrize(
    "text", ["(" * 5000 + "1" + ")" * 5000, "-" * 5000 + "1", "[" * 500, "{a:" * 500, "if " * 500, "a" + "[1]" * 500, "1" * 30000]
)
def test_what_is_too_deep_or_too_long_is_refused(text):
    with pytest.raises(FeelSyntaxError):
        compile_expression(text)


def test_a_long_sum_is_not_deep():
    assert compile_expression("1" + " + 1" * 3000).evaluate({}) == 3001


def test_random_text_is_an_expression_or_a_syntax_error():
    pieces = [
        "1", "x", "(", ")", "[", "]", "{", "}", ":", ",", ".", "..", "+", "-", "**", "<", "=", "!=", '"t"', "@", "if", "then", "else",
        "for", "in", "return", "some", "satisfies", "function", "between", "and", "or", "not", "null", "instance of", "number", "?", "date",
    ]  # fmt: skip
    chance = random.Random(20260302)
    for _ in range(3000):
        text = " ".join(chance.choice(pieces) for _ in range(chance.randint(1, 12)))
        for compile_ in (compile_expression, compile_unary_tests):
            try:
                compiled = compile_(text)
            except FeelSyntaxError:
                continue
            try:
                if compile_ is compile_expression:
                    compiled.evaluate({"x": 2})
                else:
                    compiled.matches(2, {"x": 2})
            except CogovError:
                continue
