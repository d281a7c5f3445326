"""The menu around every page, the index of ledgers, registers by age, days, and what a case gathered people for."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path
from typing import Any

import sqlalchemy as sa

from governance.registers.ages import LIMITS, NAMES, band_of
from governance.registers.declaration import read_register
from governance.registers.tables import register_row
from tests.acceptance.pages import row_of
from tests.town import MONDAY, Town
from tests.walk import Agreement

ROOT = Path(__file__).resolve().parents[2]


@contextmanager
def statements(town: Town) -> Iterator[list[str]]:
    """SQL sent while inside, without what only opens a transaction."""
    seen: list[str] = []

    def note(*args: Any) -> None:
        if not str(args[2]).startswith("BEGIN"):
            seen.append(" ".join(str(args[2]).split()))

    engines = {town.database.reader, town.database.writer}
    for engine in engines:
        sa.event.listen(engine, "before_cursor_execute", note)
    try:
        yield seen
    finally:
        for engine in engines:
            sa.event.remove(engine, "before_cursor_execute", note)


def menu_of(page: str) -> list[str]:
    """Names in the side menu, in order."""
    side = re.search(r'<nav class="side".*?</nav>', page, re.S)
    assert side is not None
    return re.findall(r'<span class="t">([^<]+)</span>', side[0])


def test_the_menu_asks_two_statements_at_most_and_no_more_when_registers_fill(town: Town) -> None:
    worker = town.browser("liaison_wang")

    def asked() -> tuple[int, int]:
        worker.page("/account")
        with statements(town) as seen:
            worker.page("/account")
        return len([s for s in seen if "register_row" in s or "definition_set" in s]), len(seen)

    before = asked()
    assert before[0] <= 2
    for _ in range(3):
        Agreement(town).to_answer()
    assert asked() == before


def test_an_open_page_asks_nothing_of_the_menu(town: Town) -> None:
    worker = town.browser("liaison_wang")
    worker.page("/public")
    with statements(town) as seen:
        worker.page("/public")
    assert not [s for s in seen if "register_row" in s and "EXISTS" in s]


def test_who_has_no_row_of_a_register_finds_it_neither_in_menu_nor_index(town: Town) -> None:
    firm = town.browser("unit_li")
    assert "共建协议" not in menu_of(firm.page("/inbox"))
    assert "共驻共建台账" not in firm.page("/registers")
    Agreement(town).to_answer()
    assert "共建协议" in menu_of(firm.page("/inbox"))
    assert "共驻共建台账" in firm.page("/registers")
    # what belongs to staff stays with staff
    assert "挂号会诊" not in menu_of(firm.page("/inbox"))
    assert "挂号会诊" in menu_of(town.browser("liaison_wang").page("/inbox"))


def test_short_names_stand_in_the_menu_in_the_readers_language(town: Town) -> None:
    Agreement(town).to_answer()
    names = menu_of(town.browser("liaison_wang", language="en").page("/inbox"))
    assert names.index("Agreements") < names.index("Joint tickets") < names.index("Registers")
    assert "Co-building agreements" not in names


def test_the_index_groups_counts_and_finds_registers(town: Town) -> None:
    for _ in range(2):
        Agreement(town).to_answer()
    worker = town.browser("liaison_wang")
    with statements(town) as seen:
        page = worker.page("/registers")
    assert len([s for s in seen if "count(*)" in s and "FROM register_row" in s]) == 1
    line = re.search(r"<tr[^>]*><td[^>]*><a[^>]*>共驻共建台账</a></td>.*?</tr>", page, re.S)
    assert line is not None
    assert re.findall(r'<td role="cell" class="num n[^"]*"[^>]*>([^<]+)</td>', line[0])[0] == "2"
    assert page.index("共建履约") < page.index("共驻共建台账") < page.index("挂号与处置")
    found = worker.page("/registers", q="挂号")
    assert "挂号台账" in found
    assert "共驻共建台账" not in found
    assert "没有这样的台账" in worker.page("/registers", q="没有的名字")


def test_the_api_lists_only_registers_with_rows_for_the_reader(town: Town) -> None:
    worker = town.browser("liaison_wang")
    assert worker.get("/api/v1/registers").json == []
    Agreement(town).to_answer()
    assert {r["name"]["zh"] for r in worker.get("/api/v1/registers").json} == {"共驻共建台账"}


def test_bundled_registers_have_a_heading_and_icons_of_the_sprite() -> None:
    sprite = (ROOT / "web/static/icons.svg").read_text("utf8")
    found = [read_register(path.read_bytes(), str(path)) for path in sorted((ROOT / "processes").glob("*/*.register.yaml"))]
    assert not [d.key for d in found if d.group is None]
    assert {d.menu.icon for d in found if d.menu and f'id="i-{d.menu.icon}"' not in sprite} == set()
    # more would be a list again, not a menu
    assert 3 <= len([d for d in found if d.menu]) <= 8


def test_bands_of_age_end_with_their_last_whole_day() -> None:
    assert len(NAMES) == len(LIMITS) + 1
    for band, most in enumerate(LIMITS):
        assert band_of(MONDAY, MONDAY + timedelta(days=most, hours=23)) == band
        assert band_of(MONDAY, MONDAY + timedelta(days=most + 1)) == band + 1


def test_open_rows_are_counted_by_state_and_age_and_listed_oldest_first(town: Town) -> None:
    old, new = Agreement(town).to_answer(), Agreement(town).to_answer()
    with town.database.write() as connection:  # a case from before
        rows = register_row.update().where(register_row.c.id == row_of(old))
        connection.execute(rows.values(opened=town.world.clock.now() - timedelta(days=31)))
    worker = town.browser("liaison_wang")
    path = row_of(old)
    key = next(r["key"] for r in worker.get("/api/v1/registers").json)
    page = worker.page(f"/registers/{key}/ages")
    assert re.search(r"<dt>在办</dt><dd>2</dd>", page)
    assert re.search(r"最久未办结</dt><dd>31 天", page)
    assert page.index(f"/registers/{key}/{path}") < page.index(f"/registers/{key}/{row_of(new)}")
    young, aged = (worker.page(f"/registers/{key}/ages", band=str(band)) for band in (0, 1))
    assert row_of(new) in young
    assert row_of(old) not in young
    assert row_of(old) in aged
    assert row_of(new) not in aged
    # the table of states stays whole while the list is narrowed
    assert re.search(r"<dt>在办</dt><dd>2</dd>", aged)


def test_the_agenda_lists_what_is_late_first_and_what_falls_due_by_day(town: Town) -> None:
    Agreement(town).to_review()
    reviewer = town.browser("legal_zhao")
    page = reviewer.page("/agenda")
    assert 'class="agenda-line"' in page
    assert "已逾期" not in page
    assert 'class="agenda-line' not in reviewer.page("/agenda", **{"from": "2027-01-01"})
    town.world.clock.advance(timedelta(days=9))  # before any timer has acted
    reviewer = town.browser("legal_zhao")
    assert 'class="agenda-line late"' in reviewer.page("/agenda")
    assert reviewer.get("/agenda", **{"from": "not a day"}).status_code == 200


def test_the_library_says_what_one_may_start_and_finds_procedures(town: Town) -> None:
    worker = town.browser("liaison_wang")
    page = worker.page("/procedures")
    startable = page[page.index("您可以发起") : page.index("其他流程")]
    assert "共驻共建五约" in startable
    assert "/start/" in startable
    assert page.index("其他流程") < page.index("共用子流程")
    found = worker.page("/procedures", q="五约")
    assert "共驻共建五约" in found
    assert "听证会" not in found
    assert "没有符合的流程" in worker.page("/procedures", q="没有的名字")


def test_the_count_of_the_menu_is_what_the_inbox_shows(town: Town) -> None:
    Agreement(town).to_review()
    page = town.browser("legal_zhao").page("/inbox")
    side = page[page.index('<nav class="side"') : page.index("<main")]
    assert re.findall(r'<span class="t">待办</span><span class="count">(\d+)</span>', side) == ["1"]
    assert re.findall(r'待我办 <span class="n">(\d+)</span>', page) == ["1"]
