"""A copy stands beside its original: nothing that may exist once is there twice, and what only looks alike stays."""

from __future__ import annotations

from pathlib import Path

import pytest

from engine.definitions.check import check
from engine.definitions.package import Package, load_folder
from governance.designer.copying import copy_procedure
from governance.designer.files import of_procedure

ROOT = Path(__file__).resolve().parents[4]
BUNDLED = load_folder(ROOT).files
KEYS = sorted({path.split("/")[1] for path in BUNDLED if path.startswith("processes/") and path.endswith(".bpmn")})


@pytest.mark.parametrize("key", KEYS)
def test_a_copy_of_a_bundled_procedure_takes_nothing_from_the_original(key: str) -> None:
    original = {path: content for path, content in BUNDLED.items() if of_procedure(path, key)}
    copied = copy_procedure(original, key, f"my_{key}")
    assert len(copied) == len(original)
    assert all(of_procedure(path, f"my_{key}") for path in copied)
    old, new = Package.from_files(original), Package.from_files(copied)
    assert set(new.processes) == {f"my_{key}"} | {f"my_{key}_{p}" for p in old.processes if p != key}
    for kind in ("processes", "decisions", "registers", "papers", "settings", "forms"):
        assert not set(getattr(old, kind)) & set(getattr(new, kind)), kind
        assert len(getattr(old, kind)) == len(getattr(new, kind)), kind


@pytest.mark.parametrize("key", KEYS)
def test_a_copy_has_no_findings_that_the_original_has_not(key: str) -> None:
    original = {path: content for path, content in BUNDLED.items() if of_procedure(path, key)}
    copied = copy_procedure(original, key, f"my_{key}")
    rest = Package.from_files(BUNDLED)
    settings = set(rest.settings)

    def codes(files: dict[str, bytes]) -> list[str]:
        return sorted(f.code for f in check(Package.from_files(files), settings=settings, deployed=rest) if f.severity == "error")

    assert codes(copied) == codes(original)


def test_a_variable_that_is_spelled_like_a_register_keeps_its_name() -> None:
    bpmn = (
        '<bpmn:process xmlns:bpmn="http://www.omg.org/spec/BPMN/20100524/MODEL" xmlns:cogov="urn:cogov:bpmn:1" '
        'id="toy" isExecutable="true">'
        '<zeebe:output xmlns:zeebe="z" source="=toys" target="toys"/><cogov:record register="toys" state="open"/></bpmn:process>'
    )
    register = b"register: toys\nname: {zh: a, en: b}\n"
    copied = copy_procedure({"processes/toy/toy.bpmn": bpmn.encode(), "processes/toy/toys.register.yaml": register}, "toy", "doll")
    text = copied["processes/doll/doll.bpmn"].decode()
    assert 'source="=toys" target="toys"' in text
    assert 'register="doll_toys"' in text
    assert copied["processes/doll/doll_toys.register.yaml"].startswith(b"register: doll_toys")
