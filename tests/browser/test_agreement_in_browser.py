"""The agreement by those who carry it, in a real browser: at a desk and on a phone."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

pytest.importorskip("playwright.sync_api")
from playwright.sync_api import expect

from tests.acceptance.pages import row_of, slug_of
from tests.browser.conftest import Visit, fits, flaws, pick
from tests.browser.live import settled
from tests.town import Town
from tests.walk import Agreement

pytestmark = pytest.mark.browser
DEVICES = pytest.mark.parametrize("phone", [False, True], ids=["desk", "phone"])


@pytest.fixture
def agreement(tmp_path: Path) -> Agreement:
    return Agreement(Town(tmp_path))


@pytest.fixture
def town(agreement: Agreement) -> Town:
    return agreement.town


@pytest.fixture
def expected() -> str:
    """A refused form is said by the browser as a failed request, too."""
    return "422"


@DEVICES
def test_the_liaison_starts_an_agreement_and_drafts_the_intention(agreement: Agreement, visit: Visit, phone: bool) -> None:
    page = visit("liaison_wang", phone=phone)
    page.goto("/start")
    page.get_by_role("main").get_by_role("link", name=re.compile("^发起.*共驻共建五约")).click()
    settled(page)
    page.locator("cogov-form button.primary").click()
    page.wait_for_url("**/tasks/*")
    settled(page)
    expect(page.get_by_role("heading", level=1)).to_contain_text("拟共建意向")
    assert fits(page)

    # too early: every place that is wrong is named, and nothing typed is lost
    page.get_by_label("共建目的").fill("开放停车场，共享活动场地，方便居民周末出行")
    page.locator(".actions .btn.primary").click()
    expect(page.locator(".errors")).to_be_focused()
    expect(page.get_by_label("共建目的")).to_have_value("开放停车场，共享活动场地，方便居民周末出行")

    pick(page, "共建单位", "海纳", "海纳文化")
    page.get_by_label("共建类别").select_option(label="文化共建")
    page.get_by_label("起始日期").first.fill("2026-03-20")
    page.get_by_label("终止日期").first.fill("2026-09-20")
    page.locator(".actions .btn.primary").click()
    page.wait_for_url("**/inbox")
    expect(page.locator(".outcome")).to_contain_text("已办：拟共建意向")
    agreement.instance = agreement.town.app.engine.queries.instances(processes=["agreement_five_steps"]).items[0].id
    assert agreement.town.app.engine.queries.instance(agreement.instance).line.title == "开放停车场，共享活动场地，方便居民周末出行"


@DEVICES
def test_the_unit_head_accepts_from_the_case_page(agreement: Agreement, visit: Visit, phone: bool) -> None:
    agreement.to_answer()
    page = visit("unit_li", phone=phone)
    page.goto(f"/cases/{agreement.instance}")
    settled(page)
    assert fits(page)
    page.get_by_role("link", name="单位接受邀请").click()
    settled(page)
    page.get_by_role("button", name="单位接受邀请").click()
    expect(page.locator(".outcome")).to_contain_text("已提交：单位接受邀请")


@DEVICES
def test_the_party_secretary_signs_what_he_has_read(agreement: Agreement, visit: Visit, phone: bool) -> None:
    agreement.to_signing()
    page = visit("secretary_chen", phone=phone)
    page.get_by_role("link", name=re.compile("共驻共建协议 GJ-")).first.click()
    settled(page)
    assert fits(page)
    expect(page.locator(".mandate")).to_contain_text("党委书记")
    page.get_by_label("签署身份").select_option(label="党组织书记")
    page.get_by_label("现场").check()
    page.locator("cogov-form input[type=checkbox]").last.check()
    page.get_by_role("button", name="签署", exact=True).click()
    page.wait_for_url("**/inbox")
    expect(page.locator(".outcome")).to_contain_text("已办：签署")
    signed = agreement.town.app.engine.queries.instance(agreement.instance).done
    assert [d.person for d in signed if d.node == "sign_text"] == ["secretary_chen"]


@DEVICES
def test_an_evaluator_scores_with_remarks_where_they_are_needed(agreement: Agreement, visit: Visit, phone: bool) -> None:
    agreement.to_evaluation()
    panel = ["resident_feng", "resident_deng", "worker_cao", "beneficiary_peng", "delegate_xiao"]
    agreement.do("form_panel", "liaison_wang", {"evaluators": panel, "unit_scorers": ["unit_li"]})
    task = agreement.town.task("score_sheet", "resident_feng", agreement.instance)
    page = visit("resident_feng", phone=phone)
    page.goto(f"/tasks/{task.id}")
    settled(page)
    assert fits(page)
    page.get_by_label("无", exact=True).check()
    scores = page.get_by_label("得分", exact=True)
    for index in range(scores.count()):
        scores.nth(index).fill("92")
    scores.first.fill("50")
    page.locator(".actions .btn.primary").click()
    expect(page.locator(".errors")).to_be_focused()
    scores.first.fill("90")
    page.locator(".actions .btn.primary").click()
    page.wait_for_url("**/inbox")
    assert any(d.person == "resident_feng" for d in agreement.town.app.engine.queries.instance(agreement.instance).done)


@DEVICES
def test_anyone_objects_without_an_account(agreement: Agreement, visit: Visit, phone: bool) -> None:
    agreement.to_show()
    page = visit(phone=phone)
    page.goto("/public")
    page.get_by_role("link", name="共驻共建协议公示").click()
    settled(page)
    assert fits(page)
    page.get_by_label("异议人").fill("三号楼居民")
    page.get_by_label("居民", exact=True).check()
    page.get_by_label(re.compile("异议理由|事实与理由|理由")).first.fill("停车场出入口紧邻幼儿园，上下学时段开放存在安全隐患，应当调整。")
    remedy = page.get_by_label(re.compile("诉求|请求|要求|希望"))
    if remedy.count():
        remedy.first.fill("调整开放时间")
    page.get_by_role("button", name="提交异议").click()
    expect(page.locator(".outcome")).to_contain_text("异议已收到")
    assert agreement.town.task("register", "liaison_wang")


def test_the_keyboard_reaches_everything_and_shows_where_it_is(agreement: Agreement, visit: Visit) -> None:
    agreement.to_terms()
    page = visit("liaison_wang")
    page.keyboard.press("Tab")
    expect(page.locator(".skip")).to_be_focused()
    reached = []
    for _ in range(25):
        page.keyboard.press("Tab")
        if page.evaluate("document.activeElement === document.body"):
            break
        assert page.evaluate("getComputedStyle(document.activeElement).outlineStyle") != "none"
        reached.append(page.evaluate("document.activeElement.innerText || document.activeElement.getAttribute('placeholder')"))
    assert any("开放停车场" in text for text in reached)


@pytest.mark.parametrize(("language", "dark"), [("zh", False), ("en", False), ("zh", True)], ids=["zh", "en", "dark"])
@DEVICES
def test_no_page_has_a_fault_axe_can_find_and_none_scrolls_sideways(
    agreement: Agreement, visit: Visit, phone: bool, language: str, dark: bool
) -> None:
    agreement.to_show()
    other = Agreement(agreement.town, browsers=agreement.browsers)
    other.to_review()
    worker = visit("liaison_wang", phone=phone, language=language, dark=dark)
    legal = visit("legal_zhao", phone=phone, language=language, dark=dark)
    public = visit(phone=phone, language=language, dark=dark)
    review = agreement.town.task("review", "legal_zhao", other.instance).id
    visits = [
        *((worker, path) for path in (
            "/inbox", "/inbox?view=done", "/inbox?view=started", "/start", "/start/agreement_five_steps", "/procedures",
            "/procedures/sp_sign",
            "/notices", "/account", "/search?q=GJ", "/registers/agreements", "/registers/agreements/table", "/registers/publicity",
            f"/registers/agreements/{row_of(agreement)}", f"/cases/{agreement.instance}", f"/tasks/{review}",
        )),
        (legal, f"/tasks/{review}"), (legal, f"/tasks/{review}/clock/extend"), (legal, f"/tasks/{review}/clock/pause"),
        *((public, path) for path in ("/public", f"/public/{slug_of(agreement)}", "/login")),
    ]  # fmt: skip
    faults: list[str] = []
    for page, path in visits:
        page.goto(path)
        settled(page)
        if not fits(page):
            faults.append(f"{path} scrolls sideways")
        faults += [f"{path} {flaw}" for flaw in flaws(page)]
    assert not faults


def test_the_mark_of_bpmn_io_is_seen_under_forms_and_diagrams(agreement: Agreement, visit: Visit) -> None:
    agreement.start()
    page = visit("liaison_wang")
    page.goto(f"/tasks/{agreement.town.task('draft_intention', 'liaison_wang').id}")
    settled(page)
    expect(page.locator(".fjs-powered-by-link")).to_be_visible()
    page.goto(f"/cases/{agreement.instance}")
    settled(page)
    expect(page.locator(".bjs-powered-by")).to_be_visible()
