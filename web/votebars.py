"""What the bar of a vote shows, and the same in words (ui section 5)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction

from flask_babel import gettext as _

from governance.desk.meeting_views import VoteView
from web.bars import Bar, bar, drawn
from web.presentation import Writer


@dataclass(frozen=True, slots=True)
class Piece:
    """One entry of the legend."""

    drawn: str
    name: str
    amount: str


@dataclass(frozen=True, slots=True)
class VoteBar:
    bar: Bar
    #: the picture in words
    label: str
    #: what stands at the line
    line: str
    legend: tuple[Piece, ...]
    note: str


def amount(value: Fraction | Decimal | int | str) -> str:
    """Seats or weights without needless zeros: 12, 0.5, 1/3."""
    exact = Fraction(str(value))
    if exact.denominator == 1:
        return str(exact.numerator)
    tenths = exact * 10**6
    return f"{float(exact):.6f}".rstrip("0") if tenths.denominator == 1 else str(exact)


def vote_bar(view: VoteView, w: Writer) -> VoteBar:
    """The bar of a vote: while ballots are unseen only how many were cast, else every option within the base."""
    return _unseen(view) if view.counts is None else _seen(view, view.counts, w)


def _unseen(view: VoteView) -> VoteBar:
    rest = max(view.eligible - view.cast, 0)
    shape = bar(view.eligible, [("cast", view.cast), ("none", rest)])
    legend = (Piece("cast", _("已投"), str(view.cast)), Piece("none", _("未投"), str(rest)))
    label = _("有表决权 %(all)s 席：已投 %(cast)s，未投 %(rest)s；计票确认前不公布票数", all=view.eligible, cast=view.cast, rest=rest)
    return VoteBar(shape, label, "", legend, "")


def _seen(view: VoteView, counts: Mapping[str, Decimal], w: Writer) -> VoteBar:
    pieces = [(drawn(o["code"]), w.choose(o["zh"], o["en"]), Fraction(counts.get(o["code"], 0))) for o in view.options]
    taken = sum((n for _look, _name, n in pieces), Fraction())
    rest = Fraction(view.outstanding)
    hands_up = view.method == "hands" and view.state == "open" and not taken
    if hands_up:
        rest = Fraction(view.eligible)
    if rest:
        pieces.append(("none", _("未点票") if hands_up else _("未投"), rest))
    base, drawn_base = Fraction(view.denominator), taken + rest
    if view.base == "entitled" and base > drawn_base:
        pieces.append(("out", _("未到会"), base - drawn_base))
    legend = tuple(Piece(look, name, amount(n)) for look, name, n in pieces)
    line = _("通过线 %(n)s", n=amount(view.needed))
    said = w.join(f"{p.name} {p.amount}" for p in legend)
    # abstentions stand beside a base of those voting: the picture keeps them, and the line moves with yes and no
    width = max(base, drawn_base)
    note = _("弃权不计入基数。") if view.base == "voting" and counts.get("abstain") else ""
    shape = bar(width, [(look, n) for look, _name, n in pieces], Fraction(view.needed))
    return VoteBar(shape, f"{said}{w.choose('；', '; ')}{line}", line, legend, note)
