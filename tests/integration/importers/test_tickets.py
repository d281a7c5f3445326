"""Tickets from before: they go on where they stood, under their old number and with their age."""

from __future__ import annotations

from copy import deepcopy
from datetime import date, datetime
from pathlib import Path
from typing import Any

import pytest

from cogov.cases.world import World
from engine.actor import Actor
from engine.store.database import Database
from governance.directory.may import Permissions
from governance.importers import WorkbookRefused, kinds
from governance.registers import store as registers
from tests.beginnings import begin
from tests.integration.importers.conftest import MONDAY, WriteBook

ROOT = Path(__file__).parents[3]
STREET = (ROOT / "tests/rosters/street.yaml").read_text("utf8")
REGISTER = "joint_tickets"
HEAD = [
    "原编号",
    "事项",
    "所属社区",
    "事项类别",
    "挂号类型",
    "办到哪一步",
    "挂号日期",
    "问题始于",
    "联席会议",
    "牵头单位",
    "已会诊次数",
    "所需职权",
]
HEAD += ["病历", "问题成因", "销号标准", "复诊日期", "办理经过"]
OLD = "GH-2019-7"
BOOK: dict[str, list[list[Any]]] = {
    "挂号单": [
        HEAD,
        [
            *(OLD, "云桥路马路菜场占道", "云桥企业社区", "市容环卫", "疑难", "行动中", date(2025, 10, 20), date(2016, 4, 1)),
            *("青禾部门联席会议", "城管中队", 3, "行政处罚", "清晨约四十个摊位占道。", "周边没有便民市场。"),
            *("道路无摊位；疏导点启用", date(2026, 4, 14), "纸质台账第 6 页"),
        ],
    ],
    "会诊部门": [["挂号单原编号", "部门"], [OLD, "城管中队"], [OLD, "市场监管所"]],
    "以往处置": [
        ["挂号单原编号", "日期", "处置单位", "采取的措施", "结果"],
        [OLD, date(2019, 5, 10), "城管中队", "集中取缔", "解决后反弹"],
    ],
    "涉及对象": [["挂号单原编号", "名称或姓名", "类型"], [OLD, "流动摊贩约四十户", "个体摊贩"]],
}


def rows(world: World) -> list[registers.Row]:
    with world.app.database.read() as connection:
        lines = world.app.engine.queries.instances(limit=200).items
        found = [row for line in lines for row in registers.rows_of_instance(connection, line.id)]
    return sorted((r for r in found if r.register == REGISTER), key=lambda r: r.number or "")


def card(world: World) -> Any:
    """The one card of the board, as the worker sees it."""
    with world.app.database.read() as connection:
        now = world.clock.now()
        viewer = Permissions(world.app.directory).reach(connection, Actor(person="liaison_wang"), now)
        board = world.app.boards.board(connection, REGISTER, viewer, now)
    (found,) = [c for stage in board.stages for c in stage.cards]
    return found


def changed(sheet: str, column: str, value: Any) -> dict[str, list[list[Any]]]:
    book = deepcopy(BOOK)
    book[sheet][1][book[sheet][0].index(column)] = value
    return book


@pytest.fixture
def street(database: Database, tmp_path: Path) -> World:
    """The street with its departments on SQLite and on PostgreSQL."""
    return begin(database, STREET, MONDAY, tmp_path / "files", area="yunqiao")


def test_a_ticket_goes_on_under_its_old_number_and_with_its_age(street: World, write_book: WriteBook) -> None:
    _, done = kinds.take_in(street.app, write_book(BOOK), by="liaison_wang")
    street.jobs.run_due()
    assert done.run is not None
    (ticket,) = rows(street)
    assert (ticket.number, ticket.state, ticket.unit, ticket.closed) == (OLD, "acting", "city_mgmt", None)
    assert ticket.opened.astimezone(street.app.zone) == datetime(2025, 10, 20, tzinfo=street.app.zone)
    assert ticket.columns["rounds"] == 3
    assert card(street).days == 133, "from the registration, since nothing was done after it; not from the import"
    assert street.app.engine.queries.incidents().items == ()
    history = street.app.engine.queries.history(ticket.instance).items
    first = next(line for line in history if line.kind == "taken_over")
    assert first.content is not None
    assert first.content["reason"] == "纸质台账第 6 页"


def test_a_ticket_stands_where_it_stands_since_it_was_last_handled(street: World, write_book: WriteBook) -> None:
    """The time in the state is that of the old register; once the ticket moves here it counts from then."""
    kinds.take_in(street.app, write_book(changed("以往处置", "日期", date(2026, 2, 20))), by="liaison_wang")
    street.jobs.run_due()
    (ticket,) = rows(street)
    assert ticket.moved.astimezone(street.app.zone) == datetime(2026, 2, 20, tzinfo=street.app.zone)
    assert (card(street).days, ticket.opened.astimezone(street.app.zone).date()) == (10, date(2025, 10, 20))


@pytest.mark.parametrize(
    ("sheet", "column", "value", "said"),
    [
        ("挂号单", "办到哪一步", "已销号", "不在可选范围"),
        ("挂号单", "牵头单位", None, "须有牵头单位"),
        ("挂号单", "销号标准", None, "须有牵头单位"),
        ("挂号单", "复诊日期", None, "须填复诊日期"),
        ("挂号单", "挂号日期", date(2026, 3, 3), "晚于今天"),
        ("挂号单", "问题始于", date(2025, 10, 21), "晚于挂号"),
        ("挂号单", "已会诊次数", 0, "至少一次"),
        ("会诊部门", "部门", "市场监管所", "重复"),
        ("以往处置", "日期", date(2026, 3, 3), "晚于今天"),
    ],
)
def test_a_bad_row_refuses_the_workbook(tmp_path: Path, write_book: WriteBook, sheet: str, column: str, value: Any, said: str) -> None:
    world = begin(Database("sqlite://"), STREET, MONDAY, tmp_path / "files", area="yunqiao")
    with pytest.raises(WorkbookRefused) as caught:
        kinds.take_in(world.app, write_book(changed(sheet, column, value)))
    assert any(said in m.what.zh for m in caught.value.mistakes), [m.text("zh") for m in caught.value.mistakes]
    assert world.app.engine.queries.instances(limit=10).items == ()


def test_the_sample_tickets_stand_on_the_board_with_their_age(memory: World) -> None:
    memory.clock.move_to(datetime.fromisoformat("2026-11-23T09:00+08:00"))
    memory.prepare({"areas": [], "people": []})
    kinds.take_in(memory.app, ROOT / "samples/roster.xlsx")
    kinds.take_in(memory.app, ROOT / "samples/tickets.xlsx")
    memory.jobs.run_due()
    found = rows(memory)
    assert len(found) == 12
    assert memory.app.engine.queries.incidents().items == ()
    states = sorted(r.state for r in found)
    assert states == [*["acting"] * 3, "chronic", "diagnosed", *["revisit"] * 2, *["waiting"] * 5]
    with memory.app.database.read() as connection:
        reach = Permissions(memory.app.directory).reach(connection, Actor(person="worker_zhou"), memory.clock.now())
        page = memory.app.boards.ages(connection, REGISTER, reach, memory.clock.now())
    assert page.bands == [3, 3, 4, 2]
    band, lines = page.groups[0]
    assert (band, [(line.number, (memory.clock.now() - line.opened).days) for line in lines]) == (
        3,
        [("GH-QH-2024-11", 490), ("GH-QH-2025-02", 399)],
    )
