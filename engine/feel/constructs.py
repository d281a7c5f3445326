"""`if`, `for`, `some`, `every`, `function` and @-literals."""

from __future__ import annotations

from engine.feel import nodes, temporal
from engine.feel.brackets import Brackets
from engine.feel.scanner import KnownNames, Token
from engine.feel.type_parser import read_type
from engine.feel.types import ANY, Type
from engine.feel.zones import Region


class Constructs(Brackets):
    """The part of the parser that reads what begins with a word or an @."""

    def _prefix_word(self, token: Token) -> nodes.Node:
        word = token.value
        if word in ("true", "false", "null"):
            self._advance()
            return nodes.Literal(token.start, {"true": True, "false": False, "null": None}[str(word)])
        if word == "if":
            return self._if(token)
        if word == "for":
            return self._for(token)
        if word in ("some", "every"):
            return self._quantified(token)
        if word == "function":
            return self._function(token)
        raise self._error("unexpected", "else" if word in ("then", "else") else "")

    def _if(self, token: Token) -> nodes.Node:
        self._advance()
        condition = self._expression()
        self._expect_word("then", "else")
        then = self._expression()
        self._expect_word("else", "else")
        return nodes.If(token.start, condition, then, self._expression())

    def _for(self, token: Token) -> nodes.Node:
        self._advance()
        with self._names() as known:
            iterators = self._iterators(known)
            self._expect_word("return")
            self._declare(known, "partial")
            return nodes.For(token.start, iterators, self._expression())

    def _quantified(self, token: Token) -> nodes.Node:
        self._advance()
        with self._names() as known:
            iterators = self._iterators(known)
            self._expect_word("satisfies")
            return nodes.Quantified(token.start, str(token.value), iterators, self._expression())

    def _iterators(self, known: KnownNames) -> tuple[nodes.Iterator, ...]:
        found: list[nodes.Iterator] = []
        while True:
            name = self._bound_name()
            self._expect_word("in")
            domain = self._expression()
            end = None
            if self._is(".."):
                self._advance()
                end = self._expression()
            found.append(nodes.Iterator(name, domain, end))
            self._declare(known, name)
            if not self._is(","):
                return tuple(found)
            self._advance()

    def _function(self, token: Token) -> nodes.Node:
        self._advance()
        self._expect("(")
        parameters: list[tuple[str, Type]] = []
        with self._names() as known:
            while not self._is(")"):
                if parameters:
                    self._expect(",")
                parameters.append(self._parameter())
                self._declare(known, parameters[-1][0])
            self._advance()
            if self._is_word("external"):
                raise self._error("external")
            return nodes.Function(token.start, tuple(parameters), self._expression())

    def _parameter(self) -> tuple[str, Type]:
        name = self._bound_name()
        if not self._is(":"):
            return name, ANY
        kind, end = read_type(self._text, self._token.end, self._types)
        self._token = self._scan(end)
        return name, kind

    def _at_literal(self, token: Token) -> nodes.Node:
        self._advance()
        text = self._token
        if text.kind != "text":
            raise self._error("expected", "literal", expected='"…"')
        value = temporal.parse_any(str(text.value))
        if isinstance(getattr(value, "tzinfo", None), Region) and not self._named_zones:
            raise self._error("zone", "zone")
        if value is None:
            raise self._error("literal", "literal")
        self._advance()
        return nodes.Literal(token.start, value)
