"""A meeting by those who hold it, in real browsers at the same time: what one does the other sees within two seconds."""

from __future__ import annotations

import re
import time
from pathlib import Path
from typing import Any

import pytest

pytest.importorskip("playwright.sync_api")
from playwright.sync_api import Page, expect

from tests.browser.conftest import Visit, fits, flaws
from tests.gathering import CHAIR, SECRETARY, STREET, Gathering
from tests.hall import RULES
from tests.town import Town

WITHIN = 2.0
SHOWS_ONE_YES = """() => [...document.querySelectorAll('.legend li')]
  .some(line => line.textContent.includes('赞成') && line.querySelector('b').textContent === '1')"""

pytestmark = pytest.mark.browser


@pytest.fixture
def gathering(tmp_path: Path) -> Gathering:
    return Gathering(Town(tmp_path, roster=STREET))


@pytest.fixture
def town(gathering: Gathering) -> Town:
    return gathering.town


@pytest.fixture
def expected() -> str:
    """Refusals and a network that is taken away are said by the browser, too."""
    return "422|409|ERR_INTERNET_DISCONNECTED|Failed to fetch"


@pytest.fixture
def enter(gathering: Gathering, visit: Visit) -> Visit:
    """enter(person, path, …) → the page of the meeting, or another one; it never rests, so nobody waits for that."""

    def open_one(person: str, path: str = "", **how: Any) -> Page:
        page = visit(person, **how)
        page.goto(path or f"/meetings/{gathering.meeting}")
        return page

    return open_one


def legend(page: Page, name: str) -> str:
    """The number beside an option of the bar."""
    return page.locator(".legend li", has_text=name).locator("b").first.inner_text()


def seconds_until(page: Page, condition: str) -> float:
    began = time.monotonic()
    page.wait_for_function(condition, timeout=5000)
    return time.monotonic() - began


def test_a_ballot_cast_on_a_phone_is_on_the_chairs_page_within_two_seconds(gathering: Gathering, enter: Visit) -> None:
    gathering.to_vote()
    chair, member = enter(CHAIR), enter("unit_li", phone=True)
    assert legend(chair, "赞成") == "0"

    member.locator("label.option", has_text="赞成").click()
    button = member.get_by_role("button", name=re.compile("确认投票：赞成"))
    expect(button).to_be_enabled()
    button.click()
    expect(member.locator(".done-ballot")).to_contain_text("您已投票：赞成")
    took = seconds_until(chair, SHOWS_ONE_YES)
    assert took <= WITHIN
    expect(chair.locator(".seats li", has_text="李海")).to_contain_text("已投")


def test_the_screen_says_when_the_outcome_is_fixed_and_a_screen_reader_hears_it(gathering: Gathering, enter: Visit) -> None:
    gathering.to_vote()
    page = enter(CHAIR)
    expect(page.locator("[data-part=now] .badge", has_text="结果未定")).to_be_visible()
    for person in ("unit_li", "head_xie", "head_du"):
        gathering.cast(person, "yes")
    expect(page.locator(".legend li", has_text="赞成").locator("b")).to_have_text("3", timeout=3000)
    expect(page.locator("[data-said]")).to_have_text("")
    gathering.cast("head_luo", "yes")
    expect(page.locator("[data-part=now] .badge", has_text="已可确定通过")).to_be_visible(timeout=3000)
    expect(page.locator("[data-said]")).to_contain_text("已可确定通过")


def test_what_somebody_is_choosing_or_typing_stays_while_others_vote(gathering: Gathering, enter: Visit) -> None:
    gathering.to_vote()
    member, secretary = enter("unit_li"), enter(SECRETARY)
    member.locator("label.option", has_text="反对").click()
    secretary.locator("#sp-who").fill("李海")
    secretary.locator("#sp-text").fill("先试三个月，数据说话")
    gathering.cast("head_xie", "yes")
    for page in (member, secretary):
        expect(page.locator(".legend li", has_text="赞成").locator("b")).to_have_text("1", timeout=3000)
    expect(member.locator("input[value=no]")).to_be_checked()
    expect(secretary.locator("#sp-text")).to_have_value("先试三个月，数据说话")
    expect(secretary.locator("#sp-text")).to_be_focused()
    secretary.keyboard.press("Enter")
    expect(member.locator(".comment")).to_contain_text("数据说话", timeout=3000)
    expect(secretary.locator("#sp-text")).to_have_value("")


def test_a_cast_without_a_network_says_so_keeps_the_choice_and_is_never_sent_later(gathering: Gathering, enter: Visit) -> None:
    gathering.to_vote()
    page = enter("unit_li", phone=True)
    page.locator("label.option", has_text="赞成").click()
    page.context.set_offline(True)
    page.get_by_role("button", name=re.compile("确认投票")).click()
    expect(page.locator(".ballot-problem")).to_contain_text("没有投出")
    expect(page.locator(".meeting-lost")).to_contain_text("数据截至", timeout=6000)
    expect(page.locator("input[value=yes]")).to_be_checked()
    page.context.set_offline(False)
    expect(page.locator(".meeting-lost")).to_have_count(0, timeout=6000)
    # nothing was queued
    assert legend(page, "赞成") == "0"
    page.get_by_role("button", name=re.compile("确认投票：赞成")).click()
    expect(page.locator(".done-ballot")).to_contain_text("您已投票")
    expect(page.locator(".legend li", has_text="赞成").locator("b")).to_have_text("1")


def test_the_chair_closes_the_vote_without_leaving_the_page(gathering: Gathering, enter: Visit) -> None:
    gathering.to_vote()
    for person in ("unit_li", "head_xie", "head_du", "head_luo"):
        gathering.cast(person, "yes")
    page = enter(CHAIR)
    page.locator("[data-task-place] cogov-form[data-ready]").wait_for()
    page.get_by_role("button", name=re.compile("提交：结束表决")).click()
    counted = page.locator("[data-part=now] .badge", has_text=re.compile("等待计票|通过"))
    expect(counted.first).to_be_visible(timeout=4000)
    assert page.url.endswith(f"/meetings/{gathering.meeting}")


def test_a_secret_vote_shows_only_how_many_have_voted(gathering: Gathering, enter: Visit) -> None:
    gathering.rules = {**RULES, "method": "secret"}
    gathering.to_vote()
    page = enter("unit_li", phone=True)
    expect(page.locator(".ballot-card")).to_contain_text("不记时间")
    page.locator("label.option", has_text="反对").click()
    page.get_by_role("button", name=re.compile("确认投票：反对")).click()
    expect(page.locator(".done-ballot")).to_contain_text("您已投票")
    expect(page.locator(".done-ballot")).not_to_contain_text("反对")
    assert legend(page, "已投") == "1"
    expect(page.locator(".legend")).not_to_contain_text("反对")


def test_the_secretary_signs_people_in_and_the_wall_follows(gathering: Gathering, enter: Visit) -> None:
    gathering.to_door()
    secretary, wall = enter(SECRETARY), enter(CHAIR, f"/meetings/{gathering.meeting}/wall")
    row = secretary.locator(".seats li", has_text="李海")
    row.get_by_role("button", name="签到").click()
    expect(row).to_contain_text("已到", timeout=3000)
    expect(wall.locator("[data-part=head]")).to_contain_text("到 1", timeout=6000)
    assert wall.locator("button, .side, .dock, form").count() == 0
    expect(wall.locator(".meta")).to_contain_text("郑（召集人）")
    expect(wall.locator("svg.qr")).to_be_visible()


@pytest.mark.parametrize("phone", [False, True], ids=["desk", "phone"])
@pytest.mark.parametrize("language", ["zh", "en"])
def test_no_page_of_a_meeting_has_a_fault_axe_can_find_and_none_scrolls_sideways(
    gathering: Gathering, enter: Visit, phone: bool, language: str
) -> None:
    gathering.to_vote()
    meeting, vote = f"/meetings/{gathering.meeting}", f"/votes/{gathering.vote()}"
    page = enter(CHAIR, phone=phone, language=language)
    for path in ("/meetings", meeting, f"{meeting}/wall", f"{meeting}/record", f"{meeting}/code", f"{meeting}/in?code=x", vote, "/inbox"):
        page.goto(path)
        page.wait_for_load_state("load")
        if path == meeting:
            page.locator("[data-task-place] cogov-form[data-ready]").wait_for()
        assert flaws(page) == [], path
        assert fits(page), path
