"""A template from a text outline (``cogov paper new``): official-document layout without Word, the same bytes each time.

One line, one paragraph; its first characters say what it is::

    = 云桥街道办事处        red head (发文机关标志) with the red line
    # 整改通知书            title
    @ {{number}}           document number, centred
    > {{unit}}：           addressee, without indent
    ## 一、问题             first-level heading      ### (一) …  second-level
    {{issue}}              body text
    ~ 附件：…               body text without indent
    >> {{area}}            signature and date, right
    ^ 说明                  small note
    | 序号 | 条款 |          table row; the first one is the head; a line |1|3| before it gives the widths
    ---                    page break
"""

from __future__ import annotations

import html
import re
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from io import BytesIO

from engine.errors import CogovError
from governance.papers.docx import W
from governance.papers.docx_parts import CONTENT_TYPES, DOCUMENT_RELATIONS, RELATIONS, SETTINGS, footer, styles

#: width of the text area in twentieths of a point: A4 without 28 and 26 mm (GB/T 9704-2012, 5.2.1)
TEXT_WIDTH = 8845
_MARKS = (
    ("### ", "Heading2"), ("## ", "Heading1"), ("# ", "Title"), ("= ", "RedHead"), ("@ ", "Number"), (">> ", "Signature"),
    ("> ", "Addressee"), ("^ ", "Note"), ("~ ", "Plain"),
)  # fmt: skip


class OutlineInvalid(CogovError):
    """A line of the outline cannot be used."""

    code = "outline_invalid"


@dataclass(frozen=True, slots=True)
class Block:
    """`style` is a paragraph style, ``table`` or ``page``. Of a table, `rows` and `widths` (shares) count."""

    style: str
    text: str = ""
    rows: tuple[tuple[str, ...], ...] = ()
    widths: tuple[int, ...] = ()


def blocks(outline: str) -> Iterator[Block]:
    """Paragraphs and tables of an outline. Raises OutlineInvalid for a table whose rows differ in length."""
    table: list[str] = []
    for line in [*outline.splitlines(), ""]:
        if line.startswith("|"):
            table.append(line)
            continue
        if table:
            yield _table(table)
            table = []
        text = line.rstrip()
        if text == "---":
            yield Block("page")
        elif text:
            yield _paragraph(text)


def template_of(outline: str, language: str = "zh") -> bytes:
    """The docx of an outline: the same outline gives the same bytes. Raises OutlineInvalid."""
    body = "".join(_xml(block) for block in blocks(outline))
    page = (
        '<w:sectPr><w:footerReference w:type="default" r:id="rId3"/><w:pgSz w:w="11906" w:h="16838"/>'
        '<w:pgMar w:top="2098" w:right="1474" w:bottom="1984" w:left="1587" w:header="851" w:footer="1400" w:gutter="0"/></w:sectPr>'
    )
    document = (
        f'<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n<w:document xmlns:w="{W}" '
        f'xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships"><w:body>{body}{page}</w:body></w:document>'
    )
    parts = {
        "[Content_Types].xml": CONTENT_TYPES, "_rels/.rels": RELATIONS, "word/document.xml": document,
        "word/_rels/document.xml.rels": DOCUMENT_RELATIONS, "word/styles.xml": styles(language), "word/settings.xml": SETTINGS,
        "word/footer1.xml": footer(),
    }  # fmt: skip
    out = BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in parts.items():
            archive.writestr(zipfile.ZipInfo(name, date_time=(1980, 1, 1, 0, 0, 0)), content.encode(), zipfile.ZIP_DEFLATED)
    return out.getvalue()


def _paragraph(text: str) -> Block:
    for mark, style in _MARKS:
        if text.startswith(mark):
            return Block(style, text.removeprefix(mark).strip())
    return Block("Body", text)


def _table(lines: list[str]) -> Block:
    rows = [tuple(cell.strip() for cell in line.strip().strip("|").split("|")) for line in lines]
    widths: tuple[int, ...] = ()
    if all(re.fullmatch(r"\d+", cell) for cell in rows[0]):
        widths = tuple(int(cell) for cell in rows.pop(0))
    if len({len(row) for row in rows} | ({len(widths)} if widths else set())) != 1:
        zh, en = f"表格各行的列数不同：{lines[0]}", f"the rows of a table differ in length: {lines[0]}"
        raise OutlineInvalid(f"{zh} / {en}")
    return Block("table", rows=tuple(rows), widths=widths or (1,) * len(rows[0]))


def _xml(block: Block) -> str:
    if block.style == "page":
        return '<w:p><w:r><w:br w:type="page"/></w:r></w:p>'
    if block.style != "table":
        return _p(block.style, block.text)
    total = sum(block.widths)
    widths = [TEXT_WIDTH * share // total for share in block.widths]
    grid = "".join(f'<w:gridCol w:w="{width}"/>' for width in widths)
    lines = "".join(
        f'<w:{side} w:val="single" w:sz="4" w:space="0" w:color="000000"/>'
        for side in ("top", "left", "bottom", "right", "insideH", "insideV")
    )
    rows = "".join(_row(row, widths, head=index == 0) for index, row in enumerate(block.rows))
    return (
        f'<w:tbl><w:tblPr><w:tblW w:w="{sum(widths)}" w:type="dxa"/><w:jc w:val="center"/><w:tblBorders>{lines}</w:tblBorders>'
        f'<w:tblLayout w:type="fixed"/></w:tblPr><w:tblGrid>{grid}</w:tblGrid>{rows}</w:tbl>' + _p("Cell", "")
    )


def _row(cells: tuple[str, ...], widths: list[int], *, head: bool) -> str:
    style = "CellHead" if head else "Cell"
    made = "".join(
        f'<w:tc><w:tcPr><w:tcW w:w="{width}" w:type="dxa"/><w:vAlign w:val="center"/></w:tcPr>{_p(style, cell)}</w:tc>'
        for cell, width in zip(cells, widths, strict=True)
    )
    repeat = "<w:trPr><w:cantSplit/><w:tblHeader/></w:trPr>" if head else "<w:trPr><w:cantSplit/></w:trPr>"
    return f"<w:tr>{repeat}{made}</w:tr>"


def _p(style: str, text: str) -> str:
    run = f'<w:r><w:t xml:space="preserve">{html.escape(text, quote=False)}</w:t></w:r>' if text else ""
    return f'<w:p><w:pPr><w:pStyle w:val="{style}"/></w:pPr>{run}</w:p>'
