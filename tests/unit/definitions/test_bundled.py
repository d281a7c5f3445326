"""The bundled procedures, forms, registers, cases and rosters keep the conventions."""

from __future__ import annotations

from pathlib import Path

import pytest

from engine.definitions.archive import zipped
from engine.definitions.check import check, report_lines
from engine.definitions.package import Package, load_folder, load_zip
from engine.definitions.positions import read_yaml
from engine.schemas.validate import validate

ROOT = Path(__file__).parents[3]


@pytest.fixture(scope="module")
def bundled() -> Package:
    return load_folder(ROOT)


def test_the_bundled_package_has_no_errors(bundled):
    errors = [finding for finding in check(bundled, language="en") if finding.severity == "error"]
    assert report_lines(errors) == []


def test_the_bundled_package_survives_export_and_import(bundled):
    assert load_zip(zipped(bundled.files)).digest == bundled.digest


@pytest.mark.parametrize("roster", sorted((ROOT / "tests/rosters").glob("*.yaml")), ids=lambda path: path.stem)
def test_rosters_fit_their_schema(roster):
    located = read_yaml(roster.read_bytes())
    assert [(located.line(fault.path), fault.where, fault.reason.en) for fault in validate("roster", located.value)] == []


WRONG = [
    ({"areas": []}, ["people is missing", "at least 1 needed"]),
    (
        {"areas": [{"id": "A b", "level": "street", "name": "x"}], "people": [{"id": "p", "name": "x"}]},
        ['"A b" does not match ^[a-z][a-z0-9_]*$'],
    ),
    (
        {"areas": [{"id": "a", "level": "street", "name": "x"}], "people": [{"id": "p", "name": {"en": "x"}}]},
        ["zh is missing"],
    ),
    (
        {"areas": [{"id": "a", "level": "street", "name": "x"}], "people": [{"id": "p", "name": "x", "post": []}]},
        ["unknown: post; known: id, name, phone, party_member, status, login, posts"],
    ),
]


@pytest.mark.parametrize(("data", "reasons"), WRONG)
def test_what_does_not_fit_is_said_in_words(data, reasons):
    faults = validate("roster", data)
    assert [fault.reason.en for fault in faults] == reasons
    assert all(fault.reason.zh for fault in faults)
