"""Corrections after completion: who asks, who decides, what follows, what stands in the way."""

from __future__ import annotations

import json
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from engine.history import store as history
from governance.registers import store as registers
from tests.acceptance.conftest import MANIFEST
from tests.town import Town
from tests.walk import INTENTION, PAPER, Agreement

REASON = "需求写错了一个字"


@pytest.fixture
def asked(agreement: Agreement) -> Agreement:
    """The unit has been asked whether it agrees; the intention was handed in a while ago."""
    agreement.to_answer()
    agreement.town.wait(timedelta(hours=1))
    return agreement


def done(agreement: Agreement, node: str = "draft_intention") -> str:
    return next(t.id for t in agreement.town.app.engine.queries.instance(agreement.instance).done if t.node == node)


def corrected(agreement: Agreement, **changes: Any) -> dict[str, Any]:
    values: dict[str, Any] = agreement.town.given({**INTENTION, **changes}, "liaison_wang")
    return values


def ask(agreement: Agreement, by: str = "liaison_wang", *, reason: str = REASON, behalf: Any = None, **changes: Any) -> Any:
    body = {"form": corrected(agreement, **(changes or {"needs": [{"need": "周末停车困难"}]})), "reason": reason}
    return agreement.browser(by).send(
        f"/api/v1/tasks/{done(agreement)}/corrections", {**body, **({"on_behalf_of": behalf} if behalf else {})}
    )


def approve(agreement: Agreement, request: str, by: str = "secretary_chen") -> Any:
    return agreement.browser(by).send(f"/api/v1/corrections/{request}/approve", {})


def needs(agreement: Agreement) -> list[str]:
    return [row["need"] for row in agreement.town.app.engine.queries.variables(agreement.instance)["intention"]["needs"]]


def test_an_approved_correction_becomes_a_new_version(asked: Agreement) -> None:
    made = ask(asked)
    assert made.status_code == 201, made.text
    request = made.get_json()["id"]
    assert needs(asked) == ["周末停车难"]
    answer = approve(asked, request)
    assert answer.status_code == 200, answer.text
    assert needs(asked) == ["周末停车困难"]
    versions = asked.town.app.engine.queries.submissions(done(asked))
    assert [v.version.form["needs"][0]["need"] for v in versions] == ["周末停车难", "周末停车困难"]
    with asked.town.app.database.read() as connection:
        assert history.verify(connection, asked.instance) == []


def test_the_pages_show_both_versions_and_tell_those_concerned(asked: Agreement) -> None:
    page = asked.browser("liaison_wang").page(f"/cases/{asked.instance}")
    assert f"/tasks/{done(asked)}/correct" in page
    assert f"/tasks/{done(asked)}/correct" not in asked.browser("secretary_chen").page(f"/cases/{asked.instance}")
    assert "陈立" in asked.browser("liaison_wang").page(f"/tasks/{done(asked)}/correct")
    request = ask(asked).get_json()["id"]
    assert "已有一份更正申请" in asked.browser("liaison_wang").page(f"/tasks/{done(asked)}/correct")
    assert f"/corrections/{request}" in asked.browser("secretary_chen").page("/inbox")
    shown = asked.browser("secretary_chen").page(f"/corrections/{request}")
    assert "<del>周末停车难</del>" in shown
    assert "<ins>周末停车困难</ins>" in shown
    answer = asked.browser("secretary_chen").post(f"/corrections/{request}/approve", {"reason": "属实"})
    assert answer.status_code == 302
    assert REASON in asked.browser("liaison_wang").page(f"/cases/{asked.instance}")
    assert "更正申请已有结果" in asked.browser("liaison_wang").page("/notices")


def test_only_those_above_decide_and_nobody_on_his_own(asked: Agreement) -> None:
    request = ask(asked).get_json()["id"]
    assert approve(asked, request, "liaison_wang").status_code == 403
    for outsider in ("worker_sun", "legal_zhao", "unit_li", "stranger_dong", "admin"):
        assert approve(asked, request, outsider).status_code == 404, outsider
        assert asked.browser(outsider).get(f"/corrections/{request}").status_code == 404, outsider
    assert needs(asked) == ["周末停车难"]


def test_only_who_handed_it_in_asks(asked: Agreement) -> None:
    for person in ("legal_zhao", "unit_li"):
        assert ask(asked, person).status_code in (403, 404), person
    assert ask(asked, reason="x").status_code == 422
    assert ask(asked, needs=INTENTION["needs"]).status_code == 409


def test_a_doubled_approval_is_one_and_a_second_decision_is_refused(asked: Agreement) -> None:
    request = ask(asked).get_json()["id"]
    assert ask(asked).status_code == 409
    assert [approve(asked, request).status_code for _ in range(2)] == [200, 200]
    assert approve(asked, request, "director_gao").status_code == 409
    assert len(asked.town.app.engine.queries.submissions(done(asked))) == 2


def test_a_refusal_needs_a_reason_and_changes_nothing(asked: Agreement) -> None:
    request = ask(asked).get_json()["id"]
    chen = asked.browser("secretary_chen")
    assert chen.send(f"/api/v1/corrections/{request}/refuse", {}).status_code == 422
    assert chen.send(f"/api/v1/corrections/{request}/refuse", {"reason": "原来的写法没有错"}).get_json()["state"] == "refused"
    assert needs(asked) == ["周末停车难"]
    assert ask(asked).status_code == 201


def test_what_others_have_signed_is_not_corrected_behind_them(agreement: Agreement) -> None:
    agreement.to_signing()
    agreement.do("sign_text", "unit_li", {**PAPER, "capacity": "legal_representative"})
    refused = ask(agreement)
    assert refused.status_code == 409
    assert refused.get_json()["code"] == "correction_refused"
    assert "请按程序另行办理" in refused.get_json()["title"]
    assert "请按程序另行办理" in agreement.browser("liaison_wang").page(f"/tasks/{done(agreement)}/correct")


# Forms that came in without a task

DECLINE = "今年没有多余的车位，待明年再议"


def submission(agreement: Agreement, kind: str) -> str:
    lines = agreement.town.app.engine.queries.history(agreement.instance).items
    return str(next(line.content["task"] for line in lines if line.kind == kind and line.content and "task" in line.content))


def test_what_was_handed_in_with_a_button_is_corrected(asked: Agreement) -> None:
    asked.act("declined", "unit_liaison_lin", {"reason": DECLINE})
    asked.town.wait(timedelta(hours=1))
    made, lin = submission(asked, "action_used"), asked.browser("unit_liaison_lin")
    assert f"/tasks/{made}/correct" in lin.page(f"/cases/{asked.instance}")
    assert f"/tasks/{made}/correct" not in asked.browser("secretary_chen").page(f"/cases/{asked.instance}")
    assert json.dumps(DECLINE)[1:-1] in lin.page(f"/tasks/{made}/correct")
    answer = lin.send(f"/api/v1/tasks/{made}/corrections", {"form": {"reason": "今年车位正在改造，待明年再议"}, "reason": REASON})
    assert answer.status_code == 201, answer.text
    assert asked.town.app.engine.queries.variables(asked.instance)["decline_reason"] == DECLINE
    assert approve(asked, answer.get_json()["id"], "unit_liaison_lin").status_code == 403
    done = approve(asked, answer.get_json()["id"], "secretary_chen")
    assert done.status_code == 200, done.text
    assert asked.town.app.engine.queries.variables(asked.instance)["decline_reason"] == "今年车位正在改造，待明年再议"
    assert "更正：单位谢绝" in lin.page(f"/cases/{asked.instance}")


EVALUATION = {"target": "property_nandu", "head": "property_kang", "ground": "yearly", "reason": "年度物业服务评议，居民对电梯维修意见较多"}


@pytest.fixture
def street(tmp_path: Path) -> Town:
    """A town with residents' committees."""
    return Town(tmp_path, manifest=MANIFEST, roster="street")


def test_a_start_form_is_corrected_and_its_register_follows(street: Town) -> None:
    tan = street.browser("rc_worker_tan")
    begun = tan.send("/start/evaluation_meeting", {"data": EVALUATION, "area": "nandu"})
    assert begun.status_code == 200, begun.text
    case = Agreement(street, instance=begun.get_json()["instance"])
    street.wait(timedelta(hours=1))
    made = submission(case, "form_submitted")
    assert f"/tasks/{made}/correct" in tan.page(f"/cases/{case.instance}")
    answer = tan.send(f"/api/v1/tasks/{made}/corrections", {"form": {**EVALUATION, "ground": "project"}, "reason": REASON})
    assert answer.status_code == 201, answer.text
    assert grounds(street) == ["yearly"]
    done = street.browser("nandu_sec").send(f"/api/v1/corrections/{answer.get_json()['id']}/approve", {})
    assert done.status_code == 200, done.text
    assert grounds(street) == ["project"]
    assert street.app.engine.queries.variables(case.instance)["request"]["ground"] == "project"


def grounds(town: Town) -> list[str]:
    """What the register shows."""
    with town.app.database.read() as connection:
        return [row.columns["ground"] for row in registers.rows_of_instance(connection, town.app.engine.queries.instances().items[0].id)]
