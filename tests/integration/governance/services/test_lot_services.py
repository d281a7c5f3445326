"""lots.*: one list, one seed, one draw."""

import pytest

from engine.errors import ServiceRefused
from governance.lots import services as lots

HOUSEHOLDS = ["1幢101", "1幢102", "1幢201", "1幢202"]
SOURCE = "3月11日福彩3D开奖号码"


def opened(desk, **other):
    return desk(lots.open_lot, **{"purpose": "members", "candidates": HOUSEHOLDS, "seats": 3, "seed_source": SOURCE} | other)


def test_a_draw_gives_the_seats_and_the_reserves_in_order(desk):
    lot = opened(desk)
    drawn = desk(lots.draw, lot=lot["lot"], seed="2026070-582")
    assert (lot["needed"], len(drawn["drawn"]), len(drawn["reserves"])) == (True, 3, 1)
    assert sorted(drawn["drawn"] + drawn["reserves"]) == sorted(HOUSEHOLDS)
    assert [o["ticket"] for o in drawn["order"]] == sorted(o["ticket"] for o in drawn["order"])


def test_the_same_seed_again_gives_the_same_and_another_one_is_refused(desk):
    lot = opened(desk)["lot"]
    first = desk(lots.draw, lot=lot, seed="2026070-582")
    assert desk(lots.draw, lot=lot, seed=" 2026070-582 ") == first
    with pytest.raises(ServiceRefused, match="no second draw"):
        desk(lots.draw, lot=lot, seed="2026070-583")
    checked = desk(lots.verify, lot=lot)
    assert checked["drawn"] == first["drawn"]
    assert checked["intact"] is True


def test_a_closed_list_cannot_be_replaced(desk):
    first = opened(desk)
    assert opened(desk)["lot"] == first["lot"]
    with pytest.raises(ServiceRefused, match="list is closed"):
        opened(desk, candidates=HOUSEHOLDS[:3])


@pytest.mark.parametrize(
    ("other", "said"),
    [
        ({"candidates": []}, "empty"),
        ({"candidates": ["1幢101", "1幢101"]}, "twice"),
        ({"seats": 0}, "seat"),
        ({"seed_source": " "}, "where the seed"),
    ],
)
def test_what_cannot_be_drawn_is_refused(desk, other, said):
    with pytest.raises(ServiceRefused, match=said):
        opened(desk, **other)


def test_nothing_is_verified_before_it_is_drawn_and_a_draw_needs_its_seed(desk):
    lot = opened(desk)["lot"]
    with pytest.raises(ServiceRefused, match="nothing has been drawn"):
        desk(lots.verify, lot=lot)
    with pytest.raises(ServiceRefused, match="needs its seed"):
        desk(lots.draw, lot=lot, seed=" ")
    with pytest.raises(ServiceRefused, match="no lot"):
        desk(lots.draw, lot="nobody", seed="x")
