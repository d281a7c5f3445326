"""What anyone may do without an account: found on the public wall, done on a page of its own."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from tests.acceptance.pages import texts
from tests.played import play
from tests.town import Browser, Town

TITLE = "五分之一户联名"


@pytest.fixture
def calling(tmp_path: Path) -> tuple[Town, str]:
    """A hearing whose members are being found by open sign-up."""
    town = Town(tmp_path, roster="street")
    run = play(town, "hearing", TITLE, before=lambda step: step.get("act") == "applied")
    return town, run.instance()


def door(browser: Browser) -> str:
    (found,) = set(re.findall(r'href="(/public/calls/[^"]+)"', browser.page("/public")))
    return found


def test_a_stranger_finds_the_sign_up_on_the_wall_and_is_taken_down(calling: tuple[Town, str]) -> None:
    town, instance = calling
    stranger = town.browser()
    address = door(stranger)
    assert "报名担任听证代表" in texts(stranger.page(address))
    given = {"name": "吴邻居", "household": "7幢702", "phone": "13800001111", "group": "affected", "interest": "无"}
    before = len(town.app.engine.queries.variables(instance).get("applicants") or [])
    answer = stranger.send(address, {"data": given})
    assert answer.status_code == 200, answer.text
    assert "已收到" in texts(stranger.page(address))
    assert len(town.app.engine.queries.variables(instance)["applicants"]) == before + 1


def test_a_wrong_answer_is_refused_field_by_field_and_changes_nothing(calling: tuple[Town, str]) -> None:
    town, instance = calling
    stranger = town.browser()
    before = town.app.engine.queries.variables(instance).get("applicants")
    refused = stranger.send(door(stranger), {"data": {"name": ""}})
    assert refused.status_code == 422
    assert town.app.engine.queries.variables(instance).get("applicants") == before


def test_buttons_for_people_of_the_case_are_no_public_door(calling: tuple[Town, str]) -> None:
    town, instance = calling
    private = [a for a in town.app.engine.queries.instance(instance).actions if not a.public]
    assert private
    assert all(town.browser().get(f"/public/calls/{a.token}").status_code == 404 for a in private)
