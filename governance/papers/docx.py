"""A docx as a template: its parts that hold text, opened with limits and written back byte for byte the same each time."""

from __future__ import annotations

import io
import re
import zipfile
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from lxml import etree

from engine.errors import CogovError

W = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
_RELATION = "{http://schemas.openxmlformats.org/package/2006/relationships}Relationship"
_MOST_ENTRIES, _MOST_UNPACKED = 500, 30_000_000
_TEXT_PARTS = ("word/document", "word/header", "word/footer", "word/footnotes", "word/endnotes")
_ACTIVE = re.compile(r"\b(DDE|DDEAUTO|INCLUDE|INCLUDETEXT|INCLUDEPICTURE|IMPORT|LINK|EMBED|DATABASE|MACROBUTTON)\b", re.IGNORECASE)
#: relations that Word follows only when the reader clicks
_HARMLESS = "/hyperlink"


class TemplateUnreadable(CogovError):
    """The file is no docx that can be used as a template."""

    code = "template_unreadable"


def w(name: str) -> str:
    """The name in the word-processing namespace."""
    return f"{{{W}}}{name}"


@dataclass(slots=True)
class Docx:
    """An opened docx. `parts` are the parsed XML parts with text, `files` everything else in its order."""

    files: dict[str, bytes]
    parts: dict[str, Any]

    @property
    def body(self) -> Any:
        return self.parts["word/document.xml"].find(w("body"))

    def containers(self) -> Iterator[Any]:
        """Elements whose children are paragraphs and tables: the body, headers, footers, single notes."""
        for name, root in self.parts.items():
            if name == "word/document.xml":
                yield root.find(w("body"))
            elif name.startswith(("word/footnotes", "word/endnotes")):
                yield from root
            else:
                yield root

    def xml(self, name: str) -> Any | None:
        """Another XML part (styles, numbering, relations), parsed; None when it is not there."""
        return parse(self.files[name]) if name in self.files else None

    def save(self) -> bytes:
        """The archive: the same content gives the same bytes."""
        out = io.BytesIO()
        with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
            for name, content in self.files.items():
                if name in self.parts:
                    content = etree.tostring(self.parts[name], xml_declaration=True, encoding="UTF-8", standalone=True)
                archive.writestr(zipfile.ZipInfo(name, date_time=(1980, 1, 1, 0, 0, 0)), content, zipfile.ZIP_DEFLATED)
        return out.getvalue()


def open_docx(content: bytes) -> Docx:
    """Raises TemplateUnreadable: no docx, too large, with macros, or referring to things elsewhere."""
    files = _unpack(content)
    if "word/document.xml" not in files:
        raise TemplateUnreadable("不是 Word 文档 / not a Word document")
    lowered = [name.lower() for name in files]  # Word does not mind capitals
    if any(name.endswith("vbaproject.bin") for name in lowered) or b"macroenabled" in files.get("[Content_Types].xml", b"").lower():
        raise TemplateUnreadable("含有宏 / it holds macros")
    if any("/embeddings/" in name or "/activex/" in name for name in lowered):
        raise TemplateUnreadable("含有嵌入的程序或文件 / it holds embedded objects")
    for name in files:
        if name.lower().endswith(".rels"):
            _refuse_remote(parse(files[name]))
    parts = {name: parse(data) for name, data in files.items() if name.startswith(_TEXT_PARTS) and name.endswith(".xml")}
    for root in parts.values():
        _refuse_active_fields(root)
    if parts["word/document.xml"].find(w("body")) is None:
        raise TemplateUnreadable("文档没有正文 / the document has no body")
    return Docx(files, parts)


def parse(content: bytes) -> Any:
    """XML without entities and network. Raises TemplateUnreadable."""
    try:
        return etree.fromstring(content, etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False))
    except etree.XMLSyntaxError as error:
        raise TemplateUnreadable(f"XML 有误：{error} / broken XML: {error}") from error


def _unpack(content: bytes) -> dict[str, bytes]:
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            entries = [entry for entry in archive.infolist() if not entry.is_dir()]
            if len(entries) > _MOST_ENTRIES or sum(entry.file_size for entry in entries) > _MOST_UNPACKED:
                raise TemplateUnreadable("解压后过大 / it unpacks to too much")
            return {entry.filename: _limited(archive, entry) for entry in entries}
    except (zipfile.BadZipFile, zlib.error, EOFError, RuntimeError, NotImplementedError, ValueError) as error:
        raise TemplateUnreadable(f"不是 docx：{error} / not a docx: {error}") from error


def _limited(archive: zipfile.ZipFile, entry: zipfile.ZipInfo) -> bytes:
    with archive.open(entry) as stream:
        content = stream.read(entry.file_size + 1)
    if len(content) > entry.file_size:
        raise TemplateUnreadable("解压后过大 / it unpacks to too much")
    return content


def _refuse_active_fields(root: Any) -> None:
    """Fields that fetch or start something when a reader opens the paper. Word splits a field's text over runs as it likes."""
    texts = [field.get(w("instr"), "") for field in root.iter(w("fldSimple"))]
    texts.append("".join((node.text or "") if node.tag == w("instrText") else " " for node in root.iter(w("instrText"), w("fldChar"))))
    found = next((match for text in texts if (match := _ACTIVE.search(text))), None)
    if found is not None:
        raise TemplateUnreadable(f"含有会取用外部内容的域 {found[0]} / it holds the field {found[0]}, which fetches things from elsewhere")


def _refuse_remote(relations: Any) -> None:
    for relation in relations.iter(_RELATION):
        if relation.get("TargetMode") == "External" and not str(relation.get("Type", "")).endswith(_HARMLESS):
            raise TemplateUnreadable("引用了外部内容 / it refers to content elsewhere")
