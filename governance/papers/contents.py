"""Frozen contents (docx, PDF) in a folder, each under its digest."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from pathlib import Path

from engine.errors import CogovError
from engine.files.folder import Folder
from engine.ids import digest


class ContentLost(CogovError):
    """The stored file of a paper is missing or was changed."""

    code = "content_lost"


class Contents:
    """Kept apart from uploads: only retention removes here. `folder` lies outside the web root."""

    def __init__(self, folder: Path) -> None:
        self._folder = Folder(folder)

    def keep(self, content: bytes) -> str:
        """Write the content unless it is there; gives its digest."""
        found = digest(content)
        if not self._folder.path(found).exists():
            with self._folder.scratch() as scratch:
                scratch.write_bytes(content)
                self._folder.keep(scratch, found)
        return found

    def read(self, kept: str) -> bytes:
        """Raises ContentLost when it is gone or is not what was frozen."""
        path = self._folder.path(kept)
        content = path.read_bytes() if path.exists() else b""
        if digest(content) != kept:
            raise ContentLost(f"文书原件缺失或被改动（{kept}） / the frozen file is missing or was changed ({kept})", digest=kept)
        return content

    def remove(self, digests: Iterable[str], *, unless_newer_than: datetime) -> None:
        """Delete contents that no paper has any more; one that was written anew meanwhile stays."""
        for one in digests:
            self._folder.remove(one, unless_newer_than)
