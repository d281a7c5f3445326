"""The evaluation meeting by those who carry it: secretary, rated body, evaluator, director; at a desk and on a phone."""

from __future__ import annotations

import re

import pytest

pytest.importorskip("playwright.sync_api")
from playwright.sync_api import expect

from tests.browser.conftest import Visit, fits, flaws, pick
from tests.played import does, play
from tests.town import Town

PROCESS, CASE = "evaluation_meeting", "无记名评议得票"
pytestmark = pytest.mark.browser
DEVICES = pytest.mark.parametrize("phone", [False, True], ids=["desk", "phone"])


@DEVICES
def test_the_secretary_asks_for_an_evaluation_and_gets_to_the_plan(street: Town, visit: Visit, phone: bool) -> None:
    page = visit("rc_worker_tan", f"/start/{PROCESS}", phone=phone)
    pick(page, "评议对象", "南渡物业", "南渡物业")
    pick(page, "被评议单位负责人", "康", "康建")
    page.get_by_label("年度评议").or_(page.get_by_label("年度")).first.check()
    page.get_by_label("说明").fill("年度物业服务评议，居民对电梯维修意见较多")
    assert fits(page)
    assert flaws(page) == []
    page.locator("cogov-form button.primary").click()
    page.wait_for_url("**/tasks/*")
    expect(page.get_by_role("heading", level=1)).to_contain_text("评议方案")


@DEVICES
def test_the_rated_body_hands_in_its_report(street: Town, visit: Visit, phone: bool) -> None:
    run = play(street, PROCESS, CASE, before=does("work_report"))
    page = visit("property_kang", f"/tasks/{street.task('work_report', 'property_kang', run.instance()).id}", phone=phone)
    expect(page.get_by_role("main")).to_contain_text("会前未交的，评议照常进行")
    assert fits(page)
    assert flaws(page) == []
    page.locator("input[type=file]").first.set_input_files({"name": "报告.png", "mimeType": "image/png", "buffer": _picture()})
    page.locator(".actions .btn.primary").click()
    page.wait_for_url("**/inbox")
    expect(page.locator(".outcome")).to_contain_text("已办：提交述职报告")


@DEVICES
def test_an_evaluator_casts_a_secret_ballot(street: Town, visit: Visit, phone: bool) -> None:
    play(street, PROCESS, CASE, before=lambda step: "vote" in step)
    page = visit("resident_01", "/inbox", phone=phone)
    page.get_by_role("link", name=re.compile("等次")).first.click()
    expect(page.get_by_role("main")).to_contain_text("无记名")
    assert fits(page)
    assert flaws(page) == []
    page.get_by_label("基本满意").check()
    page.get_by_role("button", name=re.compile("投票|提交|确认")).first.click()
    expect(page.get_by_role("main")).to_contain_text(re.compile("已投|已收到"))


def test_the_director_cannot_write_a_letter_without_an_issue_below_satisfied(street: Town, visit: Visit) -> None:
    run = play(street, PROCESS, CASE, before=lambda step: step.get("refuse") == "opinion_letter")
    page = visit("rc_director_qian", f"/tasks/{street.task('opinion_letter', 'rc_director_qian', run.instance()).id}")
    expect(page.get_by_role("main")).to_contain_text("并列取较低")
    page.get_by_label("意见书正文").fill("评议等次为基本满意，请抓紧公开电梯维保情况，并按月通报。")
    page.locator(".actions .btn.primary").click()
    expect(page.locator(".errors")).to_contain_text("至少写明一个问题")
    assert flaws(page) == []


def _picture() -> bytes:
    import io

    from PIL import Image

    kept = io.BytesIO()
    Image.new("RGB", (40, 40), "white").save(kept, "PNG")
    return kept.getvalue()
