"""What the comparison with the browser (tests/browser/test_feel_in_browser.py) compares, and what the reference says of it."""

from __future__ import annotations

from pathlib import Path

from tests.feel import comparing

ROOT = Path(__file__).parents[3]


def test_few_answers_are_null_or_errors():
    """Otherwise the comparison would compare nothing."""
    answers = [comparing.answer(text) for text in comparing.every()]
    assert sum(answer is None for answer in answers) < len(answers) / 5
    assert not [answer for answer in answers if isinstance(answer, dict) and "error" in answer]


def test_the_reference_shows_every_reason():
    shown = (ROOT / "docs/reference/feel.md").read_text("utf8")
    assert [reason.en for reason in comparing.differences() if reason.en not in shown] == []
