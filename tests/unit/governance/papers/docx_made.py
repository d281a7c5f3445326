"""Small docx for tests: paragraphs as Word splits them, tables, read back."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from governance.papers.docx import open_docx, w
from governance.papers.filling import fill
from governance.papers.gathering import filling
from governance.papers.marks import paragraph_text
from governance.papers.outline import template_of
from governance.papers.wording import Wording

ZONE = ZoneInfo("Asia/Shanghai")
NOW = datetime(2026, 3, 2, 9, tzinfo=ZONE)


def wording(language: str = "zh", **more: Any) -> Wording:
    return Wording(language=language, zone=ZONE, names=more.pop("names", {}), codes=more.pop("codes", {}), **more)


def filled(outline: str, language: str = "zh", **names: Any) -> list[str]:
    """The paragraphs of a template made from an outline and filled, cells too, empty ones left out."""
    return lines(fill(template_of(outline, language), filling(names, wording(language), NOW, ZONE)))


def lines(docx: bytes) -> list[str]:
    document = open_docx(docx)
    found = [paragraph_text(p) for p in document.body.iter(w("p"))]
    return [line for line in found if line.strip()]


def split_into_runs(docx: bytes, size: int) -> bytes:
    """The same document with every run cut into pieces of `size` characters, as Word does when one edits and spells."""
    document = open_docx(docx)
    for run in list(document.body.iter(w("r"))):
        node = run.find(w("t"))
        if node is None or not node.text:
            continue
        parent, place, text = run.getparent(), run.getparent().index(run), node.text
        parent.remove(run)
        for offset, start in enumerate(range(0, len(text), size)):
            piece = run.makeelement(w("r"), {})
            inner = piece.makeelement(w("t"), {"{http://www.w3.org/XML/1998/namespace}space": "preserve"})
            inner.text = text[start : start + size]
            piece.append(inner)
            parent.insert(place + offset, piece)
    return document.save()
