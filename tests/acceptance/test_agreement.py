"""The agreement from its start to its end, over HTTP, by the people it concerns."""

from __future__ import annotations

from datetime import timedelta

from tests.acceptance.pages import block, links, row_of, slug_of
from tests.walk import CLAUSES, Agreement


def test_the_agreement_is_carried_from_intention_to_archive(agreement: Agreement) -> None:
    agreement.to_end()
    case = agreement.town.app.engine.queries.instance(agreement.instance)
    assert case.line.state == "completed"
    assert not case.incidents
    assert len(agreement.seen) > 60


def test_every_link_of_every_page_leads_somewhere(agreement: Agreement) -> None:
    agreement.to_evaluation()
    browser = agreement.browser("liaison_wang")
    row = row_of(agreement)
    pages = [
        "/inbox", "/inbox?view=candidate", "/inbox?view=done", "/inbox?view=started", "/start", "/procedures", "/notices", "/account",
        f"/cases/{agreement.instance}", "/registers/agreements", "/registers/agreements/table", f"/registers/agreements/{row}",
        "/search?q=GJ", "/public", f"/public/{slug_of(agreement)}",
    ]  # fmt: skip
    found = set().union(*(links(browser.page(path)) for path in pages))
    assert len(found) > 30
    for path in sorted(found):
        with browser.get(path) as answer:
            assert answer.status_code in (200, 302), path


def test_the_outcome_says_what_was_done_who_is_next_and_until_when(agreement: Agreement) -> None:
    agreement.to_review()
    page = agreement.browser("liaison_wang").page("/inbox")
    assert 'role="status"' not in page  # it was shown once, on the page after the act
    answer = agreement.browser("legal_zhao")
    task = agreement.town.task("review", "legal_zhao", agreement.instance)
    rows = [{"check": c["code"], "ok": False, "note": "请补充说明"} for c in agreement.town.app.engine.queries.codes()["review_check"]]
    data = {"checks": rows, "opinion": "revise", "note": "条款一请写明开放的时段"}
    sent = answer.send(f"/tasks/{task.id}/complete", {"data": data})
    assert sent.status_code == 200, sent.text
    after = answer.page(sent.get_json()["redirect"])
    assert "已办：合规审查" in after
    assert "王芳" in after


def test_after_an_act_ones_own_next_task_is_opened(agreement: Agreement) -> None:
    browser = agreement.browser("liaison_wang")
    answer = browser.send("/start/agreement_five_steps", {"data": {}, "area": "yunqiao"})
    task = agreement.town.task("draft_intention", "liaison_wang", answer.get_json()["instance"])
    assert answer.get_json()["redirect"] == f"/tasks/{task.id}"


def test_the_case_page_tells_where_it_stands_in_words_and_in_the_picture(busy: Agreement) -> None:
    page = busy.browser("liaison_wang").page(f"/cases/{busy.instance}")
    assert "签署" in page
    assert "李海" in page
    state = block(page, "diagram-state")
    assert state["tokens"]["sign"] == 1
    assert state["passed"]["draft_intention"] == 1
    xml = busy.browser("liaison_wang").page(f"/cases/{busy.instance}/diagram.bpmn")
    assert "BPMNShape" in xml
    assert 'id="sign"' in xml


def test_the_board_has_the_agreement_in_its_stage_and_the_table_finds_it(shown: Agreement) -> None:
    browser = shown.browser("liaison_wang")
    number = shown.town.app.engine.queries.instance(shown.instance).line.number
    assert str(number) in browser.page("/registers/agreements")
    assert str(number) in browser.page("/registers/agreements/table", q="停车场")
    assert str(number) not in browser.page("/registers/agreements/table", q="没有这样的事")
    assert str(number) in browser.page("/search", q=str(number)[-6:])


def test_the_record_shows_columns_commitments_text_signatures_and_publicity(shown: Agreement) -> None:
    page = shown.browser("liaison_wang").page(f"/registers/agreements/{row_of(shown)}")
    for text in ("海纳文化有限公司", CLAUSES[0]["title"], "党组织书记", "已签", "现场", "收到异议 0 件", "5,000.00"):
        assert text in page, text


def test_the_record_shows_scores_and_the_certificate_of_publicity(agreement: Agreement) -> None:
    agreement.to_rating()
    page = agreement.browser("liaison_wang").page(f"/registers/agreements/{row_of(agreement)}")
    assert "综合得分" in page
    assert "公示 7 个自然日" in page


def test_registers_are_exported_as_workbook_and_as_text(shown: Agreement) -> None:
    browser = shown.browser("secretary_chen")
    workbook = browser.get("/registers/agreements/export.xlsx")
    assert workbook.data[:2] == b"PK"
    sheet = browser.get("/registers/agreements/export.csv").get_data(as_text=True)
    assert "海纳文化有限公司" in sheet


def test_a_frozen_text_can_be_read_by_its_parties(busy: Agreement) -> None:
    with busy.town.database.read() as connection:
        document = busy.town.app.documents.of_instance(connection, busy.instance)[0]["document"]
    page = busy.browser("unit_li").page(f"/documents/{document}", instance=busy.instance)
    assert "周末开放停车场二十个车位" in page


def test_commitments_are_cases_of_their_own_that_know_the_agreement(agreement: Agreement) -> None:
    agreement.to_performance()
    browser = agreement.browser("unit_liaison_lin")
    child = agreement.town.task("report", "unit_liaison_lin").instance
    assert f"/cases/{agreement.instance}" in links(browser.page(f"/cases/{child}"))
    assert f"/cases/{child}" in links(browser.page(f"/cases/{agreement.instance}"))


def test_reminders_reach_the_notices_and_lead_to_the_task(agreement: Agreement) -> None:
    agreement.to_performance()
    agreement.town.wait(timedelta(days=48))
    browser = agreement.browser("unit_liaison_lin")
    assert ">未读<" in browser.page("/notices")
    opened = next(path for path in links(browser.page("/notices")) if path.endswith("/open"))
    assert browser.get(opened).status_code == 302
    browser.post("/notices/read")
    assert ">未读<" not in browser.page("/notices")
