"""Filling a template: values, rows, optional parts; whatever Word and users write into it."""

from __future__ import annotations

import io
import zipfile
from datetime import date, datetime
from decimal import Decimal

import docx as word
import pytest
from docx_made import NOW, ZONE, filled, lines, split_into_runs, wording

from engine.errors import UnknownVariable
from governance.papers.docx import TemplateUnreadable, open_docx
from governance.papers.filling import fill
from governance.papers.gathering import filling
from governance.papers.marks import TemplateInvalid
from governance.papers.outline import OutlineInvalid, template_of

PAPER = """# {{title}}
请于{{due}}前缴纳{{money}}。{{?note}}另：{{note}}。{{/note}}
|1|3|
| 序号 | 事项 |
| {{#rows}}{{index}} | {{name}}{{/rows}} |
{{?signed}}
已签署
{{/signed}}
"""
NAMES = {
    "title": "通知", "due": date(2026, 3, 2), "money": "5,000.00元", "note": None, "rows": [{"name": "甲"}, {"name": "乙"}], "signed": True,
}  # fmt: skip


def test_values_rows_and_optional_parts_are_filled() -> None:
    assert filled(PAPER, **NAMES) == ["通知", "请于2026年3月2日前缴纳5,000.00元。", "序号", "事项", "1", "甲", "2", "乙", "已签署"]


def test_what_is_not_wanted_is_left_out_with_its_markers() -> None:
    assert filled(PAPER, **{**NAMES, "rows": [], "signed": False, "note": "x"}) == [
        "通知", "请于2026年3月2日前缴纳5,000.00元。另：x。", "序号", "事项",
    ]  # fmt: skip


@pytest.mark.parametrize("size", [1, 2, 3, 7])
def test_marks_that_word_has_split_over_runs_are_filled_alike(size: int) -> None:
    template = template_of(PAPER)
    values = filling(NAMES, wording(), NOW, ZONE)
    assert lines(fill(split_into_runs(template, size), values)) == lines(fill(template, values))


@pytest.mark.parametrize(
    "hostile",
    [
        "}}{{title}}",
        "{{#rows}}",
        "<w:t>x</w:t>",
        "&amp;<b>",
        "{{ 1 + 1 }}",
        "]]>",
        "\x00\x07\ufffe坏\ud800",
        "{% raw %}{{x}}",
        "'; DROP TABLE",
    ],
)
def test_a_value_becomes_neither_a_mark_nor_markup(hostile: str) -> None:
    made = filled("正文：{{text}}。", text=hostile)
    shown = "".join(c for c in hostile if c not in "\x00\x07\ufffe\ud800")
    assert made == [f"正文：{shown}。"]


def test_lines_of_a_value_become_paragraphs() -> None:
    assert filled("{{text}}", text="一是甲。\r\n\n二是乙。") == ["一是甲。", "二是乙。"]


def test_paragraphs_repeat_between_markers_and_around_one_line() -> None:
    outline = "{{#rows}}\n（{{index}}）{{name}}\n{{/rows}}\n{{#rows}}附{{name}}{{/rows}}"
    assert filled(outline, rows=NAMES["rows"]) == ["（1）甲", "（2）乙", "附甲", "附乙"]


def test_a_name_of_a_row_hides_the_papers_own_and_rows_may_nest_an_optional_part() -> None:
    outline = "| a | b |\n| {{#rows}}{{title}} | {{?name}}有{{name}}{{/name}}{{/rows}} |"
    assert filled(outline, title="纸", rows=[{"title": "行", "name": None}, {"title": "列", "name": "x"}]) == ["a", "b", "行", "列", "有x"]


def test_quotes_that_word_made_curly_are_quotes() -> None:
    assert filled("{{ if kind = “a” then “甲” else “乙” }}", kind="a") == ["甲"]


def test_an_unknown_name_is_an_error_not_a_blank() -> None:
    with pytest.raises(UnknownVariable):
        filled("{{nobody}}")


@pytest.mark.parametrize(
    "outline",
    [
        "{{title",
        "title}}",
        "{{}}",
        "{{/rows}}",
        "{{?signed}}\n甲",
        "甲{{?signed}}乙\n{{/signed}}",
        "{{#rows}}甲",
        "甲{{#rows}}乙{{/rows}}丙",
        "{{# 1 }}",
    ],
)
def test_a_mark_that_cannot_be_meant_is_told(outline: str) -> None:
    with pytest.raises(TemplateInvalid):
        filled(outline, **NAMES)


def test_templates_see_the_papers_values_only() -> None:
    for text in ('{{ setting("x") }}', '{{ role("a", "b") }}', "{{ unit }}"):
        with pytest.raises(Exception):  # noqa: B017, PT011  whichever way FEEL refuses it
            filled(text, title="x")


def test_the_same_values_give_the_same_bytes_and_word_can_read_them() -> None:
    template, values = template_of(PAPER), filling(NAMES, wording(), NOW, ZONE)
    first = fill(template, values)
    assert first == fill(template, values)
    assert [p.text for p in word.Document(io.BytesIO(first)).paragraphs][:2] == ["通知", "请于2026年3月2日前缴纳5,000.00元。"]


def test_macros_links_to_elsewhere_and_other_files_are_no_templates() -> None:
    def with_part(name: str, content: bytes) -> bytes:
        document = open_docx(template_of("甲"))
        document.files[name] = content
        return document.save()

    remote = (
        b'<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="r1" '
        b'Type="http://x/attachedTemplate" Target="http://evil.example/t.dotx" TargetMode="External"/></Relationships>'
    )
    entity = b'<!DOCTYPE a [<!ENTITY x SYSTEM "file:///etc/passwd">]><a>&x;</a>'
    for broken in (b"no zip", with_part("word/vbaProject.bin", b"x"), with_part("word/_rels/settings.xml.rels", remote)):
        with pytest.raises(TemplateUnreadable):
            open_docx(broken)
    assert b"root:" not in open_docx(with_part("word/header1.xml", entity)).save()
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("word/document.xml", b"0" * 31_000_000)
    with pytest.raises(TemplateUnreadable):
        open_docx(out.getvalue())


def test_values_are_written_as_papers_write_them() -> None:
    moment = datetime(2026, 3, 2, 6, 30, tzinfo=ZONE)
    values = {"d": date(2026, 3, 2), "m": moment, "n": Decimal("12.50"), "b": True, "l": ["甲", "乙"]}
    assert filled("{{d}} {{m}} {{n}} {{b}} {{l}}", **values) == ["2026年3月2日 2026年3月2日06:30 12.50 是 甲、乙"]
    assert filled("{{d}} {{m}} {{n}} {{b}} {{l}}", "en", **values) == ["2 March 2026 2 March 2026, 06:30 12.50 Yes 甲, 乙"]


def test_rows_of_an_outlines_table_must_be_alike() -> None:
    with pytest.raises(OutlineInvalid):
        template_of("| a | b |\n| c |")
