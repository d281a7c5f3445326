"""The house rules that a machine can hold: nothing about a procedure is hard-coded, and layers point inwards."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
import yaml
from lxml import etree

ROOT = Path(__file__).resolve().parents[2]
CODE = [p for folder in ("engine", "governance", "api", "web", "cogov") for p in (ROOT / folder).rglob("*.py")]
#: words of the field that are names of stages or registers too, and are allowed as ordinary English in code
ORDINARY = {"publicity", "objections", "archive", "talk", "sign", "show", "perform", "evaluate", "commitment", "meetings", "decisions"}


def procedure_words() -> set[str]:
    """Process, decision and register keys, and stage and state names that only a procedure would use."""
    words: set[str] = set()
    for path in (ROOT / "processes").rglob("*.bpmn"):
        words |= {p.get("id") for p in etree.parse(path).getroot().iter("{*}process")}
    for path in (ROOT / "processes").rglob("*.register.yaml"):
        words.add(yaml.safe_load(path.read_text("utf8"))["register"])
    return words - ORDINARY


def test_there_are_procedures_to_look_for() -> None:
    assert len(procedure_words()) > 5


def test_no_procedure_or_register_is_named_in_code() -> None:
    words = procedure_words()
    pattern = re.compile(rf"""["']({"|".join(map(re.escape, sorted(words)))})["'/]""")
    found = [
        f"{path.relative_to(ROOT)}:{number}: {line.strip()}"
        for path in CODE
        for number, line in enumerate(path.read_text("utf8").splitlines(), 1)
        if pattern.search(line)
    ]
    assert not found, "\n".join(found)


@pytest.mark.parametrize("library", ["flask", "werkzeug"])
def test_engine_and_governance_import_no_web_framework(library: str) -> None:
    pattern = re.compile(rf"^\s*(import|from) {library}\b", re.MULTILINE)
    inner = [p for p in CODE if p.relative_to(ROOT).parts[0] in ("engine", "governance")]
    found = [str(p.relative_to(ROOT)) for p in inner if pattern.search(p.read_text("utf8"))]
    assert not found


def test_sqlalchemy_is_imported_only_where_rows_are_stored() -> None:
    pattern = re.compile(r"^\s*(import|from) sqlalchemy\b", re.MULTILINE)

    def may(path: Path) -> bool:
        parts = path.relative_to(ROOT).parts
        return (
            parts[:2] in (("engine", "store"), ("engine", "jobs"), ("cogov", "migrations"))
            or path.stem in ("store", "tables", "queries")
            or parts[-2] == "store"
        )

    found = [str(p.relative_to(ROOT)) for p in CODE if not may(p) and pattern.search(p.read_text("utf8"))]
    assert not found


def test_no_wall_clock_outside_the_clock() -> None:
    pattern = re.compile(r"datetime\.(now|utcnow|today)\(|date\.today\(|time\.time\(")
    allowed = {ROOT / "engine/clock.py"}
    found = [str(p.relative_to(ROOT)) for p in CODE if p not in allowed and pattern.search(p.read_text("utf8"))]
    assert not found
