"""What a file really is, by its content; archives that would explode are refused."""

from __future__ import annotations

import zipfile
from pathlib import Path

import filetype

DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"

#: accepted media types and their suffixes, the usual one first [A]
SUFFIXES: dict[str, tuple[str, ...]] = {
    "application/pdf": (".pdf",),
    DOCX: (".docx",),
    XLSX: (".xlsx",),
    "image/jpeg": (".jpg", ".jpeg"),
    "image/png": (".png",),
}

_MOST_ENTRIES = 5_000
_MOST_UNPACKED = 200 * 1024 * 1024
_MOST_RATIO = 200


def media_type(path: Path) -> str | None:
    """Media type by content if it is an accepted one, else None. Raises ValueError ("bomb") for an archive that unpacks too far."""
    if zipfile.is_zipfile(path):
        return _office_type(path)
    kind = filetype.guess(str(path))
    return kind.mime if kind is not None and kind.mime in SUFFIXES else None


def _office_type(path: Path) -> str | None:
    try:
        with zipfile.ZipFile(path) as archive:
            entries = archive.infolist()
    except (zipfile.BadZipFile, ValueError, OSError):
        return None
    _refuse_bombs(entries)
    names = {entry.filename for entry in entries}
    if "[Content_Types].xml" not in names or any(name.endswith("vbaProject.bin") for name in names):
        return None
    if "word/document.xml" in names:
        return DOCX
    return XLSX if "xl/workbook.xml" in names else None


def _refuse_bombs(entries: list[zipfile.ZipInfo]) -> None:
    unpacked = sum(entry.file_size for entry in entries)
    steep = any(entry.file_size > 1024 * 1024 and entry.file_size > _MOST_RATIO * max(entry.compress_size, 1) for entry in entries)
    if len(entries) > _MOST_ENTRIES or unpacked > _MOST_UNPACKED or steep:
        raise ValueError("bomb")
