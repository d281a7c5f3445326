"""`instance of` with every type of the standard."""

from __future__ import annotations

import pytest

from engine.feel import FeelSyntaxError, compile_expression


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("1 instance of number", True),
        ("1 instance of Any", True),
        ("null instance of Null", True),
        ("null instance of number", False),
        ('"a" instance of string', True),
        ("true instance of boolean", True),
        ('@"2026-03-02" instance of date', True),
        ('@"2026-03-02T09:00:00Z" instance of date and time', True),
        ('@"2026-03-02T09:00:00Z" instance of date', False),
        ('@"12026-03-02" instance of date', True),
        ('@"09:00:00" instance of time', True),
        ('@"P1D" instance of days and time duration', True),
        ('@"P1D" instance of years and months duration', False),
        ('@"P1Y" instance of years and months duration', True),
        ("[1, 2] instance of list<number>", True),
        ('[1, "a"] instance of list<number>', False),
        ("[] instance of list<string>", True),
        ("[[1], [2]] instance of list<list<number>>", True),
        ("[1..2] instance of range<number>", True),
        ('["a".."b"] instance of range<number>', False),
        ("(< 5) instance of range<number>", True),
        ('{a: 1, b: "x"} instance of context<a: number>', True),
        ('{a: "x"} instance of context<a: number>', False),
        ("{a: 1} instance of context<a: number, b: string>", False),
        ("{first name: 1} instance of context<first name: number>", True),
        ("(function() 1) instance of function<> -> number", True),
        ('(function() "a") instance of function<> -> number', False),
        ("(function(a: number) a) instance of function<number> -> number", True),
        ("(function(a: number) a) instance of function<string> -> number", False),
        ("(function(a) a) instance of function<string> -> Any", True),
        ("(function(a: number, b: string) a) instance of function<number> -> Any", False),
        # parameters are contravariant, results covariant
        ('(function(a: context<x: string>) "r") instance of function<context<x: string, y: string>> -> string', True),
        ('(function(a: context<x: string, y: string>) "r") instance of function<context<x: string>> -> string', False),
        ("(function() {x: 1, y: 2}) instance of function<> -> context<x: number>", True),
        ("(function() {y: 2}) instance of function<> -> context<x: number>", False),
        ("(function() [1, 2]) instance of function<> -> list<number>", True),
        ("[function(a: number) 1] instance of list<function<number> -> number>", True),
        ("(1 + 1) instance of number", True),
        ("1 + 1 instance of number", None),  # it binds tighter than +
    ],
)
def test_instance_of(text, expected):
    assert compile_expression(text).evaluate({}) is expected


@pytest.mark.parametrize(
    "text", ["1 instance of nothing", "1 instance of list<", "1 instance of function<number>", "1 instance of context<>"]
)
def test_what_is_no_type_is_told(text):
    with pytest.raises(FeelSyntaxError):
        compile_expression(text)


def test_a_typed_parameter_takes_its_kind_only():
    assert compile_expression("(function(a: list<number>) sum(a))(3)").evaluate({}) == 3
    assert compile_expression("(function(a: number) a)([7])").evaluate({}) == 7
