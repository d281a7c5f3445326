"""Reads the name of a type: `number`, `list<string>`, `context<a: number>`, `function<number> -> string`, item definitions."""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import lru_cache

from engine.feel.errors import FeelSyntaxError
from engine.feel.scanner import NAME, skip_space
from engine.feel.types import SIMPLE_NAMES, Type, simple

_MAX_NESTING = 20
_QUALIFIED = re.compile(rf"{NAME.pattern}(?:\.{NAME.pattern})*")


def read_type(text: str, position: int, types: Mapping[str, Type], nesting: int = 0) -> tuple[Type, int]:
    """The type at `position` and where it ends. Raises FeelSyntaxError."""
    if nesting > _MAX_NESTING:
        raise FeelSyntaxError(text, position, "nesting", limit=str(_MAX_NESTING))
    start = skip_space(text, position)
    name, end = _name(text, start, types)
    if name in ("list", "range", "context", "function") and text[skip_space(text, end) :].startswith("<"):
        return _with_arguments(name, text, skip_space(text, end) + 1, types, nesting)
    kind = types.get(name) or simple(name)
    if kind is None:
        raise FeelSyntaxError(text, start, "type", found=f"“{name}”")
    return kind, end


def _name(text: str, start: int, types: Mapping[str, Type]) -> tuple[str, int]:
    pattern, names = _known(tuple(types))
    found = pattern.match(text, start)
    if found:
        return names[" ".join(found[0].split())], found.end()
    found = _QUALIFIED.match(text, start)
    if not found:
        raise FeelSyntaxError(text, start, "type", found=f"“{text[start : start + 10]}”")
    return found[0], found.end()


@lru_cache(maxsize=64)
def _known(types: tuple[str, ...]) -> tuple[re.Pattern[str], dict[str, str]]:
    """A pattern of all names of types, the longest first, and the name for what it finds with single spaces."""
    names = {" ".join(name.split()): name for name in (*SIMPLE_NAMES, *types)}
    longest_first = sorted(names, key=len, reverse=True)
    written = "|".join(r"\s+".join(map(re.escape, name.split())) for name in longest_first if name)
    return re.compile(rf"(?:{written})(?!\w)"), names


def _with_arguments(name: str, text: str, position: int, types: Mapping[str, Type], nesting: int) -> tuple[Type, int]:
    if name == "context":
        return _context(text, position, types, nesting)
    if name == "function":
        return _function(text, position, types, nesting)
    item, position = read_type(text, position, types, nesting + 1)
    return Type(name, item=item), _expect(text, position, ">")


def _context(text: str, position: int, types: Mapping[str, Type], nesting: int) -> tuple[Type, int]:
    entries: list[tuple[str, Type]] = []
    while True:
        start = skip_space(text, position)
        found = re.compile(rf"{NAME.pattern}(?:\s+\w+)*").match(text, start)
        if not found:
            raise FeelSyntaxError(text, start, "type", found=f"“{text[start : start + 10]}”")
        kind, position = read_type(text, _expect(text, found.end(), ":"), types, nesting + 1)
        entries.append((" ".join(found[0].split()), kind))
        position = skip_space(text, position)
        if not text.startswith(",", position):
            return Type("context", entries=tuple(entries)), _expect(text, position, ">")
        position += 1


def _function(text: str, position: int, types: Mapping[str, Type], nesting: int) -> tuple[Type, int]:
    position = skip_space(text, position)
    parameters: list[Type] = []
    while not text.startswith(">", position):
        kind, position = read_type(text, position, types, nesting + 1)
        parameters.append(kind)
        position = skip_space(text, position)
        if text.startswith(",", position):
            position += 1
        elif not text.startswith(">", position):
            _expect(text, position, ">")
    result, end = read_type(text, _expect(text, position + 1, "->"), types, nesting + 1)
    return Type("function", parameters=tuple(parameters), result=result), end


def _expect(text: str, position: int, mark: str) -> int:
    position = skip_space(text, position)
    if not text.startswith(mark, position):
        raise FeelSyntaxError(text, position, "expected", expected=f"“{mark}”", found=f"“{text[position : position + 1]}”")
    return position + len(mark)
