"""Every door of a case: open to its parties, shut to other enterprises and to strangers."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
import sqlalchemy as sa

from governance.registers.tables import register_row
from tests.acceptance.pages import doors, has_han, links, row_of, slug_of, texts
from tests.walk import TERMS, Agreement

OUTSIDERS = ["head_xie", "liaison_han", "stranger_dong", "resident_feng"]


def test_there_are_doors_of_every_kind(busy: Agreement) -> None:
    kinds = {path.split("/")[1] for path in doors(busy)}
    assert {"cases", "registers", "api", "documents", "tasks"} <= kinds


@pytest.mark.parametrize("person", ["liaison_wang", "secretary_chen"])
def test_the_community_sees_all_of_its_case(busy: Agreement, person: str) -> None:
    shut = {path: status for path in doors(busy) if (status := busy.browser(person).get(path).status_code) != 200}
    # actions of the other side are not there for the community
    assert not [path for path in shut if "/actions/" not in path], shut


@pytest.mark.parametrize("person", ["unit_li", "unit_liaison_lin"])
def test_the_partner_unit_sees_its_case(busy: Agreement, person: str) -> None:
    for path in (f"/cases/{busy.instance}", f"/cases/{busy.instance}/diagram.bpmn", f"/registers/agreements/{row_of(busy)}"):
        assert busy.browser(person).get(path).status_code == 200, path


@pytest.mark.parametrize("person", OUTSIDERS)
def test_outsiders_find_every_door_shut(busy: Agreement, person: str) -> None:
    browser = busy.browser(person)
    opened = [path for path in doors(busy) if browser.get(path).status_code not in (403, 404, 409)]
    assert not opened


@pytest.fixture
def row_shown(busy: Agreement) -> Iterator[Agreement]:
    """The same case in a state that shows its row to the public."""
    mine = sa.update(register_row).where(register_row.c.instance == busy.instance)
    with busy.town.app.database.write() as connection:
        connection.execute(mine.values(access="public"))
    yield busy
    with busy.town.app.database.write() as connection:
        connection.execute(mine.values(access="parties"))


@pytest.mark.parametrize("person", OUTSIDERS)
def test_a_row_that_is_shown_does_not_open_the_case_behind_it(row_shown: Agreement, person: str) -> None:
    browser = row_shown.browser(person)
    assert browser.get(f"/registers/agreements/{row_of(row_shown)}").status_code == 200
    behind = [path for path in doors(row_shown) if not path.startswith(("/registers/", "/api/v1/registers"))]
    opened = [path for path in behind if browser.get(path).status_code not in (403, 404, 409)]
    assert not opened


@pytest.mark.parametrize("person", OUTSIDERS)
def test_outsiders_find_nothing_in_lists_searches_and_exports(busy: Agreement, person: str) -> None:
    browser = busy.browser(person)
    number = str(busy.town.app.engine.queries.instance(busy.instance).line.number)
    lists = [
        "/inbox", "/inbox?view=candidate", "/inbox?view=started", "/registers/agreements", "/registers/agreements/table",
        f"/search?q={number}", "/search?q=停车场", "/notices", "/public", "/registers/agreements/export.csv",
        "/api/v1/registers/agreements", "/api/v1/tasks?view=candidate",
    ]  # fmt: skip
    for path in lists:
        answer = browser.get(path)
        assert TERMS["clauses"][0]["title"] not in answer.text, path
        # the searched number itself stands in the search field
        assert answer.text.count(number) <= (3 if "/search" in path else 0), path
    assert not [path for path in links(browser.page("/search", q=number)) if path.startswith("/registers/")]


@pytest.mark.parametrize("person", OUTSIDERS)
def test_outsiders_can_do_nothing(busy: Agreement, person: str) -> None:
    browser, case = busy.browser(person), busy.instance
    task = busy.town.app.engine.queries.instance(case).tasks[0].id
    commands = [
        (f"/tasks/{task}/complete", {"data": {}}), (f"/tasks/{task}/claim", {}), (f"/tasks/{task}/release", {}),
        (f"/api/v1/tasks/{task}/complete", {"form": {}}), (f"/api/v1/tasks/{task}/claim", {}),
        (f"/api/v1/instances/{case}/cancel", {"reason": "x"}), (f"/tasks/{task}/clock/extend", {}),
    ]  # fmt: skip
    for path, body in commands:
        answer = browser.send(path, body)
        assert answer.status_code in (403, 404), (path, answer.status_code)
    assert browser.send(f"/tasks/{task}/draft", {"data": {"x": 1}}, method="PUT").status_code in (403, 404)


def test_without_an_account_only_what_is_public_opens(busy: Agreement) -> None:
    browser = busy.town.browser()
    for path in doors(busy):
        assert browser.get(path).status_code in (302, 401, 404), path


def test_columns_for_staff_stay_with_staff(agreement: Agreement) -> None:
    agreement.to_answer()
    agreement.act("declined", "unit_li", {"reason": "公司今年没有停车余量"})
    path = f"/registers/agreements/{row_of(agreement)}"
    assert "公司今年没有停车余量" in agreement.browser("liaison_wang").page(path)
    facts = agreement.browser("unit_liaison_lin").page(path)
    assert "谢绝原因" not in facts


def test_what_is_public_shows_no_phone_and_no_internal_link(shown: Agreement) -> None:
    page = shown.town.browser().page(f"/public/{slug_of(shown)}")
    assert "138000" not in page
    assert not [path for path in links(page) if path.startswith(("/cases", "/registers", "/files"))]


@pytest.mark.parametrize("path", ["/inbox", "/start", "/procedures", "/account", "/registers/agreements", "/notices", "/public", "/login"])
def test_nobody_sees_untranslated_words_of_the_pages(busy: Agreement, path: str) -> None:
    from babel.messages.pofile import read_po

    from web.catalogue import FOLDER

    with (FOLDER / "en/LC_MESSAGES/messages.po").open("rb") as file:
        source = {str(m.id) for m in read_po(file) if m.id and has_han(str(m.id))}
    english = busy.town.browser("unit_li" if path != "/login" else None, language="en")
    found = texts(english.page(path))
    assert len(found) > 10
    # the language switch names each language in its own words
    assert not [text for text in found if text in source and text != "中文"]
