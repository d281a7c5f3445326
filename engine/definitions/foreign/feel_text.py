"""FEEL text put together from parts, with brackets only where FEEL would read it otherwise."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass

from engine.feel import FeelSyntaxError, compile_expression

#: how tightly a piece holds together
LOOSE, OR, AND, COMPARED, SUM, PRODUCT, UNARY, WHOLE = range(8)
#: characters of an expression; nobody writes one by hand that becomes so long
LONGEST = 20_000
_NAME = re.compile(r"[A-Za-z_]\w*")


class Beyond(Exception):
    """The expression cannot be said in FEEL without guessing."""


@dataclass(frozen=True, slots=True)
class Piece:
    """FEEL text and how tightly it holds together."""

    text: str
    binds: int = WHOLE
    #: a literal string: what `+` does with it differs between the languages
    is_text: bool = False

    def __post_init__(self) -> None:
        """Some forms say a part several times: nested ones would grow without end."""
        if len(self.text) > LONGEST:
            raise Beyond(self.text[:100])

    def within(self, least: int) -> str:
        """In brackets unless it binds at least so tightly."""
        return self.text if self.binds >= least else f"({self.text})"


def quoted(text: str) -> Piece:
    return Piece(json.dumps(text, ensure_ascii=False), is_text=True)


def binary(left: Piece, operator: str, right: Piece, binds: int) -> Piece:
    """An operator that goes from left to right; a comparison takes no other comparison as its side."""
    first = binds + 1 if binds == COMPARED else binds
    return Piece(f"{left.within(first)} {operator} {right.within(binds + 1)}", binds)


def call(function: str, *arguments: Piece) -> Piece:
    return Piece(f"{function}({', '.join(a.text for a in arguments)})")


def choice(condition: Piece, then: Piece, otherwise: Piece) -> Piece:
    return Piece(f"if {condition.text} then {then.text} else {otherwise.text}", LOOSE)


def member(of: Piece, name: str) -> Piece:
    if _NAME.fullmatch(name):
        return Piece(f"{of.within(WHOLE)}.{name}")
    return call("get value", of, quoted(name))


def at(of: Piece, index: int) -> Piece:
    """The element of a list counted from 0; FEEL counts from 1, and from the end with negative numbers in both."""
    return Piece(f"{of.within(WHOLE)}[{index + 1 if index >= 0 else index}]")


def is_empty(of: Piece) -> Piece:
    """Null, an empty text or an empty list."""
    whole = of.within(COMPARED + 1)
    return Piece(f'if {whole} = null then true else if {whole} instance of string then {whole} = "" else count({of.text}) = 0', LOOSE)


def holds(container: Piece, wanted: Piece) -> Piece:
    """Whether a text holds a text, or a list an element."""
    return choice(
        Piece(f"{container.within(COMPARED + 1)} instance of string"),
        call("contains", container, wanted),
        call("list contains", container, wanted),
    )


def length(of: Piece) -> Piece:
    return choice(Piece(f"{of.within(COMPARED + 1)} instance of string"), call("string length", of), call("count", of))


def joined(pieces: list[Piece]) -> Piece:
    """Texts one after the other; null says nothing."""
    if len(pieces) == 1:
        return pieces[0]
    parts = [p if p.is_text else Piece(f'if {p.within(COMPARED + 1)} = null then "" else string({p.text})', LOOSE) for p in pieces]
    return Piece(" + ".join(p.within(SUM + 1) for p in parts), SUM)


def proven(text: str, names: frozenset[str]) -> str:
    """The text, if it is FEEL. Raises Beyond."""
    try:
        compile_expression(text, names=names)
    except FeelSyntaxError as error:
        raise Beyond(str(error)) from error
    return text
