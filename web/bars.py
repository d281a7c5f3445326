"""Bars of attendance and votes (ui section 5): the width is the base, the black line what is needed. Everything is text as well."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from fractions import Fraction

#: how an option is drawn: fill, hatch, outline; further options are told apart by their text and order
_DRAWN = {"yes": "yes", "no": "no", "abstain": "abs"}


@dataclass(frozen=True, slots=True)
class Segment:
    """A piece of a bar; `x` and `width` are percentages as attributes of SVG take them."""

    drawn: str
    x: str
    width: str


@dataclass(frozen=True, slots=True)
class Line:
    """The line of quorum or passing, and how its label is anchored so that it stays inside the picture."""

    x: str
    anchor: str


@dataclass(frozen=True, slots=True)
class Bar:
    segments: tuple[Segment, ...]
    line: Line | None


def bar(base: Fraction | float, pieces: Iterable[tuple[str, Fraction | float]], needed: Fraction | float | None = None) -> Bar:
    """Pieces ``(drawn, amount)`` from left to right within `base` (seats or weight); `needed` places the line.

    Amounts beyond the base (an electorate that shrank after people voted) widen it: nothing is cut off.
    """
    amounts = [(drawn, Fraction(amount)) for drawn, amount in pieces if amount]
    whole = max(Fraction(base), sum((amount for _, amount in amounts), Fraction()))
    if whole <= 0:
        return Bar((), None)
    segments, at = [], Fraction()
    for drawn, amount in amounts:
        segments.append(Segment(drawn, _percent(at / whole), _percent(amount / whole)))
        at += amount
    return Bar(tuple(segments), _line(Fraction(needed) / whole) if needed is not None else None)


def drawn(option: str) -> str:
    """The look of an option's piece."""
    return _DRAWN.get(option, "other")


def _line(share: Fraction) -> Line:
    share = min(max(share, Fraction()), Fraction(1))
    return Line(_percent(share), "start" if share < Fraction(1, 8) else "end" if share > Fraction(7, 8) else "middle")


def _percent(share: Fraction) -> str:
    return f"{float(share * 100):.4g}%"
