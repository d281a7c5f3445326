"""Thresholds, bases, counts and what is already certain: pure and exact (fractions), no database, no clock.

`passed = yes / base > t` or `≥ t`; abstentions stay in the base of 应到 (entitled) and 实到 (present) and fall out of 参加表决 (voting)
(domain SP04).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction

from engine.errors import ServiceRefused

YES, NO, ABSTAIN = "yes", "no", "abstain"
ENTITLED, PRESENT, VOTING = "entitled", "present", "voting"
BASES = (ENTITLED, PRESENT, VOTING)
PASSED, REJECTED, INVALID, CHOSEN = "passed", "rejected", "invalid", "chosen"
#: not a share: the option with the most ballots is chosen
MOST = "most"


@dataclass(frozen=True, slots=True)
class Threshold:
    """A share of the base; `strict`: it must be exceeded, else it is enough to reach it."""

    code: str
    share: Fraction
    strict: bool
    zh: str
    en: str

    def met(self, part: Fraction, base: Fraction) -> bool:
        """Whether `part` of `base` is enough. Nothing is enough of an empty base."""
        if base <= 0:
            return False
        return part > self.share * base if self.strict else part >= self.share * base

    def least(self, base: Fraction, step: Fraction = Fraction(1)) -> Fraction:
        """The smallest multiple of `step` that is enough of `base`."""
        exact = self.share * base
        multiple = -(-exact // step)  # rounded up
        return step * (multiple + 1 if self.strict and step * multiple == exact else multiple)


_KNOWN = {
    t.code: t
    for t in (
        Threshold("majority", Fraction(1, 2), True, "超过二分之一", "more than 1/2"),
        Threshold("two_thirds", Fraction(2, 3), False, "不少于三分之二", "at least 2/3"),
        Threshold("three_quarters", Fraction(3, 4), False, "不少于四分之三", "at least 3/4"),
        Threshold("unanimous", Fraction(1), False, "全体一致", "all"),
        Threshold(MOST, Fraction(0), True, "得票最多", "the most votes"),
    )
}


def threshold(code: str) -> Threshold:
    """By code of vote_threshold, or a share such as ``3/5`` (reached) or ``>3/5`` (exceeded). Raises ServiceRefused."""
    if code in _KNOWN:
        return _KNOWN[code]
    strict = code.startswith(">")
    try:
        share = Fraction(code.lstrip(">≥= "))
    except (ValueError, ZeroDivisionError) as error:
        raise ServiceRefused(f"通过比例 {code} 无效 / threshold {code!r} is not a code or a share", threshold=code) from error
    if not 0 < share <= 1 or (strict and share == 1):
        raise ServiceRefused(f"通过比例 {code} 不可能达到 / a threshold of {code} cannot be met", threshold=code)
    zh, en = ("超过", "more than") if strict else ("不少于", "at least")
    return Threshold(code, share, strict, f"{zh} {share}", f"{en} {share}")


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule:
    """What decides. `turnout`: threshold of taking part, for written votes; `casting`: the chair may break a tie.
    `options` in their order, best first: of those with the most ballots the last one is chosen [A: a tie takes the lower grade]."""

    threshold: Threshold
    base: str
    casting: bool = False
    turnout: Threshold | None = None
    options: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Electorate:
    """Weights: of all entitled (without those recused) and of those present among them; `seats` and `cast` count heads."""

    entitled: Fraction
    present: Fraction
    seats: int = 0
    #: smallest difference two counts can have
    step: Fraction = Fraction(1)


@dataclass(frozen=True, slots=True, kw_only=True)
class Count:
    """`numerator` / `denominator` against the threshold. `tie`: as many for as against, and that decides."""

    result: str
    tie: bool
    numerator: Fraction
    denominator: Fraction
    needed: Fraction
    #: the option with the most ballots, where that decides
    chosen: str | None = None


def weigh(ballots: Iterable[tuple[str, Decimal]]) -> dict[str, Fraction]:
    """Option → sum of weights."""
    sums: dict[str, Fraction] = {}
    for option, weight in ballots:
        sums[option] = sums.get(option, Fraction(0)) + Fraction(weight)
    return sums


def electorate(weights: Sequence[tuple[str, Decimal]]) -> Electorate:
    """From (status, weight) of every elector: eligible, absent or recused."""
    counted = [(status, Fraction(w)) for status, w in weights if status != "recused"]
    places = max((-int(w.as_tuple().exponent) for _, w in weights if w.as_tuple().exponent < 0), default=0)  # type: ignore[operator]
    return Electorate(
        entitled=sum((w for _, w in counted), Fraction(0)),
        present=sum((w for status, w in counted if status == "eligible"), Fraction(0)),
        seats=len(counted),
        step=Fraction(1, 10**places),
    )


def denominator(base: str, electors: Electorate, sums: Mapping[str, Fraction]) -> Fraction:
    """The base as a number of weights."""
    if base == ENTITLED:
        return electors.entitled
    if base == PRESENT:
        return electors.present
    return sums.get(YES, Fraction(0)) + sums.get(NO, Fraction(0))


def count(rule: Rule, electors: Electorate, sums: Mapping[str, Fraction], voters: int, casting: str | None = None) -> Count:
    """The result. `voters`: seats that took part, for the turnout. `casting`: the chair's vote that breaks a tie."""
    if rule.threshold.code == MOST:
        return _most(rule, electors, sums, voters)
    yes, no = sums.get(YES, Fraction(0)), sums.get(NO, Fraction(0))
    base = denominator(rule.base, electors, sums)
    needed = rule.threshold.least(base, electors.step)
    tie = is_tie(rule, yes, no)
    if rule.turnout is not None and not rule.turnout.met(Fraction(voters), Fraction(electors.seats)):
        result = INVALID
    elif rule.threshold.met(yes, base) or (tie and rule.casting and casting == YES):
        result = PASSED
    else:
        result = REJECTED
    return Count(result=result, tie=tie, numerator=yes, denominator=base, needed=needed)


def _most(rule: Rule, electors: Electorate, sums: Mapping[str, Fraction], voters: int) -> Count:
    cast = sum(sums.values(), Fraction(0))
    best = max((sums.get(o, Fraction(0)) for o in rule.options), default=Fraction(0))
    leaders = [o for o in rule.options if sums.get(o, Fraction(0)) == best]
    missed = rule.turnout is not None and not rule.turnout.met(Fraction(voters), Fraction(electors.seats))
    if not cast or missed:
        return Count(result=INVALID, tie=False, numerator=best, denominator=cast, needed=Fraction(0))
    return Count(result=CHOSEN, tie=len(leaders) > 1, numerator=best, denominator=cast, needed=Fraction(0), chosen=leaders[-1])


def is_tie(rule: Rule, yes: Fraction, no: Fraction) -> bool:
    """As many for as against under a majority; with other thresholds equality decides nothing."""
    return yes == no and yes > 0 and rule.threshold.share == Fraction(1, 2)


def fixed(rule: Rule, electors: Electorate, sums: Mapping[str, Fraction], remaining: Sequence[Decimal], voters: int) -> str | None:
    """The outcome if it is certain whatever the remaining ballots say (or whether they come at all), else None.

    With every base more "yes" never turns passed into rejected and more "no" never the other way, also where the base grows
    with the ballots: yes/(yes+no) rises with yes and falls with no. So the two extremes decide.
    """
    yes, no = sums.get(YES, Fraction(0)), sums.get(NO, Fraction(0))
    rest = sum((Fraction(w) for w in remaining), Fraction(0))
    if rule.threshold.code == MOST:
        return _fixed_most(rule, electors, sums, rest, voters)
    abstain = sums.get(ABSTAIN, Fraction(0))
    best = count(rule, electors, {YES: yes + rest, NO: no, ABSTAIN: abstain}, voters)
    worst = count(rule, electors, {YES: yes, NO: no + rest, ABSTAIN: abstain}, voters)
    if rule.turnout is not None and not rule.turnout.met(Fraction(voters), Fraction(electors.seats)):
        if not rule.turnout.met(Fraction(voters + len(remaining)), Fraction(electors.seats)):
            return INVALID
        return None
    if worst.result == PASSED:
        return PASSED
    if best.result == PASSED:
        return None
    # nothing passes by itself; only a tie in the chair's hand could
    if rule.casting and (is_tie(rule, yes, no) or (rest > 0 and rule.threshold.share == Fraction(1, 2) and abs(yes - no) <= rest)):
        return None
    return REJECTED


def _fixed_most(rule: Rule, electors: Electorate, sums: Mapping[str, Fraction], rest: Fraction, voters: int) -> str | None:
    """Chosen for certain: no other option overtakes the leader with all that is left."""
    now = count(rule, electors, sums, voters)
    if now.chosen is None:
        return None if rest else now.result
    ends = (count(rule, electors, {**sums, o: sums.get(o, Fraction(0)) + rest}, voters).chosen for o in rule.options)
    return CHOSEN if all(end == now.chosen for end in ends) else None
