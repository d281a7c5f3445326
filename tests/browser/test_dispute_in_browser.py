"""A dispute by party A, party B and the mediator in real browsers: consent, words in private, shuttle notes, the written notice."""

from __future__ import annotations

import os
import re
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest

pytest.importorskip("playwright.sync_api")
from playwright.sync_api import Browser, Page, expect, sync_playwright

from tests.browser.live import available, chromium, context, log_in, served
from tests.dispute import MEDIATOR, PARTY_A, PARTY_B, Dispute
from tests.town import Town

ROOT = Path(__file__).parents[2]
AXE = ROOT / "node_modules/axe-core/axe.min.js"
SHOTS = os.environ.get("COGOV_SHOTS")
_CI = os.environ.get("CI") == "true"

pytestmark = [
    pytest.mark.browser,
    pytest.mark.skipif(not available() and not _CI, reason="needs Chromium (make system-deps)"),
    pytest.mark.skipif(not (ROOT / "web/static/dist/.vite/manifest.json").exists() and not _CI, reason="needs the built browser code"),
]
Visit = Callable[..., Page]


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        found = chromium(playwright)
        yield found
        found.close()


@pytest.fixture
def dispute(tmp_path: Path) -> Dispute:
    return Dispute(Town(tmp_path, roster="street"))


@pytest.fixture
def visit(browser: Browser, dispute: Dispute) -> Iterator[Visit]:
    """visit(person, phone=…, language=…) → a page of his own browser; what is said on the console fails the test."""
    said: list[str] = []
    with ExitStack() as stack:
        address = stack.enter_context(served(dispute.town))

        def open_one(person: str, *, phone: bool = False, language: str = "zh") -> Page:
            one = context(browser, address, phone=phone, language=language, dark=False)
            stack.callback(one.close)
            page = one.new_page()
            page.on("pageerror", lambda error: said.append(str(error)))
            page.on("console", lambda message: said.append(message.text) if message.type == "error" else None)
            log_in(page, dispute.town, person)
            return page

        yield open_one
    assert not said


def open_task(page: Page, dispute: Dispute, node: str, person: str) -> None:
    page.goto(f"/tasks/{dispute.task(node, person).id}")
    page.locator("cogov-form[data-ready=true]").wait_for()


def fill(page: Page, label: str, text: str) -> None:
    page.get_by_label(re.compile(label)).first.fill(text)


def send(page: Page, button: str) -> None:
    with page.expect_response(lambda answer: "/complete" in answer.url, timeout=8000) as done:
        page.locator("cogov-form").get_by_role("button", name=re.compile(button)).first.click()
    assert done.value.status == 200, done.value.text()


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
    if not AXE.exists():
        pytest.skip("needs axe-core (npm ci)")
    dispute.to_consent()
    page = visit(PARTY_A, phone=phone, language=language)
    open_task(page, dispute, "consent", PARTY_A)
    faultless(page)
    for person in (PARTY_A, PARTY_B):
        dispute.do("consent", person, {"answer": "agree", "public_session": False})
    open_task(page, dispute, "own_words", PARTY_A)
    faultless(page)
    page.goto(f"/cases/{dispute.instance}")
    faultless(page)


def faultless(page: Page) -> None:
    page.evaluate(AXE.read_text("utf8"))
    found = page.evaluate("axe.run(document, {resultTypes: ['violations']})")
    assert not [(v["id"], v["nodes"][0]["html"]) for v in found["violations"]], page.url
    assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth + 1"), page.url
