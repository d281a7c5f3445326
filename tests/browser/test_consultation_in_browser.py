"""A topic of the co-building council in real browsers: a firm's liaison proposes, the secretary-general screens and prepares,
members vote on the meeting's page, the convener records the outcome, the street answers. Desktop and phone."""

from __future__ import annotations

import os
import re

import pytest

pytest.importorskip("playwright.sync_api")
from playwright.sync_api import Page, expect

from governance.meetings import store as meetings
from governance.registers import store as register_rows
from tests.browser.conftest import Visit, fits, flaws, pick, played
from tests.browser.live import settled
from tests.played import Step, does
from tests.town import Town

PROCESS, RUN = "consult_enterprise", "企业提出错峰停车"
SECRETARY, CONVENER, LIAISON, MEMBER = "liaison_wang", "head_zheng", "unit_liaison_lin", "unit_li"

pytestmark = pytest.mark.browser
DEVICES = pytest.mark.parametrize("phone", [False, True], ids=["desk", "phone"])


@pytest.fixture
def expected() -> str:
    """A refused form is said by the browser as a failed request, too."""
    return "422"


def clean(page: Page) -> None:
    """Nothing runs out of the screen, and axe finds nothing."""
    assert fits(page)
    assert flaws(page) == []
    if folder := os.environ.get("COGOV_SHOTS"):
        name = re.sub(r"\W+", "_", page.url.split("/", 3)[-1]) + ("_phone" if page.viewport_size["width"] < 600 else "_desk")  # type: ignore[index]
        page.screenshot(path=f"{folder}/{os.environ['PYTEST_CURRENT_TEST'].split('::')[1].split('[')[0][5:40]}_{name}.png", full_page=True)


def open_task(page: Page, town: Town, node: str, person: str) -> Page:
    page.goto(f"/tasks/{town.task(node, person).id}")
    return settled(page)


def submit(page: Page) -> None:
    page.locator(".actions .btn.primary").click()
    page.wait_for_url("**/inbox")
    expect(page.locator(".outcome")).to_contain_text("已办")


def rows(town: Town) -> list[str]:
    instance = town.app.engine.queries.instances(processes=[PROCESS]).items[0].id
    with town.database.read() as connection:
        return [r.state for r in register_rows.rows_of_instance(connection, instance) if r.register == "council_topics"]


@DEVICES
def test_a_firms_liaison_proposes_a_topic(town: Town, visit: Visit, phone: bool) -> None:
    played(town, PROCESS, RUN, does("propose_topic"))
    page = open_task(visit(LIAISON, phone=phone), town, "propose_topic", LIAISON)
    expect(page.locator("cogov-form")).to_contain_text("反垄断法 17")
    clean(page)
    # one firm alone is no common interest: said at the field, and nothing typed is lost
    page.get_by_label("议题", exact=True).fill("园区错峰停车")
    page.get_by_label("拟表决事项").fill("同意试行《园区错峰停车公约》三个月，上下班高峰分时进出。")
    page.get_by_label("公共利益说明").fill("高峰时段北门拥堵，三家单位的货车和员工都进出不便。")
    pick(page, "涉及企业", "海纳", "海纳文化")
    page.get_by_label("签订公约").check()
    page.locator(".actions .btn.primary").click()
    expect(page.locator(".errors")).to_contain_text("涉及企业")
    expect(page.get_by_label("议题", exact=True)).to_have_value("园区错峰停车")
    pick(page, "涉及企业", "安达", "安达物流")
    submit(page)
    assert rows(town) == ["screening"]
    assert town.task("screen_topic", SECRETARY)


@DEVICES
def test_the_secretary_general_screens_it(town: Town, visit: Visit, phone: bool) -> None:
    played(town, PROCESS, RUN, does("screen_topic"))
    page = open_task(visit(SECRETARY, phone=phone), town, "screen_topic", SECRETARY)
    expect(page.locator("cogov-form")).to_contain_text("高峰时段北门拥堵")
    page.get_by_label("是", exact=True).check()
    page.get_by_label("受理", exact=True).check()
    page.get_by_label("企业共同利益").check()
    page.locator(".actions .btn.primary").click()
    expect(page.locator(".errors")).to_contain_text("只能停止办理")
    clean(page)
    page.get_by_label("否", exact=True).check()
    submit(page)
    assert rows(town) == ["party_check"]


@DEVICES
def test_a_member_seconds_from_the_case_page(town: Town, visit: Visit, phone: bool) -> None:
    played(town, PROCESS, RUN, lambda step: step.get("act") == "seconded")
    instance = town.app.engine.queries.instances(processes=[PROCESS]).items[0].id
    page = visit("head_xie", phone=phone)
    page.goto(f"/cases/{instance}")
    settled(page)
    clean(page)
    page.get_by_role("link", name="附议", exact=True).click()
    settled(page)
    page.get_by_role("button", name="附议", exact=True).click()
    expect(page.locator(".outcome")).to_contain_text("已提交：附议")
    assert rows(town) == ["seconding"]


@DEVICES
def test_members_vote_on_the_meetings_page_and_the_convener_closes_there(town: Town, visit: Visit, phone: bool) -> None:
    run = played(town, PROCESS, RUN, lambda step: "vote" in step)
    with town.database.read() as connection:
        (meeting,) = meetings.of_instance(connection, town.app.engine.queries.instances(processes=[PROCESS]).items[0].id)
    member = visit(MEMBER, phone=phone)
    member.goto(f"/meetings/{meeting['id']}")
    member.locator("label.option", has_text="赞成").click()
    member.get_by_role("button", name=re.compile("确认投票：赞成")).click()
    expect(member.locator(".done-ballot")).to_contain_text("您已投票：赞成")
    clean(member)
    for person in ("head_xie", "head_du", "head_luo", "head_han"):
        run.perform({"vote": "yes", "by": [person]})
    chair = visit(CONVENER, phone=phone)
    chair.goto(f"/meetings/{meeting['id']}")
    chair.locator("[data-task-place] cogov-form[data-ready]").wait_for()
    clean(chair)
    chair.get_by_role("button", name=re.compile("提交：结束表决")).click()
    expect(chair.locator("[data-part=now] .badge", has_text=re.compile("等待计票|通过")).first).to_be_visible(timeout=4000)


@DEVICES
def test_the_convener_records_the_outcome(town: Town, visit: Visit, phone: bool) -> None:
    played(town, PROCESS, RUN, _at_outcome)
    page = open_task(visit(CONVENER, phone=phone), town, "record_outcome", CONVENER)
    expect(page.locator("cogov-form")).to_contain_text("会议纪要")
    page.get_by_label("一致", exact=True).check()
    page.get_by_label("协商意见", exact=True).fill("一致同意试行错峰停车公约三个月。")
    page.locator(".actions .btn.primary").click()
    expect(page.locator(".errors")).to_contain_text("至少列一项自行办理事项")
    clean(page)
    page.get_by_label("未达成", exact=True).check()
    page.get_by_label("各方意见").fill("北园赞成错峰，东园认为影响夜班，再征求一次意见。")
    submit(page)
    assert rows(town) == ["consulting"]


def _at_outcome(step: Step) -> bool:
    return "record_outcome" in (step.get("do"), step.get("refuse"))


@DEVICES
@pytest.mark.parametrize("language", ["zh", "en"])
def test_the_street_answers_and_the_register_shows_it(town: Town, visit: Visit, phone: bool, language: str) -> None:
    played(town, PROCESS, RUN, does("answer_report"))
    page = open_task(visit("office_xu", phone=phone, language=language), town, "answer_report", "office_xu")
    clean(page)
    page.get_by_label("Not adopted" if language == "en" else "不采纳", exact=True).check()
    page.locator("textarea:not([readonly])").first.fill("道路已列入区级改造计划，临时标线不再施划，年底前完成改造。")
    page.locator(".actions .btn.primary").click()
    page.wait_for_url("**/inbox")
    reader = visit(SECRETARY, phone=phone, language=language)
    for register in ("council_topics", "council_reports", "council_covenants"):
        reader.goto(f"/registers/{register}")
        settled(reader)
        clean(reader)
