"""Diagrams for pages: a file that carries no picture is laid out first (conventions 13)."""

from __future__ import annotations

from functools import lru_cache

from engine.definitions.layout import layout

#: every file that has a picture has at least one shape, under whatever prefix
_SHAPE = b"BPMNShape"


@lru_cache(maxsize=64)
def drawn(xml: bytes) -> bytes:
    """The file with a picture in it."""
    return xml if _SHAPE in xml else layout(xml)
