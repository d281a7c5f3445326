"""Failed jobs over the API: who sees them, retrying, giving up, and the row in the history."""

from __future__ import annotations

from typing import Any

from engine.history import store as history
from engine.history.installation import CHAIN
from engine.jobs import failures
from tests.acceptance.test_job_failures import failed
from tests.town import Town
from tests.walk import Agreement

WHY = {"reason": "邮件服务已恢复"}


def state(town: Town, failure: str) -> tuple[str, str | None]:
    with town.database.read() as connection:
        found = failures.by_id(connection, failure)
    assert found is not None
    return found.state, found.closed_by


def rows(town: Town, chain: str, kind: str) -> list[Any]:
    with town.database.read() as connection:
        return [row for row in history.entries(connection, chain, after=0, limit=500) if row.kind == kind]


def test_administrators_list_retry_and_give_up_failed_jobs(town: Town) -> None:
    failed(town, "notice:n1", {"notice": "n1"})
    failed(town, "notice:n2", {"notice": "n2"}, again=True)
    admin, other = town.browser("admin"), town.browser("liaison_wang")
    listed = admin.get("/api/v1/failed-jobs").get_json()
    assert [(job["id"], job["state"], job["error"], job["attempts"]) for job in listed] == [
        ("notice:n1", "failed", "ConnectionError", 12), ("notice:n2", "trying", "ConnectionError", 12),
    ]  # fmt: skip
    assert listed[0]["message"] == "SAYSWHY notice:n1"
    assert other.get("/api/v1/failed-jobs").status_code == 403
    assert other.send("/api/v1/failed-jobs/notice:n1/discard", WHY).status_code == 404
    assert admin.send("/api/v1/failed-jobs/notice:n1/discard", {"reason": " "}).get_json()["code"] == "reason_missing"
    assert state(town, "notice:n1") == ("failed", None)
    assert admin.send("/api/v1/failed-jobs/notice:n1/discard", WHY).status_code == 204
    assert state(town, "notice:n1") == ("discarded", "admin")
    assert admin.send("/api/v1/failed-jobs/notice:n1/retry", WHY).status_code == 409
    assert admin.send("/api/v1/failed-jobs/notice:n2/discard", WHY).status_code == 409  # it is tried again by itself
    (row,) = rows(town, CHAIN, "job_discarded")
    assert (row.actor, row.element) == ("admin", "notice:n1")
    assert WHY["reason"] in (row.content or "")


def test_what_is_done_to_a_job_of_a_case_stands_in_the_history_of_the_case(agreement: Agreement) -> None:
    agreement.to_answer()
    town = agreement.town
    failed(town, "deliver:m1", {"instance": agreement.instance, "element": "answer", "notice": "n4"})
    assert town.browser("admin").get("/api/v1/failed-jobs").get_json()[0]["message"].startswith("这一步没有办成")
    assert town.browser("admin").send("/api/v1/failed-jobs/deliver:m1/retry", WHY).status_code == 204
    assert state(town, "deliver:m1")[0] == "retried"
    (row,) = rows(town, agreement.instance, "job_retried")
    assert (row.actor, row.element) == ("admin", "answer")
    assert "SAYSWHY" not in (row.content or "")
    assert f"重试后台任务：{WHY['reason']}" in agreement.browser("liaison_wang").page(f"/cases/{agreement.instance}")
