"""No name or literal of the official suite occurs in `engine/`: it passes by the standard, not by knowing the questions.

Looked for: every folder of the suite, and every name of its models and every text in its expressions of 12 characters and more. Left out
are the words of the standard itself: names of built-in functions, of their parameters and of parts such as `start included`.
"""

from __future__ import annotations

import re
from pathlib import Path

from lxml import etree

from engine.feel import builtin_names
from engine.feel.builtins import BUILTINS
from engine.feel.parts import PARTS
from tests.tck.suite import LEVELS, suite_folder

ENGINE = Path(__file__).resolve().parents[3] / "engine"
SHORTEST = 12
_TEXT = re.compile(r'"((?:[^"\\]|\\.)*)"')


def words_of_the_suite() -> set[str]:
    root = suite_folder()
    assert root is not None
    folders = [folder for level in LEVELS for folder in (root / "TestCases" / f"compliance-level-{level}").iterdir()]
    words: set[str] = set()
    for model in (path for folder in folders for path in folder.glob("*.dmn")):
        for element in etree.parse(model).getroot().iter("{*}*"):
            words.add(element.get("name") or "")
            if etree.QName(element).localname == "text":
                words.update(_TEXT.findall(element.text or ""))
    return {folder.name for folder in folders} | {word for word in words if len(word) >= SHORTEST}


def words_of_the_standard() -> set[str]:
    parameters = {parameter.name for builtin in BUILTINS.values() for overload in builtin.overloads for parameter in overload.parameters}
    parts = {part for parts in PARTS.values() for part in parts} | {"start included", "end included"}
    return builtin_names() | parameters | parts


def test_the_suite_has_words_to_look_for():
    assert len(words_of_the_suite()) > 1_000


def test_no_name_or_literal_of_the_suite_occurs_in_the_engine():
    code = "\n".join(path.read_text("utf8") for path in sorted(ENGINE.rglob("*.py")))
    found = {word for word in words_of_the_suite() - words_of_the_standard() if word in code}
    assert not found
