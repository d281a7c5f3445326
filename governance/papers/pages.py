"""A docx as an HTML page for printing: paragraphs, runs, tables, the page's size and margins, header and footer lines.

What it cannot show (pictures, boxes, automatic numbering) the check of a template names.
"""

from __future__ import annotations

import html
from collections.abc import Iterator
from typing import Any

from governance.papers.docx import Docx, open_docx, w
from governance.papers.styles import FAMILIES, Styles, borders, paragraph_css, points, run_css, size_of

_A4 = (595.3, 841.9)
_WRAPPERS = tuple(w(name) for name in ("hyperlink", "ins", "smartTag", "sdt", "sdtContent", "fldSimple"))


def page_html(docx: bytes, *, language: str, title: str, mark: str | None = None) -> str:
    """The whole document. `mark` is printed across every page (a preview). Raises TemplateUnreadable."""
    document = open_docx(docx)
    styles = Styles(document)
    body = "".join(_block(block, styles) for block in document.body)
    lang = "en" if language == "en" else "zh-CN"
    watermark = f'<div class="mark">{html.escape(mark)}</div>' if mark else ""
    return (
        f'<!doctype html><html lang="{lang}"><head><meta charset="utf-8"><title>{html.escape(title)}</title>'
        f"<style>{_sheet(document, language)}</style></head><body>{watermark}{body}</body></html>"
    )


def _sheet(document: Docx, language: str) -> str:
    width, height, margins = _page(document)
    counter = '"— " counter(page) " —"'
    family = "'Times New Roman','Liberation Serif','Noto Serif'," + FAMILIES["fang"] if language == "en" else FAMILIES["fang"]
    return (
        f"@page{{size:{width:g}pt {height:g}pt;margin:{' '.join(f'{m:g}pt' for m in margins)};"
        f"@bottom-center{{content:{counter};font:14pt {FAMILIES['song']};vertical-align:top;padding-top:12pt}}}}"
        f"body{{margin:0;font-family:{family};font-size:16pt;line-height:1.3;orphans:2;widows:2;line-break:strict;overflow-wrap:anywhere}}"
        "p{margin:0;white-space:pre-wrap}p:empty::before{content:'\\200b'}"
        "table{border-collapse:collapse;max-width:100%;table-layout:fixed}td{vertical-align:top;padding:2pt 5.4pt}"
        "tr{break-inside:avoid}.mark{position:fixed;top:42%;left:0;right:0;text-align:center;font-size:64pt;color:#c00;opacity:.12;"
        "transform:rotate(-30deg);letter-spacing:.2em}"
    )


def _page(document: Docx) -> tuple[float, float, tuple[float, ...]]:
    """Width, height and margins in points; those of the last section, as Word's main one."""
    section = document.body.find(w("sectPr"))
    size = None if section is None else section.find(w("pgSz"))
    margin = None if section is None else section.find(w("pgMar"))
    width, height = (points(size.get(w("w"))), points(size.get(w("h")))) if size is not None else _A4
    sides = ("top", "right", "bottom", "left")
    found = tuple(points(margin.get(w(side))) for side in sides) if margin is not None else (104.9, 73.7, 99.2, 79.4)
    return width or _A4[0], height or _A4[1], found


def _block(block: Any, styles: Styles) -> str:
    if block.tag == w("p"):
        return _paragraph(block, styles)
    if block.tag == w("tbl"):
        return _table(block, styles)
    if block.tag == w("sdt"):
        return "".join(_block(inner, styles) for content in block.iterfind(w("sdtContent")) for inner in content)
    return ""


def _paragraph(paragraph: Any, styles: Styles) -> str:
    found = styles.paragraph(paragraph)
    runs = list(_runs(paragraph))
    size = max((size_of(styles.run(paragraph, run)) for run in runs), default=size_of(styles.run(paragraph, paragraph)))
    text = "".join(_run(paragraph, run, styles) for run in runs)
    css = paragraph_css(found, size)
    if not runs:
        css += f";font-size:{size:g}pt"
    return f'<p style="{html.escape(css)}">{text}</p>'


def _runs(element: Any) -> Iterator[Any]:
    for child in element:
        if child.tag == w("r"):
            yield child
        elif child.tag in _WRAPPERS:
            yield from _runs(child)


def _run(paragraph: Any, run: Any, styles: Styles) -> str:
    text = ""
    for part in run:
        if part.tag == w("t"):
            text += html.escape(part.text or "")
        elif part.tag == w("tab"):
            text += "\u3000\u3000"
        elif part.tag == w("br"):
            text += '<span style="break-after:page"></span>' if part.get(w("type")) == "page" else "<br>"
        elif part.tag == w("noBreakHyphen"):
            text += "\u2011"
    if not text:
        return ""
    css = run_css(styles.run(paragraph, run))
    return f'<span style="{html.escape(css)}">{text}</span>' if css else text


def _table(table: Any, styles: Styles) -> str:
    lines = borders(table.find(f"{w('tblPr')}/{w('tblBorders')}")) or styles.table_borders(table)
    widths = [points(column.get(w("w"))) for column in table.iterfind(f"{w('tblGrid')}/{w('gridCol')}")]
    total = sum(widths)
    columns = "".join(f'<col style="width:{width / total * 100:.2f}%">' for width in widths) if total else ""
    rows = [row for row in table if row.tag == w("tr")]
    spans = _row_spans(rows)
    body = "".join(_row(row, index, len(rows), lines, spans, styles) for index, row in enumerate(rows))
    align = table.find(f"{w('tblPr')}/{w('jc')}")
    centred = ";margin-left:auto;margin-right:auto" if align is not None and align.get(w("val")) == "center" else ""
    return f'<table style="width:{total:g}pt{centred}"><colgroup>{columns}</colgroup>{body}</table>'


def _row(row: Any, index: int, count: int, lines: dict[str, str], spans: dict[Any, int], styles: Styles) -> str:
    cells = [cell for cell in row if cell.tag == w("tc")]
    made = ""
    for place, cell in enumerate(cells):
        if cell not in spans:
            continue  # a cell above goes on here
        css = _cell_css(cell, index, place, count, len(cells), lines)
        span = cell.find(f"{w('tcPr')}/{w('gridSpan')}")
        across = f' colspan="{int(span.get(w("val")))}"' if span is not None and str(span.get(w("val"))).isdigit() else ""
        down = f' rowspan="{spans[cell]}"' if spans[cell] > 1 else ""
        made += f'<td{across}{down} style="{html.escape(css)}">' + "".join(_block(block, styles) for block in cell) + "</td>"
    return f"<tr>{made}</tr>"


def _cell_css(cell: Any, row: int, column: int, rows: int, columns: int, lines: dict[str, str]) -> str:
    sides = {
        "top": lines.get("top" if row == 0 else "inside-h"),
        "bottom": lines.get("bottom" if row == rows - 1 else "inside-h"),
        "left": lines.get("left" if column == 0 else "inside-v"),
        "right": lines.get("right" if column == columns - 1 else "inside-v"),
    }
    own = borders(cell.find(f"{w('tcPr')}/{w('tcBorders')}"))
    sides |= {side: line for side, line in own.items() if side in sides}
    css = [f"border-{side}:{line}" for side, line in sides.items() if line]
    vertical = cell.find(f"{w('tcPr')}/{w('vAlign')}")
    if vertical is not None and vertical.get(w("val")) in ("center", "bottom"):
        css.append("vertical-align:" + ("middle" if vertical.get(w("val")) == "center" else "bottom"))
    return ";".join(css)


def _row_spans(rows: list[Any]) -> dict[Any, int]:
    """Cell → how many rows it covers; cells that are covered are missing."""
    spans: dict[Any, int] = {}
    open_: dict[int, Any] = {}
    for row in rows:
        column = 0
        for cell in (c for c in row if c.tag == w("tc")):
            merge = cell.find(f"{w('tcPr')}/{w('vMerge')}")
            if merge is not None and merge.get(w("val")) != "restart" and column in open_:
                spans[open_[column]] += 1
            else:
                spans[cell] = 1
                open_.pop(column, None)
                if merge is not None:
                    open_[column] = cell
            span = cell.find(f"{w('tcPr')}/{w('gridSpan')}")
            column += int(span.get(w("val"))) if span is not None and str(span.get(w("val"))).isdigit() else 1
    return spans
