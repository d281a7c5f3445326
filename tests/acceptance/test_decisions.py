"""Decisions over the API and on the case page: what they give, why, and whether it can be reproduced."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest

from engine.history import store as history
from engine.history.installation import CHAIN
from governance.desk.procedures import AS_REFERENCE
from tests.acceptance.test_api import Program
from tests.hall import actor
from tests.integration.engine.test_decisions import ruled
from tests.town import Town

SETTING = b"""big:
  {value: 100, kind: number, source: "[A]", zh: "\xe5\xa4\xa7", en: "Big"}
"""


def rated(town: Town, amount: int = 100, **more: bytes) -> str:
    files = {**ruled(), "processes/rated/rated.settings.yaml": SETTING}
    town.app.engine.deploy(files, actor=actor("admin"), change=AS_REFERENCE)
    instance = town.app.engine.start("rated", {"amount": Decimal(amount)}, actor=actor("liaison_wang")).instance
    assert instance is not None
    return instance


def seq_of(town: Town, instance: str) -> int:
    lines = town.app.engine.queries.history(instance, limit=100).items
    return next(line.seq for line in lines if line.kind == "decision_evaluated")


def test_the_bundled_decisions_are_listed_with_what_they_read(town: Town) -> None:
    found = {one["key"]: one for one in Program(town, "liaison_wang").get("/decisions").get_json()}
    assert found["d1_case_level"]["inputs"] == ["category", "complex", "danger", "units", "utilities"]
    assert found["d1_case_level"]["hit_policy"] == "F"
    assert found["d1_case_level"]["name"] == {"zh": "事件分级和时限", "en": "Case level and limit"}
    assert found["d16_match_score"]["hit_policy"] is None


def test_a_decision_is_evaluated_and_nothing_is_written(town: Town) -> None:
    program = Program(town, "liaison_wang")
    answer = program.post("/decisions/d17_fund_approval/evaluate", {"variables": {"amount": "5000.01"}}).get_json()
    assert answer["value"] == {"body": "committee", "members": None, "public_vote": False}
    assert [rule["number"] for rule in answer["rules"]] == [2]
    assert answer["rules"][0]["annotations"] == {"依据": "管委会 [A]"}
    assert {one["arguments"][0]: one["answer"] for one in answer["asked"]} == {"fund.small": "5000", "fund.large": "50000"}
    with town.app.database.read() as connection:
        assert [entry for entry in history.entries(connection, CHAIN) if entry.kind == "decision_evaluated"] == []


def test_a_designer_may_have_an_evaluation_kept(town: Town) -> None:
    answer = Program(town, "admin").post("/decisions/d17_fund_approval/evaluate", {"variables": {"amount": 7}, "keep": True})
    assert answer.status_code == 200, answer.text
    with town.app.database.read() as connection:
        (kept,) = [entry for entry in history.entries(connection, CHAIN) if entry.kind == "decision_evaluated"]
    assert (kept.element, kept.actor) == ("d17_fund_approval", "admin")


@pytest.mark.parametrize(
    ("path", "body", "status", "words"),
    [
        ("d17_fund_approval", {"variables": {}}, 422, "amount"),
        ("d17_fund_approval", {"variables": {"amount": "-1"}}, 422, "不在允许范围"),
        ("no_such_table", {"variables": {}}, 404, "not_found"),
        ("d17_fund_approval", {"variables": {"amount": 1}, "version": 9}, 404, "not_found"),
        ("d17_fund_approval", {"variables": {"amount": 1}, "keep": True}, 403, ""),
    ],
)
def test_what_cannot_be_evaluated_says_why(town: Town, path: str, body: dict[str, Any], status: int, words: str) -> None:
    answer = Program(town, "liaison_wang").post(f"/decisions/{path}/evaluate", body)
    assert answer.status_code == status
    assert words in answer.get_data(as_text=True)


def test_a_case_tells_which_rule_fired_and_reproduces_it(town: Town) -> None:
    instance = rated(town)
    seq = seq_of(town, instance)
    program = Program(town, "liaison_wang")
    answer = program.post(f"/instances/{instance}/decisions/{seq}/reproduce", {}).get_json()
    assert (answer["same"], answer["value"], answer["kept"]["version"]) == (True, "big", 1)
    assert answer["kept"]["inputs"] == {"amount": "100"}
    assert program.post(f"/instances/{instance}/decisions/{seq + 1}/reproduce", {}).status_code == 404

    browser = town.browser("liaison_wang")
    page = browser.page(f"/cases/{instance}")
    assert "按决策表决定" in page
    assert "第 1 条：[A]" in page
    link = f"/cases/{instance}/decisions/{seq}"
    assert link in page
    why = browser.page(link)
    for words in ("大小", "重新计算，结果相同", "[A]", "amount", "100", "setting(big)"):
        assert words in why
    english = town.browser("liaison_wang", language="en").page(link)
    assert "the result is the same" in english


def test_who_may_not_open_the_case_learns_nothing_of_the_decision(town: Town) -> None:
    instance = rated(town)
    outsider = Program(town, "unit_li")
    assert outsider.post(f"/instances/{instance}/decisions/{seq_of(town, instance)}/reproduce", {}).status_code == 404
    assert town.browser("unit_li").get(f"/cases/{instance}/decisions/{seq_of(town, instance)}").status_code == 404
