"""The operator's pages: each act asks for a reason, goes through the same use cases as the API, and loses nothing typed when refused."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import timedelta
from typing import Any

import pytest
from werkzeug.test import TestResponse

from engine.actor import Actor
from tests.acceptance.test_failed_jobs_api import state
from tests.acceptance.test_incidents import BROKEN
from tests.acceptance.test_job_failures import failed
from tests.acceptance.test_messages import give_post
from tests.acceptance.test_powers import KEY, Office
from tests.integration.engine.models import end, model, start, user
from tests.town import AREA, Browser, Town
from tests.walk import Agreement

WHY = "核对无误后处理"


class Desk(Office):
    """The office, over its pages."""

    def page(self, path: str, *, by: Browser | None = None) -> str:
        return (by or self.admin).page(f"/operations/{path}")

    def send(self, path: str, form: Mapping[str, Any], status: int = 302, *, by: Browser | None = None) -> TestResponse:
        answer = (by or self.admin).post(f"/operations/{path}", form)
        assert answer.status_code == status, answer.text
        return answer

    def standing(self, case: str | None = None) -> list[str | None]:
        tokens = self.town.app.engine.queries.instance(case or self.case).tokens
        return [token.node for token in tokens if token.node is not None]

    def token(self, node: str) -> str:
        return next(t.id for t in self.town.app.engine.queries.instance(self.case).tokens if t.node == node)


@pytest.fixture
def desk(town: Town) -> Desk:
    return Desk(town)


def key_of(page: str) -> str:
    found = re.search(r'name="key" value="([0-9a-f]+)"', page)
    assert found is not None
    return found[1]


PAGES = ("", "cases", "suspended", "procedures", "batches", "messages", "retention", "workers")


def test_every_page_is_there_for_administrators_and_for_nobody_else(desk: Desk) -> None:
    inside = [
        f"cases/{desk.case}{act}"
        for act in ("", "/suspend", "/resume", "/cancel", "/data", "/move", "/restart", "/migrate", "/diagram.bpmn")
    ]
    for path in (*PAGES, *inside, f"procedures/{KEY}", f"procedures/{KEY}/suspend", f"procedures/{KEY}/resume", "retention/remove"):
        path = path and f"/{path}"
        assert desk.admin.get(f"/operations{path}").status_code == 200, path
        assert desk.other.get(f"/operations{path}").status_code == 403, path
    assert desk.admin.get("/operations/cases/019cac0f-2680-7000-8000-000000000000").status_code == 404


def test_the_administrator_of_an_area_finds_its_cases_and_no_page_of_the_installation(desk: Desk) -> None:
    give_post(desk.town, "director_gao", f"system_admin@{AREA}")
    elsewhere = desk.town.app.engine.start(KEY, {}, actor=Actor(person="liaison_wang"), area="district").instance
    gao = desk.town.browser("director_gao")
    listed = gao.page("/operations/cases")
    assert desk.case in listed
    assert str(elsewhere) not in listed
    assert str(elsewhere) in desk.page("cases")
    assert gao.get(f"/operations/cases/{elsewhere}").status_code == 403
    assert "/operations/batches" not in listed
    for path in ("procedures", "batches", "messages", "retention"):
        assert gao.get(f"/operations/{path}").status_code == 403
    desk.send(f"cases/{desk.case}/suspend", {"reason": WHY}, by=gao)
    assert desk.acts("suspended") == [("director_gao", WHY)]


def test_a_case_is_found_by_how_its_number_begins(agreement: Agreement) -> None:
    agreement.to_answer()
    admin = agreement.town.browser("admin")
    assert agreement.instance in admin.page("/operations/cases", q="GJ-YQ")
    assert agreement.instance in admin.page("/operations/cases", q=agreement.instance)
    assert agreement.instance not in admin.page("/operations/cases", q="GJ_YQ")


def test_a_case_is_suspended_and_resumed_with_a_reason_and_nothing_typed_is_lost(desk: Desk) -> None:
    path = f"cases/{desk.case}"
    refused = desk.send(f"{path}/suspend", {"reason": "短", "key": "k1"}, 422).text
    assert "请写明理由" in refused
    assert ">短</textarea>" in refused
    assert 'name="key" value="k1"' in refused
    assert desk.acts("suspended") == []
    for _ in range(2):  # sent twice, done once
        desk.send(f"{path}/suspend", {"reason": WHY, "key": "k1"})
    assert desk.acts("suspended") == [("admin", WHY)]
    shown = desk.page(path)
    assert "已暂停" in shown
    assert f"暂停：{WHY}" in shown
    assert desk.case in desk.page("suspended")
    desk.send(f"{path}/resume", {"reason": WHY})
    assert desk.case not in desk.page("suspended")


def test_a_move_is_tried_first_and_then_done(desk: Desk) -> None:
    path = f"cases/{desk.case}/move"
    step = {"rows": "1", "does-0": "move", "token-0": desk.token("ask"), "to-0": "check", "where-0": "before", "scope-0": ""}
    tried = desk.send(path, {**step, "do": "try", "reason": ""}, 200).text
    assert "执行后会这样" in tried
    assert "照此执行" in tried
    assert desk.standing() == ["ask"]
    assert desk.acts("modified") == []
    refused = desk.send(path, {**step, "do": "run", "reason": ""}, 422).text
    assert "请写明理由" in refused
    assert '<option value="check" selected>' in refused
    desk.send(path, {**step, "do": "run", "reason": WHY, "key": key_of(tried)})
    assert desk.standing() == ["check"]
    assert desk.acts("modified") == [("admin", WHY)]


def test_steps_are_added_and_what_cannot_be_meant_is_refused_in_words(desk: Desk) -> None:
    path = f"cases/{desk.case}/move"
    one = {"rows": "1", "does-0": "start", "to-0": "check", "where-0": "before"}
    assert 'name="does-1"' in desk.send(path, {**one, "do": "more"}, 200).text
    gone = {"rows": "1", "does-0": "cancel", "token-0": desk.token("ask")}
    assert "这样就没有在办的环节了" in desk.send(path, {**gone, "do": "try"}, 422).text
    assert "没有要做的改动" in desk.send(path, {"rows": "1", "does-0": "move", "do": "try"}, 422).text
    both = {"rows": "2", "does-0": "start", "to-0": "check", "where-0": "before", "does-1": "cancel", "token-1": desk.token("ask")}
    desk.send(path, {**both, "do": "run", "reason": WHY})
    assert desk.standing() == ["check"]


def test_a_step_that_failed_is_skipped_from_its_incident(town: Town) -> None:
    town.app.engine.deploy({"processes/shaky/shaky.bpmn": BROKEN.encode()}, actor=Actor(person="admin"))
    case = town.app.engine.start("shaky", {}, actor=Actor(person="liaison_wang"), area=AREA).instance
    admin = town.browser("admin")
    page = admin.page(f"/operations/cases/{case}")
    assert "用到了没有声明的数据" in page
    link = re.search(rf'href="(/operations/cases/{case}/move\?[^"]*where=after[^"]*)"', page)
    assert link is not None
    shown = admin.page(link[1].replace("&amp;", "&"))
    assert '<option value="divide" selected>' in shown
    assert '<option value="after" selected>' in shown
    token = re.search(r'<option value="([^"]+)" data-element="divide" selected>', shown)
    assert token is not None
    step = {"rows": "1", "does-0": "move", "token-0": token[1], "to-0": "divide", "where-0": "after", "do": "run", "reason": WHY}
    assert admin.post(f"/operations/cases/{case}/move", step).status_code == 302
    assert town.app.engine.queries.instance(str(case)).line.state == "completed"


def test_data_is_changed_after_it_was_shown_and_wrong_values_are_pointed_at(desk: Desk) -> None:
    engine = desk.town.app.engine
    first = {"amount": 3, "open": True, "tags": ["a"], "day": "x"}
    engine.change_variables(desk.case, first, WHY, actor=Actor(person="admin"), expressions={"day": 'date("2026-03-02")'})
    path = f"cases/{desk.case}/data"
    typed = {"value:amount": "12.50", "value:day": "2026-04-01", "value:open": "否", "value:tags": '["b", "c"]'}
    shown = desk.send(path, {**typed, "do": "try"}, 200).text
    assert "会改成这样" in shown
    assert "修改 4 项" in shown
    assert engine.queries.variables(desk.case)["amount"] == 3
    wrong = desk.send(path, {**typed, "value:day": "someday", "do": "run", "reason": WHY}, 422).text
    assert "原来是日期" in wrong
    assert 'value="someday"' in wrong
    assert 'value="12.50"' in wrong
    assert "写成 JSON" in desk.send(path, {"value:tags": "b, c", "do": "run", "reason": WHY}, 422).text
    desk.send(path, {**typed, "do": "run", "reason": WHY})
    values = engine.queries.variables(desk.case)
    assert (str(values["amount"]), str(values["day"]), values["open"], values["tags"]) == ("12.50", "2026-04-01", False, ["b", "c"])
    desk.send(path, {"value:day": "=null", "do": "run", "reason": WHY})
    assert engine.queries.variables(desk.case)["day"] is None


def test_who_may_change_data_reads_none_of_it(agreement: Agreement) -> None:
    agreement.to_answer()
    page = agreement.town.browser("admin").page(f"/operations/cases/{agreement.instance}/data")
    assert "intention" in page
    assert "开放停车场" not in page
    assert "周末停车难" not in page


def test_a_finished_case_is_begun_again_at_the_chosen_elements(desk: Desk) -> None:
    for node in ("ask", "check"):
        desk.post(f"tasks/{desk.task(node)}/complete", {"form": {}}, by=desk.other)
    path = f"cases/{desk.case}/restart"
    assert "从某个环节重新开始" in desk.page(f"cases/{desk.case}")
    body = {"at": "check", "where": "before", "version": "1"}
    assert "分派给人的任务" in desk.send(path, {**body, "do": "try"}, 200).text
    assert desk.acts("restarted_as") == []
    assert "请指明从哪个环节开始" in desk.send(path, {"do": "try", "version": "1"}, 422).text
    answer = desk.send(path, {**body, "do": "run", "reason": WHY})
    new = answer.headers["Location"].rpartition("/")[2]
    assert desk.standing(new) == ["check"]
    assert desk.acts("restarted", new) == desk.acts("restarted_as") == [("admin", WHY)]


def longer(desk: Desk) -> None:
    """Version 2: another element, and one that is called differently."""
    made = model(KEY, start() + user("ask") + user("review") + user("sign") + end(), "begin ask\nask review\nreview sign\nsign done")
    desk.town.app.engine.deploy(made, actor=Actor(person="admin"))


def targets(key: str = KEY, **steps: str) -> dict[str, str]:
    """What the form sends of a plan from version 1."""
    return {f"to:{key}@1:{source}": target for source, target in steps.items()}


def test_a_plan_is_generated_edited_checked_tried_and_carried_out_for_one_case(desk: Desk) -> None:
    longer(desk)
    path = f"cases/{desk.case}/migrate?to=2"
    desk.post(f"tasks/{desk.task('ask')}/complete", {"form": {}}, by=desk.other)
    page = desk.page(path)
    assert "新版本里没有" in page
    assert "新版本多出的环节" in page
    plan = {"planned": "1-2", **targets(begin="begin", ask="ask", check="", done="done")}
    assert "check" in desk.send(path, {**plan, "do": "try"}, 422).text  # a token stands there
    double = desk.send(path, {**plan, **targets(check="ask"), "do": "check"}, 200).text
    assert "映射到同一环节" in double
    assert '<option value="ask" selected>' in double
    whole = {**plan, **targets(check="review")}
    assert "可以迁移" in desk.send(path, {**whole, "do": "try"}, 200).text
    assert desk.standing() == ["check"]
    desk.send(path, {**whole, "do": "run", "reason": WHY})
    assert desk.standing() == ["review"]
    assert desk.acts("migrated") == [("admin", WHY)]


def test_many_cases_are_migrated_by_a_batch_with_progress(desk: Desk) -> None:
    stuck, other = desk.start(), desk.start()
    desk.post(f"tasks/{desk.task('ask', stuck)}/complete", {"form": {}}, by=desk.other)
    longer(desk)
    path = f"procedures/{KEY}/migrate?from=1&to=2"
    plan = {"planned": "1-2", **targets(begin="begin", ask="ask", check="", done="done"), "who": "all"}
    tried = desk.send(path, {**plan, "do": "try"}, 200).text
    assert "共 3 件，试了 3 件，1 件不能迁移" in tried
    assert "请写明理由" in desk.send(path, {**plan, "do": "run", "reason": ""}, 422).text
    answer = desk.send(path, {**plan, "who": "some", "case": other, "do": "run", "reason": WHY})
    batch = answer.headers["Location"]
    before = desk.admin.page(batch)
    assert 'hx-trigger="every 2s"' in before
    desk.town.world.jobs.run_due()
    part = desk.admin.client.get(batch, headers={"HX-Request": "true"}).text
    assert "<html" not in part
    assert "1 件办成，0 件失败" in part
    assert "hx-trigger" not in part
    assert [desk.town.app.engine.queries.instance(c).line.process_version for c in (desk.case, stuck, other)] == [1, 1, 2]
    answer = desk.send(path, {**plan, "do": "run", "reason": WHY})
    desk.town.world.jobs.run_due()
    ended = desk.admin.page(answer.headers["Location"])
    assert "1 件办成，1 件失败" in ended
    assert stuck in ended


def test_a_procedure_is_suspended_with_its_cases_and_resumed(desk: Desk) -> None:
    path = f"procedures/{KEY}"
    assert "在办 1 件" in desk.page(f"{path}/suspend")
    desk.send(f"{path}/suspend", {"reason": WHY, "instances": "1"})
    desk.town.world.jobs.run_due()
    assert f"暂停受理：{WHY}" in desk.page(path)
    listed = desk.page("suspended")
    assert WHY in listed
    assert desk.case in listed
    assert "已经暂停" in desk.send(f"{path}/suspend", {"reason": WHY}, 409).text
    desk.send(f"{path}/resume", {"reason": WHY})
    desk.town.world.jobs.run_due()
    assert desk.case not in desk.page("suspended")


def test_one_version_is_suspended_by_itself(desk: Desk) -> None:
    longer(desk)
    desk.send(f"procedures/{KEY}/suspend", {"reason": WHY, "version": "1"})
    page = desk.page(f"procedures/{KEY}")
    assert f"/operations/procedures/{KEY}/resume?version=1" in page
    assert desk.town.app.engine.suspended_definitions()[0].version == 1


def test_many_failures_are_retried_at_once_and_jobs_given_up(town: Town) -> None:
    town.app.engine.deploy({"processes/shaky/shaky.bpmn": BROKEN.encode()}, actor=Actor(person="admin"))
    for _ in range(2):
        town.app.engine.start("shaky", {}, actor=Actor(person="liaison_wang"), area=AREA)
    failed(town, "notice:n1", {"notice": "n1"})
    admin = town.browser("admin")
    ids = [line.id for line in town.app.engine.queries.incidents().items]
    assert "重试这 2 项" in admin.page(f"/operations/incidents?id={ids[0]}&id={ids[1]}")
    refused = admin.client.post("/operations/incidents", data={"id": ids, "reason": "", "csrf_token": admin.csrf()})
    assert refused.status_code == 422
    assert "重试这 2 项" in refused.text
    done = admin.client.post("/operations/incidents", data={"id": ids, "reason": WHY, "csrf_token": admin.csrf()})
    assert done.status_code == 302
    closed = town.app.engine.queries.incidents(state="retried").items
    assert {line.id for line in closed} == set(ids)
    assert admin.post("/operations/jobs", {"id": "notice:n1", "do": "discard", "reason": ""}).status_code == 422
    assert state(town, "notice:n1") == ("failed", None)
    assert admin.post("/operations/jobs", {"id": "notice:n1", "do": "discard", "reason": WHY}).status_code == 302
    assert state(town, "notice:n1") == ("discarded", "admin")


def test_messages_nobody_took_are_listed_until_they_expire(desk: Desk) -> None:
    desk.town.app.engine.send(
        "msg.nobody.waits", {"secret": "WHATISINIT"}, key="K-7", message_id="from-elsewhere", actor=Actor(person="admin")
    )
    page = desk.page("messages")
    assert "msg.nobody.waits" in page
    assert "K-7" in page
    assert "from-elsewhere" in page
    assert "WHATISINIT" not in page
    desk.town.wait(timedelta(days=31))
    assert "没有待收的消息" in desk.page("messages")
    desk.town.app.engine.tidy()
    assert "没有人接收，已作废" in desk.page("messages")
    assert "from-elsewhere" in desk.page("messages")


def test_removal_shows_what_is_due_and_wants_to_be_understood(desk: Desk) -> None:
    for node in ("ask", "check"):
        desk.post(f"tasks/{desk.task(node)}/complete", {"form": {}}, by=desk.other)
    assert desk.case not in desk.page("retention")
    desk.town.world.clock.move_to(desk.town.app.clock.now() + timedelta(days=365 * 12))
    page = desk.page("retention")
    assert desk.case in page
    refused = desk.send("retention/remove", {"reason": WHY}, 422).text
    assert "销毁以后不能恢复" in refused
    assert f">{WHY}</textarea>" in refused
    desk.send("retention/remove", {"reason": WHY, "understood": "1"})
    desk.town.world.jobs.run_due()
    assert "已销毁" in desk.page("retention")
    assert desk.admin.get(f"/operations/cases/{desk.case}").status_code == 404


def test_workers_are_shown_with_their_beat(desk: Desk) -> None:
    page = desk.page("workers")
    assert "memory" in page
    assert "最近心跳" in page
    assert "没有活着的后台进程" not in page


def call(node: str) -> str:
    inner = '<zeebe:calledElement processId="inner_work" propagateAllChildVariables="false"/>'
    return f'<bpmn:callActivity id="{node}"><bpmn:extensionElements>{inner}</bpmn:extensionElements></bpmn:callActivity>'


def test_the_plan_of_a_case_holds_the_procedures_it_calls(town: Town) -> None:
    engine, admin = town.app.engine, Actor(person="admin")
    outer = model("outer_work", start() + call("go") + end(), "begin go\ngo done")
    engine.deploy({**outer, **model("inner_work", start() + user("ask") + end(), "begin ask\nask done")}, actor=admin)
    case = str(engine.start("outer_work", {}, actor=Actor(person="liaison_wang"), area=AREA).instance)
    engine.deploy(model("outer_work", start() + call("go") + user("after") + end(), "begin go\ngo after\nafter done"), actor=admin)
    engine.deploy(model("inner_work", start() + user("question") + end(), "begin question\nquestion done"), actor=admin)
    browser, path = town.browser("admin"), f"/operations/cases/{case}/migrate?to=2"
    page = browser.page(path)
    assert "正在调用：inner_work" in page
    assert 'name="to:inner_work@1:ask"' in page
    plan = {"planned": "1-2", **targets("outer_work", go="go"), **targets("inner_work", begin="begin", ask="", done="done")}
    stuck = browser.post(path, {**plan, "do": "run", "reason": WHY})
    assert stuck.status_code == 422
    assert "停在没有映射的环节：ask" in stuck.text
    assert engine.queries.instance(case).line.process_version == 1
    assert browser.post(path, {**plan, **targets("inner_work", ask="question"), "do": "run", "reason": WHY}).status_code == 302
    assert {token.node for token in engine.queries.instance(case).tokens} == {None, "go", "question"}
    assert engine.queries.instance(case).line.process_version == 2
