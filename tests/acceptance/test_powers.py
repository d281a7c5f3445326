"""What administrators may do to cases and procedures over the API; nobody else may, and each act stands in the history."""

from __future__ import annotations

from typing import Any

import pytest

from engine.actor import Actor
from tests.acceptance.test_messages import give_post
from tests.integration.engine.models import end, model, start, user
from tests.town import AREA, Browser, Town

KEY = "plain_work"
WORK = model(KEY, start() + user("ask") + user("check") + end(), "begin ask\nask check\ncheck done")
WHY = {"reason": "核对无误后处理"}


class Office:
    """A town with one plain case, its administrator, and somebody who is none."""

    def __init__(self, town: Town) -> None:
        self.town = town
        town.app.engine.deploy(WORK, actor=Actor(person="admin"))
        self.case = self.start()
        self.admin, self.other = town.browser("admin"), town.browser("liaison_wang")

    def start(self) -> str:
        return self.start_in(None)

    def start_in(self, version: int | None) -> str:
        receipt = self.town.app.engine.start(KEY, {}, actor=Actor(person="liaison_wang"), area=AREA, version=version)
        assert receipt.instance is not None
        return receipt.instance

    def post(self, path: str, body: Any, *, by: Browser | None = None, key: str | None = None, status: int = 200) -> Any:
        answer = (by or self.admin).send(f"/api/v1/{path}", body, key=key)
        assert answer.status_code == status, answer.text
        return answer.get_json() if answer.text else None

    def get(self, path: str, *, by: Browser | None = None, status: int = 200) -> Any:
        answer = (by or self.admin).get(f"/api/v1/{path}")
        assert answer.status_code == status, answer.text
        return answer.get_json()

    def task(self, node: str, case: str | None = None) -> str:
        return self.town.task(node, "liaison_wang", case or self.case).id

    def acts(self, kind: str, case: str | None = None) -> list[tuple[str | None, str]]:
        """(actor, reason) of the history rows of a kind."""
        lines = self.town.app.engine.queries.history(case or self.case, limit=500).items
        return [(line.actor, line.content["reason"]) for line in lines if line.kind == kind]


@pytest.fixture
def office(town: Town) -> Office:
    return Office(town)


def test_only_administrators_suspend_and_a_suspended_case_tells_why_it_refuses(office: Office) -> None:
    path = f"instances/{office.case}"
    office.post(f"{path}/suspend", WHY, by=office.other, status=403)
    assert office.acts("suspended") == []
    assert office.post(f"{path}/suspend", WHY, key="k1")["repeated"] is False
    assert office.post(f"{path}/suspend", WHY, key="k1")["repeated"] is True
    refused = office.post(f"tasks/{office.task('ask')}/complete", {"form": {}}, by=office.other, status=409)
    assert (refused["code"], refused["title"]) == ("instance_suspended", "这件事项已暂停，恢复以后才能继续")
    assert office.post(f"{path}/resume", {"reason": "x"}, status=422)["code"] == "reason_missing"
    office.post(f"{path}/resume", WHY)
    office.post(f"tasks/{office.task('ask')}/complete", {"form": {}}, by=office.other)
    assert office.acts("suspended") == office.acts("resumed") == [("admin", WHY["reason"])]
    page = office.other.page(f"/cases/{office.case}")
    assert f"暂停：{WHY['reason']}" in page


def test_a_procedure_takes_the_right_for_the_whole_installation(office: Office) -> None:
    office.post(f"definitions/{KEY}/suspend", WHY, by=office.other, status=403)
    office.get("definitions/suspended", by=office.other, status=403)
    done = office.post(f"definitions/{KEY}/suspend", {**WHY, "instances": True})
    assert (done["process"], done["version"], done["actor"]) == (KEY, None, "admin")
    office.town.world.jobs.run_due()
    batch = office.get(f"batches/{done['batch']}")
    assert (batch["state"], batch["done"], batch["failures"]) == ("done", 1, [])
    assert [b["id"] for b in office.get("batches")["items"]] == [done["batch"]]
    refused = office.post("instances", {"process": KEY, "area": AREA}, by=office.other, status=409)
    assert refused["code"] == "definition_suspended"
    assert office.get("definitions/suspended")[0]["reason"] == WHY["reason"]
    office.post(f"definitions/{KEY}/resume", WHY)
    office.town.world.jobs.run_due()
    office.post(f"tasks/{office.task('ask')}/complete", {"form": {}}, by=office.other)


def test_the_administrator_of_an_area_has_the_cases_of_that_area_only(office: Office) -> None:
    give_post(office.town, "director_gao", f"system_admin@{AREA}")
    of_area = office.town.browser("director_gao")
    office.post(f"instances/{office.case}/suspend", WHY, by=of_area)
    office.post(f"definitions/{KEY}/suspend", WHY, by=of_area, status=403)
    office.get("batches", by=of_area, status=403)
    office.get("retention/due", by=of_area, status=403)
    elsewhere = office.town.app.engine.start(KEY, {}, actor=Actor(person="liaison_wang"), area="district").instance
    office.post(f"instances/{elsewhere}/suspend", WHY, by=of_area, status=403)
    assert office.acts("suspended") == [("director_gao", WHY["reason"])]


def test_tokens_are_named_without_content_and_for_administrators_only(office: Office) -> None:
    office.get(f"instances/{office.case}/tokens", by=office.other, status=403)
    root, ask = office.get(f"instances/{office.case}/tokens")
    assert root["root"]
    assert (ask["element"], ask["scope"]) == ("ask", root["id"])
    assert set(ask) == {"id", "scope", "process", "element", "state", "root"}


def test_only_administrators_change_variables_and_wrong_ones_are_pointed_at(office: Office) -> None:
    path = f"instances/{office.case}/variables"
    office.post(path, {**WHY, "variables": {"amount": 3}}, by=office.other, status=403)
    office.post(path, {**WHY, "variables": {"amount": 3}, "expressions": {"day": 'date("2026-03-02")'}})
    assert {"amount": 3, "day": "2026-03-02"}.items() <= {
        name: str(value) if name == "day" else value for name, value in office.town.app.engine.queries.variables(office.case).items()
    }.items()
    refused = office.post(path, {**WHY, "variables": {"day": "someday"}}, status=422)
    assert [(e["pointer"], e["code"]) for e in refused["errors"]] == [("/day", "V-TYPE")]
    assert office.acts("variables_changed") == [("admin", WHY["reason"])]


def test_only_administrators_move_a_case_and_a_dry_run_tells_first(office: Office) -> None:
    path, move = f"instances/{office.case}/modify", [{"do": "move", "from": "ask", "to": "check"}]
    office.post(path, {**WHY, "instructions": move}, by=office.other, status=403)
    would = office.post(path, {**WHY, "instructions": move, "dry_run": True})
    assert (would["cancelled"], would["offered"], would["dry_run"]) == (["ask"], ["check"], True)
    assert office.acts("modified") == []
    office.post(path, {**WHY, "instructions": move}, key="k")
    assert office.post(path, {**WHY, "instructions": move}, key="k")["repeated"]
    assert office.acts("modified") == [("admin", WHY["reason"])]
    refused = office.post(path, {**WHY, "instructions": [{"do": "start", "element": "nowhere"}]}, status=422)
    assert (refused["code"], refused["title"]) == ("modification_refused", "没有环节“nowhere”")
    office.post(path, {**WHY, "instructions": []}, status=422)


def test_cases_move_to_another_version_by_a_plan_that_administrators_make(office: Office) -> None:
    longer = model(KEY, start() + user("ask") + user("check") + user("sign") + end(), "begin ask\nask check\ncheck sign\nsign done")
    office.town.app.engine.deploy(longer, actor=Actor(person="admin"))
    wanted = {"process": KEY, "from": 1, "to": 2}
    office.post("migrations/plan", wanted, by=office.other, status=403)
    draft = office.post("migrations/plan", wanted)
    assert (draft["plan"]["mappings"][1], draft["unmapped"]) == ({"from": "ask", "to": "ask"}, [])
    body = {**WHY, "plan": draft["plan"]}
    assert office.post("migrations/check", {"plan": draft["plan"]}) == {"problems": []}
    office.post("migrations", body, by=office.other, status=403)
    office.post(f"instances/{office.case}/migrate", body, by=office.other, status=403)
    assert office.post("migrations", {**body, "dry_run": True}, status=202) == {"batch": None, "total": 1, "tried": 1, "failures": []}
    wrong = {**draft["plan"], "mappings": [{"from": "ask", "to": "done"}]}
    assert office.post("migrations/check", {"plan": wrong})["problems"][0]["element"] == "ask"
    assert office.post("migrations", {**body, "plan": wrong}, status=422)["code"] == "plan_refused"
    alone = office.start_in(1)
    assert office.post(f"instances/{alone}/migrate", body)["state"] == "running"
    batch = office.post("migrations", body, status=202)["batch"]
    office.town.world.jobs.run_due()
    assert office.get(f"batches/{batch}")["done"] == 1
    assert office.acts("migrated") == office.acts("migrated", alone) == [("admin", WHY["reason"])]
    assert "改用流程的另一版本" in office.other.page(f"/cases/{office.case}")


def test_a_finished_case_is_begun_again_by_administrators_only(office: Office) -> None:
    for node in ("ask", "check"):
        office.post(f"tasks/{office.task(node)}/complete", {"form": {}}, by=office.other)
    path, body = f"instances/{office.case}/restart", {**WHY, "at": [{"element": "check"}]}
    office.post(path, body, by=office.other, status=403)
    assert office.post(path, {**body, "dry_run": True}, status=201)["offered"] == ["check"]
    new = office.post(path, body, status=201)["instance"]
    assert office.task("check", new)
    assert office.acts("restarted", new) == office.acts("restarted_as") == [("admin", WHY["reason"])]
    assert office.post(f"instances/{new}/restart", body, status=409)["code"] == "conflict"
