"""Translations: Chinese is the source text; messages.po holds the English and is compiled when it is newer than messages.mo."""

from __future__ import annotations

import os
import tempfile
from pathlib import Path

from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po

FOLDER = Path(__file__).parent / "translations"


def compile_catalogues(folder: Path = FOLDER) -> list[Path]:
    """Write every messages.mo that is missing or older than its messages.po; returns those written.

    A reader never sees half a file: it is written beside and moved into place.
    """
    written = []
    for source in sorted(folder.glob("*/LC_MESSAGES/messages.po")):
        target = source.with_suffix(".mo")
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
