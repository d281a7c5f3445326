"""What a template holds, checked before it is deployed: marks that close, names that are declared, nothing the PDF leaves out."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from engine.definitions.checks.context import Checked, some
from engine.definitions.model import Label
from engine.definitions.positions import Located
from engine.errors import CogovError
from engine.feel import FeelSyntaxError, compile_expression
from governance.papers.declaration import ROW_NAMES, SUFFIX, Declaration, read_paper
from governance.papers.docx import Docx, TemplateUnreadable, open_docx, w
from governance.papers.filling import Values, fill
from governance.papers.marks import Mark, TemplateInvalid, marks, paragraph_text, paragraphs

#: element → what it is, for those the PDF leaves out
_LOST: Mapping[str, Label] = {
    w("drawing"): Label("图片", "a picture"),
    w("pict"): Label("图片", "a picture"),
    w("txbxContent"): Label("文本框", "a text box"),
    w("numPr"): Label("自动编号", "automatic numbering"),
    w("footnoteReference"): Label("脚注", "a footnote"),
}


def check_templates(checked: Checked) -> None:
    """Every template that a paper of the package names."""
    for path, located in checked.package.located.items():
        if path.endswith(SUFFIX) and isinstance(located.value.get("paper"), str) and _is_sound(checked, path):
            _check(checked, path, located)


def _is_sound(checked: Checked, path: str) -> bool:
    """The schema had nothing to say."""
    return not any(p.file == path and p.code == "PAPER-001" for p in checked.problems)


def _check(checked: Checked, path: str, located: Located) -> None:
    declaration = read_paper(checked.package.files[path], path)
    used: set[str] = set()
    for language, template in declaration.templates.items():
        content = checked.template(template.removeprefix("processes/"))
        if content is not None:
            line = located.line(("templates", language))
            used |= _template(checked, declaration, path, line, template.rpartition("/")[2], content)
    for key in sorted(set(declaration.data) - used):
        checked.add("PAPER-007", path, declaration.key, located.line(("data", key)), name=key)


def _template(checked: Checked, declaration: Declaration, path: str, line: int | None, ref: str, content: bytes) -> set[str]:
    """Names the template uses."""
    key, used = declaration.key, set[str]()
    try:
        document = open_docx(content)
        placed = list(_placed(document, declaration))
    except TemplateUnreadable as error:
        checked.add("PAPER-004", path, key, line, ref=ref, reason=_label(error))
        return used
    except TemplateInvalid as error:
        checked.add("PAPER-005", path, key, line, ref=ref, text=error.text, reason=Label(error.zh, error.en))
        return set(declaration.data)
    for mark, known in placed:
        names, problem = _names(mark)
        if problem is not None:
            checked.add("PAPER-005", path, key, line, ref=ref, text=str(mark), reason=problem)
        for name in sorted(names - known):
            checked.add("PAPER-006", path, key, line, ref=ref, name=name, known=some(known))
        used |= names
    if not any(p.code in ("PAPER-005", "PAPER-006") and p.facts.get("ref") == ref for p in checked.problems):
        _try(checked, declaration, path, line, ref, content)
    for what in dict.fromkeys(_LOST[e.tag] for root in document.parts.values() for e in root.iter() if e.tag in _LOST):
        checked.add("PAPER-009", path, key, line, ref=ref, what=what)
    return used


def _placed(document: Docx, declaration: Declaration) -> Iterator[tuple[Mark, frozenset[str]]]:
    """Every mark with the names it may use: inside rows also the row's columns."""
    for container in document.containers():
        open_: list[Mark] = []
        for paragraph in paragraphs(container):
            for mark in marks(paragraph_text(paragraph)):
                if mark.sign == "/":
                    if not open_ or open_[-1].text != mark.text:
                        raise TemplateInvalid(str(mark), "没有对应的开始", "nothing begins it")
                    open_.pop()
                    continue
                yield mark, _known(declaration, open_)
                if mark.sign:
                    open_.append(mark)
        if open_:
            raise TemplateInvalid(str(open_[-1]), "没有结束", "it has no end")


def _known(declaration: Declaration, open_: list[Mark]) -> frozenset[str]:
    known = set(declaration.known())
    for mark in open_:
        field = declaration.data.get(mark.text)
        if mark.sign == "#" and field is not None:
            known |= {*ROW_NAMES, *(field.rows or ())}
    return frozenset(known)


def _names(mark: Mark) -> tuple[frozenset[str], Label | None]:
    try:
        expression = compile_expression(mark.text)
    except FeelSyntaxError as error:
        return frozenset(), Label(error.message_zh, error.message)
    return frozenset(expression.names), None


def _try(checked: Checked, declaration: Declaration, path: str, line: int | None, ref: str, content: bytes) -> None:
    """Fill it with nothing, to see whether its blocks stand as they must."""
    rows = {key for key, field in declaration.data.items() if field.rows is not None}

    def evaluate(text: str, _names: Mapping[str, Any]) -> Any:
        return [{}] if text in rows else "x"

    values = Values(names={}, evaluate=evaluate, write=str)
    try:
        fill(content, values)
    except TemplateInvalid as error:
        checked.add("PAPER-005", path, declaration.key, line, ref=ref, text=error.text, reason=Label(error.zh, error.en))


def _label(error: CogovError) -> Label:
    zh, _slash, en = error.message.partition(" / ")
    return Label(zh, en or zh)
