"""Findings in *.import.yaml: descriptions of workbooks."""

from __future__ import annotations

from pathlib import Path

import pytest

from engine.definitions.check import check
from engine.definitions.package import Package, load_folder

ROOT = Path(__file__).parents[3]
PATH = "processes/agreement_five_steps/agreement_five_steps.import.yaml"


def findings(old: str, new: str) -> list[str]:
    """Sentences about the bundled description after one replacement."""
    files = dict(load_folder(ROOT).files)
    text = files[PATH].decode()
    assert text.count(old) >= 1
    files[PATH] = text.replace(old, new, 1).encode()
    return [f.message for f in check(Package.from_files(files), language="en") if f.file == PATH and f.severity == "error"]


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("message: msg.agreement.take_over", "message: msg.agreement.nothing", "no process is started by msg.agreement.nothing"),
        ("  note: note", "  note: remark", "there is no column remark"),
        ("parent: agreement,", "parent: contract,", "there is no column contract"),
        ("column: weight,", "column: heaviness,", "there is no column heaviness"),
        ("kind: money", "kind: gold", "is none of"),
        ("kind: choice, choices: states", "kind: choice", "choices"),
        ("take_over:", "takes_over:", "unknown: takes_over"),
        ('"=term_to > today()"', '"=term_to > > today()"', "take_over.checks"),
        ("  checks:", " checks:", "the YAML is broken"),
    ],
)
def test_a_wrong_description_is_found(old: str, new: str, said: str) -> None:
    found = findings(old, new)
    assert any(said in message for message in found), found


def test_the_bundled_one_is_right() -> None:
    assert findings("message:", "message:") == []
