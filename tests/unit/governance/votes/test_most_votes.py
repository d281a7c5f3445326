"""A vote where the option with the most ballots is chosen: grades, not a motion."""

from __future__ import annotations

import itertools
from collections import Counter
from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from governance.votes import arithmetic
from governance.votes.arithmetic import Rule, threshold

GRADES = ("satisfied", "basic", "unsatisfied")
RULE = Rule(threshold=threshold("most"), base="voting", options=GRADES)


def decided(ballots, seats=None, rule=RULE):
    who = arithmetic.electorate([("eligible", Decimal(1))] * (seats or len(ballots)))
    return arithmetic.count(rule, who, {o: Fraction(n) for o, n in Counter(ballots).items()}, len(ballots))


@pytest.mark.parametrize(
    ("ballots", "chosen", "tie"),
    [
        ([*["satisfied"] * 3, "basic", "unsatisfied"], "satisfied", False),
        (["satisfied", "satisfied", "basic", "basic"], "basic", True),
        (["satisfied", "unsatisfied"], "unsatisfied", True),
        (["basic"], "basic", False),
    ],
)
def test_the_option_with_the_most_ballots_is_chosen_and_a_tie_takes_the_lower(ballots, chosen, tie):
    found = decided(ballots)
    assert (found.result, found.chosen, found.tie) == ("chosen", chosen, tie)


def test_nothing_is_chosen_without_ballots_or_below_the_turnout():
    assert decided([], seats=5).result == "invalid"
    strict = Rule(threshold=threshold("most"), base="voting", options=GRADES, turnout=threshold("two_thirds"))
    assert decided(["basic"] * 3, seats=5, rule=strict).result == "invalid"
    assert decided(["basic"] * 4, seats=5, rule=strict).chosen == "basic"


@given(cast=st.lists(st.sampled_from(GRADES), max_size=6), left=st.integers(0, 3))
def test_a_fixed_choice_is_the_choice_of_every_way_the_rest_can_vote(cast, left):
    who = arithmetic.electorate([("eligible", Decimal(1))] * (len(cast) + left))
    sums = {o: Fraction(n) for o, n in Counter(cast).items()}
    fixed = arithmetic.fixed(RULE, who, sums, [Decimal(1)] * left, len(cast))
    ends = {decided([*cast, *rest], seats=len(cast) + left).chosen for n in range(left + 1) for rest in itertools.product(GRADES, repeat=n)}
    if cast:
        assert (fixed == "chosen") is (len(ends) == 1)
    else:
        assert fixed == (None if left else "invalid")
