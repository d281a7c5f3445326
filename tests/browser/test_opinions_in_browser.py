"""A household answers on a phone, staff at the door and a reader of the result: three people, no axe findings."""

from __future__ import annotations

from datetime import timedelta

import pytest

pytest.importorskip("playwright.sync_api")
from playwright.sync_api import Page, expect

from engine.actor import SYSTEM
from governance.opinions import store
from tests.browser.conftest import Visit, fits, flaws
from tests.town import Town

pytestmark = pytest.mark.browser

PROCESS = "sp_collect_opinions"
QUESTIONS = [
    {"key": "lift", "kind": "clause", "text": "同意按附件方案加装电梯"},
    {"key": "care", "kind": "choice", "text": "最关心什么", "options": ["采光", "费用", "噪声"], "multiple": True},
    {"key": "mood", "kind": "scale", "text": "对前期沟通打几分"},
    {"key": "note", "kind": "text", "text": "其他意见"},
]


@pytest.fixture
def town(street: Town) -> Town:
    audience = [{"household": f"1幢{n}01", "group": "一号楼"} for n in range(1, 7)]
    inputs = {
        "title": "加装电梯征求意见", "questions": QUESTIONS, "audience": audience, "one_per": "household", "method": "questionnaire",
        "organiser": ["role:rc_director@nandu"], "window": "P7D",
    }  # fmt: skip
    street.app.engine.start(PROCESS, inputs, actor=SYSTEM, area="nandu")
    street.world.jobs.run_due()
    return street


def paths(town: Town) -> tuple[str, dict[str, str]]:
    """The round's address, and the personal link of each household."""
    with town.database.read() as connection:
        instance = town.app.engine.queries.instances(limit=1).items[0].id
        (row,) = store.of_instance(connection, instance)
        slots = {s["id"]: s["name"] for s in store.slots(connection, row["id"])}
    hand_out, now = town.app.opinions.hand_out, town.world.clock.now()
    links = town.database.run(lambda c: hand_out(c, row["id"], list(slots), "rc_director_qian", now))
    return f"/opinions/{row['slug']}", {slots[slot]: f"/opinions/{row['slug']}/{token}" for slot, token in links.items()}


def thumbs(page: Page) -> bool:
    """What one presses is large enough for a thumb."""
    small = "[...document.querySelectorAll('.pick, .sheet button')].filter(e => e.getBoundingClientRect().height < 43).length"
    return bool(page.evaluate(small) == 0)


def test_a_household_answers_on_a_phone_staff_at_the_door_and_all_read_the_result(town: Town, visit: Visit) -> None:
    path, links = paths(town)
    phone = visit(phone=True)
    phone.goto(links["1幢101"])
    assert (fits(phone), thumbs(phone)) == (True, True)
    phone.get_by_role("radio", name="有条件赞成").check()
    phone.get_by_role("checkbox", name="采光").check()
    phone.get_by_role("button", name="提交意见").tap()
    expect(phone.get_by_role("alert")).to_contain_text("请写明条件")
    expect(phone.get_by_role("checkbox", name="采光")).to_be_checked()
    assert (fits(phone), thumbs(phone)) == (True, True)
    phone.get_by_role("group", name="1. 同意按附件方案加装电梯").get_by_role("textbox").fill("先做地基检测")
    phone.get_by_role("group", name="3. 对前期沟通打几分").get_by_role("radio", name="4").check()
    phone.get_by_role("button", name="提交意见").tap()
    expect(phone.get_by_role("status")).to_contain_text("意见已收到")
    expect(phone.get_by_role("radio", name="有条件赞成")).to_be_checked()

    staff = visit("rc_director_qian")
    staff.goto(path)
    expect(staff.get_by_text("还没有答的 5 户")).to_be_visible()
    staff.get_by_role("link", name="代填 1幢201").click()
    expect(staff.get_by_label("代谁填写")).to_have_value(slot_of(town, "1幢201"))
    staff.get_by_role("radio", name="赞成", exact=True).check()
    staff.get_by_role("checkbox", name="费用").check()
    staff.get_by_role("group", name="3. 对前期沟通打几分").get_by_role("radio", name="5").check()
    staff.get_by_role("button", name="提交意见").click()
    expect(staff.get_by_role("status")).to_contain_text("意见已收到")
    expect(staff.get_by_text("2 / 征求 6")).to_be_visible()

    for n in (3, 4, 5, 6):
        phone.goto(links[f"1幢{n}01"])
        phone.get_by_role("radio", name="赞成", exact=True).check()
        phone.get_by_role("checkbox", name="费用").check()
        phone.get_by_role("group", name="3. 对前期沟通打几分").get_by_role("radio", name="5").check()
        phone.get_by_role("button", name="提交意见").tap()
        expect(phone.get_by_role("status")).to_be_visible()
    town.wait(timedelta(hours=1))
    task = town.task("sort_and_respond", "rc_director_qian")
    staff.goto(f"/tasks/{task.id}")
    staff.wait_for_selector("cogov-form[data-ready=true]")
    expect(staff.get_by_text(path)).to_be_visible()
    staff.get_by_role("radio", name="部分采纳").first.check()
    staff.get_by_role("textbox", name="理由").fill("地基检测已列入施工前期工作")
    staff.get_by_role("button", name="提交：归纳采纳情况").click()
    staff.wait_for_url(lambda url: f"/tasks/{task.id}" not in url)

    reader = visit(phone=True)
    reader.goto(path)
    expect(reader.get_by_text("地基检测已列入施工前期工作")).to_be_visible()
    expect(reader.get_by_text("6 / 征求 6")).to_be_visible()
    assert (fits(reader), thumbs(reader)) == (True, True)


@pytest.mark.parametrize("phone", [True, False], ids=["phone", "desktop"])
def test_axe_finds_nothing(town: Town, visit: Visit, phone: bool) -> None:
    path, links = paths(town)
    page = visit(phone=phone)
    page.goto(links["1幢101"])
    assert flaws(page) == []
    staff = visit("rc_director_qian", phone=phone)
    staff.goto(path)
    assert flaws(staff) == []


def slot_of(town: Town, name: str) -> str:
    with town.database.read() as connection:
        instance = town.app.engine.queries.instances(limit=1).items[0].id
        (row,) = store.of_instance(connection, instance)
        return next(str(s["id"]) for s in store.slots(connection, row["id"]) if s["name"] == name)
