"""Marks in a template: ``{{ FEEL }}``, ``{{#rows}} … {{/rows}}``, ``{{?flag}} … {{/flag}}``. Word splits a mark over runs at
will (spelling, formatting); here a paragraph is one text with a map back to its runs."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from engine.errors import CogovError
from governance.papers.docx import w

_MARK = re.compile(r"\{\{\s*([#?/]?)(.*?)\s*\}\}", re.DOTALL)
_NAME = re.compile(r"[A-Za-z_]\w*")
#: what Word makes of straight quotes while one types
_QUOTES = str.maketrans({"“": '"', "”": '"', "„": '"', "«": '"', "»": '"'})
XML_SPACE = "{http://www.w3.org/XML/1998/namespace}space"


class TemplateInvalid(CogovError):
    """A mark of the template cannot be used."""

    code = "template_invalid"

    def __init__(self, text: str, zh: str, en: str) -> None:
        super().__init__(f"模板中的“{text}”：{zh} / “{text}” in the template: {en}", text=text)
        self.text, self.zh, self.en = text, zh, en


@dataclass(frozen=True, slots=True)
class Mark:
    """`sign` is ``#`` (rows), ``?`` (optional), ``/`` (end) or empty (a value); `text` the name or the FEEL; `start`, `end` its place."""

    sign: str
    text: str
    start: int
    end: int

    def __str__(self) -> str:
        return "{{" + self.sign + self.text + "}}"


def paragraph_text(paragraph: Any) -> str:
    """The paragraph's own text; what lies in boxes inside it are other paragraphs."""
    return "".join(node.text or "" for node in text_nodes(paragraph))


def text_nodes(paragraph: Any) -> list[Any]:
    """The ``w:t`` of the paragraph itself, in order."""
    found: list[Any] = []
    pending = list(reversed(paragraph))
    while pending:
        element = pending.pop()
        if element.tag == w("t"):
            found.append(element)
        elif element.tag != w("p"):
            pending.extend(reversed(element))
    return found


def marks(text: str) -> list[Mark]:
    """Every mark of a text. Raises TemplateInvalid for one that is not closed or has no name."""
    found = []
    for match in _MARK.finditer(text):
        sign, inner = match[1], match[2].translate(_QUOTES).strip()
        if "{{" in inner:
            raise TemplateInvalid(match[0][:60], "缺少 }}", "}} is missing")
        if sign and not _NAME.fullmatch(inner):
            raise TemplateInvalid(match[0][:60], "这里要写一个名称", "a name is expected here")
        if not inner:
            raise TemplateInvalid(match[0][:60], "是空的", "it is empty")
        found.append(Mark(sign, inner, match.start(), match.end()))
    rest = _MARK.sub("", text)
    if "{{" in rest or "}}" in rest:
        raise TemplateInvalid(text[:60], "{{ 与 }} 不成对", "{{ and }} do not match")
    return found


def unclosed(found: list[Mark]) -> list[Mark]:
    """Openers without their end and ends without their opener, in order."""
    open_: list[int] = []
    strays: list[int] = []
    for place, mark in enumerate(found):
        if mark.sign in ("#", "?"):
            open_.append(place)
        elif mark.sign == "/":
            if open_ and found[open_[-1]].text == mark.text:
                open_.pop()
            else:
                strays.append(place)
    return [found[place] for place in sorted([*open_, *strays])]


def replace_span(paragraph: Any, start: int, end: int, text: str) -> None:
    """Put `text` in place of the characters `start`–`end`: into the run where they begin, gone from the others."""
    position, placed = 0, False
    for node in text_nodes(paragraph):
        content = node.text or ""
        first, last = max(start - position, 0), min(end - position, len(content))
        inside = first < last or (start == end and not placed and 0 <= start - position <= len(content))
        if inside:
            node.text = content[:first] + ("" if placed else text) + content[last:]
            node.set(XML_SPACE, "preserve")
            placed = True
        position += len(content)


def paragraphs(container: Any) -> Iterator[Any]:
    """Every paragraph inside, those of tables and boxes too."""
    return container.iter(w("p"))  # type: ignore[no-any-return]
