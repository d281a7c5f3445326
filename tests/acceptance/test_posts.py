"""Under which of several posts one acts, and entering for others, on starts and actions."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from governance.directory import store as directory
from tests.town import AREA, MONDAY, Town
from tests.walk import PROCESS, Agreement

WORKER = f"role:community_worker@{AREA}"


def second_post(town: Town, person: str, role: str, of: str, days: int) -> None:
    """A post that ends after so many days."""
    times = {"valid_from": MONDAY - timedelta(days=1), "valid_to": MONDAY + timedelta(days=days)}
    row = {"id": f"second_{person}", "role": role, "code": role, "of": of, "person": person, "acting": False, "substitute_of": None}
    with town.database.write() as connection:
        directory.insert(connection, "post", [{**row, **times, "title_zh": "", "title_en": ""}])


def start(town: Town, person: str, **body: Any) -> Any:
    return town.browser(person).send(f"/start/{PROCESS}", {"data": {}, "area": AREA, **body})


def test_a_start_rests_on_the_chosen_post_and_it_is_proposed_next_time(town: Town) -> None:
    second_post(town, "liaison_wang", "community_worker", "street", 10)
    wang = town.browser("liaison_wang")
    page = wang.page(f"/start/{PROCESS}")
    assert "任期至" in page
    answer = wang.send(f"/start/{PROCESS}", {"data": {}, "area": AREA, "mandate": WORKER})
    assert answer.status_code == 200, answer.text
    history = town.app.engine.queries.history(answer.get_json()["instance"]).items
    assert history[0].mandate is not None
    assert history[0].mandate["selector"] == WORKER
    page = wang.page(f"/start/{PROCESS}")
    assert page.index(f'value="{WORKER}"') < page.index('value="role:community_worker@street"')


@pytest.mark.parametrize("mandate", [f"role:legal@{AREA}", "role:community_worker@street", "nonsense"])
def test_a_post_that_is_over_or_does_not_fit_refuses_the_start(town: Town, mandate: str) -> None:
    second_post(town, "liaison_wang", "community_worker", "street", 1)
    town.wait(timedelta(days=2))
    assert start(town, "liaison_wang", mandate=mandate).status_code == 403


def test_a_post_that_does_not_fit_refuses_an_action_and_a_task(agreement: Agreement) -> None:
    agreement.to_answer()
    token = next(a.token for a in agreement.town.app.engine.queries.instance(agreement.instance).actions if a.node == "accepted")
    path = f"/cases/{agreement.instance}/actions/{token}"
    li = agreement.browser("unit_li")
    assert li.send(path, {"data": {}, "mandate": WORKER}).status_code == 403
    chosen = "role:ent_head@ent_haina"
    assert li.send(path, {"data": {}, "mandate": chosen}).status_code == 200
    line = next(
        h for h in agreement.town.app.engine.queries.history(agreement.instance, newest_first=True).items if h.kind == "action_used"
    )
    assert line.mandate is not None
    assert line.mandate["selector"] == chosen
    task = agreement.town.task("counter_proposal", "unit_liaison_lin", agreement.instance)
    body = {"data": {"clause_replies": [{"clause": "周末停车难", "accept": "accept"}]}, "mandate": WORKER}
    assert agreement.browser("unit_liaison_lin").send(f"/tasks/{task.id}/complete", body).status_code == 403


def test_a_start_is_entered_for_another_on_its_page(town: Town) -> None:
    xu = town.browser("office_xu")
    assert f"/start/{PROCESS}" in xu.page("/start")
    assert "代他人填报" in xu.page(f"/start/{PROCESS}")
    assert town.browser("unit_li").get(f"/start/{PROCESS}").status_code == 404
    behalf = {"behalf_person": "liaison_wang", "behalf_channel": "telephone", "behalf_note": "王芳来电请代为发起"}
    answer = start(town, "office_xu", **behalf)
    assert answer.status_code == 200, answer.text
    case = town.app.engine.queries.instance(answer.get_json()["instance"]).line
    assert case.starter == "liaison_wang"
    assert start(town, "office_xu").status_code in (403, 404)


def test_an_action_is_entered_for_another_on_its_page(agreement: Agreement) -> None:
    agreement.to_answer()
    token = next(a.token for a in agreement.town.app.engine.queries.instance(agreement.instance).actions if a.node == "accepted")
    path = f"/cases/{agreement.instance}/actions/{token}"
    sun = agreement.browser("worker_sun")
    page = sun.page(path)
    assert "代他人填报" in page
    assert "李海" in page
    assert sun.send(path, {"data": {}}).status_code == 403
    behalf = {"behalf_person": "unit_li", "behalf_channel": "counter"}
    assert sun.send(path, {"data": {}, **behalf}).status_code == 200
    assert agreement.browser("legal_zhao").get(path).status_code in (404, 409)
