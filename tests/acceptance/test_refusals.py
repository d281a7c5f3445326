"""What is refused, and how it is said."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest

from tests.acceptance.conftest import MANIFEST
from tests.acceptance.pages import block
from tests.town import PASSWORD, Town
from tests.walk import INTENTION, Agreement


@pytest.mark.parametrize("path", ["/inbox", "/start", "/notices", "/account", "/registers/agreements", "/search", "/procedures"])
def test_whoever_is_not_logged_in_is_led_to_the_login_and_back(town: Town, path: str) -> None:
    answer = town.browser().get(path)
    assert answer.status_code == 302
    assert answer.location.startswith("/login?next=")
    browser = town.browser()
    back = browser.post(answer.location, {"name": "wang", "password": PASSWORD})
    assert back.location.rstrip("?") == path


FOREIGN = ["https://evil.example/", "//evil.example", "/\\evil.example", "/\t/evil.example", "/\n/evil.example", "javascript:alert(1)"]


@pytest.mark.parametrize("target", FOREIGN)
def test_a_choice_of_language_leads_to_no_foreign_place(town: Town, target: str) -> None:
    assert town.browser().post("/preferences", {"back": target, "language": "en"}).location == "/"
    assert town.browser().post("/preferences", {"back": "/public?q=1", "language": "en"}).location == "/public?q=1"


@pytest.mark.parametrize("target", FOREIGN)
def test_the_login_leads_to_no_foreign_place(town: Town, target: str) -> None:
    answer = town.browser().client.get("/login", query_string={"next": target})
    assert answer.status_code == 200
    browser = town.browser()
    csrf = browser.csrf()
    done = browser.client.post("/login", query_string={"next": target}, data={"name": "wang", "password": PASSWORD, "csrf_token": csrf})
    assert done.location == "/inbox"


def test_a_wrong_password_is_said_without_telling_whether_the_account_exists(town: Town) -> None:
    known = town.browser().post("/login", {"name": "wang", "password": "wrong"})
    unknown = town.browser().post("/login", {"name": "nobody", "password": "wrong"})
    assert (known.status_code, unknown.status_code) == (401, 401)
    assert "登录名或密码不正确" in known.text
    assert known.text.count("登录名或密码不正确") == unknown.text.count("登录名或密码不正确")


def test_guessing_passwords_is_slowed_down(tmp_path: Path) -> None:
    town = Town(tmp_path, manifest=MANIFEST, limited=True)
    browser = town.browser()
    answers = [browser.post("/login", {"name": f"name{n}", "password": "wrong"}).status_code for n in range(32)]
    assert answers[:30] == [401] * 30
    assert answers[-1] == 429


def test_having_files_compared_with_a_paper_is_slowed_down(tmp_path: Path) -> None:
    town = Town(tmp_path, manifest=MANIFEST, limited=True)
    browser = town.browser()
    answers = [browser.post("/verify/NOSUCHCODE").status_code for _ in range(32)]
    assert answers[:30] == [404] * 30
    assert answers[-1] == 429


def test_a_post_without_the_pages_token_is_refused(town: Town) -> None:
    browser = town.browser("liaison_wang")
    assert browser.client.post("/start/agreement_five_steps", json={"data": {}}).status_code == 400
    assert browser.client.post("/logout").status_code == 400
    assert browser.client.post("/api/v1/messages", json={"name": "x"}).status_code == 400
    assert browser.page("/inbox")


def test_a_task_of_others_is_refused_with_a_page_that_says_who_can(agreement: Agreement) -> None:
    agreement.to_review()
    task = agreement.town.task("review", "legal_zhao", agreement.instance)
    wang = agreement.browser("liaison_wang")
    page = wang.page(f"/tasks/{task.id}")
    assert "您现在不能办理这件任务" in page
    assert "赵明" in page
    assert "cogov-form" not in page
    answer = wang.send(f"/tasks/{task.id}/complete", {"data": {"opinion": "pass", "checks": []}})
    assert answer.status_code == 403
    assert answer.get_json()["code"] == "not_offered"


def test_wrong_input_names_every_place_and_keeps_what_was_typed(agreement: Agreement) -> None:
    agreement.start()
    task = agreement.town.task("draft_intention", "liaison_wang")
    browser = agreement.browser("liaison_wang")
    typed = {**agreement.town.given(INTENTION, "liaison_wang"), "reason": "短", "term_to": "2026-03-01", "unit": "ent_closed"}
    assert browser.send(f"/tasks/{task.id}/draft", {"data": typed}, method="PUT").get_json()["saved"]
    answer = browser.send(f"/tasks/{task.id}/complete", {"data": typed})
    assert answer.status_code == 422
    assert answer.mimetype == "application/problem+json"
    problem = answer.get_json()
    assert {"/reason", "/term_to"} <= {e["pointer"] for e in problem["errors"]}
    assert all(e["code"].startswith("V-") and e["message"] for e in problem["errors"])
    kept = block(browser.page(f"/tasks/{task.id}"), "form-json")["data"]
    assert kept["reason"] == "短"


def test_problems_are_said_in_the_readers_language(agreement: Agreement) -> None:
    agreement.start()
    task = agreement.town.task("draft_intention", "liaison_wang")
    english = agreement.town.browser("liaison_wang", language="en")
    problem = english.send(f"/tasks/{task.id}/complete", {"data": {}}).get_json()
    assert problem["title"].isascii()
    assert all(e["message"].isascii() for e in problem["errors"])


def test_a_double_press_gets_the_first_answer(agreement: Agreement) -> None:
    agreement.start()
    task = agreement.town.task("draft_intention", "liaison_wang")
    browser, data = agreement.browser("liaison_wang"), agreement.town.given(INTENTION, "liaison_wang")
    first = browser.send(f"/tasks/{task.id}/complete", {"data": data}, key="press-1")
    again = browser.send(f"/tasks/{task.id}/complete", {"data": data}, key="press-1")
    without = browser.send(f"/tasks/{task.id}/complete", {"data": data})
    assert (first.status_code, again.status_code, without.status_code) == (200, 200, 200)
    other = browser.send(f"/tasks/{task.id}/complete", {"data": {**data, "reason": "别的理由，也有十个字以上"}})
    assert other.status_code == 409


def test_starting_twice_with_one_key_starts_once(town: Town) -> None:
    browser = town.browser("liaison_wang")
    answers = [browser.send("/start/agreement_five_steps", {"data": {}}, key="start-1").get_json() for _ in range(2)]
    assert answers[0]["instance"] == answers[1]["instance"]


def test_who_has_no_post_for_it_cannot_start(town: Town) -> None:
    browser = town.browser("stranger_dong")
    assert browser.get("/start/agreement_five_steps").status_code == 404
    assert browser.send("/start/agreement_five_steps", {"data": {}}).status_code == 404
    assert "没有您可以发起的流程" in browser.page("/start")


@pytest.mark.parametrize(
    "path", ["/nowhere", "/cases/none", "/tasks/none", "/registers/none", "/public/none", "/documents/none", "/files/none"]
)
def test_what_is_not_there_is_said_with_a_way_back(town: Town, path: str) -> None:
    answer = town.browser("liaison_wang").get(path)
    assert answer.status_code == 404
    assert "没有找到" in answer.text
    assert "请求编号" in answer.text


def test_an_action_that_is_over_is_a_conflict(agreement: Agreement) -> None:
    agreement.to_answer()
    token = next(a.token for a in agreement.town.app.engine.queries.instance(agreement.instance).actions if a.node == "declined")
    agreement.act("accepted", "unit_li", {})
    answer = agreement.browser("unit_li").send(f"/cases/{agreement.instance}/actions/{token}", {"data": {"reason": "不再参加"}})
    assert answer.status_code == 409


def test_headers_keep_scripts_frames_and_caches_in_check(town: Town) -> None:
    headers = town.browser().get("/public").headers
    assert "script-src 'self'" in headers["Content-Security-Policy"]
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["X-Frame-Options"] == "DENY"
    assert headers["Cache-Control"] == "no-store"


def test_a_failure_of_ours_is_a_page_with_a_request_id(town: Town, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*_: object) -> None:
        raise RuntimeError("the disk is full of secrets")

    monkeypatch.setattr("web.views.procedures.procedures.library", broken)
    town.flask.config["PROPAGATE_EXCEPTIONS"] = False
    answer = town.browser("liaison_wang").get("/procedures")
    assert answer.status_code == 500
    assert "请求编号" in answer.text
    assert "secrets" not in answer.text


def test_a_session_ends_when_the_password_changes_elsewhere(town: Town) -> None:
    old, new = town.browser("liaison_wang"), town.browser("liaison_wang")
    assert new.post("/account", {"old": "wrong", "new": "another long password"}).status_code == 422
    assert new.post("/account", {"old": PASSWORD, "new": "short"}).status_code == 422
    town.wait(timedelta(minutes=1))
    assert new.post("/account", {"old": PASSWORD, "new": "another long password"}).status_code == 200
    assert new.get("/inbox").status_code == 200
    assert old.get("/inbox").status_code == 302


def test_a_session_outlives_days_only_when_asked(town: Town) -> None:
    browser = town.browser("liaison_wang")
    town.wait(timedelta(days=1))
    assert browser.get("/inbox").status_code == 200
    assert browser.post("/logout").status_code == 302
    assert browser.get("/inbox").status_code == 302


@pytest.mark.parametrize("body", ["[1]", "null", '{"data": [1]}', '"x"', "[" * 20_000])
def test_a_body_that_is_no_submission_is_a_bad_request(town: Town, body: str) -> None:
    browser = town.browser("liaison_wang")
    answer = browser.client.post(
        "/start/agreement_five_steps", data=body, content_type="application/json", headers={"X-CSRF-Token": browser.csrf()}
    )
    assert answer.status_code == 400


def test_a_read_may_say_json_without_sending_any(town: Town) -> None:
    answer = town.browser("liaison_wang").client.get("/api/v1/tasks?view=mine", content_type="application/json")
    assert answer.status_code == 200
