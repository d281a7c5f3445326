"""Reads an XPath regular expression and writes it as RE2 takes it."""

from __future__ import annotations

import re
from functools import lru_cache

from engine.feel.patterns.classes import CLASS_ESCAPES, property_set
from engine.feel.patterns.sets import CharSet, complement, difference, of_ranges, union, with_cases, written

_META = frozenset(".\\?*+{}()|^$[]")
_SINGLE_ESCAPES = {"n": "\n", "r": "\r", "t": "\t"} | {mark: mark for mark in "\\|.-^?*+{}()[]$"}
_QUANTITY = re.compile(r"\{(\d{1,5})(,(\d{1,5})?)?\}", re.ASCII)
_PROPERTY = re.compile(r"\{([A-Za-z0-9-]+)\}", re.ASCII)
_MOST_GROUPS_INSIDE = 50


class PatternError(Exception):
    """This is no regular expression. `position`: where in the pattern; `refused`: it is one, but cannot run in linear time."""

    def __init__(self, key: str, position: int, *, refused: bool = False) -> None:
        super().__init__(key)
        self.key = key
        self.position = position
        self.refused = refused


@lru_cache(maxsize=1024)
def _both_cases(character: str, ascii_only: bool) -> str:
    return written(of_ranges(with_cases(((ord(character), ord(character)),))), ascii_only=ascii_only)


class Reader:
    """One pass over one pattern. `ignore_case`, `dot_all` and `lines` are XPath's flags i, s and m; `ascii_only`: the text is of ASCII."""

    def __init__(self, text: str, *, ignore_case: bool, dot_all: bool, lines: bool, ascii_only: bool) -> None:
        self._text = text
        self._at = 0
        self._fold = ignore_case
        self._ascii = ascii_only
        self._dot = "(?s:.)" if dot_all else r"[^\n\r]"
        self._start, self._end = ("(?m:^)", "(?m:$)") if lines else (r"\A", r"\z")
        self._open = 0

    def whole(self) -> str:
        """The pattern for RE2. Raises PatternError."""
        pattern = self._branches()
        if self._at < len(self._text):
            raise self._error("pattern_bracket")
        return pattern

    def _error(self, key: str, *, refused: bool = False) -> PatternError:
        return PatternError(key, self._at, refused=refused)

    def _ahead(self) -> str:
        return self._text[self._at : self._at + 1]

    def _take(self, mark: str) -> bool:
        if not self._text.startswith(mark, self._at):
            return False
        self._at += len(mark)
        return True

    def _branches(self) -> str:
        pieces: list[str] = []
        while (mark := self._ahead()) and mark != ")":
            pieces.append("|" if self._take("|") else self._atom() + self._quantity())
        return "".join(pieces)

    def _quantity(self) -> str:
        counted = _QUANTITY.match(self._text, self._at)
        if counted:
            if counted[3] and int(counted[3]) < int(counted[1]):
                raise self._error("pattern_quantity")
            self._at = counted.end()
            quantity = counted[0]
        elif self._ahead() and self._ahead() in "?*+":
            quantity = self._ahead()
            self._at += 1
        else:
            return ""
        return quantity + ("?" if self._take("?") else "")

    def _atom(self) -> str:
        mark = self._ahead()
        if mark == "(":
            return self._group()
        if mark == "[":
            return self._written(self._class())
        if mark == "\\":
            return self._escape()
        if mark in ".^$":
            self._at += 1
            return {".": self._dot, "^": self._start, "$": self._end}[mark]
        if mark in _META:
            raise self._error("pattern_quantity" if mark in "?*+{" else "pattern_bracket")
        self._at += 1
        return self._literal(mark)

    def _written(self, charset: CharSet) -> str:
        return written(charset, ascii_only=self._ascii)

    def _literal(self, character: str) -> str:
        if not self._fold:
            return rf"\x{{{ord(character):X}}}"
        return _both_cases(character, self._ascii)

    def _group(self) -> str:
        self._at += 1
        capturing = not self._take("?:")
        if capturing and self._ahead() == "?":
            raise self._error("pattern_look", refused=True)
        self._open += 1
        if self._open > _MOST_GROUPS_INSIDE:
            raise self._error("pattern_nesting", refused=True)
        inner = self._branches()
        self._open -= 1
        if not self._take(")"):
            raise self._error("pattern_bracket")
        return f"({inner})" if capturing else f"(?:{inner})"

    def _escape(self) -> str:
        following = self._text[self._at + 1 : self._at + 2]
        if following.isascii() and following.isdigit() and following != "0":
            raise self._error("pattern_reference", refused=True)
        charset = self._class_escape()
        return self._written(charset) if charset is not None else self._literal(self._single_escape())

    def _single_escape(self) -> str:
        following = self._text[self._at + 1 : self._at + 2]
        if following not in _SINGLE_ESCAPES or not following:
            raise self._error("pattern_escape")
        self._at += 2
        return _SINGLE_ESCAPES[following]

    def _class_escape(self) -> CharSet | None:
        """The set of the escape ahead; None, and nothing read, when it stands for one character."""
        following = self._text[self._at + 1 : self._at + 2]
        if following in CLASS_ESCAPES:
            self._at += 2
            return CLASS_ESCAPES[following]
        if following not in ("p", "P"):
            return None
        named = _PROPERTY.match(self._text, self._at + 2)
        charset = property_set(named[1]) if named else None
        if named is None or charset is None:
            raise self._error("pattern_property")
        self._at = named.end()
        return complement(charset) if following == "P" else charset

    # --- character classes

    def _class(self) -> CharSet:
        start = self._at
        self._open += 1
        if self._open > _MOST_GROUPS_INSIDE:
            raise self._error("pattern_nesting", refused=True)
        self._at += 1
        negated = self._take("^")
        charset: CharSet = ()
        first = True
        while not self._take("]"):
            if not self._ahead():
                raise PatternError("pattern_bracket", start)
            if not first and self._text.startswith("-[", self._at):
                self._at += 1
                return self._closed(complement(charset) if negated else charset)
            charset = union(charset, self._member())
            first = False
        if first:
            raise PatternError("pattern_bracket", start)
        self._open -= 1
        return complement(charset) if negated else charset

    def _closed(self, charset: CharSet) -> CharSet:
        """The difference with the class ahead, and the bracket that ends both."""
        charset = difference(charset, self._class())
        if not self._take("]"):
            raise self._error("pattern_bracket")
        self._open -= 1
        return charset

    def _member(self) -> CharSet:
        if self._ahead() == "\\":
            charset = self._class_escape()
            if charset is not None:
                return charset
        first = self._character()
        last = first
        following = self._text[self._at + 1 : self._at + 2]
        if self._ahead() == "-" and following not in ("]", "[", ""):
            self._at += 1
            last = self._character()
            if last < first:
                raise self._error("pattern_range")
        ranges = ((ord(first), ord(last)),)
        return of_ranges(with_cases(ranges) if self._fold else ranges)

    def _character(self) -> str:
        mark = self._ahead()
        if mark == "\\":
            return self._single_escape()
        if mark == "[":
            raise self._error("pattern_bracket")
        self._at += 1
        return mark
