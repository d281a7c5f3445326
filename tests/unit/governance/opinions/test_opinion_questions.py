"""Reading the sheet and checking one answer."""

from __future__ import annotations

from decimal import Decimal

import pytest

from engine.errors import FormInvalid, ServiceRefused
from governance.opinions.answering import household_key
from governance.opinions.questions import check_answers, read_questions

SHEET = read_questions(
    [
        {"key": "lift", "kind": "clause", "text": "同意加装电梯"},
        {"key": "side", "kind": "choice", "text": {"zh": "装在哪侧", "en": "Which side"}, "options": "东侧\n西侧"},
        {"key": "care", "kind": "choice", "text": "最关心什么", "options": ["采光", "费用"], "multiple": True, "required": False},
        {"key": "mood", "kind": "scale", "text": "打几分", "most": 10, "required": False},
        {"kind": "text", "text": "其他"},
    ]
)


def pointers(given: dict[str, object]) -> list[str]:
    with pytest.raises(FormInvalid) as wrong:
        check_answers(SHEET, given)
    return [e.pointer for e in wrong.value.errors]


def test_a_sheet_gets_keys_both_languages_and_a_line_for_each_option() -> None:
    assert [q["key"] for q in SHEET] == ["lift", "side", "care", "mood", "q5"]
    assert SHEET[1]["text"] == {"zh": "装在哪侧", "en": "Which side"}
    assert [o["code"] for o in SHEET[1]["options"]] == ["东侧", "西侧"]
    assert [q["required"] for q in SHEET] == [True, True, False, False, False]


@pytest.mark.parametrize(
    ("rows", "words"),
    [
        ([], "至少要有一个问题"),
        ([{"kind": "dance", "text": "x"}], "题型无效"),
        ([{"kind": "text", "text": " "}], "没有题目"),
        ([{"kind": "choice", "text": "x", "options": ["只有一个"]}], "两个选项"),
        ([{"kind": "choice", "text": "x", "options": ["甲", "甲"]}], "选项重复"),
        ([{"key": "a", "text": "x"}, {"key": "a", "text": "y"}], "编号重复"),
        ([{"kind": "scale", "text": "x", "most": 1}], "2 到 10"),
    ],
)
def test_a_sheet_that_nobody_could_answer_is_refused_with_the_place(rows: list[dict[str, object]], words: str) -> None:
    with pytest.raises(ServiceRefused, match=words):
        read_questions(rows)


def test_an_answer_is_kept_in_its_kind_and_empty_ones_are_left_out() -> None:
    given = {"lift": {"stance": "conditional", "text": " 先检测 "}, "side": "东侧", "care": ["费用", "费用"], "mood": "7", "q5": "  "}
    assert check_answers(SHEET, given) == {
        "lift": {"stance": "conditional", "text": "先检测"},
        "side": "东侧",
        "care": ["费用"],
        "mood": Decimal(7),
    }


@pytest.mark.parametrize(
    ("changed", "where"),
    [
        ({"lift": {"stance": "conditional", "text": ""}}, ["/lift/text"]),
        ({"lift": {"stance": "maybe"}}, ["/lift/stance"]),
        ({"lift": None}, ["/lift"]),
        ({"side": "南侧"}, ["/side"]),
        ({"side": ["东侧", "西侧"]}, ["/side"]),
        ({"mood": "11"}, ["/mood"]),
        ({"mood": "2.5"}, ["/mood"]),
        ({"mood": "很好"}, ["/mood"]),
        ({"q5": "好" * 1001}, ["/q5"]),
        ({"secret": "x"}, ["/secret"]),
    ],
)
def test_a_wrong_answer_is_named_where_it_stands(changed: dict[str, object], where: list[str]) -> None:
    assert pointers({"lift": "support", "side": "东侧", **changed}) == where


@pytest.mark.parametrize("written", ["３幢 2－501室", "3幢2-501", " 3幢 2 — 501 ", "3幢2、501室"])
def test_one_spelling_for_an_address(written: str) -> None:
    assert household_key(written) == "3幢2-501"


def test_two_addresses_with_the_same_digits_stay_two() -> None:
    assert household_key("3幢25-01") != household_key("3幢2-501")
