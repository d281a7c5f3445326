"""Where the built browser code is, by Vite's manifest."""

from __future__ import annotations

import json
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from flask import current_app

STATIC = Path(__file__).parent / "static"
MANIFEST = STATIC / "dist/.vite/manifest.json"


@dataclass(frozen=True, slots=True)
class Entry:
    """One page entry: its module script and the style sheets it needs, as URLs."""

    script: str
    styles: tuple[str, ...]


class AssetsMissing(RuntimeError):
    """The browser code is not built: run ``python3 dev.py run`` (or ``npm run build``)."""

    def __init__(self) -> None:
        super().__init__((type(self).__doc__ or "").strip())


def entry(name: str) -> Entry:
    """Script and styles of the entry called `name`. The manifest is that of the build, or of the setting COGOV_MANIFEST."""
    return entry_of(Path(current_app.config.get("COGOV_MANIFEST") or MANIFEST), name)


@cache
def entry_of(manifest: Path, name: str) -> Entry:
    """The entry `name` of a manifest, with the styles of the chunks it imports. Raises AssetsMissing."""
    chunks = _chunks(manifest)
    (chunk,) = (c for c in chunks.values() if c.get("isEntry") and c.get("name") == name)
    styles: list[str] = []
    pending, seen = [chunk], set[str]()
    while pending:
        part = pending.pop()
        styles += [f"/static/dist/{css}" for css in part.get("css", [])]
        new = [key for key in part.get("imports", []) if key not in seen]
        seen.update(new)
        pending += [chunks[key] for key in new]
    return Entry(script=f"/static/dist/{chunk['file']}", styles=tuple(dict.fromkeys(styles)))


@cache
def _chunks(manifest: Path) -> dict[str, dict[str, Any]]:
    if not manifest.exists():
        raise AssetsMissing
    return json.loads(manifest.read_text("utf8"))  # type: ignore[no-any-return]
