"""The tutorial's program runs and prints what the tutorial says."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

TUTORIAL = Path(__file__).parents[2] / "docs" / "tutorial" / "library.md"


def test_the_program_of_the_tutorial_prints_what_it_says(capsys: pytest.CaptureFixture[str]) -> None:
    blocks = dict(re.findall(r"```(python|text)\n(.*?)```", TUTORIAL.read_text(encoding="utf-8"), flags=re.DOTALL))
    scope: dict[str, object] = {}
    exec(compile(blocks["python"], str(TUTORIAL), "exec"), scope)  # the program under test is our own document
    scope["engine"].database.dispose()  # type: ignore[attr-defined]
    assert capsys.readouterr().out == blocks["text"]
