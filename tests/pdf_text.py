"""The text of a PDF, read back: content streams and their fonts' character maps. Enough for what our own printer writes."""

from __future__ import annotations

import io
import re
from typing import Any

from pyhanko.pdf_utils.reader import PdfFileReader


def text_of(pdf: bytes) -> str:
    """All text of all pages and stamps in the order it is drawn, without spaces."""
    reader = PdfFileReader(io.BytesIO(pdf))
    return "".join(_page(page) for page in _pages(reader.root["/Pages"]))


def _pages(node: Any) -> list[Any]:
    node = node.get_object()
    return [page for kid in node["/Kids"] for page in _pages(kid)] if "/Kids" in node else [node]


def _part(holder: Any, name: str) -> Any:
    """A part of a dictionary, with references followed; an empty one when it is not there."""
    return holder[name] if name in holder else {}  # noqa: SIM401  its get() would not follow references


def _page(page: Any) -> str:
    resources = page["/Resources"]
    contents = page["/Contents"]
    streams = contents if isinstance(contents, list) else [contents]
    found = _drawn(b"\n".join(s.get_object().data for s in streams), resources)
    for form in _part(resources, "/XObject").values():
        if form.get_object().get("/Subtype") == "/Form":
            found += _drawn(form.get_object().data, _part(form.get_object(), "/Resources") or resources)
    return found


def _drawn(stream: bytes, resources: Any) -> str:
    fonts = {name: _characters(font.get_object()) for name, font in _part(resources, "/Font").items()}
    found, current = "", dict[int, str]()
    for match in re.finditer(rb"(/[\w.+-]+)\s+[\d.]+\s+Tf|<([0-9A-Fa-f\s]+)>", stream):
        if match[1]:
            current = fonts.get(match[1].decode(), {})
        else:
            codes = bytes.fromhex(match[2].decode())
            found += "".join(current.get(int.from_bytes(codes[i : i + 2], "big"), "") for i in range(0, len(codes), 2))
    return found.replace(" ", "").replace("\xa0", "")


def _characters(font: Any) -> dict[int, str]:
    if "/ToUnicode" not in font:
        return {}
    text = font["/ToUnicode"].data.decode("ascii", "ignore")
    blocks = re.findall(r"beginbfchar(.*?)endbfchar", text, re.DOTALL)
    pairs = [pair for block in blocks for pair in re.findall(r"<([0-9A-Fa-f]+)>\s*<([0-9A-Fa-f]+)>", block)]
    return {int(code, 16): bytes.fromhex(to).decode("utf-16-be", "ignore") for code, to in pairs}
