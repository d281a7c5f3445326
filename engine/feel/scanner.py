"""Text → tokens. Names are scanned with the names in scope, since FEEL names may hold spaces and dashes."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal

from engine.feel.errors import FeelSyntaxError
from engine.feel.kinds import NUMBERS

KEYWORDS = frozenset({
    "if", "then", "else", "for", "in", "return", "some", "every", "satisfies", "and", "or", "between", "instance", "of",
    "function", "external", "true", "false", "null",
})  # fmt: skip

_NUMBER = re.compile(r"(?:\d+(?:\.\d+)?|\.\d+)(?:[eE][+-]?\d+)?", re.ASCII)
_START = r"(?:[^\W\d]|[?\U00010000-\U000EFFFF])"
_PART = r"(?:\w|[?\u00B7\U00010000-\U000EFFFF])"
NAME = re.compile(rf"{_START}{_PART}*")
#: a name at a place where only a name can stand (key, parameter, iterator): inner spaces and marks belong to it
LOOSE_NAME = re.compile(rf"{_START}(?:{_PART}|[./'+*-]|\s+(?!in\b)(?={_PART}|[./'+*-]))*")
_PIECES = re.compile(rf"{_PART}+|[^\s]")
_SPACE = re.compile(r"(?:\s|\uFEFF|//[^\n]*|/\*.*?\*/)+", re.DOTALL)
_OPERATORS = ("**", "..", "!=", "<=", ">=", "->", "=", "<", ">", "+", "-", "*", "/", "(", ")", "[", "]", "{", "}", ",", ":", ".", "@")
_ESCAPES = {"n": "\n", "t": "\t", "r": "\r", '"': '"', "'": "'", "\\": "\\"}
_CODE = re.compile(r"u([0-9a-fA-F]{4})|U([0-9a-fA-F]{6})")
_HINTS = {"!": "and", "&": "and", "|": "and", "?": "ternary", "'": "quote", "“": "quote", "”": "quote", "‘": "quote"}
_FULL_WIDTH = frozenset("，。（）：；＝＜＞＋－×÷！？【】［］｛｝、")


@dataclass(frozen=True, slots=True)
class Token:
    """kind: number text name keyword operator end"""

    kind: str
    value: str | Decimal
    start: int
    end: int

    def shown(self) -> str:
        return "the end" if self.kind == "end" else f"“{self.value}”"


class KnownNames:
    """Names that are more than one word, as a tree of their pieces: many names cost no more than few. The longest one wins."""

    def __init__(self, names: Iterable[str] = (), callables: Iterable[str] = ()) -> None:
        self._first: dict[str, _Piece] = {}
        for name in names:
            self.add(name)
        for name in callables:
            self.add(name, callable_only=True)

    def add(self, name: str, callable_only: bool = False) -> None:
        """Know `name`; `callable_only`: it counts only where "(" follows."""
        pieces = _PIECES.findall(name)
        if len(pieces) < 2:
            return
        place = self._first.setdefault(pieces[0], _Piece())
        for piece in pieces[1:]:
            place = place.further.setdefault(piece, _Piece())
        if callable_only:
            place.callable = name
        else:
            place.name = name

    def match(self, text: str, start: int, first: str) -> tuple[str, int] | None:
        """The longest known name that begins at `start` with the word `first`, and where it ends."""
        place, end = self._first.get(first), start + len(first)
        longest: tuple[str, int] | None = None
        while place is not None:
            name = place.name or (place.callable if place.callable and text.startswith("(", skip_space(text, end)) else None)
            if name:
                longest = name, end
            found = _PIECES.match(text, skip_space(text, end)) if place.further else None
            if found is None:
                break
            place, end = place.further.get(found[0]), found.end()
        return longest


class _Piece:
    """A place in the tree: the name that ends here, the function's name that ends here, and how names go on."""

    __slots__ = ("callable", "further", "name")

    def __init__(self) -> None:
        self.name: str | None = None
        self.callable: str | None = None
        self.further: dict[str, _Piece] = {}


def skip_space(text: str, position: int) -> int:
    found = _SPACE.match(text, position)
    return found.end() if found else position


def scan(text: str, position: int, known: Iterable[KnownNames]) -> Token:
    """The token at or after `position`. Raises FeelSyntaxError."""
    start = skip_space(text, position)
    if start >= len(text):
        return Token("end", "", start, start)
    if text.startswith("/*", start):
        raise FeelSyntaxError(text, start, "comment_open")
    character = text[start]
    if character == '"':
        return _text(text, start)
    if character == "`":
        return _quoted_name(text, start)
    number = _NUMBER.match(text, start)
    if number:
        return Token("number", NUMBERS.create_decimal(number[0]), start, number.end())
    name = NAME.match(text, start)
    if name:
        return _name(text, name, known)
    for operator in _OPERATORS:
        if text.startswith(operator, start):
            return Token("operator", operator, start, start + len(operator))
    hint = "full_width" if character in _FULL_WIDTH else _HINTS.get(character, "")
    raise FeelSyntaxError(text, start, "character", hint, found=f"“{character}”")


def _name(text: str, simple: re.Match[str], known: Iterable[KnownNames]) -> Token:
    matches = [found for names in known if (found := names.match(text, simple.start(), simple[0]))]
    if matches:
        name, end = max(matches, key=lambda found: found[1])
        if end > simple.end():
            return Token("name", name, simple.start(), end)
    # "?" may only stand alone or begin a name
    word = simple[0]
    return Token("keyword" if word in KEYWORDS else "name", word, simple.start(), simple.end())


def _quoted_name(text: str, start: int) -> Token:
    end = text.find("`", start + 1)
    if end < 0:
        raise FeelSyntaxError(text, start, "string_open")
    return Token("name", text[start + 1 : end], start, end + 1)


def _text(text: str, start: int) -> Token:
    parts: list[str] = []
    position = start + 1
    while True:
        if position >= len(text):
            raise FeelSyntaxError(text, start, "string_open")
        character = text[position]
        if character == '"':
            return Token("text", _joined_surrogates("".join(parts)), start, position + 1)
        if character == "\\":
            part, position = _escape(text, position)
            parts.append(part)
        else:
            parts.append(character)
            position += 1


def _joined_surrogates(text: str) -> str:
    if not any("\ud800" <= c <= "\udfff" for c in text):
        return text
    return text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")


def _escape(text: str, position: int) -> tuple[str, int]:
    following = text[position + 1 : position + 2]
    if following in _ESCAPES and following:
        return _ESCAPES[following], position + 2
    code = _CODE.match(text, position + 1)
    if code:
        number = int(code[1] or code[2], 16)
        if number <= 0x10FFFF:
            return chr(number), code.end()
    # what is no escape sequence stands for itself: "\\d+" and "\d+" are the same pattern
    return "\\", position + 1
