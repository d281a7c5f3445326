"""Running agreements from before: they go on where they stood, under their old number, and can be taken back."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from copy import deepcopy
from datetime import date, datetime
from pathlib import Path
from threading import Barrier
from typing import Any

import pytest

from cogov.cases.world import World
from engine.actor import Actor
from engine.errors import CogovError, Conflict
from engine.store.database import Database
from governance.importers import WorkbookRefused, cases, kinds
from governance.importers.template import template
from governance.importers.workbook import open_workbook
from governance.imports import store
from governance.registers import store as registers
from tests.beginnings import begin
from tests.integration.importers.conftest import MONDAY, SMALL, WriteBook

SAMPLES = Path(__file__).parents[3] / "samples"
KIND = "agreement_five_steps"
OLD = "云桥共建〔2025〕7号"
HEAD = [
    *(["原编号", "共建单位", "所属社区", "共建类别", "办到哪一步", "共建目的", "签约日期", "起始日期", "终止日期"]),
    *(["社区联络人", "单位联络人", "办理经过"]),
]
TERM = [date(2026, 1, 1), date(2026, 12, 31)]
BOOK: dict[str, list[list[Any]]] = {
    "协议": [
        HEAD,
        [
            OLD,
            "海纳文化有限公司",
            "云桥企业社区",
            "文化共建",
            "履约中",
            "丰富居民生活",
            date(2025, 12, 20),
            *TERM,
            "王芳",
            "林晓舟",
            "台账第 7 页",
        ],
    ],
    "承诺": [
        ["协议原编号", "序号", "承诺方", "事项", "责任人", "完成时限", "权重", "履行情况", "完成日期"],
        [OLD, 1, "单位", "每月两次亲子读书会", "林晓舟", date(2026, 6, 30), 60, "未完成", None],
        [OLD, 2, "社区", "提供活动室并组织报名", "孙敏", date(2026, 2, 10), 40, "已完成", date(2026, 2, 1)],
    ],
}


def changed(sheet: str, row: int, column: str, value: Any) -> dict[str, list[list[Any]]]:
    book = deepcopy(BOOK)
    book[sheet][row - 1][book[sheet][0].index(column)] = value
    return book


def rows(world: World, register: str) -> list[registers.Row]:
    with world.app.database.read() as connection:
        lines = world.app.engine.queries.instances(limit=200).items
        found = [row for line in lines for row in registers.rows_of_instance(connection, line.id)]
    return sorted((r for r in found if r.register == register), key=lambda r: r.number or "")


@pytest.fixture
def town(database: Database, tmp_path: Path) -> World:
    """The small community on SQLite and on PostgreSQL."""
    return begin(database, SMALL.read_text("utf8"), MONDAY, tmp_path / "files", area="yunqiao")


def test_a_running_agreement_goes_on_under_its_old_number(town: World, write_book: WriteBook) -> None:
    layout, done = kinds.take_in(town.app, write_book(BOOK), by="liaison_wang")
    town.jobs.run_due()
    assert layout.key == KIND
    assert done.run is not None
    (agreement,) = rows(town, "agreements")
    assert (agreement.number, agreement.state, agreement.unit, agreement.closed) == (OLD, "in_force", "ent_haina", None)
    assert [(r.columns["agreement"], r.state, r.columns["done_at"]) for r in rows(town, "commitments")] == [
        (OLD, "planned", None),
        (OLD, "confirmed", date(2026, 2, 1)),
    ]
    history = town.app.engine.queries.history(agreement.instance).items
    first = next(line for line in history if line.kind == "taken_over")
    assert first.content is not None
    assert first.content["reason"] == "台账第 7 页"
    assert "book.xlsx" in first.content["source"]
    tasks = town.app.engine.queries.tasks_for("unit_liaison_lin", view="mine").items
    assert [t.node for t in tasks] == ["report"]


def test_the_next_own_number_is_not_taken_from_the_kept_one(community: World, write_book: WriteBook) -> None:
    """An old number may look like those of the register itself."""
    same = "GJ-YQ-2026-0001"
    book = {name: [[same if cell == OLD else cell for cell in row] for row in table] for name, table in BOOK.items()}
    kinds.take_in(community.app, write_book(book))
    actor = Actor(person="liaison_wang", name="王芳")
    receipt = community.app.engine.start(KIND, {"unit": "ent_yinwu", "category": "culture"}, actor=actor, area="yunqiao")
    assert receipt.number == "GJ-YQ-2026-0002"


@pytest.mark.parametrize(
    ("sheet", "row", "column", "value", "said"),
    [
        ("协议", 2, "办到哪一步", "已终止", "不在可选范围"),
        ("协议", 2, "共建单位", "没有这家", "既不在本工作簿"),
        ("协议", 2, "签约日期", None, "须填签约日期"),
        ("协议", 2, "签约日期", date(2026, 3, 3), "晚于今天"),
        ("协议", 2, "终止日期", date(2026, 3, 1), "已期满"),
        ("协议", 2, "原编号", None, "缺少原编号"),
        ("承诺", 2, "承诺方", "社区", "双方各须"),
        ("承诺", 2, "协议原编号", "别的号", "既不在本工作簿"),
        ("承诺", 3, "序号", 1, "重复"),
        ("承诺", 3, "完成日期", None, "缺少完成日期"),
        ("承诺", 3, "完成日期", date(2026, 3, 3), "晚于今天"),
        ("承诺", 3, "权重", 0, "大于零"),
    ],
)
def test_a_bad_row_refuses_the_workbook(
    community: World, write_book: WriteBook, sheet: str, row: int, column: str, value: Any, said: str
) -> None:
    with pytest.raises(WorkbookRefused) as caught:
        kinds.take_in(community.app, write_book(changed(sheet, row, column, value)))
    assert any(said in m.what.zh for m in caught.value.mistakes), [m.text("zh") for m in caught.value.mistakes]
    assert community.app.engine.queries.instances(limit=10).items == ()


def test_all_cases_of_a_workbook_or_none(community: World, write_book: WriteBook, monkeypatch: pytest.MonkeyPatch) -> None:
    """When the record of the import cannot be written, no case stays."""

    def fails(*_: Any, **__: Any) -> None:
        raise RuntimeError("the disk is full")

    monkeypatch.setattr("governance.imports.imports.record", fails)
    with pytest.raises(RuntimeError):
        kinds.take_in(community.app, write_book(BOOK))
    assert community.app.engine.queries.instances(limit=10).items == ()
    assert community.jobs.pending == 0


def test_a_number_that_is_there_is_told_as_a_mistake(community: World, write_book: WriteBook) -> None:
    kinds.take_in(community.app, write_book(BOOK))
    with pytest.raises(WorkbookRefused) as caught:
        kinds.take_in(community.app, write_book(changed("协议", 2, "办理经过", "别的经过"), "second.xlsx"))
    assert [m.where for m in caught.value.mistakes] == ["协议!2 A 原编号"]


def test_an_undone_import_ends_its_cases_and_frees_their_numbers(town: World, write_book: WriteBook) -> None:
    path = write_book(BOOK)
    _, done = kinds.take_in(town.app, path)
    town.jobs.run_due()
    assert done.run is not None
    kinds.undo(town.app, done.run.id, by="liaison_wang")
    lines = town.app.engine.queries.instances(limit=10).items
    assert sorted((line.process, line.state) for line in lines) == [
        (KIND, "cancelled"),
        ("commitment", "cancelled"),
        ("commitment", "completed"),
    ]
    for row in [*rows(town, "agreements"), *rows(town, "commitments")]:
        assert row.flags == ["cancelled"]
        assert row.closed is not None
    agreement = next(line for line in lines if line.process == KIND)
    assert "taken_over" in {h.kind for h in town.app.engine.queries.history(agreement.id).items}
    with town.app.database.read() as connection:
        assert store.runs(connection)[0].undone_by == "liaison_wang"
    with pytest.raises(Conflict):
        kinds.undo(town.app, done.run.id)
    kinds.take_in(town.app, path)
    town.jobs.run_due()
    assert [(r.number, r.flags) for r in rows(town, "agreements")] == [(OLD, []), (f"{OLD} ({done.run.id[-8:]})", ["cancelled"])]


def test_an_undo_that_was_interrupted_is_done_again(community: World, write_book: WriteBook) -> None:
    _, done = kinds.take_in(community.app, write_book(BOOK))
    community.jobs.run_due()
    assert done.run is not None
    (agreement,) = rows(community, "agreements")
    community.app.engine.cancel(agreement.instance, "interrupted", actor=Actor(person=None, system=True))
    kinds.undo(community.app, done.run.id)
    assert {line.state for line in community.app.engine.queries.instances(limit=10).items} == {"cancelled", "completed"}


def test_the_template_is_recognised_and_is_empty(community: World, tmp_path: Path) -> None:
    layout = kinds.layout_of(community.app, KIND)
    path = tmp_path / "template.xlsx"
    path.write_bytes(template(layout, kinds.choices(community.app, layout)))
    titles = [s.title for s in open_workbook(path).sheets]
    assert titles[:2] == ["协议", "承诺"]
    with pytest.raises(WorkbookRefused) as caught:
        kinds.take_in(community.app, path)
    assert [(m.sheet, m.what.zh) for m in caught.value.mistakes] == [("协议", "没有内容")]


def test_the_sample_agreements_go_on_after_the_sample_roster(memory: World) -> None:
    memory.clock.move_to(datetime.fromisoformat("2026-11-23T09:00+08:00"))
    memory.prepare({"areas": [], "people": []})
    kinds.take_in(memory.app, SAMPLES / "roster.xlsx")
    kinds.take_in(memory.app, SAMPLES / "agreements.xlsx")
    memory.jobs.run_due()
    states = sorted(r.state for r in rows(memory, "agreements"))
    assert states == ["evaluating", *["in_force"] * 6, "legal_review", "negotiating", "showing"]
    assert len(rows(memory, "commitments")) == 35  # those of the two in talks come when they are signed
    assert memory.app.engine.queries.incidents().items == ()


@pytest.mark.parametrize("same", [True, False], ids=["the same file", "another file with the same number"])
def test_two_imports_at_once_take_a_case_over_once(town: World, write_book: WriteBook, monkeypatch: pytest.MonkeyPatch, same: bool) -> None:
    one = write_book(BOOK, "one.xlsx")
    two = one if same else write_book(changed("协议", 2, "办理经过", "台账第 8 页"), "two.xlsx")
    start, both_checked = cases._start, Barrier(2)

    def begin(*given: Any) -> Any:
        both_checked.wait(30)
        return start(*given)

    monkeypatch.setattr(cases, "_start", begin)

    def take_in(path: Path) -> bool:
        try:
            kinds.take_in(town.app, path)
        except CogovError:
            return False
        return True

    with ThreadPoolExecutor(2) as pool:
        assert sorted(pool.map(take_in, [one, two])) == [False, True]
    assert [row.number for row in rows(town, "agreements")] == [OLD]
