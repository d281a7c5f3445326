"""Papers over HTTP: who may have which, what a download is called, the verification page."""

from __future__ import annotations

import io
import re

import pytest
from werkzeug.test import TestResponse

from governance.papers import pdf as printer
from tests.acceptance.pages import has_han, row_of, texts
from tests.town import Browser
from tests.walk import Agreement

PAPER = "agreement_text"


@pytest.fixture(scope="module")
def issued(busy: Agreement) -> Agreement:
    """The agreement's text was issued by the community's worker."""
    answer = busy.browser("liaison_wang").post(f"/cases/{busy.instance}/papers/{PAPER}/issue")
    assert answer.status_code == 302, answer.text
    busy.town.world.jobs.run_due()
    return busy


def path(agreement: Agreement, form: str = "docx", **query: str) -> str:
    asked = "&".join(f"{k}={v}" for k, v in query.items())
    return f"/cases/{agreement.instance}/papers/{PAPER}.{form}" + (f"?{asked}" if asked else "")


def code_of(agreement: Agreement) -> str:
    found = re.search(r"/verify/(\w+)", agreement.browser("liaison_wang").page(f"/cases/{agreement.instance}"))
    assert found is not None
    return found[1]


def test_the_case_page_shows_the_paper_with_number_and_files(issued: Agreement) -> None:
    shown = issued.browser("liaison_wang").page(f"/cases/{issued.instance}")
    for text in ("共驻共建协议书", "YQ共建〔2026〕1号", "第 1 版", "按现在的内容重新签发"):
        assert text in shown, text
    assert "YQ共建〔2026〕1号" in issued.browser("liaison_wang").page(f"/registers/agreements/{row_of(issued)}")
    english = issued.town.browser("liaison_wang", language="en").page(f"/cases/{issued.instance}")
    panel = english[english.index('id="papers"') : english.index('id="diagram"')]
    foreign = [t for t in texts(f"<div>{panel}</div>") if has_han(t)]
    # the number is the paper's own, names of people are not translated
    assert [t for t in foreign if "共建〔2026〕" not in t and "王芳" not in t] == []


def test_a_download_has_its_type_and_a_safe_name(issued: Agreement) -> None:
    answer = issued.browser("liaison_wang").get(path(issued))
    assert answer.status_code == 200
    assert answer.mimetype.endswith("wordprocessingml.document")
    disposition = answer.headers["Content-Disposition"]
    assert disposition.startswith("attachment; filename=\"paper.docx\"; filename*=UTF-8''%E5%85%B1")
    assert disposition.isascii()
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert "no-store" in answer.headers["Cache-Control"]
    assert answer.data[:2] == b"PK"


def test_the_parties_and_staff_may_have_it_and_nobody_else(issued: Agreement) -> None:
    town, paths = issued.town, [path(issued), path(issued, preview="1"), f"/api/v1/instances/{issued.instance}/papers/{PAPER}.docx"]
    for person in ("unit_li", "unit_liaison_lin", "secretary_chen"):
        assert [town.browser(person).get(p).status_code for p in paths] == [200, 200, 200], person
    for person in ("head_xie", "liaison_he", "resident_feng", "stranger_dong"):
        assert [town.browser(person).get(p).status_code for p in paths] == [404, 404, 404], person
    assert [town.browser().get(p).status_code for p in paths] == [302, 302, 401]


def test_only_those_the_paper_names_may_issue_it(issued: Agreement) -> None:
    where = f"/cases/{issued.instance}/papers/{PAPER}/issue"
    legal = issued.town.browser("legal_zhao")
    assert legal.post(where).status_code in (403, 404)
    assert where not in legal.get(f"/cases/{issued.instance}").text
    # without the page's token nothing is issued
    assert issued.browser("liaison_wang").client.post(where).status_code == 400


def test_addresses_that_mean_nothing_are_not_found(issued: Agreement) -> None:
    browser = issued.browser("liaison_wang")
    for wrong in (
        path(issued, version="9"), path(issued, version="x"), path(issued, language="fr"), path(issued, scope="other"),
        f"/cases/{issued.instance}/papers/../../secret-key.docx", f"/cases/{issued.instance}/papers/nothing.pdf",
    ):  # fmt: skip
        assert browser.get(wrong).status_code in (400, 404), wrong


def test_the_api_lists_and_issues(issued: Agreement) -> None:
    browser = issued.browser("liaison_wang")
    where = f"/api/v1/instances/{issued.instance}/papers"
    (line,) = [p for p in browser.get(where).get_json() if p["paper"] == PAPER]
    assert (line["number"], line["missing"], line["mandate"]["selector"]) == ("YQ共建〔2026〕1号", [], "role:community_worker@yunqiao")
    again = browser.send(f"{where}/{PAPER}/issue", {"language": "zh"}).get_json()
    assert [(v["version"], v["changed"]) for v in again] == [(1, False)]
    assert browser.send(f"{where}/{PAPER}/issue", {"language": "fr"}).status_code == 422
    assert issued.town.browser().get(where).status_code == 401


def test_anyone_with_the_code_learns_that_it_is_genuine_and_nothing_of_what_it_says(issued: Agreement) -> None:
    shown = issued.town.browser().page(f"/verify/{code_of(issued)}")
    for text in ("由本系统签发，存档完好", "共驻共建协议书", "YQ共建〔2026〕1号", "第十三条", "不具有", "sha256:"):
        assert text in shown, text
    for secret in ("开放停车场", "海纳", "林晓舟", "王芳", "5,000"):
        assert secret not in shown, secret
    assert issued.town.browser().get(f"/verify/{code_of(issued)}.pdf").status_code == 404


def test_a_code_is_found_however_it_is_typed_and_a_wrong_one_is_told(issued: Agreement) -> None:
    browser, code = issued.town.browser(), code_of(issued)
    grouped = " ".join(code[i : i + 4] for i in range(0, 20, 4)).lower()
    assert browser.get("/verify", code=grouped).headers["Location"].endswith(code)
    assert "没有这个核验码" in browser.page("/verify", code="AAAA")
    assert browser.get("/verify/AAAA").status_code == 404


def test_a_file_is_compared_with_the_issued_one(issued: Agreement) -> None:
    answer = issued.browser("liaison_wang").get(path(issued, "pdf"))
    if answer.status_code == 503:
        pytest.skip("no PDF on this machine")
    original = answer.data
    assert "一致：就是签发的文件" in _compare(issued, original).text
    place = original.index(b"stream") + 30
    changed = original[:place] + bytes([original[place] ^ 1]) + original[place + 1 :]
    assert "带有加封，但不是签发的原件" in _compare(issued, changed).text
    assert "不是签发的文件" in _compare(issued, b"another file").text
    assert _compare(issued, b"").status_code == 422


def test_a_machine_without_pango_says_what_is_missing(issued: Agreement, monkeypatch: pytest.MonkeyPatch) -> None:
    def missing() -> None:
        raise printer.PdfUnavailable(OSError("cannot load library 'pango'"))

    monkeypatch.setattr(printer, "_weasyprint", missing)
    answer = issued.browser("liaison_wang").get(path(issued, "pdf", preview="1"))
    assert answer.status_code == 503
    assert "libpango" in answer.text
    assert issued.browser("liaison_wang").get(path(issued, preview="1")).status_code == 200


def _compare(agreement: Agreement, content: bytes) -> TestResponse:
    browser: Browser = agreement.town.browser()
    return browser.post(f"/verify/{code_of(agreement)}", {"file": (io.BytesIO(content), "mine.pdf")})
