"""What an expression gives is known before it is evaluated, and what can never mean anything is named with its place."""

from __future__ import annotations

import pytest

from engine.feel import FeelSyntaxError, builtin_names, compile_expression
from engine.feel.inference import (
    ANY,
    BOOLEAN,
    DATE,
    MOMENT,
    NUMBER,
    TEXT,
    Anything,
    context_of,
    infer,
    infer_tests,
    list_of,
    nearest,
    of_value,
)

ROW = context_of({"no": NUMBER, "title": TEXT})
NAMES = {
    "amount": NUMBER,
    "limit": NUMBER,
    "kind": TEXT,
    "day": DATE,
    "at": MOMENT,
    "done": BOOLEAN,
    "unknown": ANY,
    "review": context_of({"opinion": TEXT, "by": TEXT, "rows": list_of(ROW)}),
    "意见": TEXT,
    "a-b": NUMBER,
}


def doubts(text, names=NAMES, **more):
    return [(doubt.kind, doubt.position) for doubt in infer(text, names, **more).doubts]


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("amount + 1", "number"),
        ("kind + string(amount)", "string"),
        ("day + duration(\"P1D\")", "date"),
        ("at - at", "days and time duration"),
        ("day.year", "number"),
        ("review.rows.no", "list"),
        ("review.rows[no > 1]", "list"),
        ("review.rows[1].title", "string"),
        ("sum(review.rows.no)", "number"),
        ("for r in review.rows return r.no", "list"),
        ("some r in review.rows satisfies r.no > 1", "boolean"),
        ("if done then amount else 0", "number"),
        ("if done then amount else kind", "Any"),
        ("if done then amount else null", "number"),
        ("get or else(absent, amount)", "Any"),
        ("{sum: amount + 1}.sum", "number"),
        ("[1..5]", "range"),
        ("unknown.anything + 1", "Any"),
        ("a-b + 1", "number"),
    ],
)  # fmt: skip
def test_the_kind_of_a_value_is_known_without_evaluating_it(text, kind):
    inferred = infer(text, NAMES)
    assert inferred.shape.kind == kind
    assert inferred.doubts == ()


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("reviw.opinion", ("name", 0)),
        ("amount + limt", ("name", 9)),
        ("review.opinoin", ("path", 0)),
        ("review.rows.titel", ("path", 0)),
        ("review.rows[n > 3]", ("name", 12)),
        ("day.yer", ("path", 0)),
        ("kind = 3", ("compare", 0)),
        ("amount < \"5\"", ("compare", 0)),
        ("at > day", ("compare", 0)),
        ("amount between 1 and \"5\"", ("compare", 21)),
        ("kind in (1, \"a\")", ("compare", 9)),
        ("amount in [\"a\"..\"b\"]", ("compare", 10)),
        ("day + 1", ("arithmetic", 6)),
        ("kind + amount", ("arithmetic", 7)),
        ("-kind", ("arithmetic", 0)),
        ("if kind then 1 else 2", ("condition", 3)),
        ("done and amount", ("condition", 9)),
        ("every r in review.rows satisfies r.no", ("condition", 33)),
        ("review.rows[title]", ("condition", 12)),
        ("upper case(amount)", ("argument", 11)),
        ("substring(kind, \"1\")", ("argument", 16)),
        ("sum(review.rows.title)", ("argument", 4)),
        ("upper case(string: amount)", ("argument", 0)),
        ("cout(unknown)", ("function", 0)),
        ("{a: kind, b: a.c}.b", ("path", 13)),
    ],
)  # fmt: skip
def test_what_can_never_mean_anything_is_doubted_where_it_stands(text, found):
    assert doubts(text) == [found]


@pytest.mark.parametrize(
    "text",
    [
        "if unknown instance of string then upper case(unknown) else unknown + 1",
        "if kind instance of list then count(kind) + 1 else 0",
        "kind instance of number and kind > 3",
        "is defined(absent) and get or else(absent.part, 1) > 2",
        "get or else({a: 1}.b, 2)",
        "get or else(review.opinoin, \"none\")",
        "is defined(review.opinoin)",
        "unknown = 3 or unknown = \"a\" or unknown = null",
        "kind = null or amount != null",
        "review.rows[item.no > 1 and item.title = \"a\"]",
        "count(kind)",
        "sort(review.rows, function(a, b) a.no < b.no)[1].title = \"x\"",
        "min(amount, limit) + max([1, 2])",
        "day = date(kind)",
        "unknown[anything > 2].more",
        "kind in (\"a\", \"b\", null)",
        "amount in ([1..5], > 9)",
        "for i in 1..3 return i + amount",
    ],
)  # fmt: skip
def test_what_may_be_right_is_not_doubted(text):
    assert doubts(text) == []


def test_the_nearest_spelling_is_proposed_for_chinese_names_too():
    assert infer('意间 = "a"', NAMES).doubts[0].near == ("意见",)
    assert infer("review.opinoin", NAMES).doubts[0].near == ("opinion",)
    assert infer("upper_case(kind)", NAMES).doubts[0].near == ("upper case",)
    assert nearest("合同金额", ["合同金頟", "甲方", "金额"]) == ["合同金頟"]
    assert nearest("x", ["y", "amount"]) == []


def test_a_place_says_which_kinds_it_takes():
    assert doubts("amount", wanted=("boolean",)) == [("condition", 0)]
    assert doubts("amount > 3", wanted=("boolean",)) == []
    assert doubts("kind", wanted=("list",)) == [("result", 0)]
    assert doubts("unknown", wanted=("list",)) == []


def test_cells_of_a_table_are_compared_with_their_input():
    assert [d.kind for d in infer_tests("> 5, [1..3]", TEXT, {}).doubts] == ["compare", "compare"]
    assert infer_tests("> 5, [1..3]", NUMBER, {}).doubts == ()
    assert [d.kind for d in infer_tests('"a", limit', NUMBER, {"limit": NUMBER}).doubts] == ["compare"]
    assert infer_tests("-", TEXT, {}).doubts == ()
    assert infer_tests("? > 3 and ? < 5", NUMBER, {}).doubts == ()
    assert [d.kind for d in infer_tests("? > 3", TEXT, {}).doubts] == ["compare"]


def test_where_any_name_may_be_used_only_the_rest_is_looked_at():
    assert doubts('whatever.more = 1 and contains("a", 2)', Anything()) == [("argument", 36)]


def test_sample_data_has_shapes():
    from decimal import Decimal

    shape = of_value({"rows": [{"no": Decimal(1)}, {"no": Decimal(2), "title": "a"}], "nothing": None})
    assert doubts("rows[1].title + 1", dict(shape.entries)) == [("arithmetic", 16)]
    assert doubts("nothing + 1", dict(shape.entries)) == []


def test_no_evaluation_disagrees_with_what_was_inferred():
    """Whatever gives a value of a kind with these samples was not inferred to be of another."""
    from decimal import Decimal

    from engine.feel.kinds import kind_of

    data = {"n": Decimal(2), "s": "a", "b": True, "xs": [Decimal(3), Decimal(1)], "c": {"k": "v"}}
    names = {name: of_value(value) for name, value in data.items()}
    arguments = list(data)
    for function in sorted(builtin_names() - {"now", "today"}):
        for count in (1, 2, 3):
            for first in arguments:
                text = f"{function}({', '.join([first, *arguments[: count - 1]])})"
                try:
                    compiled = compile_expression(text, names=data)
                except FeelSyntaxError:
                    continue
                value = compiled.evaluate(data)
                inferred = infer(text, names)
                if value is not None:
                    assert inferred.shape.kind in ("Any", kind_of(value)), text
                    assert not inferred.doubts, (text, value)


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ('matches(kind, "(a")', [("pattern", 14)]),
        (r'replace(kind, "\y", "")', [("pattern", 14)]),
        ('split(kind, "[")', [("pattern", 12)]),
        ('split(delimiter: "[", string: kind)', [("pattern", 17)]),
        ('matches(kind, "(a", "q")', []),
        ('matches(kind, "a", kind)', []),
        (r'matches(kind, "^1\d{10}$")', []),
        ("matches(kind, kind)", []),
    ],
)
def test_a_regular_expression_that_is_written_out_is_looked_at(text, found):
    assert doubts(text) == found


def test_a_missing_entry_is_doubted_where_nothing_stands_in_for_it():
    assert doubts("{a: 1}.b") == [("path", 0)]


def test_of_a_context_that_shares_its_entries_without_end_nothing_is_known():
    levels = ", ".join(f"a{n}: {{x: a{n - 1}, y: a{n - 1}}}" for n in range(1, 41))
    shared = f"{{a0: 1, {levels}}}.a40"
    found = infer(f"if done then {shared} else {shared}", NAMES)
    assert found.shape.kind in ("context", "Any")
    assert found.doubts == ()
    assert infer("{a0: 1, a1: {x: a0, y: a0}}.a1.x + 1", NAMES).shape.kind == "number"
