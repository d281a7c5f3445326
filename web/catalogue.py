"""Translations: Chinese is the source text; messages.po holds the English and is compiled when it is newer than messages.mo."""

from __future__ import annotations

import errno
import os
import tempfile
from pathlib import Path

from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po

FOLDER = Path(__file__).parent / "translations"


def catalogues(spare: Path) -> Path:
    """The folder with current catalogues: our own, or `spare` where ours cannot be written (installed on a read-only disk)."""
    try:
        compile_catalogues()
    except OSError as refused:
        if refused.errno not in (errno.EACCES, errno.EPERM, errno.EROFS):
            raise
        compile_catalogues(into=spare)
        return spare
    return FOLDER


def compile_catalogues(folder: Path = FOLDER, into: Path | None = None) -> list[Path]:
    """Write every messages.mo that is missing or older than its messages.po, there or under `into`; returns those written.

    A reader never sees half a file: it is written beside and moved into place.
    """
    written = []
    for source in sorted(folder.glob("*/LC_MESSAGES/messages.po")):
        target = (into or folder) / source.relative_to(folder).with_suffix(".mo")
        target.parent.mkdir(parents=True, exist_ok=True)
        if target.exists() and target.stat().st_mtime >= source.stat().st_mtime:
            continue
        with source.open("rb") as file:
            catalogue = read_po(file, locale=source.parent.parent.name)
        descriptor, name = tempfile.mkstemp(dir=target.parent, suffix=".mo")
        with os.fdopen(descriptor, "wb") as file:
            write_mo(file, catalogue)
        Path(name).chmod(0o644)
        Path(name).replace(target)
        written.append(target)
    return written
