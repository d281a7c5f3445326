"""What the standard answers with null is said in a sentence, with its place, to whoever asks."""

from __future__ import annotations

import pytest

from engine.feel import Environment, compile_expression
from engine.feel.notices import MOST, SENTENCES

LENIENT = Environment(strict_names=False)


def notices(text: str, **variables: object) -> list[tuple[str, int | None]]:
    examined = compile_expression(text).examine(variables, LENIENT)
    return [(notice.key, notice.position) for notice in examined.notices]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ('1 + "a"', [("operation", 0)]),
        ("2 * (1 / 0)", [("result", 5), ("operation", 0)]),
        ('1 < "a"', [("order", 0)]),
        ('true and 1 = "1"', [("order", 9)]),
        ('@"2026-03-02T09:00:00" < @"2026-03-02T09:00:00Z"', [("order", 0)]),
        ('upper case(1) = "A"', [("arguments", 0)]),
        ("sum([])", [("outcome", 0)]),
        ('sqrt(number: "a")', [("arguments", 0)]),
        ("[{a: 1}].b", [("entry", 0)]),
        ("(3).year", [("entry", 1)]),
        ("{a: 1}.a(2)", [("function", 0)]),
        ("(function(a) a)(1, 2)", [("arguments", 1)]),
        ("(function(a) a)(b: 1)", [("arguments", 1)]),
        ('if "yes" then 1 else 2', [("condition", 0)]),
        ("for i in 1..1.5 return i", [("domain", None)]),
        ("some x in null satisfies x", [("domain", None)]),
        ('matches("a", "(")', [("pattern", 0)]),
        ("1 + 1 = 2 and not(false)", []),
        ('get value({a: 1}, "a")', []),
    ],
)
def test_each_null_has_a_notice_with_its_place(text, expected):
    assert notices(text) == expected


def test_a_notice_is_told_in_both_languages():
    examined = compile_expression('total + @"P1D"').examine({"total": 5})
    assert examined.value is None
    assert examined.notices[0].message == "a number + a days and time duration has no meaning: the result is null"
    assert examined.notices[0].message_zh == "数 + 时长 没有意义，结果为 null"


def test_every_kind_of_notice_has_both_languages():
    assert all(english and chinese for english, chinese in SENTENCES.values())


def test_notices_are_not_more_than_some():
    assert len(notices('for i in 1..1000 return i + "a"')) == MOST


def test_an_evaluation_that_nobody_examines_gives_the_same():
    assert compile_expression('1 + "a"').evaluate({}) is None
