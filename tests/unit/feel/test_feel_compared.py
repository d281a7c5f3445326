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


def test_the_libraries_of_the_benchmark_are_no_part_of_the_product():
    """pySFeel is GPL: it is measured in an environment of its own, as another program."""
    pinned = [line.split("==")[0].lower() for line in (ROOT / "requirements/peers.in").read_text("utf8").splitlines() if "==" in line]
    assert pinned == ["pysfeel", "bkflow-feel"]
    for lock in ("run.txt", "dev.txt"):
        named = (ROOT / "requirements" / lock).read_text("utf8").lower()
        assert [name for name in pinned if name in named] == []
    for folder in ("engine", "governance", "api", "web", "cogov"):
        sources = [path.read_text("utf8").lower() for path in (ROOT / folder).rglob("*.py")]
        assert not any("pysfeel" in source or "bkflow_feel" in source for source in sources)
