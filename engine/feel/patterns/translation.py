"""A pattern with its flags, compiled once."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Any

import re2

from engine.feel.patterns.reader import PatternError, Reader
from engine.feel.patterns.sets import TooManyTerms

#: a compiled pattern of RE2
Pattern = Any

MAX_PATTERN = 1_000
#: bytes RE2 may use for a pattern: what needs more is refused after some milliseconds
_MEMORY = 2 << 20
_FLAGS = frozenset("smixq")
_SPACE = re.compile(r"[ \t\n\r]+")


@lru_cache(maxsize=512)
def compiled(pattern: str, flags: str, ascii_only: bool = False) -> Pattern:
    """The pattern compiled by RE2, with XPath's flags s m i x q; `ascii_only`: for texts of ASCII only. Raises PatternError."""
    if not set(flags) <= _FLAGS:
        raise PatternError("pattern_flag", 0)
    if len(pattern) > MAX_PATTERN:
        raise PatternError("pattern_length", MAX_PATTERN, refused=True)
    options = re2.Options()
    options.log_errors = False
    options.max_mem = _MEMORY
    if "q" in flags:
        options.literal = True
        options.case_sensitive = "i" not in flags
        translated = pattern
    else:
        translated = _translated(_without_space(pattern) if "x" in flags else pattern, flags, ascii_only)
    try:
        return re2.compile(translated, options)
    except re2.error:  # larger than RE2 takes
        raise PatternError("pattern_length", 0, refused=True) from None


def _translated(pattern: str, flags: str, ascii_only: bool) -> str:
    try:
        reader = Reader(pattern, ignore_case="i" in flags, dot_all="s" in flags, lines="m" in flags, ascii_only=ascii_only)
        return reader.whole()
    except TooManyTerms:
        raise PatternError("pattern_nesting", 0, refused=True) from None


def _without_space(pattern: str) -> str:
    """Without white space outside character classes, which is what the flag x asks for."""
    parts: list[str] = []
    depth = position = 0
    while position < len(pattern):
        mark = pattern[position]
        width = 2 if mark == "\\" else 1
        if mark in "[]":
            depth += 1 if mark == "[" else -1
        piece = pattern[position : position + width]
        parts.append(piece if depth else _SPACE.sub("", piece))
        position += width
    return "".join(parts)
