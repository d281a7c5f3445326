"""A folder of contents, each under its digest: ``ab/abcd…``. Writing is atomic; the same content is kept once."""

from __future__ import annotations

import hashlib
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from pathlib import Path
from typing import IO

_CHUNK = 256 * 1024


class Folder:
    def __init__(self, root: Path) -> None:
        self._root = root

    def prepare(self) -> None:
        """Make the folder, for its owner alone."""
        for part in (self._root, self._root / "incoming"):
            part.mkdir(parents=True, exist_ok=True, mode=0o700)

    @contextmanager
    def scratch(self) -> Iterator[Path]:
        """A path for a file that is gone afterwards unless it was kept."""
        self.prepare()
        path = self._root / "incoming" / uuid.uuid4().hex
        try:
            yield path
        finally:
            path.unlink(missing_ok=True)

    def path(self, digest: str) -> Path:
        """Where a content lies. `digest` comes from the database, but a path is never built from anything else than hex."""
        algorithm, _, value = digest.partition(":")
        if algorithm != "sha256" or len(value) != 64 or not set(value) <= set("0123456789abcdef"):
            raise ValueError(f"not a digest: {digest}")
        return self._root / value[:2] / value

    def keep(self, scratch: Path, digest: str) -> None:
        """Move a finished scratch file to its place. The same content is replaced by itself, which renews its age."""
        target = self.path(digest)
        target.parent.mkdir(mode=0o700, exist_ok=True)
        scratch.chmod(0o600)
        scratch.replace(target)

    def remove(self, digest: str, unless_newer_than: datetime) -> None:
        """Remove a content, but not one that was uploaded again meanwhile."""
        path = self.path(digest)
        if path.exists() and path.stat().st_mtime < (unless_newer_than - timedelta(minutes=5)).timestamp():
            path.unlink(missing_ok=True)


def copy_limited(stream: IO[bytes], target: Path, most: int) -> int | None:
    """Copy a stream to a file; None when it holds more than `most` bytes (then the rest is not read)."""
    size = 0
    with target.open("wb") as out:
        while chunk := stream.read(_CHUNK):
            size += len(chunk)
            if size > most:
                return None
            out.write(chunk)
    return size


def digest_of(path: Path) -> str:
    """``sha256:<hex>`` of a file."""
    with path.open("rb") as content:
        return "sha256:" + hashlib.file_digest(content, "sha256").hexdigest()
