"""The arithmetic of scores: exact, trimmed, weighted, rounded half up once."""

from datetime import UTC, date, datetime
from decimal import Decimal
from fractions import Fraction

import pytest

from engine.errors import ServiceRefused
from governance.scoring.arithmetic import Ballot, Rules, compute, fulfilment, one_decimal, weigh
from governance.scoring.sheet import read_sheet

D = Decimal
ONE = read_sheet("one", {"indicators": [{"key": "a", "weight": 100}]})
TWO = read_sheet("two", {"indicators": [{"key": "a", "weight": 60}, {"key": "b", "weight": "40"}], "veto": [{"key": "fire"}]})
GROUPED = read_sheet(
    "grouped", {"indicators": [{"key": "a", "weight": 100}], "groups": [{"key": "residents", "weight": 70}, {"key": "firms", "weight": 30}]}
)


def ballots(*scores, group=None):
    return [Ballot(scorer=f"{group or 'p'}{i}", scores={"a": Fraction(str(s))}, group=group) for i, s in enumerate(scores)]


@pytest.mark.parametrize(
    ("scores", "expected", "dropped"),
    [
        ((90, 90, 90, 90, 90), "90.0", [90, 90]),
        ((0, 80, 90, 100, 100), "90.0", [0, 100]),  # the mean of all would be 74
        ((80, 90, 100, 70), "85.0", []),  # four: nothing is dropped
        ((100, 0, 100, 0, 100, 0), "50.0", [0, 100]),
        (("89.9", "89.9", "90", "90", "90"), "90.0", ["89.9", 90]),  # 89.9666… rounds up, so the band is the higher one
    ],
)
def test_from_five_valid_sheets_one_highest_and_one_lowest_are_dropped(scores, expected, dropped):
    result = compute(ONE, ballots(*scores), Rules(min_valid=1))
    assert str(result["score"]) == expected
    assert result["indicators"][0]["dropped"] == [D(str(d)) for d in dropped]


@pytest.mark.parametrize(
    ("exact", "shown"),
    [("89.95", "90.0"), ("89.949", "89.9"), ("74.95", "75.0"), ("59.95", "60.0"), ("0.05", "0.1"), ("0.04", "0.0"), ("100", "100.0")],
)
def test_scores_are_rounded_half_up_to_one_decimal(exact, shown):
    assert str(one_decimal(Fraction(exact))) == shown


def test_thirds_that_sum_to_a_half_are_not_lost_to_rounding():
    sheets = [Ballot(scorer=str(i), scores={"a": Fraction(a), "b": Fraction(0)}) for i, a in enumerate((99, 100, 100))]
    thirds = read_sheet("thirds", {"indicators": [{"key": "a", "weight": "60.15"}, {"key": "b", "weight": "39.85"}]})
    # 60.15 × 99.666… ÷ 100 = 59.9495 exactly
    assert compute(thirds, sheets, Rules(min_valid=3))["exact"] == D("59.9495")


def test_weights_of_indicators_make_the_total():
    sheets = [Ballot(scorer=s, scores={"a": Fraction(90), "b": Fraction(70)}) for s in "xyz"]
    result = compute(TWO, sheets, Rules(min_valid=3))
    assert result["score"] == D("82.0")
    assert [(i["indicator"], i["mean"], i["weighted"]) for i in result["indicators"]] == [("a", D("90.0"), D(54)), ("b", D("70.0"), D(28))]


def test_groups_count_by_their_weight_not_by_their_number():
    result = compute(GROUPED, ballots(80, 80, 80, 80, group="residents") + ballots(100, group="firms"), Rules())
    assert result["score"] == D("86.0")
    assert [(g["group"], g["n"], g["score"]) for g in result["groups"]] == [("residents", 4, D("80.0")), ("firms", 1, D("100.0"))]


def test_the_weight_of_a_group_without_sheets_goes_to_the_others():
    result = compute(GROUPED, ballots(80, 80, 80, 80, 80, group="residents"), Rules())
    assert result["score"] == D("80.0")
    assert result["groups"][1]["score"] is None


@pytest.mark.parametrize(("n", "complete", "missing"), [(4, False, 1), (5, True, 0), (0, False, 5)])
def test_too_few_valid_sheets_give_no_score(n, complete, missing):
    result = compute(ONE, ballots(*[90] * n), Rules())
    assert (result["complete"], result["missing"]) == (complete, missing)
    assert (result["score"] is None) is not complete


def test_sheets_that_are_invalid_or_lack_an_indicator_do_not_count():
    sheets = [
        Ballot(scorer="x", scores={"a": Fraction(90), "b": Fraction(90)}),
        Ballot(scorer="y", scores={"a": Fraction(10)}),
        Ballot(scorer="z", scores={"a": Fraction(10), "b": Fraction(10)}, valid=False),
    ]
    result = compute(TWO, sheets, Rules(min_valid=1))
    assert (result["n"], result["valid"], result["score"]) == (3, 1, D("90.0"))


def test_a_score_beyond_two_standard_deviations_is_an_outlier():
    result = compute(ONE, ballots(90, 90, 90, 90, 90, 90, 90, 90, 90, 10), Rules())
    (outlier,) = result["outliers"]
    assert (outlier["scorer"], outlier["score"], outlier["mean"], outlier["sigma"]) == ("p9", D(10), D("82.0"), D("24.00"))


def test_a_score_at_exactly_two_standard_deviations_is_none():
    # five sheets: the far one lies at exactly 2 σ
    assert compute(ONE, ballots(90, 90, 90, 90, 40), Rules())["outliers"] == []


def test_veto_items_of_valid_sheets_are_listed():
    sheets = [Ballot(scorer="x", scores={"a": Fraction(99), "b": Fraction(99)}, veto=frozenset({"fire"}))]
    assert compute(TWO, sheets, Rules(min_valid=1))["veto"] == ["fire"]


@pytest.mark.parametrize(
    ("sheet", "sheets"),
    [
        (ONE, [*ballots(90), *ballots(80)]),
        (ONE, [Ballot(scorer="x", scores={"z": Fraction(1)})]),
        (GROUPED, ballots(90, group="guests")),
        (ONE, [Ballot(scorer="x", scores={"a": Fraction(1)}, veto=frozenset({"fire"}))]),
    ],
    ids=["scorer twice", "unknown indicator", "unknown group", "unknown veto"],
)
def test_sheets_that_do_not_fit_are_refused(sheet, sheets):
    with pytest.raises(ServiceRefused):
        compute(sheet, sheets, Rules(min_valid=1))


@pytest.mark.parametrize(
    "content",
    [
        {"indicators": [{"key": "a", "weight": 60}, {"key": "b", "weight": 39}]},
        {"indicators": [{"key": "a", "weight": 50}, {"key": "a", "weight": 50}]},
        {"indicators": []},
        {"indicators": [{"key": "a", "weight": 100}], "groups": [{"key": "g", "weight": 99}]},
    ],
    ids=["99", "twice", "empty", "groups 99"],
)
def test_a_sheet_whose_weights_do_not_sum_to_100_is_refused(content):
    with pytest.raises(ServiceRefused):
        read_sheet("bad", content)


@pytest.mark.parametrize(
    ("items", "expected"),
    [
        ([{"weight": 20, "result": "done"}, {"weight": 20, "result": "partial"}], "75.0"),
        ([{"weight": 1, "result": "none"}, {"weight": 2, "result": "done"}], "66.7"),
        ([{"result": "done"}, {"result": "done"}, {"result": "none"}], "66.7"),
    ],
)
def test_fulfilment_is_what_was_done_of_what_was_promised(items, expected):
    assert str(fulfilment(items)["fulfilment"]) == expected


def test_timeliness_counts_days_and_satisfaction_stars():
    items = [
        {"weight": 50, "result": "done", "due": date(2026, 3, 9), "done_on": date(2026, 3, 9), "rating": D(5)},
        {"weight": 30, "result": "partial", "due": datetime(2026, 3, 9, 12, tzinfo=UTC), "done_on": date(2026, 3, 10), "rating": D(4)},
        {"weight": 20, "result": "none", "due": date(2026, 3, 9)},
        {"weight": 10, "result": "done"},
    ]
    found = fulfilment(items)
    assert (found["timeliness"], found["satisfaction"], found["rated"]) == (D("50.0"), D("90.0"), 2)


def test_nothing_to_measure_is_null_not_zero():
    assert fulfilment([]) == {"fulfilment": None, "timeliness": None, "satisfaction": None, "n": 0, "rated": 0}


def test_parts_are_weighed_as_domain_6_2_says():
    weights = {"fulfilment": D("0.40"), "timeliness": D("0.20"), "effect": D("0.20"), "satisfaction": D("0.20")}
    found = weigh({"fulfilment": D("95.0"), "timeliness": D("92.0"), "effect": D("90.5"), "satisfaction": D("94.0")}, weights)
    assert (found["score"], found["exact"]) == (D("93.3"), D("93.3"))


@pytest.mark.parametrize(("parts", "weights"), [({"a": 1}, {"a": "0.9"}), ({}, {"a": 1}), ({"a": 101}, {"a": 1}), ({"a": "x"}, {"a": 1})])
def test_parts_that_cannot_be_weighed_are_refused(parts, weights):
    with pytest.raises(ServiceRefused):
        weigh(parts, weights)
