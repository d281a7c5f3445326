"""Completing tasks from another program."""

from __future__ import annotations

from typing import Any

from tests.town import AREA, PASSWORD, Town

INTENTION = {
    "unit": "ent_haina", "category": "culture", "needs": [{"need": "周末亲子活动"}], "resources": [], "term_from": {"today": 30},
    "term_to": {"today": 300}, "reason": "共享文化设施，丰富居民周末生活",
}  # fmt: skip


def test_the_answer_names_what_was_done_and_leads_to_the_next_tasks(town: Town) -> None:
    api = Api(town, "liaison_wang")
    body = {"process": "agreement_five_steps", "area": AREA, "variables": {"unit": "ent_haina", "category": "culture"}}
    started = api.post("/instances", body)
    task = town.task("draft_intention", "liaison_wang", started["instance"])
    form = {"form": town.given(INTENTION, "liaison_wang")}
    done = api.post(f"/tasks/{task.id}/complete", form)
    open_now = [t.id for t in town.app.engine.queries.instance(started["instance"]).tasks]
    assert (done["instance"], done["ended"], done["tasks"]) == (started["instance"], False, open_now)
    assert done["done"] == {"zh": f"已办：{task.name.zh}", "en": f"Done: {task.name.en}"}
    assert api.post(f"/tasks/{task.id}/complete", form) | {"at": done["at"]} == done


class Api:
    """Calls with a token of this person."""

    def __init__(self, town: Town, person: str) -> None:
        asked = {"name": town.login(person), "password": PASSWORD, "scopes": ["tasks:write", "instances:write"], "days": 1}
        self.client = town.browser().client
        self.headers = {"Authorization": f"Bearer {self.client.post('/api/v1/tokens', json=asked).get_json()['token']}"}

    def post(self, path: str, body: Any) -> dict[str, Any]:
        answer = self.client.post(f"/api/v1{path}", json=body, headers=self.headers)
        assert answer.status_code < 300, answer.text
        return dict(answer.get_json())
