"""A dispute by party A, party B and the mediator in real browsers: consent, words in private, shuttle notes, the written notice."""

from __future__ import annotations

import os
import re
from pathlib import Path

import pytest

pytest.importorskip("playwright.sync_api")
from playwright.sync_api import Page, expect

from tests.browser.conftest import Visit, fits, flaws
from tests.dispute import MEDIATOR, PARTY_A, PARTY_B, Dispute
from tests.town import Town

SHOTS = os.environ.get("COGOV_SHOTS")
pytestmark = pytest.mark.browser


@pytest.fixture
def dispute(tmp_path: Path) -> Dispute:
    return Dispute(Town(tmp_path, roster="street"))


@pytest.fixture
def town(dispute: Dispute) -> Town:
    return dispute.town


@pytest.fixture
def expected() -> str:
    """Nobody is refused here: the console says nothing at all."""
    return "(?!)"


def open_task(page: Page, dispute: Dispute, node: str, person: str) -> None:
    page.goto(f"/tasks/{dispute.task(node, person).id}")
    page.locator("cogov-form[data-ready=true]").wait_for()


def fill(page: Page, label: str, text: str) -> None:
    page.get_by_label(re.compile(label)).first.fill(text)


def send(page: Page, button: str) -> None:
    """Press, and be where the page leads to: a visit elsewhere on its way there would be broken off."""
    before = page.url
    with page.expect_response(lambda answer: "/complete" in answer.url, timeout=8000) as done:
        page.locator("cogov-form").get_by_role("button", name=re.compile(button)).first.click()
    assert done.value.status == 200
    page.wait_for_url(lambda url: url != before)


def shot(page: Page, name: str) -> None:
    if SHOTS:
        page.screenshot(path=f"{SHOTS}/{name}.png", full_page=True)


@pytest.mark.parametrize("phone", [False, True], ids=["desk", "phone"])
def test_two_parties_and_the_mediator_carry_a_dispute_to_the_session(dispute: Dispute, visit: Visit, phone: bool) -> None:
    dispute.to_consent()
    wide = "phone" if phone else "desk"
    party_a, party_b, mediator = visit(PARTY_A, phone=phone), visit(PARTY_B, phone=phone), visit(MEDIATOR)
    for page, person in ((party_a, PARTY_A), (party_b, PARTY_B)):
        open_task(page, dispute, "consent", person)
        expect(page.locator("body")).to_contain_text("任何一方明确拒绝的，不得调解")
        shot(page, f"consent-{wide}")
        send(page, "^(提交：)?同意协调")
    for page, person, words in ((party_a, PARTY_A, "其实十一点后就不录音了"), (party_b, PARTY_B, "每周可以晚两次")):
        open_task(page, dispute, "own_words", person)
        expect(page.locator("body")).to_contain_text("只有您这一方和调解员看得到")
        fill(page, "想单独告诉调解员的情况", words)
        shot(page, f"words-{wide}")
        send(page, "告诉调解员")
    said = ""
    for _ in range(2):
        open_task(mediator, dispute, "shuttle", MEDIATOR)
        said += mediator.locator("body").inner_text()
        fill(mediator, "沟通情况", "单独谈过，愿意见面商量装卸时间。")
        fill(mediator, "底线", "十点前装卸完")
        shot(mediator, "shuttle-desk")
        send(mediator, "提交|完成|背靠背")
    assert "其实十一点后就不录音了" in said
    assert "每周可以晚两次" in said
    open_task(mediator, dispute, "plan_session", MEDIATOR)
    shot(mediator, "plan-desk")
    for page, own, others in ((party_a, "其实十一点", "每周可以晚两次"), (party_b, "每周可以晚", "其实十一点后就不录音了")):
        page.goto(f"/cases/{dispute.instance}")
        shot(page, f"case-{own[0]}-{wide}")
        expect(page.locator("body")).not_to_contain_text(others)
        expect(page.locator("body")).not_to_contain_text("十点前装卸完")


@pytest.mark.parametrize("phone", [False, True], ids=["desk", "phone"])
@pytest.mark.parametrize("language", ["zh", "en"])
def test_no_page_of_a_dispute_has_a_fault_axe_can_find(dispute: Dispute, visit: Visit, phone: bool, language: str) -> None:
    dispute.to_consent()
    page = visit(PARTY_A, phone=phone, language=language)
    open_task(page, dispute, "consent", PARTY_A)
    assert (flaws(page), fits(page)) == ([], True)
    for person in (PARTY_A, PARTY_B):
        dispute.do("consent", person, {"answer": "agree", "public_session": False})
    open_task(page, dispute, "own_words", PARTY_A)
    assert (flaws(page), fits(page)) == ([], True)
    page.goto(f"/cases/{dispute.instance}")
    assert (flaws(page), fits(page)) == ([], True)
