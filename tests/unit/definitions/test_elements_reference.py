"""docs/reference/bpmn.md and the examples it is made from."""

from __future__ import annotations

from pathlib import Path

import pytest
import yaml

from engine.definitions import elements_reference
from engine.definitions.elements import entries
from engine.definitions.elements_reference import proofs, reference

ROOT = Path(__file__).parents[3]
EXAMPLES = ROOT / "tests/integration/reference"


def test_the_page_is_made_from_the_examples_of_today():
    assert (ROOT / "docs/reference/bpmn.md").read_text("utf-8") == reference(EXAMPLES)


def test_everything_that_runs_is_proven_by_an_example_or_listed_with_its_other_test():
    found = proofs(EXAMPLES)
    assert {*found.cases, *found.unproven} == set(entries())
    assert all((ROOT / path).is_file() for path in found.unproven.values())


def _folder(tmp_path: Path, claims: list[dict[str, object]], unproven: dict[str, str]) -> Path:
    (tmp_path / "models/a").mkdir(parents=True)
    (tmp_path / "models/a/a.yaml").write_text(yaml.safe_dump({"cases": [{"name": "n", "proves": claims}]}))
    (tmp_path / "unproven.yaml").write_text(yaml.safe_dump(unproven))
    return tmp_path


@pytest.mark.parametrize(
    ("claims", "unproven", "said"),
    [
        ([{"element": "userTask"}], {}, "neither proven .*'timer boundary_non'"),
        ([{"element": "timer", "position": "throw"}], {}, "no entries .*'timer throw'"),
        ([{"element": "userTask"}], dict.fromkeys(entries(), "x"), "need not be .*'userTask'"),
    ],
)
def test_a_gap_a_false_claim_and_an_entry_listed_twice_are_named(tmp_path, claims, unproven, said):
    with pytest.raises(ValueError, match=said):
        proofs(_folder(tmp_path, claims, unproven))


def test_an_entry_without_an_example_is_never_called_proven(tmp_path):
    page = reference(_folder(tmp_path, [{"element": "userTask"}], {entry: "x.py" for entry in entries() if entry != "userTask"}))
    assert page.count("| 运行 / runs |") == 1
    assert f"1 of {len(set(entries()))} entries" in page
    assert elements_reference._status("task", proofs(tmp_path)) != "运行 / runs"
