"""Whatever the arguments are, a function gives a value, null, or one of our errors."""

from __future__ import annotations

import random

from engine.errors import CogovError
from engine.feel import Environment, FeelSyntaxError, builtin_names, compile_expression

VALUES = [
    "null", "true", "0", "-1", "2.5", "1e6000", "-9.99e-6000", "99999999999999999999999999999999999", '""', '"a"', '"(a|b)*c"', '"P1Y"',
    '"2026-03-02"', '"社区共治"', '"[1..3]"', "[]", "[1, 2, 3]", "[null]", '["a", 1]', "[[1], 2]", "[true, false]", "{}",
    '{key: "a", value: 1}',
    '[{key: "k", value: 2}]', '@"2026-03-02"', '@"9999-12-31"', '@"0001-01-01"', '@"2026-03-02T09:00:00"', '@"2026-03-02T09:00:00+08:00"',
    '@"0001-01-01T00:00:00+14:00"', '@"09:00:00"', '@"09:00:00-08:00"', '@"P1D"', '@"-P1Y2M"', '@"P999999999D"', '@"PT0.000001S"',
    '@"P9999999999Y"', "[1..3]", "(1..null]", '["a".."b")', "(< 5)", "(!= 5)", "function(x) x", "function(a, b) a < b", "function() 1",
]  # fmt: skip
OPERATORS = ["+", "-", "*", "/", "**", "=", "!=", "<", "<=", ">", ">=", "and", "or", "in"]
ENVIRONMENT = Environment(max_steps=20_000, max_items=2_000, max_text=20_000)


def evaluate(text):
    try:
        return compile_expression(text).evaluate({}, ENVIRONMENT)
    except CogovError:
        return None


def test_every_built_in_function_takes_anything():
    chance = random.Random(7)
    for name in sorted(builtin_names()):
        for _ in range(40):
            arguments = ", ".join(chance.choice(VALUES) for _ in range(chance.randint(0, 3)))
            evaluate(f"{name}({arguments})")
            evaluate(f"string([{name}({arguments})])")


def test_every_operator_takes_anything():
    chance = random.Random(8)
    for operator in OPERATORS:
        for _ in range(100):
            left, right = chance.choice(VALUES), chance.choice(VALUES)
            evaluate(f"{left} {operator} {right}")
            evaluate(f"string([({left}) {operator} ({right})])")


def test_every_path_filter_and_loop_takes_anything():
    chance = random.Random(9)
    for value in VALUES:
        for part in ("year", "weekday", "hour", "time offset", "days", "seconds", "years", "months", "start", "end included", "missing"):
            evaluate(f"string([({value}).{part}])")
        for other in chance.sample(VALUES, 12):
            evaluate(f"({value})[{other}]")
            evaluate(f"for i in {value} return i")
            evaluate(f"for i in {value}..{other} return i")
            evaluate(f"{value} between {other} and {value}")
            evaluate(f"-({value})")
            evaluate(f"some i in {value} satisfies {other}")


def test_arithmetic_that_the_standard_library_would_trap_gives_null():
    assert evaluate('@"P999999999999D" * 1e9') is None
    assert evaluate('@"999999999-12-31" + @"P1D"') is None
    assert evaluate("1e6000 * 1e6000") is None


def test_a_syntax_error_is_a_cogov_error():
    assert issubclass(FeelSyntaxError, CogovError)
