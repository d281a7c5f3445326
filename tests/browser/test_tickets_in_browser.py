"""A ticket by those who carry it: registrar, department officer, chair of the joint meeting; at a desk and on a phone."""

from __future__ import annotations

import io
import re

import pytest

pytest.importorskip("playwright.sync_api")
from PIL import Image
from playwright.sync_api import Page, expect

from tests.browser.conftest import Visit, fits, flaws
from tests.played import does, play
from tests.town import Town

PROCESS, CASE = "joint_diagnosis", "马路菜场"
pytestmark = pytest.mark.browser
DEVICES = pytest.mark.parametrize("phone", [False, True], ids=["desk", "phone"])


def picture() -> dict[str, object]:
    kept = io.BytesIO()
    Image.new("RGB", (40, 40), "white").save(kept, "PNG")
    return {"name": "现场.png", "mimeType": "image/png", "buffer": kept.getvalue()}


def hand_in(page: Page) -> None:
    page.locator(".actions .btn.primary").click()


@DEVICES
def test_the_registrar_checks_and_strikes_off(street: Town, visit: Visit, phone: bool) -> None:
    run = play(street, PROCESS, CASE, before=lambda step: step.get("refuse") == "check_ticket")
    page = visit("liaison_wang", f"/tasks/{street.task('check_ticket', 'liaison_wang', run.instance()).id}", phone=phone)
    expect(page.get_by_role("main")).to_contain_text("早六点至九点道路无摊位")
    assert fits(page)
    assert flaws(page) == []
    for criterion in range(2):
        page.get_by_role("radio", name="是", exact=True).nth(criterion).check()
        page.get_by_label("依据").nth(criterion).fill("连续两周巡查记录")
    page.locator("input[type=file]").first.set_input_files(picture())
    page.locator(".actions").get_by_role("button", name="销号").click()
    expect(page.locator(".outcome")).to_contain_text("已办：复诊")
    assert street.task("draft", "liaison_wang", run.instance())


@DEVICES
def test_the_registrar_registers_a_ticket_and_is_told_what_is_missing(street: Town, visit: Visit, phone: bool) -> None:
    page = visit("liaison_wang", f"/start/{PROCESS}", phone=phone)
    hand_in(page)
    page.wait_for_url("**/tasks/*")
    expect(page.get_by_role("main")).to_contain_text("挂号条件")
    # what waited for the number of the case is no fault
    expect(page.locator("body")).not_to_contain_text("故障")
    assert fits(page)
    assert flaws(page) == []
    page.get_by_label("标题").fill("云桥路马路菜场占道")
    hand_in(page)
    expect(page.locator(".errors")).to_contain_text("拟请会诊部门")
    expect(page.get_by_label("标题")).to_have_value("云桥路马路菜场占道")


@DEVICES
def test_a_department_officer_gives_the_pre_diagnosis(street: Town, visit: Visit, phone: bool) -> None:
    run = play(street, PROCESS, CASE, before=does("pre_diagnosis"))
    page = visit("dept_city", f"/tasks/{street.task('pre_diagnosis', 'dept_city', run.instance()).id}", phone=phone)
    expect(page.get_by_role("main")).to_contain_text("名册记载：城管中队有此职权")
    assert fits(page)
    assert flaws(page) == []
    page.get_by_role("radio", name="是", exact=True).check()
    page.get_by_label(re.compile("法律依据")).fill("行政处罚法第二十四条")
    page.get_by_label("本部门可以牵头").check()
    page.get_by_label("方案", exact=True).fill("早间联合整治")
    page.get_by_label("效果").fill("恢复通行")
    page.get_by_label("所需时间").fill("两周")
    hand_in(page)
    page.wait_for_url("**/inbox")
    expect(page.locator(".outcome")).to_contain_text("预诊意见")


@DEVICES
def test_the_chair_writes_the_diagnosis_after_the_session(street: Town, visit: Visit, phone: bool) -> None:
    play(street, PROCESS, CASE, before=does("diagnose"))
    page = visit("director_gao", f"/tasks/{street.task('diagnose', 'director_gao').id}", phone=phone)
    expect(page.get_by_role("main")).to_contain_text("城管中队：有职权")
    expect(page.get_by_role("main")).to_contain_text("已会诊 0 次")
    page.get_by_role("radio", name="上报", exact=True).check()
    assert fits(page)
    assert flaws(page) == []
    page.get_by_label("问题成因").fill("街道没有设置便民市场的权限，须区级统筹。")
    hand_in(page)
    page.wait_for_url("**/inbox")
    expect(page.locator(".outcome")).to_contain_text("会诊结论")


@DEVICES
def test_the_secretary_puts_the_waiting_tickets_on_the_agenda(street: Town, visit: Visit, phone: bool) -> None:
    play(street, PROCESS, CASE, before=does("prepare_session"))
    page = visit("office_xu", f"/tasks/{street.task('prepare_session', 'office_xu').id}", phone=phone)
    expect(page.get_by_role("main")).to_contain_text("GH-YQ-202603-01")
    assert fits(page)
    assert flaws(page) == []


@DEVICES
def test_open_tickets_stand_on_the_board_by_their_age(street: Town, visit: Visit, phone: bool) -> None:
    play(street, PROCESS, CASE, before=does("prepare_session"))
    page = visit("liaison_wang", "/registers/joint_tickets/ages", phone=phone)
    expect(page.get_by_role("main")).to_contain_text("云桥路马路菜场占道")
    expect(page.get_by_role("main")).to_contain_text("0–30 天")
    assert fits(page)
    assert flaws(page) == []


def test_the_party_concerned_and_the_public_find_nothing(street: Town) -> None:
    """Evidence and parties are for staff: a surprise check must not be seen coming."""
    run = play(street, PROCESS, CASE, before=does("prepare_session"))
    assert "云桥路马路菜场占道" in street.browser("liaison_wang").page("/registers/joint_tickets")
    for person in ("head_fang", None):
        reader = street.browser(person)
        for path in (
            f"/cases/{run.instance()}",
            "/registers/joint_tickets",
            "/registers/joint_tickets/ages",
            "/search?q=马路菜场",
            "/public",
        ):
            assert "云桥路马路菜场占道" not in reader.get(path).text
