"""Packages come from folders and archives; nothing in an archive can harm the machine or be lost silently."""

# ruff: noqa: E501  (XML reads better unbroken)

from __future__ import annotations

import io
import zipfile

import pytest

from engine.definitions.archive import MAX_FILES, zipped
from engine.definitions.check import check
from engine.definitions.package import Package, load_folder, load_zip
from engine.definitions.positions import Unreadable, read_json, read_yaml
from engine.errors import DeployRefused

FILES = {
    "processes/leave/leave.bpmn": b'<definitions xmlns="http://www.omg.org/spec/BPMN/20100524/MODEL"><process id="leave" isExecutable="true">'
    b'<task id="t"/></process></definitions>',
    "processes/leave/days.dmn": b'<definitions xmlns="https://www.omg.org/spec/DMN/20191111/MODEL/"><decision id="days"/></definitions>',
    "processes/leave/leaves.register.yaml": b"register: leaves\nname: {zh: a, en: b}\ncolumns: []\nstates: {open: {zh: a, en: b}}\n",
    "processes/leave/cases.yaml": b"process: leave\n",
    "processes/leave/leave.md": b"# Leave",
    "forms/leave/ask.form.json": b'{"type": "default", "id": "leave/ask", "components": []}',
    "forms/shared/decision.form.json": b'{"type": "default", "id": "shared/decision", "components": []}',
    "forms/shared/codes.yaml": b"colour: [{code: red, zh: a, en: b}]\n",
}


def archive(files, **attributes):
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as target:
        for name, content in files.items():
            info = zipfile.ZipInfo(name)
            for key, value in attributes.items():
                setattr(info, key, value)
            target.writestr(info, content, zipfile.ZIP_DEFLATED)
    return out.getvalue()


def test_a_package_holds_everything_by_the_keys_that_others_use():
    package = Package.from_files(FILES)
    assert package.problems == []
    assert list(package.processes) == ["leave"]
    assert package.decisions == {"days": FILES["processes/leave/days.dmn"]}
    assert list(package.forms) == ["leave/ask", "shared/decision"]
    assert list(package.shared) == ["shared/decision"]
    assert package.codes["colour"][0]["code"] == "red"
    assert list(package.registers) == ["leaves"]
    assert list(package.cases) == ["processes/leave/cases.yaml"]


def test_folder_archive_and_mapping_give_the_same_digest(tmp_path):
    for path, content in FILES.items():
        (tmp_path / path).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / path).write_bytes(content)
    (tmp_path / "processes/__init__.py").write_text("")
    wrapped = {f"export/{path}": content for path, content in FILES.items()}
    digests = {p.digest for p in (Package.from_files(FILES), load_folder(tmp_path), load_zip(zipped(FILES)), load_zip(archive(wrapped)))}
    assert len(digests) == 1
    changed = Package.from_files({**FILES, "processes/leave/leave.md": b"# Other"})
    assert changed.digest not in digests


def test_a_folder_without_processes_and_forms_is_refused(tmp_path):
    with pytest.raises(FileNotFoundError):
        load_folder(tmp_path)


REFUSED = {
    "no archive": (b"not a zip", "FILE-003"),
    "a step upwards": (archive({"processes/../../etc/passwd": b"x"}), "FILE-001"),
    "an absolute path": (archive({"/etc/passwd": b"x"}), "FILE-001"),
    "a drive": (archive({"C:/x": b"x"}), "FILE-001"),
    "a link": (archive({"processes/a/a.bpmn": b"/etc/passwd"}, external_attr=0o120777 << 16), "FILE-001"),
    "a bomb": (archive({"processes/a/a.bpmn": b"0" * 5_000_000}), "FILE-002"),
    "too many files": (archive({f"forms/a/{i}.form.json": b"" for i in range(MAX_FILES + 1)}), "FILE-002"),
    "a broken entry": (archive({"processes/a/a.bpmn": b"hello hello hello"}).replace(b"\xcb", b"\xcc", 1), "FILE-003"),
}


@pytest.mark.parametrize(("data", "code"), REFUSED.values(), ids=REFUSED.keys())
def test_a_harmful_archive_is_refused_with_a_reason(data, code):
    with pytest.raises(DeployRefused) as caught:
        load_zip(data, language="en")
    assert [finding.code for finding in caught.value.report] == [code]


PROBLEMS = {
    "unknown place": ({"other/x.txt.exe": b""}, "FILE-004"),
    "unknown kind": ({"processes/leave/x.exe": b""}, "FILE-004"),
    "unsafe path": ({"processes/../x": b""}, "FILE-001"),
    "empty": ({}, "FILE-005"),
    "broken form": ({"forms/a/b.form.json": b"{"}, "FORM-101"),
    "form is a list": ({"forms/a/b.form.json": b"[]"}, "FORM-101"),
    "broken codes": ({"forms/shared/codes.yaml": b"a: ["}, "FORM-103"),
    "broken register": ({"processes/a/a.register.yaml": b"a: b: c"}, "REG-001"),
    "broken settings": ({"processes/a/a.settings.yaml": b"a: ["}, "FILE-006"),
    "broken cases": ({"processes/a/cases.yaml": b"- a"}, "CASE-001"),
    "broken process": ({"processes/a/a.bpmn": b"<"}, "BPMN-002"),
}


@pytest.mark.parametrize(("files", "code"), PROBLEMS.values(), ids=PROBLEMS.keys())
def test_what_cannot_be_read_is_a_problem_and_not_an_exception(files, code):
    assert [problem.code for problem in Package.from_files(files).problems] == [code]


TWICE = {
    "process": ({"processes/b/b.bpmn": FILES["processes/leave/leave.bpmn"]}, "BPMN-072"),
    "decision": ({"processes/leave/more.dmn": FILES["processes/leave/days.dmn"]}, "DMN-001"),
    "register": ({"processes/b/b.register.yaml": FILES["processes/leave/leaves.register.yaml"]}, "REG-005"),
    "setting": ({"processes/a/a.settings.yaml": b"x.days: {value: 1}", "processes/b/b.settings.yaml": b"x.days: {value: 2}"}, "FILE-007"),
}


@pytest.mark.parametrize(("more", "code"), TWICE.values(), ids=TWICE.keys())
def test_the_same_key_in_two_files_is_reported_with_the_other_file(more, code):
    problems = Package.from_files({**FILES, **more}).problems
    assert [problem.code for problem in problems] == [code]
    assert problems[0].facts["first"].startswith("processes/")


CODES = b"""vote_option: [{code: yes, zh: A, en: A}]
other:
  - {code: a, zh: A, en: A}
vote_option: [{code: no, zh: B, en: B}]
"""


def test_a_code_list_that_is_twice_in_the_file_is_refused_at_deploy_with_file_and_line():
    report = check(Package.from_files({**FILES, "forms/shared/codes.yaml": CODES}), language="zh")
    (found,) = [f for f in report if f.code == "FORM-103"]
    assert (found.file, found.line, found.severity) == ("forms/shared/codes.yaml", 4, "error")
    assert "“vote_option”重复，第 1 行已有" in found.message


def test_code_lists_of_a_second_file_do_not_win_but_are_named():
    """Only forms/shared/codes.yaml holds code lists (conventions 8): no list of another file gets in, and the report says so."""
    package = Package.from_files({**FILES, "forms/leave/codes.yaml": b"colour: [{code: x, zh: X, en: X}]"})
    assert [c["code"] for c in package.codes["colour"]] == ["red"]
    assert [(p.code, p.file) for p in package.problems] == [("FILE-004", "forms/leave/codes.yaml")]


@pytest.mark.parametrize("text", ["a: 1\nb: 2\na: 3", "- {x: {a: 1,\n  a: 2}}", "a: &s {k: 1,\n k: 2}\nb: *s"])
def test_yaml_that_gives_a_key_twice_is_refused_with_the_line(text):
    with pytest.raises(Unreadable) as caught:
        read_yaml(text.encode())
    assert caught.value.line == text[: text.rindex("k: 2" if "k: 2" in text else "a:")].count("\n") + 1


def test_yaml_may_build_a_mapping_on_another_one():
    assert read_yaml(b"a: &s {k: 1}\nb: {<<: *s, k: 2}").value["b"] == {"k": 2}


def test_yaml_knows_the_line_of_every_value():
    located = read_yaml(b"a:\n  - {b: 1,\n     c: 2}\n  - x\n")
    assert located.value == {"a": [{"b": 1, "c": 2}, "x"]}
    assert [located.line(path) for path in (("a",), ("a", 0), ("a", 0, "c"), ("a", 1), ("a", 1, "beyond"), ("z",))] == [1, 2, 3, 4, 4, 1]


def test_json_knows_the_line_of_every_value():
    located = read_json(b'{\n "a": [\n  {"b": 1,\n   "c": "x:{,"},\n  2\n ],\n "d": {}\n}')
    assert located.value == {"a": [{"b": 1, "c": "x:{,"}, 2], "d": {}}
    assert [located.line(path) for path in (("a",), ("a", 0), ("a", 0, "c"), ("a", 1), ("d",))] == [2, 3, 4, 5, 7]


LAUGHS = "a: &a [x, x, x, x, x, x, x, x, x]\n" + "".join(
    f"{chr(98 + i)}: &{chr(98 + i)} [{', '.join([f'*{chr(97 + i)}'] * 9)}]\n" for i in range(7)
)


@pytest.mark.parametrize("text", [LAUGHS, "a: &a [*a]", "a: !!python/object/apply:os.system [x]", "[" * 3000, "\x00", "a: 1\n\tb: 2"])
def test_yaml_that_blows_up_or_runs_something_is_refused(text):
    with pytest.raises(Unreadable):
        read_yaml(text.encode())


@pytest.mark.parametrize("text", ['{"a": 1, "a": 2}', '{"a": NaN}', "[" * 100_000, "\xff", '{"a"}'])
def test_json_that_hides_something_is_refused(text):
    with pytest.raises(Unreadable):
        read_json(text.encode("latin-1"))
