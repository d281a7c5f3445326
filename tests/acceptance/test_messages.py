"""Messages skip the buttons of a case and their posts, so only those who administer the installation may send them."""

from __future__ import annotations

from datetime import date

import pytest

from governance.directory.roster import load_roster
from tests.town import PASSWORD, Town

WITHDRAWAL = {"name": "msg.agreement.withdraw", "key": "GJ-YQ-2026-0001", "variables": {"who": "unit"}}


@pytest.mark.parametrize("person", ["head_xie", "resident_feng", "liaison_wang", "secretary_chen", "office_xu"])
def test_nobody_sends_messages_past_the_buttons_of_a_case(town: Town, person: str) -> None:
    answer = town.browser(person).send("/api/v1/messages", WITHDRAWAL)
    assert (answer.status_code, answer.get_json()["code"]) == (403, "forbidden")


def test_a_token_gives_no_right_its_owner_does_not_have(town: Town) -> None:
    asked = {"name": town.login("head_xie"), "password": PASSWORD, "scopes": ["messages:write"], "days": 1}
    token = town.browser().client.post("/api/v1/tokens", json=asked).get_json()["token"]
    answer = town.browser().client.post("/api/v1/messages", json=WITHDRAWAL, headers={"Authorization": f"Bearer {token}"})
    assert answer.status_code == 403


def test_the_administrator_of_the_installation_connects_other_systems(town: Town) -> None:
    give_post(town, "director_gao", "system_admin@district")
    answer = town.browser("director_gao").send("/api/v1/messages", WITHDRAWAL)
    assert (answer.status_code, answer.get_json()["outcome"]) == (202, "buffered")


def test_the_administrator_of_one_area_does_not(town: Town) -> None:
    give_post(town, "director_gao", "system_admin@yunqiao")
    assert town.browser("director_gao").send("/api/v1/messages", WITHDRAWAL).status_code == 403


def give_post(town: Town, person: str, post: str) -> None:
    role, _, of = post.partition("@")
    more = {"valid_from": date(2024, 7, 1), "posts": [{"person": person, "role": role, "of": of}]}
    with town.database.write() as connection:
        load_roster(connection, more, at=town.world.clock.now(), known={person, of})
