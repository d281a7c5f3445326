"""The form element in a real browser, against the real form compiler."""

from __future__ import annotations

import os
import re
from collections.abc import Callable, Iterator
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest

playwright = pytest.importorskip("playwright.sync_api")
from form_site import FORM, STATIC, Site, part, serve  # noqa: E402

from engine.forms import compile_form  # noqa: E402

CHROMIUM = Path("/usr/bin/chromium")
FLAGS = [
    "--no-sandbox", "--disable-gpu", "--no-first-run", "--disable-background-networking", "--disable-component-update", "--disable-sync",
    "--disable-quic",
]  # fmt: skip

pytestmark = [
    pytest.mark.browser,
    pytest.mark.skipif(not CHROMIUM.exists() and os.environ.get("CI") != "true", reason="needs Chromium (make system-deps)"),
    pytest.mark.skipif(
        not (STATIC / "dist/.vite/manifest.json").exists() and os.environ.get("CI") != "true", reason="needs the built browser code"
    ),
]
AXE = STATIC.parents[1] / "node_modules/axe-core/axe.min.js"
HAN = re.compile(r"[\u4e00-\u9fff]")


@pytest.fixture(scope="module")
def chromium() -> Iterator[playwright.Browser]:
    with playwright.sync_playwright() as player:
        browser = player.chromium.launch(executable_path=str(CHROMIUM), args=FLAGS)
        yield browser
        browser.close()


@pytest.fixture
def site() -> Iterator[Site]:
    site = Site()
    server = serve(site)
    yield site
    server.shutdown()
    server.server_close()


Open = Callable[..., playwright.Page]


@pytest.fixture
def open_form(chromium, site: Site) -> Iterator[Open]:
    """open_form(language, phone) → the page; anything said on the console fails the test, but for the 422 it is about."""
    said: list[str] = []
    contexts = []

    def run(language: str = "zh", phone: bool = False) -> playwright.Page:
        size = {"width": 390, "height": 844} if phone else {"width": 1280, "height": 900}
        context = chromium.new_context(viewport=size, has_touch=phone, is_mobile=phone)
        contexts.append(context)
        page = context.new_page()
        page.set_default_timeout(8000)
        page.on("console", lambda message: said.append(message.text) if message.type in ("error", "warning") else None)
        page.on("pageerror", lambda error: said.append(str(error)))
        page.goto(f"{site.address}/?lang={language}")
        page.wait_for_selector("cogov-form[data-ready]")
        return page

    yield run
    for context in contexts:
        context.close()
    assert [text for text in said if "422" not in text and "ERR_INTERNET_DISCONNECTED" not in text] == []


def fill(page: playwright.Page) -> None:
    """Everything right, for the outcome `pass`."""
    page.get_by_role("combobox", name="共建单位").fill("海")
    page.get_by_role("option", name="海纳公司").click()
    page.get_by_label("起始日期").first.fill("2026/5/1")
    page.get_by_label("终止日期").first.fill("2026年7月1日")
    row = page.get_by_role("group", name="第 1 行").first
    row.get_by_label("单位").check()
    row.get_by_label("事项").fill("开放停车场")
    scores = page.locator(".rows").nth(1)
    scores.get_by_label("得分").nth(0).fill("88.5")
    scores.get_by_label("得分").nth(1).fill("90")
    page.get_by_label("我已阅读全文").check()


def press(page: playwright.Page, name: str) -> None:
    page.get_by_role("button", name=name, exact=True).click()


def test_what_is_typed_arrives_as_typed_values(open_form: Open, site: Site):
    page = open_form()
    fill(page)
    page.get_by_label("涉及资金").fill("１２．５０")
    page.get_by_label("资金说明").fill("活动费")
    page.locator("input[type=file]").last.set_input_files([{"name": "现场.jpg", "mimeType": "image/jpeg", "buffer": b"x" * 99}])
    page.get_by_text("已上传").wait_for()
    press(page, "通过")
    page.wait_for_url("**/done")
    (values,) = site.accepted
    assert (values["unit"], values["start"], values["end"]) == ("haina", date(2026, 5, 1), date(2026, 7, 1))
    assert (values["money"], values["money_note"], values["opinion"]) == (Decimal("12.5"), "活动费", "pass")
    assert values["clauses"] == [{"party": "unit", "title": "开放停车场", "paid": False}]
    assert [(row["indicator"], row["weight"], row["score"]) for row in values["scores"]] == [("A", 60, Decimal("88.5")), ("B", 40, 90)]
    assert [file["id"] for file in values["evidence"]] == ["file-1"]
    headers, body = site.posts[0]
    assert headers["X-CSRF-Token"] == "token"
    assert len(headers["Idempotency-Key"]) == 32
    assert body["mandate"] == "role:x"


def test_missing_values_are_told_on_top_and_at_the_field_and_nothing_is_sent(open_form: Open, site: Site):
    page = open_form()
    press(page, "通过")
    summary = page.locator(".errors")
    assert summary.evaluate("box => box === document.activeElement")
    assert "条款 第 1 行 承诺方：请选择一项" in summary.inner_text()
    assert page.locator(".field.wrong").count() == summary.locator("li").count()
    summary.get_by_text("终止日期").click()
    assert page.get_by_label("终止日期").first.evaluate("one => one === document.activeElement")
    assert site.posts == []


def test_errors_of_the_server_stand_at_their_fields_and_nothing_typed_is_lost(open_form: Open, site: Site):
    page = open_form()
    fill(page)
    page.get_by_label("终止日期").first.fill("2026-04-01")
    page.get_by_label("得分").first.fill("59")
    press(page, "通过")
    page.locator(".errors").wait_for()
    assert "终止日期：须晚于“起始日期”（2026-05-01）" in page.locator(".errors").inner_text()
    assert "评分 第 1 行 理由：低于 60 或高于 95 分须写明理由" in page.locator(".errors").inner_text()
    assert page.get_by_label("事项").input_value() == "开放停车场"
    page.get_by_label("终止日期").first.fill("2026-07-01")
    page.get_by_label("理由").first.fill("逾期")
    press(page, "通过")
    page.wait_for_url("**/done")
    keys = [headers["Idempotency-Key"] for headers, _ in site.posts]
    assert len(set(keys)) == 2


def test_an_outcome_that_needs_more_asks_for_it(open_form: Open, site: Site):
    page = open_form()
    fill(page)
    press(page, "修改")
    assert "退回说明：此项必填" in page.locator(".errors").inner_text()
    press(page, "通过")
    page.wait_for_url("**/done")
    assert "note" not in site.accepted[0]


def test_conditions_inside_rows_follow_the_row(open_form: Open):
    page = open_form()
    row = page.get_by_role("group", name="第 1 行").first
    assert row.get_by_label("经费", exact=True).count() == 0
    row.get_by_label("有经费").check()
    row.get_by_label("经费", exact=True).wait_for()


def test_rows_are_added_with_focus_and_removed(open_form: Open):
    page = open_form()
    page.get_by_role("button", name="增加一行").click()
    rows = page.locator(".rows").first.locator(".one-row")
    page.wait_for_function("document.querySelectorAll('.rows')[0].querySelectorAll('.one-row').length === 2")
    assert page.evaluate("document.activeElement.closest('.one-row').getAttribute('aria-label')") == "第 2 行"
    rows.nth(1).get_by_role("button").click()
    page.wait_for_function("document.querySelectorAll('.rows')[0].querySelectorAll('.one-row').length === 1")


def test_two_presses_send_once(open_form: Open, site: Site):
    page = open_form()
    fill(page)
    page.get_by_role("button", name="通过", exact=True).dblclick()
    page.wait_for_url("**/done")
    assert len(site.posts) == 1


def test_the_picker_works_from_the_keyboard(open_form: Open):
    page = open_form()
    page.get_by_role("combobox", name="共建单位").focus()
    page.keyboard.type("禾")
    page.get_by_role("option", name="禾光精密").wait_for()
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    assert page.locator(".chosen").inner_text().startswith("禾光精密")


def test_drafts_are_saved_and_kept_on_the_device_without_a_network(open_form: Open, site: Site):
    page = open_form()
    page.get_by_label("事项").fill("开放停车场")
    page.get_by_text("草稿已自动保存").wait_for()
    assert site.drafts[-1]["data"]["clauses"][0]["title"] == "开放停车场"
    page.context.set_offline(True)
    assert page.get_by_role("button", name="通过", exact=True).is_disabled()
    page.get_by_label("事项").fill("开放停车场和食堂")
    page.get_by_text("草稿存在本机").wait_for()
    page.context.set_offline(False)
    page.get_by_text("草稿已自动保存").wait_for()
    assert site.drafts[-1]["data"]["clauses"][0]["title"] == "开放停车场和食堂"


def test_phones_need_no_sideways_scrolling_and_have_room_for_fingers(open_form: Open):
    page = open_form(phone=True)
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
    small = page.evaluate(
        """[...document.querySelectorAll('cogov-form :is(button, select, textarea, input:not([type=hidden], [type=file], .vh), label.btn)')]
        .filter(one => one.offsetParent && !['checkbox', 'radio'].includes(one.type) && one.getBoundingClientRect().height < 44)
        .map(one => one.outerHTML.slice(0, 80))"""
    )
    assert small == []
    sizes = page.evaluate(
        "[...document.querySelectorAll('cogov-form :is(input, textarea, select)')].map(one => parseFloat(getComputedStyle(one).fontSize))"
    )
    assert min(sizes) >= 16


def test_an_english_page_speaks_english(open_form: Open):
    page = open_form("en")
    press(page, "Pass")
    assert "Not sent yet" in page.locator(".errors").inner_text()
    assert HAN.findall(page.locator("main").inner_text()) == []


def test_every_control_has_a_name(open_form: Open):
    page = open_form()
    nameless = page.evaluate(
        """[...document.querySelectorAll('cogov-form :is(input:not([type=hidden], [aria-hidden]), select, textarea, button)')]
        .filter(one => one.offsetParent && !(one.labels?.length || one.textContent.trim() || one.getAttribute('aria-label')))
        .map(one => one.outerHTML.slice(0, 80))"""
    )
    assert nameless == []


@pytest.mark.parametrize("phone", [False, True])
def test_axe_finds_nothing_with_and_without_errors(open_form: Open, phone: bool):
    page = open_form(phone=phone)
    page.evaluate(AXE.read_text("utf8"))
    for _ in range(2):
        found = page.evaluate("axe.run('main', {runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa']})")["violations"]
        assert [(rule["id"], rule["nodes"][0]["html"][:120]) for rule in found] == []
        press(page, "通过")
        page.locator(".errors").wait_for()


def test_the_mark_of_bpmn_io_is_visible_and_untouched(open_form: Open):
    page = open_form()
    mark = page.locator(".fjs-powered-by-link")
    mark.scroll_into_view_if_needed()
    assert mark.is_visible()
    box = mark.bounding_box()
    covering = page.evaluate(
        "([x, y]) => document.elementFromPoint(x, y).closest('.fjs-powered-by-link') !== null",
        [box["x"] + box["width"] / 2, box["y"] + box["height"] / 2],
    )
    assert covering


def test_the_form_of_this_page_has_no_findings():
    from form_site import CODES

    from engine.forms import form_findings

    assert form_findings("demo/all", FORM, CODES, {}, "demo") == []


CONDITIONS = {
    "type": "default", "id": "demo/conditions", "title": "条件", "i18n": {"en": {"title": "Conditions"}},
    "components": [
        part("textfield", "note", "备注", "Note"),
        part("number", "amount", "金额", "Amount"),
        part("textfield", "typed", "补充", "With a note", hide="=note = null", required=True),
        part("textfield", "small", "不超过三", "Not more than three", hide="=amount > 3", required=True),
    ],
}  # fmt: skip


def test_what_is_shown_is_what_the_server_asks_for(site: Site, open_form: Open) -> None:
    site.form = compile_form(CONDITIONS, codes={})
    page = open_form()
    typed, small, submit = page.get_by_label("补充"), page.get_by_label("不超过三"), page.locator(".actions .btn.primary")
    assert (typed.count(), small.count()) == (0, 1), "nothing typed is null; an unknown condition hides nothing"
    small.fill("甲")
    submit.click()
    page.wait_for_url("**/done")
    page.goto(f"{site.address}/?lang=zh")
    page.wait_for_selector("cogov-form[data-ready]")
    page.get_by_label("备注").fill("乙")
    typed.wait_for()
    page.get_by_label("备注").fill("")
    typed.wait_for(state="detached")
    page.get_by_label("金额").fill("4")
    small.wait_for(state="detached")
    submit.click()
    page.wait_for_url("**/done")
    assert [sorted(name for name, value in values.items() if value is not None) for values in site.accepted] == [["small"], ["amount"]]
