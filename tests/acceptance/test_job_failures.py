"""Background jobs that failed are on the operators' page, with cause and retry; figures and readiness tell of them."""

from __future__ import annotations

import json
from datetime import timedelta

import pytest

from engine.jobs import failures
from engine.jobs.failures import Cause, Job
from engine.ports import JobFigures
from governance.desk import tools
from tests.town import Town
from tests.walk import Agreement


def failed(town: Town, key: str, payload: dict[str, object], *, again: bool = False) -> None:
    now = town.app.clock.now()
    with town.database.write() as connection:
        job = Job(key, "notice", json.dumps(payload))
        failures.note(connection, job, Cause("ConnectionError", f"SAYSWHY {key}"), 12, now, now + timedelta(hours=1) if again else None)


def test_an_operator_sees_why_a_job_failed_and_tries_it_again(town: Town) -> None:
    failed(town, "notice:n1", {"notice": "n1"})
    failed(town, "notice:n2", {"notice": "n2"}, again=True)
    admin = town.browser("admin")
    page = admin.page("/operations")
    assert "SAYSWHY notice:n1" in page
    assert "ConnectionError" in page
    assert 'value="notice:n1"' in page
    assert "SAYSWHY notice:n2" in page
    assert 'value="notice:n2"' not in page  # it is tried again by itself
    assert admin.post("/operations/jobs", {"id": "notice:n1", "reason": "邮件服务已恢复"}).status_code == 302
    with town.database.read() as connection:
        found = failures.by_id(connection, "notice:n1")
    assert found is not None
    assert (found.state, found.closed_by) == ("retried", "admin")
    assert "SAYSWHY notice:n1" not in admin.page("/operations")
    assert town.app.jobs.figures().due >= 1


def test_a_job_of_nobodys_case_is_for_who_administers_everything(town: Town) -> None:
    failed(town, "notice:n3", {"notice": "n3"})
    starter = town.browser("liaison_wang")
    assert starter.get("/operations").status_code == 403
    assert starter.post("/operations/jobs", {"id": "notice:n3", "reason": "邮件服务已恢复"}).status_code == 302
    with town.database.read() as connection:
        found = failures.by_id(connection, "notice:n3")
    assert found is not None
    assert found.state == "failed"


def test_words_that_may_quote_a_case_are_kept_back(agreement: Agreement) -> None:
    """Who operates sees that it failed and may retry it, not what the case says."""
    agreement.to_answer()
    failed(agreement.town, "service:s1:1", {"instance": agreement.instance, "element": "review"})
    page = agreement.town.browser("admin").page("/operations")
    assert 'value="service:s1:1"' in page
    assert "SAYSWHY service:s1:1" not in page


def test_figures_tell_the_queue_the_failures_and_the_workers(town: Town) -> None:
    text = town.flask.test_client().get("/metrics").text
    for name in ("jobs_due", "jobs_oldest_due_seconds", "jobs_later", "jobs_running", "jobs_failed", "jobs_retrying", "incidents_open"):
        assert f"\ncogov_{name} " in text
    assert 'cogov_worker_beat_age_seconds{worker="memory"} 0.0' in text


def test_a_process_is_not_ready_on_an_older_schema(town: Town) -> None:
    client = town.flask.test_client()
    answer = client.get("/readyz")
    assert answer.status_code == 503  # the town's tables are made without migrations
    assert "cogov upgrade" in answer.get_json()["checks"]["schema"]
    assert client.get("/healthz").status_code == 200


def test_a_process_is_ready_only_while_a_worker_beats(town: Town, monkeypatch: pytest.MonkeyPatch) -> None:
    jobs = town.app.jobs
    assert tools.readiness(town.app, beat_within=60)["workers"] == "ok"
    beats = {"host-1": town.app.clock.now() - timedelta(seconds=61)}
    monkeypatch.setattr(jobs, "figures", lambda: JobFigures(due=0, oldest_due=None, later=0, running=0, failed=0, trying=0, beats=beats))
    assert "60 s" in tools.readiness(town.app, beat_within=60)["workers"]
    assert "workers" not in tools.readiness(town.app, beat_within=0)
