"""Imports at the moment before somebody presses the button."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from pathlib import Path
from typing import Any

from openpyxl import Workbook

from engine.store.database import Database
from governance.importers import kinds
from tests.beginnings import begin
from tests.faults.acts import Act, rows_of
from tests.town import AREA, MONDAY, ROSTERS

_NOBODY = "{areas: [], people: []}"
_PEOPLE: dict[str, list[list[Any]]] = {
    "区域": [["编号*", "名称*", "级别*", "上级区域"], ["qinghe", "青禾街道", "街道", None]],
    "人员": [
        ["编号", "姓名", "电话", "党员", "登录名"],
        ["p001", "周予安", 13800000001, "是", "zhou"],
        ["p002", "高若溪", None, "否", None],
    ],
    "岗位": [["人员", "角色", "所在", "起"], ["周予安", "社工", "qinghe", date(2026, 1, 1)]],
}
_OLD = "云桥共建〔2025〕7号"
_AGREEMENT = {
    "原编号": _OLD, "共建单位": "海纳文化有限公司", "所属社区": "云桥企业社区", "共建类别": "文化共建", "办到哪一步": "履约中",
    "共建目的": "丰富居民生活", "签约日期": date(2025, 12, 20), "起始日期": date(2026, 1, 1), "终止日期": date(2026, 12, 31),
    "社区联络人": "王芳", "单位联络人": "林晓舟", "办理经过": "台账第 7 页",
}  # fmt: skip
_HEAD = ["协议原编号", "序号", "承诺方", "事项", "责任人", "完成时限", "权重", "履行情况", "完成日期"]
_CASES = {
    "协议": [list(_AGREEMENT), list(_AGREEMENT.values())],
    "承诺": [
        _HEAD,
        [_OLD, 1, "单位", "每月两次亲子读书会", "林晓舟", date(2026, 6, 30), 60, "未完成", None],
        [_OLD, 2, "社区", "提供活动室并组织报名", "孙敏", date(2026, 2, 10), 40, "已完成", date(2026, 2, 1)],
    ],
}


def importing_people(database: Database, folder: Path) -> Act:
    world = begin(database, _NOBODY, MONDAY, folder / "files", area=None)
    book = _book(folder, _PEOPLE)

    def done() -> None:
        assert [r["counts"] for r in rows_of(database, "import_run")] == [{"area": 1, "person": 2, "post": 1, "account": 1}]
        tables = {"directory_area": 1, "directory_person": 2, "directory_post": 1, "governance_account": 1, "import_item": 5}
        assert {name: len(rows_of(database, name)) for name in tables} == tables

    return Act(lambda: kinds.take_in(world.app, book), done)


def importing_cases(database: Database, folder: Path) -> Act:
    roster = (ROSTERS / "small_community.yaml").read_text("utf8")
    world = begin(database, roster, MONDAY, folder / "files", area=AREA)
    book = _book(folder, _CASES)
    # once elsewhere: the children find the definitions read
    kinds.take_in(begin(Database("sqlite://"), roster, MONDAY, folder / "elsewhere", area=AREA).app, book)

    def done() -> None:
        assert [r["counts"] for r in rows_of(database, "import_run")] == [{"instance": 1}]
        assert [i.number for i in world.app.engine.queries.instances(limit=200).items] == [_OLD]

    return Act(lambda: kinds.take_in(world.app, book), done)


def _book(folder: Path, sheets: Mapping[str, list[list[Any]]]) -> Path:
    book = Workbook()
    book.remove(book.active)
    for title, rows in sheets.items():
        sheet = book.create_sheet(title)
        for row in rows:
            sheet.append(row)
    path = folder / "book.xlsx"
    book.save(path)
    return path
