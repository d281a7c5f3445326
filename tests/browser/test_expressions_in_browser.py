"""FEEL fields of the designer know the names in scope: they complete, show faults where they are typed, and try expressions."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest

pytest.importorskip("playwright.sync_api")
from playwright.sync_api import Page, expect

from tests.browser.conftest import Visit, fits, flaws
from tests.browser.live import served
from tests.town import Town

DESIGNER = "office_xu"
PROCEDURES = ("commitment", "sp_rectify", "sp_sign", "sp_archive", "sp_score", "shared")
_CONDITION = "one => one.modeler.get('elementRegistry').filter(e => e.businessObject.conditionExpression)[0].id"
_OPEN_GROUPS = "() => document.querySelectorAll('.bio-properties-panel-group-header:not(.open)').forEach(head => head.click())"
#: the drawing and the panel are left to their makers
_OURS = "{exclude: [['.djs-container'], ['.bio-properties-panel']]}"
#: a busy machine answers late
_PATIENCE = 20_000

pytestmark = pytest.mark.browser


@pytest.fixture(scope="module")
def town(tmp_path_factory: pytest.TempPathFactory) -> Town:
    return Town(tmp_path_factory.mktemp("expressions"), procedures=PROCEDURES)


@pytest.fixture(scope="module")
def address(town: Town) -> Iterator[str]:
    with served(town) as found:
        yield found


def opened(page: Page) -> str:
    """The editor of a draft; the address of the draft."""
    page.goto("/procedures")
    row = page.get_by_role("row").filter(has=page.get_by_text("commitment", exact=True))
    row.get_by_role("button", name=re.compile("^(修改|Edit)")).or_(row.get_by_role("link", name=re.compile("^(继续改|Continue)"))).click()
    page.wait_for_selector("cogov-designer[data-ready=true]")
    return page.url.split("?")[0]


def typed(page: Page, field: str, text: str) -> None:
    editor = page.locator(f"{field} .cm-content")
    editor.click()
    editor.press("Control+a")
    editor.press_sequentially(text)


@pytest.mark.parametrize("language", ["zh", "en"])
def test_a_condition_completes_shows_its_fault_in_place_and_is_tried(visit: Visit, language: str) -> None:
    page = visit(DESIGNER, language=language)
    opened(page)
    element = page.eval_on_selector("cogov-designer", _CONDITION)
    with page.expect_response(lambda answer: "/expressions/scope" in answer.url):
        page.eval_on_selector("cogov-designer", "(one, element) => one.goTo({ element })", element)
        page.evaluate(_OPEN_GROUPS)
    field = "[data-entry-id=conditionExpression]"

    typed(page, field, "numb")
    option = page.get_by_role("option").filter(has_text=re.compile("^number")).first
    expect(option).to_be_visible(timeout=_PATIENCE)
    expect(option).to_contain_text("文本" if language == "zh" else "text")
    page.keyboard.press("Escape")

    typed(page, field, "numbr = 3")
    page.keyboard.press("Escape")
    said = page.locator(f"{field} .bio-properties-panel-error")
    expect(said).to_contain_text("是不是“number”？" if language == "zh" else "Did you mean “number”?", timeout=_PATIENCE)
    tried = page.locator(".feel-try")
    expect(tried.locator("mark")).to_have_text("numbr")

    typed(page, field, 'number = "GJ-1"')
    page.keyboard.press("Escape")
    expect(said).to_have_count(0, timeout=_PATIENCE)
    expect(tried).to_contain_text("结果类型：是/否" if language == "zh" else "It gives: true or false")
    expect(tried.locator("textarea")).to_have_value(re.compile('"number"'), timeout=_PATIENCE)
    tried.locator("textarea").fill('{"number": "GJ-1"}')
    tried.get_by_role("button").click()
    expect(tried.locator(".value")).to_contain_text("true", timeout=_PATIENCE)
    tried.locator("textarea").fill("{number}")
    tried.get_by_role("button").click()
    expect(tried.locator(".said.bad")).to_contain_text("JSON")
    assert fits(page)
    assert not flaws(
        page, "{runOnly: ['wcag2a', 'wcag2aa', 'wcag21aa', 'wcag22aa']}", "{exclude: [['.djs-container'], ['.bio-properties-panel']]}"
    )


def test_a_condition_of_a_form_knows_its_fields(visit: Visit) -> None:
    page = visit(DESIGNER)
    draft = opened(page)
    page.goto(f"{draft}?path=forms/commitment/report.form.json")
    page.wait_for_selector("cogov-form-editor[data-ready=true]")
    page.locator(".fjs-element[data-id^=f_]").nth(1).click()
    page.evaluate(_OPEN_GROUPS)
    field = "[data-entry-id=conditional-hide]"
    typed(page, field, "nubmer = null")
    page.keyboard.press("Escape")
    expect(page.locator(f"{field} .bio-properties-panel-error")).to_contain_text("是不是“number”？", timeout=_PATIENCE)
    expect(page.locator(".feel-try")).to_be_visible()


def test_a_cell_of_a_decision_table_is_tried(visit: Visit) -> None:
    page = visit(DESIGNER)
    draft = opened(page)
    page.goto(f"{draft}?path=processes/commitment/d9_breach_grade.dmn")
    page.wait_for_selector("cogov-dmn[data-ready=true]")
    cell = page.locator("td.input-cell").nth(2)
    cell.click()
    page.keyboard.press("Control+a")
    page.keyboard.type("> 5")
    tried = page.locator(".feel-try")
    expect(tried.locator(".feel-expression")).to_have_text("> 5", timeout=_PATIENCE)
    expect(tried.locator("textarea")).to_have_value(re.compile(r'"\?"'), timeout=_PATIENCE)
    tried.locator("textarea").fill('{"?": 6}')
    tried.get_by_role("button").click()
    expect(tried.locator(".value")).to_contain_text("true", timeout=_PATIENCE)
    tried.locator("textarea").fill('{"?": "a"}')
    tried.get_by_role("button").click()
    expect(tried.locator(".said.warn")).to_contain_text("比较", timeout=_PATIENCE)
