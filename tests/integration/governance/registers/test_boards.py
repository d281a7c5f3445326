"""Boards, tables, record pages, figures and exports are the same for every register."""

from __future__ import annotations

import csv
import io
from dataclasses import replace
from datetime import UTC, date, timedelta
from decimal import Decimal

import pytest
from openpyxl import load_workbook

from engine.errors import NotFound
from governance.directory.may import Reach
from governance.registers import export, store
from governance.registers.boards import Boards
from governance.registers.declarations import Declarations
from governance.registers.rows import Filters, Move
from governance.registers.store import CursorInvalid
from tests.integration.governance.registers.conftest import NOW
from tests.integration.governance.registers.test_register_access import reach
from tests.integration.governance.services.conftest import WALKS

PUBLIC = Reach(person=None, at=NOW)
SYSTEM = Reach(person=None, at=NOW, system=True)
DAY = timedelta(days=1)


@pytest.fixture
def boards():
    return Boards(
        Declarations.fixed(WALKS),
        names=lambda _c, ids, _at: {i: "启明光学" for i in ids if i == "ent_a"},
        panels={"documents": lambda _c, instance, _at: [{"title": f"协议 {instance}"}]},
    )


def look(database, query, *args, **more):
    with database.read() as connection:
        return query(connection, *args, **more)


def test_a_board_counts_what_the_viewer_may_see_and_shows_the_cards_moved_last(database, put, boards):
    for n in range(4):
        put(moved=NOW + n * DAY)
    put(access="staff", area="c1")
    put(state="done", stage="go", closed=NOW, unit="ent_a", flags=["late_start"])
    board = look(database, boards.board, "walks", PUBLIC, NOW + 10 * DAY, per_stage=2)
    assert [(s.key, s.name.zh, s.count) for s in board.stages] == [("talk", "商量", 4), ("go", "行走", 1)]
    assert [c.title for c in board.stages[0].cards] == ["散步 4", "散步 3"]
    assert board.stages[0].cards[0].days == 7
    (card,) = board.stages[1].cards
    assert (card.unit, card.state.en, card.tone, [f.zh for f in card.flags]) == ("启明光学", "Done", "ok", ["出发晚"])
    assert board.total == 5


def test_an_unknown_register_is_not_found(database, boards):
    with pytest.raises(NotFound):
        look(database, boards.board, "rides", PUBLIC, NOW)


@pytest.mark.parametrize(
    ("filters", "titles"),
    [
        ({"state": "done"}, ["三"]),
        ({"stage": "talk"}, ["一", "二"]),
        ({"area": "c1"}, ["一"]),
        ({"unit": "ent_a"}, ["二"]),
        ({"unit": "ent_b"}, ["三"]),
        ({"text": "二"}, ["二"]),
        ({"text": "SB-003"}, ["三"]),
        ({"text": "%"}, []),
        ({"open": "true"}, ["一", "二"]),
        ({"open": "false"}, ["三"]),
        ({"due": "overdue"}, ["一"]),
        ({"due": "7"}, ["二"]),
        ({"flag": "late_start"}, ["二"]),
        ({"related": "GJ-1"}, ["三"]),
        ({"opened_from": NOW + DAY}, ["三"]),
        ({"opened_to": NOW + DAY}, ["一", "二"]),
        ({"unknown": "x", "state": ""}, ["一", "二", "三"]),
    ],
)
def test_filters_narrow_the_table(database, put, boards, filters, titles):
    put(title="一", area="c1", due=NOW - DAY)
    put(title="二", unit="ent_a", due=NOW + 3 * DAY, flags=["late_start"])
    put(
        title="三",
        state="done",
        stage="go",
        closed=NOW,
        due=NOW - DAY,
        parties={"ent_b": "unit"},
        links=frozenset({"GJ-1"}),
        opened=NOW + 2 * DAY,
    )
    table = look(database, boards.table, "walks", PUBLIC, NOW, Filters.of(filters), descending=False)
    assert [r.title for r in table.rows] == titles
    assert table.total == len(titles)


@pytest.mark.parametrize("sort", ["number", "title", "opened", "due", "score", "state"])
@pytest.mark.parametrize("descending", [True, False])
def test_pages_follow_each_other_without_gap_or_repetition_and_empty_values_come_last(database, put, boards, sort, descending):
    for n in range(7):
        put(due=None if n % 3 == 0 else NOW + (n % 2) * DAY, score=None if n % 2 else Decimal(n) / 2, opened=NOW + (n % 3) * DAY)
    seen, cursor = [], None
    while True:
        table = look(database, boards.table, "walks", PUBLIC, NOW, sort=sort, descending=descending, limit=2, cursor=cursor)
        seen += table.rows
        cursor = table.next
        if cursor is None:
            break
    assert len({r.id for r in seen}) == len(seen) == 7
    values = [getattr(r, {"state": "state_key"}.get(sort, sort)) for r in seen]
    filled = [v for v in values if v is not None]
    assert values == sorted(filled, reverse=descending) + [None] * (7 - len(filled))


@pytest.mark.parametrize("cursor", ["nonsense", "WyJkdWUiLCAxLCAieCJd"])
def test_a_foreign_cursor_is_refused(database, boards, cursor):
    with pytest.raises(CursorInvalid):
        look(database, boards.table, "walks", PUBLIC, NOW, cursor=cursor)


def test_columns_stricter_than_the_row_are_missing_for_those_who_may_not_read_them(database, put, boards):
    row = put(columns={"topic": "湖", "phone": "13812345678"}, starter="wang")
    public = look(database, boards.record, row.id, PUBLIC, NOW).line
    own = look(database, boards.record, row.id, Reach(person="wang", at=NOW), NOW).line
    assert public.columns["topic"] == "湖"
    assert "phone" not in public.columns
    assert own.columns["phone"] == "13812345678"


def test_a_field_of_the_head_is_hidden_with_its_column(database, put):
    strict = replace(WALKS, columns={k: replace(c, access="staff") for k, c in WALKS.columns.items()})
    row = put(title="王某家访", unit="ent_a", area="c1", score=Decimal(90))
    line = look(database, Boards(Declarations.fixed(strict)).record, row.id, PUBLIC, NOW).line
    assert (line.title, line.unit, line.columns) == ("散步台账", None, {})


def test_a_record_that_may_not_be_seen_does_not_exist(database, put, boards):
    row = put(access="staff", area="c1")
    with pytest.raises(NotFound):
        look(database, boards.record, row.id, PUBLIC, NOW)
    with pytest.raises(NotFound):
        look(database, boards.record, "nothing", PUBLIC, NOW)


def test_a_record_page_has_its_declared_panels(database, put, boards):
    row = put(
        number="SB-1", state="walking", stage="go", unit="ent_a", columns={"unit": "ent_a", "km": Decimal("4.5")}, score=Decimal("93.3")
    )
    child = put(links=frozenset({"SB-1"}))
    put(links=frozenset({"SB-2"}))
    put(links=frozenset({"SB-1"}), access="staff", area="c9")
    moves = [("planned", None, "王", NOW), ("walking", "planned", "李", NOW + DAY)]
    with database.write() as connection:
        lines = [
            Move(
                id=f"m{n}", row=row.id, seq=n, at=at, person="p", person_name=who, mandate_zh="", mandate_en="", element="e", before=before,
                after=after, changed=["unit"],
            )
            for n, (after, before, who, at) in enumerate(moves, 1)
        ]  # fmt: skip
        store.insert_moves(connection, lines)
    record = look(database, boards.record, row.id, reach("zhao", staff_areas=frozenset({"c1"})), NOW + 2 * DAY)
    panels = {p.register or p.kind: p for p in record.panels}
    assert list(panels) == ["facts", "columns", "parties", "walks", "rides", "documents", "timeline"]
    assert [(s.key, s.state, s.note.zh) for s in record.steps] == [("talk", "done", "2026-03-23"), ("go", "now", "2026-03-24")]
    assert [(f.label.en, f.value) for f in panels["columns"].facts] == [("Unit", "启明光学"), ("Kilometres", Decimal("4.5"))]
    assert [f.value for f in panels["parties"].facts] == ["启明光学"]
    assert [r.id for r in panels["walks"].rows] == [child.id]
    assert panels["rides"].rows == ()
    assert panels["documents"].items == [{"title": "协议 i1"}]
    assert [(e.text.zh, e.by, e.tone) for e in panels["timeline"].entries] == [("在走", "李", "now"), ("拟定", "王", "plain")]
    assert ("Score", Decimal("93.3")) in [(f.label.en, f.value) for f in panels["facts"].facts]
    assert record.access.en == "Public"
    outside = {p.register or p.kind: p for p in look(database, boards.record, row.id, PUBLIC, NOW + 2 * DAY).panels}
    assert "documents" not in outside
    assert [e.by for e in outside["timeline"].entries] == [None, None]


def test_figures_count_trend_age_and_punctuality(database, put, boards):
    put(opened=NOW - 3 * DAY, unit="ent_a")
    put(opened=NOW - 40 * DAY, due=NOW - DAY, unit="ent_a")
    put(opened=NOW - 100 * DAY, due=NOW + 5 * DAY)
    put(opened=NOW - 20 * DAY, closed=NOW - 10 * DAY, due=NOW - 11 * DAY, state="done", stage="go")
    put(opened=NOW - 20 * DAY, closed=NOW - 16 * DAY, due=NOW - 11 * DAY, state="done", stage="go")
    found = look(database, boards.statistics, "walks", PUBLIC, NOW)
    assert (found.total, found.open, found.overdue, found.due_7, found.due_30) == (5, 3, 1, 1, 1)
    assert [(key, n) for key, _, n in found.by_state] == [("planned", 3), ("walking", 0), ("done", 2), ("dropped", 0)]
    assert found.by_unit == [("启明光学", 2)]
    assert [n for _, n in found.ages] == [1, 0, 1, 1]
    assert (found.median_days, found.on_time, found.sampled) == (7.0, 0.5, False)
    assert found.months[-1] == ("2026-03", 3, 2)
    assert found.months[0][0] == "2025-04"


def test_no_rows_give_no_figures_instead_of_zero(database, boards):
    found = look(database, boards.statistics, "walks", PUBLIC, NOW)
    assert (found.total, found.median_days, found.on_time) == (0, None, None)


def test_rows_of_a_case_are_those_the_viewer_may_see(database, put, boards):
    put(instance="i9", title="公开")
    put(instance="i9", access="staff", area="c1", key="2")
    assert [line.title for line in look(database, boards.of_instance, "i9", PUBLIC, NOW)] == ["公开"]


@pytest.fixture
def sheet(database, put, boards):
    put(
        title="=cmd|' /C calc'!A0",
        unit="ent_a",
        columns={"unit": "ent_a", "km": Decimal("4.5"), "phone": "13812345678", "topic": date(2026, 3, 2)},
    )
    lines = look(database, boards.lines, "walks", PUBLIC, NOW, Filters(), 100)
    return export.cells(boards.heads("walks"), lines, "zh", UTC)


def test_a_spreadsheet_has_the_declared_columns_and_runs_no_formula(sheet):
    book = load_workbook(io.BytesIO(export.to_xlsx(WALKS.name, sheet, "zh")))
    page = book["散步台账"]
    heads = [c.value for c in page[1]]
    values = dict(zip(heads, [c.value for c in page[2]], strict=True))
    assert heads[:5] == ["编号", "标题", "区域", "单位", "状态"]
    assert values["标题"] == "'=cmd|' /C calc'!A0"
    assert (values["公里"], values["主题"], values["电话"], values["状态"]) == (4.5, "2026-03-02", None, "拟定")
    assert page.freeze_panes == "A2"


def test_csv_opens_in_spreadsheet_programs(sheet):
    raw = export.to_csv(sheet)
    assert raw.startswith(b"\xef\xbb\xbf")
    heads, row = list(csv.reader(io.StringIO(raw.decode("utf-8-sig"))))
    assert dict(zip(heads, row, strict=True))["公里"] == "4.5"
    assert "13812345678" not in raw.decode("utf-8-sig")
