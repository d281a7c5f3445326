"""Issuing: numbers without gaps, versions, frozen bytes, seals. On SQLite and on PostgreSQL where locks matter."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from threading import Barrier
from typing import Any

import pytest

from engine.actor import Actor
from engine.errors import Forbidden, NotFound
from engine.store import instances
from engine.store.database import Database
from governance.desk import papers
from governance.papers import store
from governance.papers.contents import ContentLost
from governance.papers.papers import PaperRefused
from governance.papers.pdf import PdfUnavailable
from tests.pdf_text import text_of
from tests.town import Town
from tests.walk import Agreement

PAPER = "agreement_text"
WANG = Actor(person="liaison_wang", name="王芳")
ZHAO = Actor(person="legal_zhao", name="赵")


@pytest.fixture
def agreement(tmp_path: Path) -> Agreement:
    return Agreement(Town(tmp_path)).to_review()


@pytest.fixture
def anywhere(tmp_path: Path, database_url: str, open_database: Callable[[str], Database]) -> Agreement:
    """On SQLite and on PostgreSQL."""
    return Agreement(Town(tmp_path, open_database(database_url))).to_review()


def issue(agreement: Agreement, actor: Actor = WANG, **more: Any) -> list[dict[str, Any]]:
    return papers.issue(agreement.town.app, actor, agreement.instance, PAPER, **more)


def test_a_paper_is_numbered_when_it_is_issued_not_when_it_is_previewed(agreement: Agreement) -> None:
    app = agreement.town.app
    papers.preview(app, WANG, agreement.instance, PAPER)
    (line,) = [p for p in papers.listed(app, WANG, agreement.instance) if p.key == PAPER]
    assert (line.number, line.issued, line.missing) == (None, [], ())
    made = issue(agreement)
    assert [(m["language"], m["version"], m["number"], m["changed"]) for m in made] == [
        ("zh", 1, "YQ共建〔2026〕1号", True),
        ("en", 1, "YQ共建〔2026〕1号", True),
    ]
    assert (made[0]["person"], made[0]["mandate_zh"]) == ("liaison_wang", "云桥企业社区 社工")


def test_issuing_again_changes_nothing_until_the_case_has_changed(agreement: Agreement) -> None:
    app = agreement.town.app
    first = issue(agreement)[0]
    again = issue(agreement)[0]
    assert (again["id"], again["changed"]) == (first["id"], False)
    frozen = papers.docx(app, WANG, agreement.instance, PAPER).content
    _change_terms(agreement, "退出条款改为六十日。退出须书面提出，未完承诺另行协商。")
    second = issue(agreement)[0]
    assert (second["version"], second["number"], second["changed"]) == (2, first["number"], True)
    assert papers.docx(app, WANG, agreement.instance, PAPER, version=1).content == frozen
    assert papers.docx(app, WANG, agreement.instance, PAPER).content != frozen
    (line,) = [p for p in papers.listed(app, WANG, agreement.instance) if p.key == PAPER]
    assert [(i.language, i.version, i.newest) for i in line.issued] == [
        ("zh", 2, True), ("en", 2, True), ("zh", 1, False), ("en", 1, False),
    ]  # fmt: skip


def test_two_who_issue_at_once_get_numbers_without_gaps_and_never_the_same(anywhere: Agreement) -> None:
    town = anywhere.town
    cases = [anywhere, *(Agreement(town).to_review() for _ in range(3))]
    barrier = Barrier(8)

    def press(case: Agreement) -> dict[str, Any]:
        barrier.wait()
        return issue(case)[0]

    with ThreadPoolExecutor(8) as pool:
        made = list(pool.map(press, cases * 2))
    assert sorted({m["number"] for m in made}) == [f"YQ共建〔2026〕{n}号" for n in range(1, 5)]
    assert {m["version"] for m in made} == {1}
    assert sum(m["changed"] for m in made) == 4


def test_fifty_presses_at_the_same_moment_issue_one_paper_and_nobody_waits_in_vain(anywhere: Agreement) -> None:
    barrier = Barrier(50)

    def press(_: int) -> dict[str, Any]:
        barrier.wait()
        return issue(anywhere)[0]

    with ThreadPoolExecutor(50) as pool:
        made = list(pool.map(press, range(50)))
    assert {m["number"] for m in made} == {"YQ共建〔2026〕1号"}
    assert sum(m["changed"] for m in made) == 1


def test_an_issue_that_fails_takes_no_number(agreement: Agreement, monkeypatch: pytest.MonkeyPatch) -> None:
    def lost(*_: Any) -> None:
        raise RuntimeError("the power went out")

    with monkeypatch.context() as broken:
        broken.setattr(store, "insert", lost)
        with pytest.raises(RuntimeError):
            issue(agreement)
    assert issue(agreement)[0]["number"] == "YQ共建〔2026〕1号"


def test_values_that_are_missing_are_named_and_only_those_who_may_issue(agreement: Agreement) -> None:
    with pytest.raises(Forbidden):
        issue(agreement, ZHAO)
    with pytest.raises(NotFound):
        papers.issue(agreement.town.app, WANG, agreement.instance, "no_such_paper")
    _change_terms(agreement, None)
    (line,) = [p for p in papers.listed(agreement.town.app, WANG, agreement.instance) if p.key == PAPER]
    assert [m.en for m in line.missing] == ["exit clause"]
    with pytest.raises(PaperRefused, match="退出条款"):
        issue(agreement)


def test_the_seal_holds_until_one_byte_is_changed(agreement: Agreement) -> None:
    app = agreement.town.app
    row = issue(agreement)[0]
    pdf = _pdf(agreement)
    assert papers.pdf(app, WANG, agreement.instance, PAPER).content == pdf
    check = app.seals.check(pdf, at=app.clock.now())
    assert (check.sealed, check.intact, check.whole, check.ours) == (True, True, True, True)
    assert check.at == app.clock.now()
    place = pdf.index(b"stream") + 30
    changed = app.seals.check(pdf[:place] + bytes([pdf[place] ^ 1]) + pdf[place + 1 :], at=app.clock.now())
    assert (changed.sealed, changed.intact, changed.good) == (True, False, False)
    added = app.seals.check(pdf + b"\n%more", at=app.clock.now())
    assert (added.intact, added.whole, added.good) == (True, False, False)
    assert not app.seals.check(b"%PDF-1.7 nothing", at=app.clock.now()).sealed
    with agreement.town.database.read() as connection:
        stored = store.by_id(connection, row["id"])
    assert stored is not None
    assert stored["sealed"] != stored["pdf"]


def test_the_pdf_says_what_the_docx_says(agreement: Agreement) -> None:
    row = issue(agreement)[0]
    text = text_of(_pdf(agreement))
    for words in ("共驻共建协议书", "YQ共建〔2026〕1号", "海纳文化有限公司", "伍仟元整", "提供周末活动场地四场", row["code"]):
        assert words in text, words


def test_a_stored_file_that_was_changed_is_not_given_out(agreement: Agreement) -> None:
    app = agreement.town.app
    row = issue(agreement)[0]
    path = app.papers.contents._folder.path(row["docx"])
    path.write_bytes(path.read_bytes() + b"x")
    with pytest.raises(ContentLost):
        papers.docx(app, WANG, agreement.instance, PAPER)


def _pdf(agreement: Agreement) -> bytes:
    try:
        return papers.pdf(agreement.town.app, WANG, agreement.instance, PAPER).content
    except PdfUnavailable as missing:
        pytest.skip(str(missing))


def _change_terms(agreement: Agreement, exit_clause: str | None) -> None:
    """The case's data as another step would change them."""
    with agreement.town.database.write() as connection:
        row = instances.lock(connection, agreement.instance)
        terms = instances.variables(connection, row)[row.root]["terms"]
        instances.save_variables(connection, row.id, {(row.root, "terms"): {**terms, "exit_clause": exit_clause}}, [], [], {})
