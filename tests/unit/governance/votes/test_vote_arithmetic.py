"""Thresholds, bases and what is certain: exact, and never wrong against every way the rest could vote."""

from __future__ import annotations

import itertools
from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.errors import ServiceRefused
from governance.votes import arithmetic
from governance.votes.arithmetic import Electorate, Rule, threshold

OPTIONS = ("yes", "no", "abstain")
THRESHOLDS = ("majority", "two_thirds", "three_quarters", "unanimous", "3/5", ">2/3")


def electors(*present: str, absent: int = 0, recused: int = 0) -> Electorate:
    rows = [("eligible", Decimal(w)) for w in present] + [("absent", Decimal(1))] * absent + [("recused", Decimal(1))] * recused
    return arithmetic.electorate(rows)


def counted(code: str, base: str, who: Electorate, *, casting: bool = False, cast: str | None = None, **sums: str):
    rule = Rule(threshold=threshold(code), base=base, casting=casting)
    weights = {option: Fraction(Decimal(n)) for option, n in sums.items()}
    return arithmetic.count(rule, who, weights, int(sum(weights.values())), cast)


@pytest.mark.parametrize(
    ("code", "base", "sums", "result", "denominator", "needed"),
    [
        # 10 seats, 8 present
        ("majority", "entitled", {"yes": "5", "no": "3"}, "rejected", 10, 6),
        ("majority", "present", {"yes": "5", "no": "3"}, "passed", 8, 5),
        ("majority", "present", {"yes": "4", "no": "1", "abstain": "3"}, "rejected", 8, 5),
        ("majority", "voting", {"yes": "4", "no": "1", "abstain": "3"}, "passed", 5, 3),
        ("two_thirds", "entitled", {"yes": "6"}, "rejected", 10, 7),
        ("two_thirds", "voting", {"yes": "4", "no": "2"}, "passed", 6, 4),
        ("three_quarters", "present", {"yes": "6", "no": "2"}, "passed", 8, 6),
        ("unanimous", "present", {"yes": "7", "abstain": "1"}, "rejected", 8, 8),
        ("unanimous", "voting", {"yes": "7", "abstain": "1"}, "passed", 7, 7),
        ("majority", "voting", {"abstain": "8"}, "rejected", 0, 1),
    ],
)
def test_abstentions_stay_in_the_base_of_the_entitled_and_the_present_and_leave_that_of_the_voting(
    code, base, sums, result, denominator, needed
):
    found = counted(code, base, electors(*["1"] * 8, absent=2, recused=3), **sums)
    assert (found.result, found.denominator, found.needed) == (result, denominator, needed)


def test_more_than_half_is_not_half_and_two_thirds_are_enough():
    assert counted("majority", "present", electors(*["1"] * 4), yes="2", no="2").result == "rejected"
    assert counted("two_thirds", "present", electors(*["1"] * 3), yes="2", no="1").result == "passed"
    assert counted(">2/3", "present", electors(*["1"] * 3), yes="2", no="1").result == "rejected"


def test_weights_are_exact_decimals():
    shares = electors("0.1", "0.2", "0.3")
    found = counted("majority", "present", shares, yes="0.3", no="0.3")
    assert (found.result, found.tie, found.denominator, found.needed) == ("rejected", True, Fraction(6, 10), Fraction(4, 10))


def test_a_tie_is_rejected_unless_the_charter_gives_the_chair_a_casting_vote():
    four = electors(*["1"] * 4)
    assert counted("majority", "present", four, yes="2", no="2", casting=True).result == "rejected"
    assert counted("majority", "present", four, yes="2", no="2", casting=True, cast="yes").result == "passed"
    assert counted("majority", "present", four, yes="2", no="2", casting=False, cast="yes").result == "rejected"
    assert not counted("two_thirds", "present", four, yes="2", no="2").tie


def test_a_written_vote_below_its_turnout_is_invalid():
    rule = Rule(threshold=threshold("majority"), base="voting", turnout=threshold("two_thirds"))
    nine = electors(*["1"] * 9)
    assert arithmetic.count(rule, nine, {"yes": Fraction(5)}, 5).result == "invalid"
    assert arithmetic.count(rule, nine, {"yes": Fraction(5), "no": Fraction(1)}, 6).result == "passed"


@pytest.mark.parametrize("code", ["plenty", "0", "3/2", ">1", "1/0"])
def test_a_threshold_that_cannot_be_met_is_refused(code):
    with pytest.raises(ServiceRefused):
        threshold(code)


WEIGHTS = st.lists(st.sampled_from(["1", "1", "1", "2", "0.5", "1.25"]).map(Decimal), min_size=1, max_size=5)
RULES = st.builds(
    Rule,
    threshold=st.sampled_from(THRESHOLDS).map(threshold),
    base=st.sampled_from(arithmetic.BASES),
    casting=st.booleans(),
    turnout=st.one_of(st.none(), st.sampled_from(["majority", "two_thirds"]).map(threshold)),
)


@settings(deadline=None)
@given(rule=RULES, weights=WEIGHTS, data=st.data(), absent=st.integers(0, 3))
def test_a_fixed_outcome_is_the_outcome_of_every_way_the_rest_can_vote(rule, weights, data, absent):
    who = arithmetic.electorate([("eligible", w) for w in weights] + [("absent", Decimal(1))] * absent)
    known = data.draw(st.lists(st.sampled_from(OPTIONS), min_size=0, max_size=len(weights)))
    rest = weights[len(known) :]
    cast = list(zip(known, weights, strict=False))
    outcomes = set()
    for ways in itertools.product((*OPTIONS, None), repeat=len(rest)):
        more = [(option, w) for option, w in zip(ways, rest, strict=True) if option is not None]
        sums, voters = arithmetic.weigh(cast + more), len(cast) + len(more)
        outcomes |= {arithmetic.count(rule, who, sums, voters, casting).result for casting in (None, "yes", "no")}
    said = arithmetic.fixed(rule, who, arithmetic.weigh(cast), rest, len(cast))
    assert said is None or outcomes == {said}
    if len(outcomes) == 1 and not rule.casting:
        assert said == next(iter(outcomes)), "it was certain, and not said"


@given(rule=RULES, weights=WEIGHTS, data=st.data())
def test_the_order_of_the_ballots_says_nothing(rule, weights, data):
    who = arithmetic.electorate([("eligible", w) for w in weights])
    ballots = [(data.draw(st.sampled_from(OPTIONS)), w) for w in weights]
    shuffled = data.draw(st.permutations(ballots))
    assert arithmetic.count(rule, who, arithmetic.weigh(ballots), len(ballots)) == arithmetic.count(
        rule, who, arithmetic.weigh(shuffled), len(ballots)
    )


@given(code=st.sampled_from(THRESHOLDS), seats=st.integers(1, 60))
def test_the_number_needed_is_the_least_that_passes(code, seats):
    share, base = threshold(code), Fraction(seats)
    needed = share.least(base)
    assert not share.met(needed - 1, base)
    assert needed > base or share.met(needed, base)
