"""The designer in a real browser: every bundled procedure means the same after opening and saving; one is changed, tried and published."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest

pytest.importorskip("playwright.sync_api")
from playwright.sync_api import Browser, Page, expect

from engine.definitions.layout import layout
from governance.designer.meaning import meaning
from tests.browser.conftest import Visit, fits, flaws
from tests.browser.live import served, settled
from tests.town import Town

ROOT = Path(__file__).parents[2]
CAMUNDA = ROOT / "node_modules/camunda-bpmn-js/dist/camunda-cloud-modeler.production.min.js"
BUNDLED = sorted((ROOT / "processes").glob("*/*.bpmn"))
DESIGNER, READER = "office_xu", "legal_zhao"
#: the drawings and their own editors are left to their makers
_OURS = "{exclude: [['.djs-container'], ['.dmn-place'], ['.editing']]}"
_RETYPE = """one => {
  const get = name => one.modeler.get(name);
  const has = e => e.businessObject.extensionElements?.values ?? [];
  const task = get('elementRegistry').filter(e => e.type === 'bpmn:UserTask' && has(e).some(v => v.$type === 'cogov:Deadline'))[0];
  const before = has(task).map(v => v.$type);
  const after = has(get('bpmnReplace').replaceElement(task, { type: 'bpmn:ServiceTask' })).map(v => v.$type);
  get('commandStack').undo();
  return { before, after, id: get('elementFactory').createShape({ type: 'bpmn:UserTask' }).businessObject.id };
}"""
_MOVE = """one => {
  const [task] = one.modeler.get('elementRegistry').filter(e => e.type === 'bpmn:UserTask');
  one.modeler.get('modeling').moveElements([task], { x: 37, y: 0 });
}"""
_PLACES = "one => one.modeler.get('elementRegistry').filter(e => e.width).map(e => [e.id, e.x, e.y])"
_FIRST_OF_EACH = """one => {
  const first = new Map();
  one.modeler.get('elementRegistry').forEach(e => {
    const kind = e.type + (e.businessObject.eventDefinitions?.[0]?.$type ?? '') + (e.businessObject.loopCharacteristics?.$type ?? '');
    if (!e.labelTarget && !first.has(kind)) first.set(kind, e.id);
  });
  return [...first.values()];
}"""
_CAMUNDA_TRIP = """async xml => {
  const { warnings } = await modeler.importXML(xml);
  return [warnings.map(one => one.message), (await modeler.saveXML({ format: true })).xml];
}"""
_FIRST_SERVICE = "one => one.modeler.get('elementRegistry').filter(e => e.type === 'bpmn:ServiceTask')[0].id"
_OPEN_GROUPS = "() => document.querySelectorAll('.bio-properties-panel-group-header:not(.open)').forEach(head => head.click())"

pytestmark = pytest.mark.browser


@pytest.fixture(scope="module")
def town(tmp_path_factory: pytest.TempPathFactory) -> Town:
    return Town(tmp_path_factory.mktemp("designer"))


@pytest.fixture(scope="module")
def address(town: Town) -> Iterator[str]:
    with served(town) as found:
        yield found


@pytest.fixture
def expected() -> str:
    """A refusal is said by the browser as a failed request, too."""
    return "status of (403|404|409|422)"


@pytest.fixture
def heard() -> tuple[str, ...]:
    return ("error", "warning")


def opened(page: Page, key: str) -> str:
    """The editor of a procedure's draft, made if there is none; the address of the draft."""
    page.goto("/procedures")
    row = page.get_by_role("row").filter(has=page.get_by_text(key, exact=True))
    row.get_by_role("button", name=re.compile("^(修改|Edit)")).or_(row.get_by_role("link", name=re.compile("^(继续改|Continue)"))).click()
    page.wait_for_selector("cogov-designer[data-ready=true]")
    return page.url.split("?")[0]


def select(page: Page, element: str) -> None:
    page.eval_on_selector("cogov-designer", "(one, element) => one.goTo({ element })", element)


def saved(page: Page) -> None:
    page.wait_for_function("() => !document.querySelector('cogov-designer').file.dirty")
    expect(page.locator("[data-part=saved]")).to_contain_text(re.compile("已保存|Saved"))


def has_no_faults(page: Page) -> None:
    """axe finds nothing; the drawings and their own editors are left to their makers."""
    faults = flaws(page, "{runOnly: ['wcag2a', 'wcag2aa', 'wcag21aa', 'wcag22aa']}", _OURS)
    assert not faults, faults


def test_every_bundled_procedure_means_the_same_after_it_was_opened_and_saved(visit: Visit) -> None:
    page = visit(DESIGNER)
    opened(page, BUNDLED[0].parent.name)
    different, warned = [], []
    for path in BUNDLED:
        source = path.read_text("utf8")
        warnings, written = page.eval_on_selector(
            "cogov-designer", "async (one, xml) => [(await one.load(xml)).map(w => w.message), await one.text()]", source
        )
        warned += [(path.name, text) for text in warnings]
        if meaning(written) != meaning(source):
            different.append(path.name)
    assert not warned
    assert not different


def test_the_modeler_of_camunda_reads_every_bundled_procedure_without_a_warning_and_keeps_its_meaning(chromium_browser: Browser) -> None:
    page = chromium_browser.new_page()
    page.set_content('<div id="canvas"></div>')
    page.add_script_tag(path=str(CAMUNDA))
    page.evaluate("() => { window.modeler = new window.BpmnModeler({ container: '#canvas' }); }")
    for path in BUNDLED:
        source = path.read_bytes()
        warnings, written = page.evaluate(_CAMUNDA_TRIP, layout(source).decode())
        assert not warnings, path.name
        assert meaning(written) == meaning(source), path.name
    page.close()


def test_a_changed_type_keeps_what_fits_and_new_elements_have_readable_ids(visit: Visit) -> None:
    page = visit(DESIGNER)
    opened(page, "commitment")
    made = page.eval_on_selector("cogov-designer", _RETYPE)
    assert {"cogov:Deadline", "zeebe:FormDefinition"} <= set(made["before"])
    assert "cogov:Deadline" in made["after"]
    assert "zeebe:FormDefinition" not in made["after"]
    assert re.fullmatch(r"task_\d+", made["id"])


def test_tidying_up_is_one_step_that_can_be_undone(visit: Visit) -> None:
    page = visit(DESIGNER)
    opened(page, "commitment")
    before = page.eval_on_selector("cogov-designer", _PLACES)
    page.eval_on_selector("cogov-designer", _MOVE)
    moved = page.eval_on_selector("cogov-designer", _PLACES)
    assert moved != before
    page.get_by_role("button", name="整理版面").click()
    expect(page.locator("[data-part=saved]")).to_contain_text("版面已整理")
    assert page.eval_on_selector("cogov-designer", _PLACES) == before
    page.get_by_role("button", name="撤销", exact=True).click()
    assert page.eval_on_selector("cogov-designer", _PLACES) == moved


def test_the_panel_speaks_chinese(visit: Visit) -> None:
    page = visit(DESIGNER)
    opened(page, BUNDLED[0].parent.name)
    for element in page.eval_on_selector("cogov-designer", _FIRST_OF_EACH):
        select(page, element)
        expect(page.locator(".bio-properties-panel-header")).to_be_visible()
        page.evaluate(_OPEN_GROUPS)
    page.locator(".djs-palette").wait_for()
    missing = page.eval_on_selector("cogov-designer", "one => one.untranslated")
    assert missing == []


def test_a_procedure_is_changed_checked_tried_compared_and_published(town: Town, visit: Visit) -> None:
    page = visit(DESIGNER)
    draft = opened(page, "agreement_five_steps")
    select(page, "review")
    page.get_by_label("英文名称").fill("Legal check")
    page.locator("[data-group-id=group-cogov-deadline] .bio-properties-panel-group-header").click()
    page.get_by_label("期限", exact=True).fill("5WD")
    expect(page.get_by_text("5 个工作日：当天不算")).to_be_visible()
    saved(page)
    expect(page.locator("[data-part=counts]")).to_contain_text("可以发布", timeout=30_000)
    has_no_faults(page)

    page.get_by_role("link", name="试跑").click()
    page.wait_for_selector("cogov-sandbox[data-ready=true]")
    page.get_by_role("button", name="发起", exact=True).click()
    expect(page.locator("summary", has_text="拟共建意向")).to_be_visible(timeout=30_000)
    has_no_faults(page)
    page.get_by_role("button", name="过 1 个工作日").click()
    expect(page.locator(".clockbar b")).to_contain_text("3月3日", timeout=30_000)
    page.get_by_role("button", name="撤回上一步").click()
    expect(page.locator(".clockbar b")).to_contain_text("3月2日", timeout=30_000)

    page.get_by_role("link", name="比较并发布").click()
    page.wait_for_selector("cogov-diff[data-ready=true]")
    changes = page.locator(".changes li")
    expect(changes).to_have_count(1)
    expect(changes).to_contain_text("Legal check")
    expect(changes).to_contain_text("5WD")
    has_no_faults(page)
    page.get_by_label("改动说明").fill("审查改为五个工作日")
    page.get_by_role("button", name="发布", exact=True).click()
    expect(page.get_by_text("已发布第 2 版")).to_be_visible(timeout=30_000)

    page.goto("/procedures")
    expect(page.get_by_role("row").filter(has=page.get_by_text("agreement_five_steps", exact=True))).to_contain_text("第 2 版")
    has_no_faults(page)
    model = town.app.engine.queries.process("agreement_five_steps")
    assert model.nodes["review"].name.en == "Legal check"
    deadline = model.nodes["review"].deadline
    assert deadline is not None
    assert deadline.limit == "5WD"
    assert page.goto(draft).status == 404  # type: ignore[union-attr]


def test_two_designers_of_one_file_see_both_versions(visit: Visit) -> None:
    mine, theirs = visit(DESIGNER), visit("admin")
    opened(mine, "sp_archive")
    opened(theirs, "sp_archive")
    for page, name in ((theirs, "Theirs"), (mine, "Mine")):
        select(page, page.eval_on_selector("cogov-designer", _FIRST_SERVICE))
        page.get_by_label("英文名称").fill(name)
        if page is theirs:
            saved(page)
    dialog = mine.get_by_role("dialog")
    expect(dialog).to_contain_text("系统管理员")
    expect(dialog.locator(".new")).to_contain_text(["Mine"])
    expect(dialog.locator(".gone")).to_contain_text(["Theirs"])
    dialog.get_by_role("button", name="保存我的").click()
    saved(mine)


def test_a_rule_with_a_finding_has_a_bar_beside_it(visit: Visit) -> None:
    page = visit(DESIGNER)
    draft = opened(page, "commitment")
    page.goto(f"{draft}?path=processes/commitment/d9_breach_grade.dmn")
    page.wait_for_selector("cogov-dmn[data-ready=true]")
    bar = "id => getComputedStyle(document.querySelector(`td.rule-index[data-row-id=${id}]`)).boxShadow"
    marks = "(one, found) => one.found(found.map(([element, severity]) => ({ file: one.handed.path, element, severity })))"
    first, second = "d9_breach_grade_rule_1", "d9_breach_grade_rule_2"
    page.wait_for_selector(f"td.rule-index[data-row-id={first}]")
    assert page.evaluate(bar, second) == "none"
    page.eval_on_selector("cogov-dmn", marks, [[second, "warning"], [first, "info"]])
    warned = page.evaluate(bar, second)
    assert "inset" in warned
    assert page.evaluate(bar, first) == "none"
    page.eval_on_selector("cogov-dmn", marks, [[second, "error"], [second, "warning"]])
    assert page.evaluate(bar, second) not in (warned, "none")
    page.eval_on_selector("cogov-dmn", marks, [])
    assert page.evaluate(bar, second) == "none"


def test_forms_and_tables_are_edited_with_everything_of_ours_kept(visit: Visit) -> None:
    page = visit(DESIGNER)
    draft = opened(page, "commitment")
    table = (ROOT / "processes/commitment/d9_breach_grade.dmn").read_text("utf8")
    page.goto(f"{draft}?path=processes/commitment/d9_breach_grade.dmn")
    page.wait_for_selector("cogov-dmn[data-ready=true]")
    written = page.eval_on_selector("cogov-dmn", "one => one.text()")
    assert written.count("cogov:text") == table.count("cogov:text") > 0
    decision, refused = page.get_by_role("group", name="决策"), page.get_by_role("group", name="输入 1")
    expect(refused.get_by_label("英文名称")).to_have_value("Refuses")
    refused.get_by_label("英文名称").fill("Will not do it")
    refused.get_by_label("中文名称").fill("拒不履行")
    decision.get_by_label("英文说明").fill("How bad a breach is.")
    page.get_by_role("group", name="输出 1").get_by_label("英文名称").fill("")
    expect(page.locator("cogov-dmn .dmn-place")).to_contain_text("拒不履行")
    expect(page.locator("[data-part=saved]")).to_contain_text("已保存")
    written = page.eval_on_selector("cogov-dmn", "one => one.text()")
    assert '<cogov:text lang="en" name="Will not do it" />' in written
    assert 'name="Breach grade">How bad a breach is.</cogov:text>' in written
    assert written.count("cogov:text") == table.count("cogov:text") - 1
    has_no_faults(page)

    path = next(f for f in sorted((ROOT / "forms/commitment").glob("*.form.json"))).relative_to(ROOT)
    page.goto(f"{draft}?path={path}")
    page.wait_for_selector("cogov-form-editor[data-ready=true]")
    page.locator(".fjs-element[data-id^=f_]").nth(1).click()
    page.get_by_label("英文标签").fill("A new label")
    page.wait_for_function("() => document.querySelector('cogov-form-editor').text().includes('A new label')")
    expect(page.locator("[data-part=saved]")).to_contain_text("已保存")
    page.get_by_role("button", name="英文预览").click()
    expect(page.locator(".previewing")).to_contain_text("A new label")


def test_a_diagram_that_cannot_be_read_is_mended_as_text(visit: Visit) -> None:
    page = visit(DESIGNER, quiet=False)
    draft = opened(page, "sp_score")
    page.goto(f"{draft}?as=text")
    page.wait_for_selector("cogov-text-editor[data-ready=true]")
    area = page.locator("textarea")
    whole = area.input_value()
    area.fill(whole.replace("</bpmn:definitions>", ""))
    expect(page.locator("[data-part=counts]")).to_contain_text("改正错误后才能发布", timeout=30_000)
    page.goto(draft)
    expect(page.get_by_role("alert")).to_contain_text("打不开")
    page.get_by_role("link", name="按文字编辑").click()
    page.wait_for_selector("cogov-text-editor[data-ready=true]")
    page.locator("textarea").fill(whole)
    expect(page.locator("[data-part=counts]")).to_contain_text("可以发布", timeout=30_000)


def test_who_may_not_design_sees_the_library_only(visit: Visit) -> None:
    page = visit(READER)
    page.goto("/procedures")
    expect(page.get_by_role("heading", level=1)).to_have_text("流程库")
    expect(page.get_by_role("button", name=re.compile("^修改"))).to_have_count(0)
    assert page.goto("/designer/new").status == 403  # type: ignore[union-attr]


@pytest.mark.parametrize("language", ["zh", "en"])
def test_on_a_phone_one_can_look_check_and_try(visit: Visit, language: str) -> None:
    page = visit(DESIGNER, phone=True, language=language, dark=language == "en")
    draft = opened(page, "sp_rectify")
    assert fits(page)
    expect(page.locator(".phone-note")).to_be_visible()
    expect(page.locator("[data-part=counts]")).to_contain_text(re.compile("可以发布|can be published"), timeout=30_000)
    page.goto(f"{draft}/try")
    page.wait_for_selector("cogov-sandbox[data-ready=true]")
    settled(page)
    assert fits(page)
    has_no_faults(page)
    page.goto("/procedures")
    assert fits(page)


@pytest.mark.parametrize("phone", [False, True], ids=["desk", "phone"])
def test_publishing_waits_until_each_lowered_protection_is_confirmed(visit: Visit, town: Town, phone: bool) -> None:
    page = visit(DESIGNER, phone=phone)
    key = "sp_score" if phone else "sp_sign"
    draft, path = opened(page, key).rpartition("/")[2], f"processes/{key}/{key}.bpmn"
    designer = town.browser(DESIGNER)
    file = f"/api/v1/designer/drafts/{draft}/files/{path}"
    text, revision = designer.get(file).json["text"], designer.get(f"/api/v1/designer/drafts/{draft}").json["revision"]
    lowered, count = re.subn(r'<cogov:access class="\w+"[^/]*/>', '<cogov:access class="public"/>', text, count=1)
    assert count == 1
    assert designer.send(file, {"text": lowered, "revision": revision}, method="PUT").status_code == 200
    page.goto(f"/designer/{draft}/compare")
    page.wait_for_selector("cogov-diff[data-ready=true]")
    panel = page.locator(".lowered")
    expect(panel.get_by_role("heading")).to_have_text("保护降低")
    expect(panel.locator("li").first).to_contain_text("→ 公开")
    has_no_faults(page)
    page.get_by_role("button", name="发布", exact=True).click()
    expect(page.get_by_role("alert")).to_contain_text("没有确认")
    expect(panel.get_by_role("checkbox").first).to_be_focused()
    for box in panel.get_by_role("checkbox").all():
        box.check()
    page.get_by_role("button", name="发布", exact=True).click()
    expect(page.get_by_text("已发布第 2 版")).to_be_visible(timeout=30_000)
