"""Counting: exact rates with their base, groups too small to be shown."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from governance.opinions import counting


@pytest.mark.parametrize(
    ("part", "base", "exact", "percent"),
    [(13, 20, "13/20", "65.0"), (1, 3, "1/3", "33.3"), (2, 3, "2/3", "66.7"), (5, 5, "1", "100.0"), (0, 7, "0", "0.0")],
)
def test_a_rate_is_an_exact_share_of_its_base(part: int, base: int, exact: str, percent: str) -> None:
    assert counting.share(part, base) == {"part": part, "base": base, "exact": exact, "percent": Decimal(percent)}


def test_without_a_list_there_is_no_rate_and_any_answer_is_enough() -> None:
    assert counting.share(3, 0)["percent"] is None
    assert counting.enough(0, 0, 1, Fraction(1, 2))
    assert not counting.enough(0, 0, 0, Fraction(1, 2))


def test_half_is_enough_when_half_is_asked_for() -> None:
    assert counting.enough(10, 20, 10, Fraction(1, 2))
    assert not counting.enough(9, 20, 30, Fraction(1, 2))


def group(key: str, answers: int, audience: int = 0) -> dict[str, Any]:
    return {
        "group": key, "zh": key, "en": key, "audience": audience, "answers": answers, "replied": answers,
        "rate": counting.share(answers, audience),
    }  # fmt: skip


def test_small_groups_stand_together_and_take_the_next_smallest_with_them_if_they_must() -> None:
    shown = counting.merge_small([group("a", 20, 30), group("b", 6, 8), group("c", 3, 5)], 5)
    assert [(g["group"], g["answers"], g["hidden"]) for g in shown] == [("a", 20, False), (None, 9, False)]
    assert shown[1]["keys"] == ["b", "c"]


def test_a_single_small_group_stays_grey() -> None:
    (only,) = counting.merge_small([group("c", 3, 5)], 5)
    assert only["hidden"]


@given(st.lists(st.integers(0, 12), min_size=1, max_size=8), st.integers(2, 6))
def test_no_small_group_can_be_computed_from_what_is_shown(sizes: list[int], least: int) -> None:
    shown = counting.merge_small([group(f"g{n}", size) for n, size in enumerate(sizes)], least)
    assert sum(g["answers"] for g in shown) == sum(sizes)
    assert all(g["answers"] == 0 or g["answers"] >= least or g["hidden"] for g in shown)
    # a grey one beside shown ones would be the total less the others
    hidden = [g for g in shown if g["hidden"]]
    assert not hidden or len([g for g in shown if g["answers"]]) == 1


QUESTIONS = [
    {"key": "a", "kind": "clause", "text": {"zh": "条款", "en": "Clause"}, "options": [], "most": 5},
    {"key": "s", "kind": "scale", "text": {"zh": "分", "en": "Points"}, "options": [], "most": 5},
    {"key": "t", "kind": "text", "text": {"zh": "其他", "en": "Other"}, "options": [], "most": 5},
]


def test_results_per_question_stances_and_equal_texts_together() -> None:
    answers = [
        {"a": {"stance": "support", "text": ""}, "s": Decimal(4), "t": "路灯  太暗"},
        {"a": {"stance": "oppose", "text": "太吵"}, "s": Decimal(5), "t": "路灯 太暗"},
        {"s": Decimal(2)},
    ]
    clause, scale, text = counting.by_question(QUESTIONS, answers)
    assert (clause["n"], clause["counts"]) == (2, {"support": 1, "conditional": 0, "oppose": 1})
    assert (scale["n"], scale["mean"]) == (3, Decimal("3.67"))
    assert text["n"] == 2
    assert counting.stances(QUESTIONS, answers) == {"support": 1, "conditional": 0, "oppose": 1}
    lines = counting.texts(QUESTIONS, [{"answers": a, "slot_group": "g"} for a in answers])
    assert [(line["text"], line["count"]) for line in lines] == [("路灯 太暗", 2), ("太吵", 1)]
