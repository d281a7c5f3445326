"""Filling a template: marks are found first and values put in once, so that a value can become neither a mark nor markup."""

from __future__ import annotations

import copy
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from governance.papers.docx import Docx, W, open_docx, w
from governance.papers.marks import XML_SPACE, Mark, TemplateInvalid, marks, paragraph_text, replace_span, text_nodes, unclosed

#: attributes and elements whose ids must be unique in a document: a repeated row goes without them
_WORD14 = "{http://schemas.microsoft.com/office/word/2010/wordml}"
_UNIQUE = (w("bookmarkStart"), w("bookmarkEnd"))


@dataclass(frozen=True, slots=True, kw_only=True)
class Values:
    """What fills a template. `evaluate`: FEEL over names → value; `write`: value → text."""

    names: Mapping[str, Any]
    evaluate: Callable[[str, Mapping[str, Any]], Any]
    write: Callable[[Any], str]

    def text(self, mark: Mark, names: Mapping[str, Any]) -> str:
        return legal(self.write(self.evaluate(mark.text, names)))


def fill(template: bytes, values: Values) -> bytes:
    """The filled docx. The same template and values give the same bytes. Raises TemplateUnreadable, TemplateInvalid, ExpressionFailed."""
    document = open_docx(template)
    for container in document.containers():
        _fill_blocks(list(container), values, values.names)
    _keep_cells_valid(document)
    return document.save()


def legal(text: str) -> str:
    """The text without characters that XML cannot hold; line ends are ``\\n``."""
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    return "".join(c for c in text if c in "\t\n" or (c >= "\x20" and not "\ud800" <= c <= "\udfff" and c not in "\ufffe\uffff"))


def _fill_blocks(blocks: Sequence[Any], values: Values, names: Mapping[str, Any]) -> None:
    """Fill paragraphs and tables that stand one after the other."""
    place = 0
    while place < len(blocks):
        block = blocks[place]
        if block.tag == w("tbl"):
            _fill_rows([row for row in block if row.tag == w("tr")], values, names)
            if block.find(w("tr")) is None and block.getparent() is not None:
                block.getparent().remove(block)  # Word refuses a table without rows
        elif block.tag == w("sdt"):
            for inner in block.iterfind(w("sdtContent")):
                _fill_blocks(list(inner), values, names)
        elif block.tag == w("p"):
            opener = _opens(block)
            if opener is not None:
                end = _end_of(blocks, place, opener)
                _repeat(blocks[place : end + 1], 1, 1, opener, values, names, _fill_blocks)
                place = end
            else:
                _fill_paragraph(block, values, names)
        place += 1


def _opens(paragraph: Any) -> Mark | None:
    """The opener of a block of paragraphs: it stands alone in its paragraph."""
    text = paragraph_text(paragraph)
    strays = unclosed(marks(text))
    if not strays:
        return None
    mark = strays[0]
    if mark.sign == "/":
        raise TemplateInvalid(str(mark), "没有对应的开始", "nothing begins it")
    if text.strip() != text[mark.start : mark.end]:
        raise TemplateInvalid(str(mark), "跨段时要单独占一段", "across paragraphs it must stand alone in its own")
    return mark


def _end_of(blocks: Sequence[Any], start: int, opener: Mark) -> int:
    depth = 0
    for place in range(start, len(blocks)):
        if blocks[place].tag != w("p"):
            continue
        for mark in unclosed(marks(paragraph_text(blocks[place]))):
            if mark.text == opener.text:
                depth += -1 if mark.sign == "/" else 1
        if depth == 0:
            return place
    raise TemplateInvalid(str(opener), f"缺少 {{{{/{opener.text}}}}}", f"{{{{/{opener.text}}}}} is missing")


def _fill_rows(rows: Sequence[Any], values: Values, names: Mapping[str, Any]) -> None:
    place = 0
    while place < len(rows):
        strays = _row_strays(rows[place])
        if strays:
            opener = strays[0]
            if opener.sign == "/":
                raise TemplateInvalid(str(opener), "没有对应的开始", "nothing begins it")
            end = _last_row(rows, place, opener)
            _strip(rows[place], opener, first=True)
            _strip(rows[end], opener, first=False)
            _repeat(rows[place : end + 1], 0, 0, opener, values, names, _fill_rows)
            place = end
        else:
            for cell in rows[place].iterfind(w("tc")):
                _fill_blocks(list(cell), values, names)
        place += 1


def _row_strays(row: Any) -> list[Mark]:
    """Marks that a cell opens and another one closes: they span rows. What is closed in its cell is the cell's own."""
    found: list[Mark] = []
    for cell in row.iterfind(w("tc")):
        inside = [mark for paragraph in cell.iterfind(w("p")) for mark in marks(paragraph_text(paragraph))]
        found += unclosed(inside)
    return found


def _last_row(rows: Sequence[Any], start: int, opener: Mark) -> int:
    depth = 0
    for place in range(start, len(rows)):
        for mark in _row_strays(rows[place]):
            if mark.text == opener.text:
                depth += -1 if mark.sign == "/" else 1
        if depth <= 0:
            return place
    raise TemplateInvalid(str(opener), f"缺少 {{{{/{opener.text}}}}}", f"{{{{/{opener.text}}}}} is missing")


def _strip(row: Any, opener: Mark, *, first: bool) -> None:
    """Take the opener (`first`) or its end out of the row."""
    for paragraph in row.iter(w("p")):
        for mark in marks(paragraph_text(paragraph)):
            if mark.text == opener.text and mark.sign == (opener.sign if first else "/"):
                replace_span(paragraph, mark.start, mark.end, "")
                return


def _repeat(
    blocks: Sequence[Any], head: int, tail: int, opener: Mark, values: Values, names: Mapping[str, Any], fill_inside: Callable[..., None]
) -> None:
    """Put the blocks between (without `head` and `tail` marker paragraphs) once per row, or once or never for ``?``."""
    parent = blocks[0].getparent()
    before = parent.index(blocks[0])
    inside = blocks[head : len(blocks) - tail]
    for block in blocks:
        parent.remove(block)
    for names_of_row in rows_of(opener, values, names):
        made = [unique(block) for block in inside]
        for block in made:
            parent.insert(before, block)
            before += 1
        size = len(parent)
        fill_inside(made, values, names_of_row)
        before += len(parent) - size


def rows_of(opener: Mark, values: Values, names: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    """The names in force in each round: one per row for ``#``; one or none for ``?``."""
    value = values.evaluate(opener.text, names)
    if opener.sign == "?":
        return [] if value in (None, False, "", []) else [names]
    if value is None:
        return []
    if not isinstance(value, list):
        raise TemplateInvalid(str(opener), "不是列表", "it is no list")
    return [{**names, **(item if isinstance(item, Mapping) else {}), "item": item, "index": index} for index, item in enumerate(value, 1)]


def unique(block: Any) -> Any:
    """A copy that may stand beside its original."""
    made = copy.deepcopy(block)
    for element in list(made.iter()):
        if element.tag in _UNIQUE:
            element.getparent().remove(element)
            continue
        for name in [name for name in element.attrib if name.startswith(_WORD14)]:
            del element.attrib[name]
    return made


def _fill_paragraph(paragraph: Any, values: Values, names: Mapping[str, Any]) -> None:
    for box in list(paragraph.iter(w("txbxContent"))):
        _fill_blocks(list(box), values, names)
    text = paragraph_text(paragraph)
    found = marks(text)
    if not found:
        return
    first = found[0]
    if first.sign == "#":
        _repeat_paragraph(paragraph, text, found, values, names)
        return
    for mark, written in reversed(_replacements(found, values, names)):
        replace_span(paragraph, mark[0], mark[1], written)
    _break_lines(paragraph)


def _repeat_paragraph(paragraph: Any, text: str, found: list[Mark], values: Values, names: Mapping[str, Any]) -> None:
    """``{{#rows}}…{{/rows}}`` around a whole paragraph: it stands once per row."""
    first, last = found[0], found[-1]
    if last.sign != "/" or last.text != first.text or text[: first.start].strip() or text[last.end :].strip():
        raise TemplateInvalid(str(first), "段内重复须从段首到段尾", "repeating a paragraph must begin and end with it")
    replace_span(paragraph, last.start, last.end, "")
    replace_span(paragraph, first.start, first.end, "")
    _repeat([paragraph], 0, 0, first, values, names, _fill_blocks)


def _replacements(found: list[Mark], values: Values, names: Mapping[str, Any]) -> list[tuple[tuple[int, int], str]]:
    """Spans of the paragraph and what stands in their place; an optional part that is not wanted is one span."""
    done: list[tuple[tuple[int, int], str]] = []
    place = 0
    while place < len(found):
        mark = found[place]
        if mark.sign == "?":
            end = _matching(found, place)
            if rows_of(mark, values, names):
                done.append(((mark.start, mark.end), ""))
                done += _replacements(found[place + 1 : end], values, names)
                done.append(((found[end].start, found[end].end), ""))
            else:
                done.append(((mark.start, found[end].end), ""))
            place = end
        elif mark.sign:
            raise TemplateInvalid(str(mark), "不能写在一句话中间", "it cannot stand inside a sentence")
        else:
            done.append(((mark.start, mark.end), values.text(mark, names)))
        place += 1
    return done


def _matching(found: list[Mark], start: int) -> int:
    depth = 0
    for place in range(start, len(found)):
        if found[place].text == found[start].text and found[place].sign:
            depth += -1 if found[place].sign == "/" else 1
            if depth == 0:
                return place
    raise TemplateInvalid(str(found[start]), "没有结束", "it has no end")


def _break_lines(paragraph: Any) -> None:
    """Line ends in values: a paragraph of its own each if the paragraph has one run of text, else line breaks."""
    nodes = [node for node in text_nodes(paragraph) if node.text]
    if len(nodes) == 1 and "\n" in nodes[0].text and paragraph.getparent() is not None:
        lines = [line for line in nodes[0].text.split("\n") if line.strip()]
        parent, place = paragraph.getparent(), paragraph.getparent().index(paragraph)
        nodes[0].text = lines[0] if lines else ""
        for offset, line in enumerate(lines[1:], 1):
            following = unique(paragraph)
            next(node for node in text_nodes(following) if node.text).text = line
            parent.insert(place + offset, following)
        return
    for node in nodes:
        if "\n" in node.text:
            _with_breaks(node)


def _with_breaks(node: Any) -> None:
    first, *rest = node.text.split("\n")
    node.text = first
    run, place = node.getparent(), node.getparent().index(node)
    for line in rest:
        br = run.makeelement(w("br"), {})
        text = run.makeelement(w("t"), {XML_SPACE: "preserve"})
        text.text = line
        run.insert(place + 1, br)
        run.insert(place + 2, text)
        place += 2


def _keep_cells_valid(document: Docx) -> None:
    """A cell must end with a paragraph, also when its optional one was left out."""
    for root in document.parts.values():
        for cell in root.iter(f"{{{W}}}tc"):
            if len(cell) == 0 or cell[-1].tag != w("p"):
                cell.append(cell.makeelement(w("p"), {}))
