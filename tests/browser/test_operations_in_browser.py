"""An operator at a desk and on a phone: failures, a case moved by pressing the diagram, a plan, in both languages and themes."""

from __future__ import annotations

import re

import pytest

pytest.importorskip("playwright.sync_api")
from playwright.sync_api import Page, expect

from engine.actor import Actor
from tests.acceptance.test_incidents import BROKEN
from tests.acceptance.test_job_failures import failed
from tests.browser.conftest import Visit, fits, flaws
from tests.integration.engine.models import end, model, start, user
from tests.town import AREA, Town

pytestmark = pytest.mark.browser
KEY = "plain_work"
ADMIN = Actor(person="admin")
DEVICES = pytest.mark.parametrize(("phone", "language", "dark"), [(False, "zh", False), (True, "en", True)], ids=["desk", "phone"])


@pytest.fixture
def town(tmp_path_factory: pytest.TempPathFactory) -> Town:
    return Town(tmp_path_factory.mktemp("operations"))


@pytest.fixture
def case(town: Town) -> str:
    """A case of version 1 while version 2 is newest, beside one that failed and a job that did."""
    engine = town.app.engine
    engine.deploy(model(KEY, start() + user("ask") + user("check") + end(), "begin ask\nask check\ncheck done"), actor=ADMIN)
    found = engine.start(KEY, {}, actor=Actor(person="liaison_wang"), area=AREA).instance
    engine.deploy(model(KEY, start() + user("ask") + user("sign") + end(), "begin ask\nask sign\nsign done"), actor=ADMIN)
    engine.deploy({"processes/shaky/shaky.bpmn": BROKEN.encode()}, actor=ADMIN)
    engine.start("shaky", {}, actor=Actor(person="liaison_wang"), area=AREA)
    failed(town, "notice:n1", {"notice": "n1"})
    assert found is not None
    return found


def sound(page: Page) -> None:
    assert fits(page)
    assert flaws(page) == []


@DEVICES
def test_every_page_fits_and_is_accessible(town: Town, case: str, visit: Visit, phone: bool, language: str, dark: bool) -> None:
    page = visit("admin", "/operations", phone=phone, language=language, dark=dark)
    sound(page)
    inside = [f"cases/{case}{act}" for act in ("", "/suspend", "/data", "/move", "/migrate")]
    for path in (*inside, "cases", "procedures", f"procedures/{KEY}", f"procedures/{KEY}/migrate?from=1", "workers", "suspended"):
        page.goto(f"/operations/{path}")
        page.wait_for_load_state("networkidle")
        sound(page)


@DEVICES
def test_failures_are_chosen_and_retried_with_a_reason(town: Town, case: str, visit: Visit, phone: bool, language: str, dark: bool) -> None:
    page = visit("admin", "/operations", phone=phone, language=language, dark=dark)
    page.locator("input[type=checkbox]").first.check()
    page.locator("form[action$='/incidents'] header button").click()
    send = page.locator(".actions .primary")
    send.click()
    expect(page.get_by_role("alert")).to_be_visible()
    page.locator("#reason").fill("数据已补齐")
    send.click()
    expect(page.locator(".outcome")).to_be_visible()
    assert [line.state for line in town.app.engine.queries.incidents(state=None).items].count("retried") == 1


def test_a_token_is_moved_by_pressing_the_diagram(town: Town, case: str, visit: Visit) -> None:
    page = visit("admin", f"/operations/cases/{case}/move")
    page.locator("cogov-diagram [data-element-id=ask] .djs-hit").first.click()
    expect(page.locator("#token-0 option:checked")).to_have_attribute("data-element", "ask")
    expect(page.locator("cogov-diagram .djs-shape.leaving")).to_have_attribute("data-element-id", "ask")
    page.locator("cogov-diagram [data-element-id=check] .djs-hit").first.click()
    expect(page.locator("#to-0")).to_have_value("check")
    expect(page.locator("cogov-diagram .djs-shape.arriving")).to_have_attribute("data-element-id", "check")
    page.get_by_role("button", name="看会发生什么").click()
    expect(page.locator("#outlook")).to_contain_text("check")
    sound(page)
    page.locator("#reason").fill("走错了环节")
    page.get_by_role("button", name="照此执行").click()
    expect(page.locator(".outcome")).to_contain_text("已移动")
    expect(page.get_by_role("main")).to_contain_text("管理员移动环节：走错了环节")
    assert "check" in {token.node for token in town.app.engine.queries.instance(case).tokens}


def test_fields_follow_what_a_step_does(town: Town, case: str, visit: Visit) -> None:
    page = visit("admin", f"/operations/cases/{case}/move")
    page.locator("#does-0").select_option("cancel")
    expect(page.locator("#to-0")).to_be_hidden()
    page.locator("#does-0").select_option("start")
    expect(page.locator("#token-0")).to_be_hidden()
    expect(page.locator("#to-0")).to_be_visible()


def test_a_case_is_migrated_by_an_edited_plan_on_a_phone(town: Town, case: str, visit: Visit) -> None:
    page = visit("admin", f"/operations/cases/{case}/migrate", phone=True)
    expect(page.get_by_role("main")).to_contain_text("新版本里没有")
    page.get_by_label(re.compile("^check")).select_option("sign")
    page.get_by_role("button", name="预演").click()
    expect(page.locator("#outlook")).to_contain_text("可以迁移")
    page.locator("#reason").fill("更正环节")
    page.get_by_role("button", name="迁移", exact=True).click()
    expect(page.locator(".outcome")).to_contain_text("已改用新版本")
    assert town.app.engine.queries.instance(case).line.process_version == 2
