"""The hearing by those who carry it: sponsor, secretary, director and a resident who is a member; at a desk and on a phone."""

from __future__ import annotations

import os
import re

import pytest

pytest.importorskip("playwright.sync_api")
from playwright.sync_api import Page, expect

from tests.browser.conftest import Visit, fits, flaws
from tests.played import does, play
from tests.town import Town

PROCESS, CASE = "hearing", "加装电梯听证一次通过"
pytestmark = pytest.mark.browser
DEVICES = pytest.mark.parametrize("phone", [False, True], ids=["desk", "phone"])


@DEVICES
def test_the_sponsor_answers_every_opinion_and_owes_a_reason(street: Town, visit: Visit, phone: bool) -> None:
    run = play(street, PROCESS, CASE, before=does("answer_task"))
    page = visit("property_kang", f"/tasks/{street.task('answer_task', 'property_kang', run.instance()).id}", phone=phone)
    expect(page.get_by_role("main")).to_contain_text("支持率 75%")
    expect(page.get_by_role("main")).to_contain_text("低层住户采光要补偿")
    _sound(page)
    for row, choice in enumerate(("采纳", "不采纳")):
        page.get_by_label("采纳情况").nth(row).select_option(label=choice)
    page.get_by_label("方案不变").check()
    page.locator(".actions .btn.primary").click()
    expect(page.locator(".errors")).to_contain_text("理由")
    page.get_by_label("理由").last.fill("费用明细已在公示栏公开")
    page.locator(".actions .btn.primary").click()
    page.wait_for_url("**/inbox")
    expect(page.locator(".outcome")).to_contain_text("已办：意见采纳答复")


@DEVICES
def test_the_director_decides_with_the_rule_beside_the_request(street: Town, visit: Visit, phone: bool) -> None:
    run = play(street, PROCESS, CASE, before=does("decide_task"))
    page = visit("rc_director_qian", f"/tasks/{street.task('decide_task', 'rc_director_qian', run.instance()).id}", phone=phone)
    expect(page.get_by_role("main")).to_contain_text("听证会")
    expect(page.get_by_role("main")).to_contain_text("涉及 528 户")
    _sound(page)
    page.get_by_role("button", name="不召开", exact=True).click()
    expect(page.locator(".errors")).to_contain_text("理由")
    page.get_by_role("button", name="召开", exact=True).click()
    page.wait_for_url("**/inbox")
    assert street.task("call_task", "rc_worker_tan", run.instance())


@DEVICES
def test_a_member_answers_the_invitation_and_sees_the_hearing(street: Town, visit: Visit, phone: bool) -> None:
    run = play(street, PROCESS, CASE, before=does("materials_task"))
    page = visit("resident_01", f"/tasks/{street.task('reply_invitation', 'resident_01', run.instance()).id}", phone=phone)
    expect(page.get_by_role("main")).to_contain_text("听证会：南渡花园加装电梯")
    _sound(page)
    page.get_by_label("出席").check()
    page.locator(".actions .btn.primary").click()
    page.wait_for_url("**/inbox")
    page.goto(f"/cases/{run.instance()}")
    expect(page.get_by_role("main")).to_contain_text("南渡花园加装电梯")
    _sound(page)


def test_the_secretary_enters_an_application_while_sign_up_is_open(street: Town, visit: Visit) -> None:
    run = play(street, PROCESS, "五分之一户联名", before=lambda step: step.get("act") == "applied")
    page = visit("rc_worker_tan", f"/cases/{run.instance()}", phone=True)
    page.get_by_text("我可以做的").first.click()
    page.get_by_role("link", name="报名担任听证代表").or_(page.get_by_role("button", name="报名担任听证代表")).first.click()
    expect(page.get_by_label("户（楼幢室号）")).to_be_visible()
    _sound(page)


def test_eight_rounds_and_their_support_are_read_on_one_page(street: Town, visit: Visit) -> None:
    run = play(street, PROCESS, "八次听证", before=lambda step: "pilot.total" in str(step))
    page = visit("rc_worker_tan", f"/cases/{run.instance()}")
    expect(page.get_by_role("main")).to_contain_text("33.3% → 41.7%")
    _sound(page)


def _sound(page: Page) -> None:
    """Nothing sticks out, axe finds nothing; a picture where somebody wants to look at it."""
    if pictures := os.environ.get("COGOV_PICTURES"):
        at = page.viewport_size or {}
        page.screenshot(path=f"{pictures}/hearing-{re.sub('[^a-z0-9]+', '-', page.url[-60:])}-{at.get('width')}.png", full_page=True)
    assert fits(page)
    assert flaws(page) == []
