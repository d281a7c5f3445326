"""What a draft may hold, and the smallest procedure to begin with."""

from __future__ import annotations

import pytest

from engine.definitions.check import check
from engine.definitions.package import Package
from governance.designer import files
from governance.designer.templates import new_procedure
from governance.directory.catalogue import roles

WORKER = ("community_worker", "社工", "Community worker")


@pytest.mark.parametrize(
    ("path", "kind"),
    [
        ("processes/toy/toy.bpmn", "bpmn"),
        ("processes/toy/fee.dmn", "dmn"),
        ("forms/toy/ask.form.json", "form"),
        ("processes/toy/toys.register.yaml", "register"),
        ("processes/toy/cases.yaml", "cases"),
        ("processes/toy/toy.settings.yaml", "settings"),
        ("processes/toy/notice.paper.yaml", "paper"),
        ("processes/toy/notice.zh.docx", "paper"),
        ("processes/toy/toy.md", "text"),
        ("processes/toy/toy.import.yaml", "other"),
    ],
)
def test_files_are_known_by_how_their_name_ends(path: str, kind: str) -> None:
    assert files.kind_of(path) == kind


@pytest.mark.parametrize(
    "path", ["processes/toy/toy.bpmn", "forms/toy/ask.form.json", "forms/shared/note.form.json", "forms/shared/codes.yaml"]
)
def test_a_draft_holds_its_own_files_and_shared_ones(path: str) -> None:
    files.require_path(path, "toy")


@pytest.mark.parametrize(
    "path",
    ["processes/other/other.bpmn", "processes/toy/../other/x.bpmn", "/etc/passwd", "processes/toy/", "forms/shared/../toy/a.form.json",
     "x.bpmn",
     "forms/shared/note.txt", "processes/toybox/toybox.bpmn"],
)  # fmt: skip
def test_other_paths_are_refused(path: str) -> None:
    with pytest.raises(files.BadPath):
        files.require_path(path, "toy")


@pytest.mark.parametrize("key", ["Toy", "1toy", "toy-case", "t", "shared", "玩具", "toy/../x", "x" * 61, ""])
def test_keys_are_snake_case(key: str) -> None:
    with pytest.raises(files.BadKey):
        files.require_key(key)


def test_a_new_procedure_has_no_findings_and_a_picture() -> None:
    made = new_procedure("toy_case", '玩具 "甲" <1>', "Toy & Co", role=WORKER)
    package = Package.from_files(made)
    found = check(package, services=[], roles=set(roles()), settings=[])
    assert found == []
    process = package.processes["toy_case"]
    assert (process.name.zh, process.name.en) == ('玩具 "甲" <1>', "Toy & Co")
    assert all(node.bounds is not None for node in process.nodes.values())
