"""What is found in a paper and its templates before it is deployed."""

from __future__ import annotations

import io
import zipfile
from pathlib import Path

import pytest
import yaml

from engine.definitions.archive import zipped
from engine.definitions.check import check
from engine.definitions.package import Package, load_folder, load_zip
from governance.papers.docx import open_docx
from governance.papers.outline import template_of
from governance.papers.template_check import check_templates

ROOT = Path(__file__).parents[4]
DECLARED = {
    "paper": "letter", "name": {"zh": "函", "en": "Letter"}, "templates": {"zh": "letter.zh.docx", "en": "letter.en.docx"},
    "data": {"who": "=who", "rows": {"from": "=rows", "rows": {"name": "text"}}},
}  # fmt: skip
GOOD = "# {{who}}\n| a | b |\n| {{#rows}}{{name}} | {{index}}{{/rows}} |"


def codes(declared: object = DECLARED, zh: str | bytes | None = GOOD, en: str | None = GOOD) -> list[str]:
    files = {"processes/toy/letter.paper.yaml": yaml.safe_dump(declared, allow_unicode=True).encode()}
    for language, outline in (("zh", zh), ("en", en)):
        if outline is not None:
            content = outline if isinstance(outline, bytes) else template_of(outline, language)
            files[f"processes/toy/letter.{language}.docx"] = content
    return [f.code for f in check(Package.from_files(files), more=(check_templates,)) if f.code != "FILE-005"]


def test_a_sound_paper_has_no_findings() -> None:
    assert codes() == []


@pytest.mark.parametrize(
    ("zh", "code"),
    [
        ("{{who}} {{nobody}}", "PAPER-006"),
        ("{{name}}", "PAPER-006"),
        ("{{who", "PAPER-005"),
        ("{{who +}}", "PAPER-005"),
        ("{{?who}}x", "PAPER-005"),
        ("a{{#rows}}b{{/rows}}c", "PAPER-005"),
        (b"no docx", "PAPER-004"),
        (None, "PAPER-003"),
    ],
)
def test_a_template_that_cannot_be_filled_is_found(zh: str | bytes | None, code: str) -> None:
    assert code in codes(zh=zh)


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"templates": {"zh": "letter.zh.docx"}}, "PAPER-001"),
        ({"number": "no sequence"}, "PAPER-001"),
        ({"access": "everybody"}, "PAPER-001"),
        ({"data": {"who": "=who +"}}, "FEEL-001"),
        ({"data": {"who": {"from": "=who", "kind": "code", "codes": "nothing"}}}, "FEEL-005"),
        ({"when": "=nobody_knows(1)"}, "FEEL-004"),
    ],
)
def test_a_wrong_declaration_is_found(change: dict[str, object], code: str) -> None:
    assert code in codes({**DECLARED, **change})


def test_what_no_template_uses_and_what_no_paper_names_are_warned_of() -> None:
    assert codes(zh="{{who}}", en="{{who}}") == ["PAPER-007"]
    files = {"processes/toy/other.docx": template_of("x")}
    assert "PAPER-008" in [f.code for f in check(Package.from_files(files), more=(check_templates,))]


def test_names_must_exist_in_the_process() -> None:
    package = load_folder(ROOT)
    path = "processes/sp_rectify/order.paper.yaml"
    files = {**package.files, path: package.files[path].replace(b'"=order.issue"', b'"=nobody.issue"')}
    found = [f for f in check(Package.from_files(files), more=(check_templates,)) if f.file == path]
    assert [f.code for f in found] == ["FEEL-002"]


def test_the_bundled_papers_are_sound_and_travel_in_a_zip() -> None:
    package = load_folder(ROOT)
    found = check(package, more=(check_templates,))
    assert [f for f in found if f.code.startswith("PAPER") or f.file.endswith(".paper.yaml")] == []
    assert len(package.papers) >= 5
    assert load_zip(zipped(package.files)).templates == package.templates


@pytest.mark.parametrize("outline", sorted((ROOT / "processes").rglob("*.outline.md")), ids=lambda path: path.stem)
def test_each_bundled_template_is_what_its_outline_gives(outline: Path) -> None:
    name = outline.name.removesuffix(".outline.md")
    assert outline.with_name(f"{name}.docx").read_bytes() == template_of(outline.read_text("utf-8"), name.rpartition(".")[2])


@pytest.mark.parametrize(
    ("change", "found"),
    [({}, "ACC-006"), ({"access": "public"}, "ACC-007"), ({"of": "=[who]"}, None)],
)
def test_a_paper_filled_from_protected_data_says_who_reads_it(change: dict[str, object], found: str | None) -> None:
    model = """<?xml version="1.0" encoding="UTF-8"?>
<bpmn:definitions xmlns:bpmn="http://www.omg.org/spec/BPMN/20100524/MODEL" xmlns:cogov="urn:cogov:bpmn:1" id="d" targetNamespace="t">
<bpmn:process id="toy" name="样例" isExecutable="true"><bpmn:extensionElements><cogov:access class="staff"/>
<cogov:data name="who" access="parties" of="=[who]"/><cogov:data name="rows"/></bpmn:extensionElements>
<bpmn:startEvent id="s"/><bpmn:endEvent id="e"/><bpmn:sequenceFlow id="f" sourceRef="s" targetRef="e"/></bpmn:process></bpmn:definitions>"""
    files = {
        "processes/toy/toy.bpmn": model.encode(),
        "processes/toy/letter.paper.yaml": yaml.safe_dump({**DECLARED, **change}, allow_unicode=True).encode(),
        **{f"processes/toy/letter.{language}.docx": template_of(GOOD, language) for language in ("zh", "en")},
    }
    raised = {f.code for f in check(Package.from_files(files), more=(check_templates,))} & {"ACC-006", "ACC-007"}
    assert raised == ({found} if found else set())


def _with(change: dict[str, bytes], instruction: str = "") -> bytes:
    """A sound template with other files in it, or with a field."""
    files = open_docx(template_of(GOOD, "zh")).files | change
    field = "".join(f"<w:r><w:instrText>{part}</w:instrText></w:r>" for part in instruction.split("|"))
    files["word/document.xml"] = files["word/document.xml"].replace(b"<w:body>", b"<w:body><w:p>" + field.encode() + b"</w:p>", 1)
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        for name, content in files.items():
            archive.writestr(name, content)
    return out.getvalue()


_REMOTE = (
    b'<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="r1" '
    b'Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/attachedTemplate" Target="http://elsewhere/x.dotm" '
    b'TargetMode="External"/></Relationships>'
)


@pytest.mark.parametrize(
    ("change", "instruction"),
    [
        ({"word/_rels/settings.xml.RELS": _REMOTE}, ""),
        ({"word/VBAPROJECT.BIN": b"x"}, ""),
        ({"word/embeddings/oleObject1.bin": b"x"}, ""),
        ({}, "DDEAUTO c:\\cmd.exe"),
        ({}, " DDE|AUTO c:\\cmd.exe"),
        ({}, 'INCLUDEPICTURE "http://elsewhere/x.png"'),
    ],
)
def test_a_template_that_would_fetch_or_start_something_at_its_reader_is_refused(change: dict[str, bytes], instruction: str) -> None:
    assert "PAPER-004" in codes(zh=_with(change, instruction))


def test_page_numbers_are_no_danger() -> None:
    assert codes(zh=_with({}, " PAGE ")) == []
