"""Workbooks in the browser: check first, take in whole or not at all, take back; by those who administer the installation."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from openpyxl import Workbook
from werkzeug.test import TestResponse

from governance.imports import store
from tests.acceptance.pages import texts
from tests.town import Browser, Town

SAMPLES = Path(__file__).parents[2] / "samples"


@pytest.fixture
def admin(town: Town) -> Browser:
    return town.browser("admin")


@pytest.fixture
def book(tmp_path: Path) -> Path:
    """A new colleague with a post and an account."""
    book = Workbook()
    people = book.active
    people.title = "人员"
    people.append(["编号", "姓名", "登录名"])
    people.append(["worker_new", "新来", "xinlai"])
    posts = book.create_sheet("岗位")
    posts.append(["人员", "角色", "所在"])
    posts.append(["worker_new", "社工", "yunqiao"])
    path = tmp_path / "新同事.xlsx"
    book.save(path)
    return path


def send(browser: Browser, path: Path) -> TestResponse:
    with path.open("rb") as stream:
        return follow(browser, browser.post("/imports", {"file": (stream, path.name)}))


def follow(browser: Browser, answer: TestResponse) -> TestResponse:
    """The page a form post leads to."""
    return browser.get(answer.headers["Location"]) if answer.status_code == 302 else answer


def taken(browser: Browser, checked: TestResponse) -> TestResponse:
    (address,) = re.findall(r'action="(/imports/[0-9a-f-]+/take)"', checked.text)
    return browser.post(address)


def runs(town: Town) -> list[str]:
    with town.database.read() as connection:
        return [run.id for run in store.runs(connection) if run.undone_at is None]


def test_a_roster_is_checked_then_taken_in_and_its_passwords_are_told_once(town: Town, admin: Browser, book: Path) -> None:
    checked = send(admin, book)
    assert "检查通过" in texts(checked.text)
    assert runs(town) == []
    done = taken(admin, checked)
    assert done.status_code == 200
    assert "初始密码" in texts(done.text)
    assert done.headers["Cache-Control"] == "no-store"
    (run,) = runs(town)
    assert "初始密码" not in admin.get("/imports").text
    undone = follow(admin, admin.post(f"/imports/runs/{run}/undo"))
    assert "已撤销" in texts(undone.text)
    assert runs(town) == []


def test_every_mistake_is_listed_with_its_cell_and_nothing_can_be_taken_in(town: Town, admin: Browser) -> None:
    page = send(admin, SAMPLES / "roster-with-mistakes.xlsx")
    assert "不能导入" in texts(page.text)
    assert re.search(r"第 \d+ 行", page.text)
    assert "/take" not in page.text
    (file,) = re.findall(r"/imports/([0-9a-f-]{36})", page.request.path)
    refused = admin.post(f"/imports/{file}/take")
    assert refused.status_code == 422
    assert runs(town) == []


def test_the_same_workbook_is_not_taken_in_twice(town: Town, admin: Browser, book: Path) -> None:
    taken(admin, send(admin, book))
    again = send(admin, book)
    assert "不能导入" in texts(again.text)
    assert len(runs(town)) == 1


def test_what_is_no_workbook_is_refused_in_words(admin: Browser, tmp_path: Path) -> None:
    path = tmp_path / "notes.xlsx"
    path.write_text("not a workbook")
    assert send(admin, path).status_code == 422
    assert admin.post("/imports").status_code == 422


def test_a_template_comes_in_the_readers_language(town: Town, admin: Browser) -> None:
    found = admin.get("/imports/templates/roster.xlsx")
    assert found.data[:2] == b"PK"
    english = town.browser("admin", language="en").get("/imports/templates/roster.xlsx")
    assert english.headers["Content-Disposition"] != found.headers["Content-Disposition"]


@pytest.mark.parametrize("person", ["liaison_wang", "unit_li", "secretary_chen", "office_xu"])
def test_nobody_else_sees_or_takes_in_workbooks(town: Town, admin: Browser, book: Path, person: str) -> None:
    checked = send(admin, book)
    (address,) = re.findall(r'action="(/imports/[0-9a-f-]+/take)"', checked.text)
    other = town.browser(person)
    assert other.get("/imports").status_code == 403
    assert send(other, book).status_code in (403, 422)
    assert other.post(address).status_code in (403, 404)
    assert "/imports" not in other.get("/inbox").text
    assert runs(town) == []


def test_a_file_that_is_not_there_is_not_found(admin: Browser) -> None:
    assert admin.get("/imports/00000000-0000-4000-8000-000000000000").status_code == 404
