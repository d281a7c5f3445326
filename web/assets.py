"""Where the built browser code is: reads Vite's manifest once."""

from __future__ import annotations

import json
from dataclasses import dataclass
from functools import cache
from pathlib import Path

STATIC = Path(__file__).parent / "static"


@dataclass(frozen=True, slots=True)
class Entry:
    """One page entry: its module script and the style sheets it needs, as URLs."""

    script: str
    styles: tuple[str, ...]


class AssetsMissing(RuntimeError):
    """The browser code is not built: run ``python3 dev.py run`` (or ``npm run build``)."""

    def __init__(self) -> None:
        super().__init__((type(self).__doc__ or "").strip())


@cache
def _manifest() -> dict[str, dict[str, object]]:
    path = STATIC / "dist/.vite/manifest.json"
    if not path.exists():
        raise AssetsMissing
    return json.loads(path.read_text("utf8"))  # type: ignore[no-any-return]


@cache
def entry(name: str) -> Entry:
    """Script and styles of the entry called `name`, with the styles of the chunks it imports."""
    manifest = _manifest()
    (chunk,) = (c for c in manifest.values() if c.get("isEntry") and c.get("name") == name)
    styles: list[str] = []
    pending, seen = [chunk], set[str]()
    while pending:
        part = pending.pop()
        styles += [f"/static/dist/{css}" for css in part.get("css", [])]  # type: ignore[attr-defined]
        for key in part.get("imports", []):  # type: ignore[attr-defined]
            if key not in seen:
                seen.add(key)
                pending.append(manifest[key])
    return Entry(script=f"/static/dist/{chunk['file']}", styles=tuple(dict.fromkeys(styles)))
