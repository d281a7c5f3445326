"""The token ahead, the names known there, and the errors: what every part of the parser stands on."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager

from engine.feel import nodes
from engine.feel.errors import FeelSyntaxError
from engine.feel.scanner import LOOSE_NAME, KnownNames, Token, scan
from engine.feel.types import Type

MAX_LENGTH = 20_000
MAX_NESTING = 80


class TokenReader(ABC):
    """Reads one text token by token. `names`: names in scope; `functions`: names that are functions wherever "(" follows."""

    def __init__(
        self, text: str, names: Iterable[str], functions: Iterable[str], types: Mapping[str, Type], named_zones: bool = True
    ) -> None:
        self._text = text
        self._types = types
        self._named_zones = named_zones
        self._known = [KnownNames(names, functions)]
        #: keys of contexts in this text that are more than one word: paths may name them
        self._keys = KnownNames(("time offset", "start included", "end included"))
        self._nesting = 0
        #: inside the ends of a range "[" closes it and is no filter
        self._range_ends = False
        if len(text) > MAX_LENGTH:
            raise FeelSyntaxError(text, MAX_LENGTH, "length", "split", limit=str(MAX_LENGTH))
        self._token = self._scan(0)

    @abstractmethod
    def _expression(self, power: int = 0) -> nodes.Node:
        """The expression ahead, up to an operator that binds weaker than `power`."""

    @abstractmethod
    def _continued(self, left: nodes.Node, power: int) -> nodes.Node:
        """The expression that begins with `left`."""

    # --- tokens

    def _scan(self, position: int) -> Token:
        return scan(self._text, position, self._known)

    def _advance(self) -> Token:
        taken = self._token
        self._token = self._scan(taken.end)
        return taken

    def _is(self, *operators: str) -> bool:
        return self._token.kind == "operator" and self._token.value in operators

    def _is_word(self, word: str) -> bool:
        return self._token.kind == "keyword" and self._token.value == word

    def _expect(self, operator: str) -> Token:
        if not self._is(operator):
            raise self._error("expected", self._misuse_hint(), expected=f"“{operator}”")
        return self._advance()

    def _expect_word(self, word: str, hint: str = "") -> Token:
        if not self._is_word(word):
            raise self._error("expected", hint, expected=f"“{word}”")
        return self._advance()

    def _error(self, key: str, hint: str = "", **facts: str) -> FeelSyntaxError:
        return FeelSyntaxError(self._text, self._token.start, key, hint, found=self._token.shown(), **facts)

    def _misuse_hint(self) -> str:
        token = self._token
        if token.kind == "operator" and token.value == "=" and self._text.startswith("==", token.start - 1):
            return "equals"
        if token.value == "?":
            return "ternary"
        return "name" if token.kind == "name" else ""

    @contextmanager
    def _deeper(self) -> Iterator[None]:
        self._nesting += 1
        if self._nesting > MAX_NESTING:
            raise FeelSyntaxError(self._text, self._token.start, "nesting", "split", limit=str(MAX_NESTING))
        yield
        self._nesting -= 1

    @contextmanager
    def _names(self) -> Iterator[KnownNames]:
        """A scope of names declared inside the expression."""
        known = KnownNames()
        self._known.append(known)
        yield known
        self._known.pop()
        self._token = self._scan(self._token.start)  # the token ahead was scanned with these names

    def _declare(self, known: KnownNames, name: str) -> None:
        known.add(name)
        if self._token.kind != "end":  # the token ahead was scanned without the new name
            self._token = self._scan(self._token.start)

    @contextmanager
    def _brackets(self, range_ends: bool) -> Iterator[None]:
        before, self._range_ends = self._range_ends, range_ends
        yield
        self._range_ends = before

    # --- names

    def _loose_name(self) -> tuple[str, int] | None:
        """The name at the present token if only a name can stand here, with where it ends."""
        start = self._token.start
        if self._token.kind == "text":
            return str(self._token.value), self._token.end
        if self._text.startswith("`", start):
            return str(self._token.value), self._token.end
        found = LOOSE_NAME.match(self._text, start)
        return (" ".join(found[0].split()), found.end()) if found else None

    def _bound_name(self) -> str:
        """A name that is being bound here: key, parameter, variable of a loop."""
        found = self._loose_name()
        if found is None or self._token.kind == "text":
            raise self._error("expected", expected="a name")
        self._token = self._scan(found[1])
        return found[0]
