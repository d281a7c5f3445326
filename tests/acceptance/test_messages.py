"""Messages skip the buttons of a case and their posts, so only those who administer the installation may send them."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest

from governance.directory.roster import load_roster
from tests.town import PASSWORD, Browser, Town

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


@pytest.fixture
def connected(town: Town) -> Browser:
    """Who may send messages."""
    give_post(town, "director_gao", "system_admin@district")
    return town.browser("director_gao")


def test_a_message_counts_once_by_its_id_and_by_its_idempotency_key(connected: Browser) -> None:
    for more, key in (({"id": "7"}, None), ({}, "press 1")):
        first, again = (connected.send("/api/v1/messages", {**WITHDRAWAL, **more}, key=key).get_json() for _ in range(2))
        assert (first["repeated"], again["repeated"], again["outcome"]) == (False, True, "buffered")
    assert not connected.send("/api/v1/messages", WITHDRAWAL).get_json()["repeated"]


def test_an_id_of_another_message_is_a_conflict_in_the_readers_language(connected: Browser) -> None:
    connected.send("/api/v1/messages", {**WITHDRAWAL, "id": "7"})
    answer = connected.send("/api/v1/messages", {**WITHDRAWAL, "id": "7", "key": "another"})
    assert (answer.status_code, answer.get_json()["code"]) == (409, "message_id_used")
    assert "编号" in answer.get_json()["title"]
    english = replace(connected, language="en").send("/api/v1/messages", {**WITHDRAWAL, "id": "7", "key": "another"})
    assert english.get_json()["title"].startswith("This message id")


@pytest.mark.parametrize(
    ("wrong", "pointer"),
    [
        ({}, "/name"),
        ({"name": "x" * 256}, "/name"),
        ({"name": "m", "key": "x" * 501}, "/key"),
        ({"name": "m", "key": 7}, "/key"),
        ({"name": "m", "id": "x" * 256}, "/id"),
        ({"name": "m", "keys": "a"}, "/keys"),
    ],
    ids=["no name", "long name", "long key", "a key that is no text", "long id", "a typo"],
)
def test_a_message_that_nobody_could_wait_for_is_refused_at_its_member(connected: Browser, wrong: dict[str, object], pointer: str) -> None:
    answer = connected.send("/api/v1/messages", wrong)
    assert answer.status_code == 422
    assert pointer in [e["pointer"] for e in answer.get_json()["errors"]]


def test_a_signal_takes_the_right_of_a_message(town: Town, connected: Browser) -> None:
    assert town.browser("liaison_wang").send("/api/v1/signals", {"name": "sig.test"}).status_code == 403
    answer = connected.send("/api/v1/signals", {"name": "sig.test", "id": "7", "variables": {"why": "test"}})
    assert (answer.status_code, answer.get_json()["outcome"]) == (202, "sent")
    assert connected.send("/api/v1/signals", {"name": "sig.other", "id": "7"}).status_code == 409
    assert connected.send("/api/v1/signals", {"name": ""}).status_code == 422


def test_a_sender_says_how_long_its_message_is_kept(town: Town, connected: Browser) -> None:
    wanted = {"name": "msg.nobody.waits", "variables": {}}
    assert connected.send("/api/v1/messages", {**wanted, "ttl": "PT2H"}).get_json()["outcome"] == "buffered"
    assert connected.send("/api/v1/messages", {**wanted, "ttl": "PT0S"}).get_json()["outcome"] == "dropped"
    (kept,) = town.app.engine.oversight.kept_messages()
    assert kept.expires_at - kept.at == timedelta(hours=2)
    for wrong in ("2 hours", "P1Y", "P91D", "-PT1H"):
        answer = connected.send("/api/v1/messages", {**wanted, "ttl": wrong})
        assert answer.status_code == 422, wrong
        assert "90 天" in answer.get_json()["title"]
    assert len(town.app.engine.oversight.kept_messages()) == 1
