"""Roster workbooks: everything or nothing, every mistake at once, back again while nobody refers to it."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from concurrent.futures import TimeoutError as StillWaiting
from contextlib import suppress
from copy import deepcopy
from datetime import date, datetime
from pathlib import Path
from typing import Any

import pytest

from cogov.cases.world import World
from engine.actor import Actor
from engine.errors import Conflict, NotFound
from governance.directory import store as directory
from governance.importers import WorkbookRefused, kinds, roster
from governance.imports import store
from governance.imports.imports import ImportInUse
from tests.integration.importers.conftest import WriteBook

SAMPLES = Path(__file__).parents[3] / "samples"
TOWN: dict[str, list[list[Any]]] = {
    "区域": [
        ["编号*", "名称*", "级别*", "上级区域"],
        ["qinghe", "青禾街道", "街道", None],
        ["yunqiao", "云桥企业社区", "community", "青禾街道"],
    ],
    "单位": [["编号", "名称", "类别", "统一社会信用代码", "所在区域"], ["ent_a", "启明光学", "企业", "91310114MA1QH00018", "云桥企业社区"]],
    "人员": [
        ["编号", "姓名", "电话", "党员", "登录名"],
        ["p001", "周予安", 13800000001, "是", "ZhouYuan"],
        ["p002", "高若溪", "021-62345678", "否", None],
        ["p003", "何敏", None, None, None],
    ],
    "岗位": [["人员", "角色", "所在", "起"], ["周予安", "社工", "yunqiao", date(2026, 1, 1)], ["p002", "ent_liaison", "启明光学", None]],
    "议事机构": [["编号", "名称", "类别", "区域"], ["council", "云桥共建协商会", "共建协商会", "yunqiao"]],
    "席位": [
        ["议事机构", "人员", "单位席位", "席位", "任期起", "任期止"],
        ["云桥共建协商会", "p001", None, "秘书长", "2026-01-01", "2026年12月31日"],
        ["council", "p002", "启明光学", "委员", None, None],
    ],
    "委托": [
        ["委托人", "受托人", "范围", "限于角色", "起", "止"],
        ["周予安", "何敏", "某些角色的任务", "社工", date(2026, 3, 1), date(2026, 3, 15)],
    ],
    "#说明": [["随便写"], ["不会导入"]],
}


def changed(sheet: str, row: int, column: str, value: Any) -> dict[str, list[list[Any]]]:
    """The town with one other cell; row 1 is the heading."""
    town = deepcopy(TOWN)
    town[sheet][row - 1][[h.rstrip("*") for h in town[sheet][0]].index(column)] = value
    return town


def refused(world: World, path: Path) -> WorkbookRefused:
    with pytest.raises(WorkbookRefused) as caught:
        kinds.take_in(world.app, path)
    with world.app.database.read() as connection:
        assert directory.is_empty(connection), "something of a refused workbook was loaded"
        assert store.runs(connection) == []
    return caught.value


def test_a_roster_is_loaded_with_posts_seats_and_accounts(empty: World, write_book: WriteBook) -> None:
    layout, done = kinds.take_in(empty.app, write_book(TOWN))
    now = empty.clock.now()
    assert layout.key == "roster"
    assert list(done.passwords) == ["ZhouYuan"]
    with empty.app.database.write() as connection:
        held = empty.app.directory.selectors_of(connection, "p001", now)
        liaison = empty.app.directory.selectors_of(connection, "p002", now)
        signed_in = empty.app.accounts.authenticate(connection, "zhouyuan", done.passwords["ZhouYuan"], now)
        unit = directory.unit_row(connection, "ent_a")
        person = directory.person_row(connection, "p001")
    assert "role:community_worker@yunqiao" in held
    assert "member:council:committee_secretary" in held
    assert "role:ent_liaison@ent_a" in liaison
    assert signed_in.account is not None
    assert signed_in.account.person == "p001"
    assert unit is not None
    assert unit["area"] == "yunqiao"
    assert person is not None
    assert (person["phone"], person["party_member"]) == ("13800000001", True)


@pytest.mark.parametrize(
    ("moment", "holds"),
    [
        ("2025-12-31T23:59+08:00", False),
        ("2026-01-01T00:00+08:00", True),
        ("2026-12-31T23:59+08:00", True),  # the last day of the term counts
        ("2027-02-15T00:00+08:00", False),  # after the hand-over
    ],
)
def test_a_term_includes_its_last_day(memory: World, write_book: WriteBook, moment: str, holds: bool) -> None:
    kinds.take_in(memory.app, write_book(TOWN))
    with memory.app.database.read() as connection:
        held = memory.app.directory.selectors_of(connection, "p001", datetime.fromisoformat(moment))
    assert ("member:council:committee_secretary" in held) is holds


def test_a_delegation_opens_the_tasks_of_the_role_only(memory: World, write_book: WriteBook) -> None:
    kinds.take_in(memory.app, write_book(TOWN))
    with memory.app.database.read() as connection:
        held = memory.app.directory.selectors_of(connection, "p003", memory.clock.now())
    assert held["role:community_worker@yunqiao"].on_behalf_of == "p001"
    assert "person:p001" not in held


@pytest.mark.parametrize(
    ("sheet", "row", "column", "value", "where", "said"),
    [
        ("区域", 3, "上级区域", "青河街道", "区域!3 D 上级区域", "既不在本工作簿"),
        ("区域", 2, "上级区域", "yunqiao", "区域!2 D 上级区域", "绕成了圈"),
        ("区域", 3, "编号", None, "区域!3 A 编号", "缺少编号"),
        ("区域", 3, "编号", "云桥", "区域!3 A 编号", "不可用"),
        ("单位", 2, "统一社会信用代码", "91310114MA1QH0001X", "单位!2 D 统一社会信用代码", "校验位"),
        ("单位", 2, "类别", "公司", "单位!2 C 类别", "不在可选范围"),
        ("单位", 2, "编号", "p001", "人员!2 A 编号", "已用"),
        ("人员", 2, "电话", "1380000", "人员!2 C 电话", "11 位手机号"),
        ("人员", 3, "编号", "p001", "人员!3 A 编号", "重复"),
        ("人员", 3, "登录名", "ZhouYuan", "人员!3 E 登录名", "重复"),
        ("人员", 2, "党员", "可能", "人员!2 D 党员", "不是是或否"),
        ("岗位", 2, "角色", "社工员", "岗位!2 B 角色", "不在可选范围"),
        ("岗位", 2, "起", "03/02/2026", "岗位!2 D 起", "不是日期"),
        ("岗位", 2, "起", date(1026, 1, 1), "岗位!2 D 起", "不可能"),
        ("席位", 2, "任期止", "2025-12-31", "席位!2 F 任期止", "不晚于"),
        ("席位", 2, "任期起", None, "席位!2 E 任期起", "没有任期起|无任期起"),
        ("委托", 2, "受托人", "周予安", "委托!2 B 受托人", "相同"),
        ("委托", 2, "限于角色", None, "委托!2 D 限于角色", "缺少"),
        ("委托", 1, "范围", "什么", "委托!1 C", "不认识的列"),
    ],
)
def test_a_bad_cell_is_named_and_refuses_the_workbook(
    memory: World, write_book: WriteBook, sheet: str, row: int, column: str, value: Any, where: str, said: str
) -> None:
    found = refused(memory, write_book(changed(sheet, row, column, value)))
    named = {m.where: m for m in found.mistakes}
    assert where in named, sorted(named)
    assert any(part in named[where].what.zh for part in said.split("|")), named[where].what.zh
    assert named[where].what.en
    assert named[where].hint.zh
    assert named[where].hint.en


def test_every_mistake_is_told_at_once(memory: World) -> None:
    found = refused(memory, SAMPLES / "roster-with-mistakes.xlsx")
    assert len(found.mistakes) == 11
    order = ["区域", "单位", "人员", "岗位", "议事机构", "席位", "委托"]
    assert [m.sheet for m in found.mistakes] == sorted((m.sheet for m in found.mistakes), key=order.index)


def test_a_name_that_two_have_must_be_given_as_an_id(memory: World, write_book: WriteBook) -> None:
    town = changed("人员", 4, "姓名", "周予安")
    found = refused(memory, write_book(town))
    assert "p001、p003" in next(m for m in found.mistakes if m.where.startswith("岗位!2")).hint.zh


@pytest.mark.parametrize(
    ("sheets", "said"),
    [
        ({"Sheet1": [["a"], ["b"]]}, "认不出"),
        ({**TOWN, "其他": [["a"], ["b"]]}, "不认识这张工作表"),
        ({**TOWN, "区域": [["编号", "名称"], ["a", "b"]]}, "缺少列"),
    ],
)
def test_a_sheet_that_nobody_reads_is_a_mistake(memory: World, write_book: WriteBook, sheets: Any, said: str) -> None:
    assert any(said in m.what.zh for m in refused(memory, write_book(sheets)).mistakes)


@pytest.mark.parametrize("content", [b"", b"not a zip", b"PK\x03\x04 broken"])
def test_what_is_no_workbook_is_refused(memory: World, tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "broken.xlsx"
    path.write_bytes(content)
    assert "xlsx" in refused(memory, path).mistakes[0].what.zh


def test_headings_may_be_english(memory: World, write_book: WriteBook) -> None:
    kinds.take_in(memory.app, write_book({"Areas": [["ID", "Name", "Level"], ["qinghe", "青禾街道", "Street"]]}))
    with memory.app.database.read() as connection:
        assert [a.id for a in directory.all_areas(connection, memory.clock.now())] == ["qinghe"]


def test_a_dry_run_writes_nothing(memory: World, write_book: WriteBook) -> None:
    _, done = kinds.take_in(memory.app, write_book(TOWN), dry_run=True)
    assert done.run is None
    assert done.counts["people"] == 3
    with memory.app.database.read() as connection:
        assert directory.is_empty(connection)


def test_the_same_file_is_not_taken_in_twice(memory: World, write_book: WriteBook) -> None:
    path = write_book(TOWN)
    kinds.take_in(memory.app, path)
    with pytest.raises(Conflict, match="imported already"):
        kinds.take_in(memory.app, path)


def test_a_second_workbook_may_refer_to_the_first(memory: World, write_book: WriteBook) -> None:
    kinds.take_in(memory.app, write_book(TOWN))
    more = {"岗位": [["人员", "角色", "所在"], ["何敏", "法律顾问", "云桥企业社区"]]}
    kinds.take_in(memory.app, write_book(more, "more.xlsx"))
    with memory.app.database.read() as connection:
        assert "role:legal@yunqiao" in memory.app.directory.selectors_of(connection, "p003", memory.clock.now())


def test_what_is_there_already_is_refused_by_id(memory: World, write_book: WriteBook) -> None:
    kinds.take_in(memory.app, write_book(TOWN))
    with pytest.raises(WorkbookRefused) as caught:
        kinds.take_in(memory.app, write_book(changed("人员", 2, "电话", "13900000000"), "again.xlsx"))
    assert any(m.where == "人员!2 A 编号" and "系统中已有" in m.what.zh for m in caught.value.mistakes)


def test_an_undone_roster_leaves_nothing_and_can_be_taken_in_again(empty: World, write_book: WriteBook) -> None:
    path = write_book(TOWN)
    _, done = kinds.take_in(empty.app, path)
    assert done.run is not None
    kinds.undo(empty.app, done.run.id)
    with empty.app.database.read() as connection:
        assert directory.is_empty(connection)
        assert empty.app.directory.selectors_of(connection, "p001", empty.clock.now()).keys() == {"person:p001"}
        (run,) = store.runs(connection)
    assert run.undone_at is not None
    with pytest.raises(Conflict):
        kinds.undo(empty.app, run.id)
    kinds.take_in(empty.app, path)


def test_an_import_that_does_not_exist_cannot_be_undone(memory: World) -> None:
    with pytest.raises(NotFound):
        kinds.undo(memory.app, "nothing")


def _a_post(world: World, write_book: WriteBook) -> str:
    kinds.take_in(world.app, write_book({"岗位": [["人员", "角色", "所在"], ["p003", "legal", "yunqiao"]]}, "more.xlsx"))
    return "directory_post"


def _a_case(world: World, _write_book: WriteBook) -> str:
    world.app.engine.start("agreement_five_steps", {"unit": "ent_a"}, actor=Actor(person="p001", name="周予安"), area="yunqiao")
    return "instance"


@pytest.mark.parametrize("use", [_a_post, _a_case])
def test_a_roster_in_use_cannot_be_undone(empty: World, write_book: WriteBook, use: Callable[[World, WriteBook], str]) -> None:
    _, done = kinds.take_in(empty.app, write_book(TOWN))
    assert done.run is not None
    table = use(empty, write_book)
    with pytest.raises(ImportInUse) as caught:
        kinds.undo(empty.app, done.run.id)
    assert table in {u.table for u in caught.value.uses}
    with empty.app.database.read() as connection:
        assert empty.app.directory.exists(connection, "person", "p001", empty.clock.now())


def test_the_sample_roster_is_whole(memory: World) -> None:
    _, done = kinds.take_in(memory.app, SAMPLES / "roster.xlsx")
    assert (done.counts["area"], done.counts["unit"], done.counts["person"], done.counts["committee"]) == (30, 43, 75, 22)


def test_a_second_press_waits_for_the_first_and_is_refused(empty: World, write_book: WriteBook, monkeypatch: pytest.MonkeyPatch) -> None:
    book = write_book({"人员": [["编号", "姓名"], ["p001", "周予安"], ["p002", "高若溪"]]})
    load, second = roster._load, list[Future[Any]]()

    def loading(*given: Any) -> Any:
        if not second:
            second.append(pool.submit(kinds.take_in, empty.app, book))
            with suppress(StillWaiting):
                second[0].exception(timeout=2)  # it must not get through meanwhile
        return load(*given)

    monkeypatch.setattr(roster, "_load", loading)
    with ThreadPoolExecutor(1) as pool:
        kinds.take_in(empty.app, book)
        assert isinstance(second[0].exception(timeout=60), Conflict)
    with empty.app.database.read() as connection:
        assert [run.counts for run in store.runs(connection)] == [{"person": 2}]
