"""Meetings and opinion rounds on the page of their case and of its register rows: who sees which, and what the lines say."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from lxml import html

from governance.meetings import store as meetings
from governance.opinions import store as rounds
from governance.registers import store as rows
from tests.acceptance.conftest import MANIFEST
from tests.played import Step, does, play
from tests.town import Town

PROCESS, CASE = "consult_enterprise", "企业提出错峰停车"
SECRETARY, ASKED, NOT_ASKED, OUTSIDER = "liaison_wang", "head_xie", "head_luo", "liaison_he"
MEETINGS, ROUNDS = "meetings-of", "rounds-of"


def town_at(folder: Path, before: object) -> tuple[Town, str]:
    """The town when the run stands before this step, and the id of the case."""
    town = Town(folder, manifest=MANIFEST, roster="street")
    run = play(town, PROCESS, CASE, before=before)  # type: ignore[arg-type]
    return town, run.instance()


def _voting(step: Step) -> bool:
    return "vote" in step


@pytest.fixture(scope="module")
def sitting(tmp_path_factory: pytest.TempPathFactory) -> tuple[Town, str]:
    """The round is over, the meeting sits; tests that read only share it."""
    return town_at(tmp_path_factory.mktemp("sitting"), _voting)


def panel(page: str, name: str) -> str | None:
    """What a panel of the page says; None when it is not there."""
    found = html.fromstring(page).xpath(f"//section[@aria-labelledby='{name}']")
    return re.sub(r"\s+", " ", found[0].text_content()).strip() if found else None


def led_to(page: str, name: str) -> list[str]:
    return [str(href) for href in html.fromstring(page).xpath(f"//section[@aria-labelledby='{name}']//a/@href")]


def test_whoever_opens_the_case_finds_exactly_the_meetings_and_rounds_that_open_for_him(sitting: tuple[Town, str]) -> None:
    town, case = sitting
    with town.database.read() as connection:
        (meeting,) = [f"/meetings/{m['id']}" for m in meetings.of_instance(connection, case)]
        (asked,) = [f"/opinions/{r['slug']}" for r in rounds.of_instance(connection, case)]
    readers: dict[tuple[bool, bool], set[str]] = {}
    for person in (p["id"] for p in town.roster["people"]):
        browser = town.browser(person)
        answer = browser.get(f"/cases/{case}")
        if answer.status_code == 404:
            assert meeting not in answer.text
            assert asked not in answer.text
            continue
        opens = tuple(browser.get(path).status_code == 200 for path in (meeting, asked))
        shown = (led_to(answer.text, MEETINGS) == [meeting], led_to(answer.text, ROUNDS) == [asked])
        assert shown == opens, person
        readers.setdefault(opens, set()).add(person)
    assert ASKED in readers[True, True]
    assert NOT_ASKED in readers[True, False]  # in the council, but his firm was not asked
    assert OUTSIDER not in set().union(*readers.values())


def test_the_row_of_the_register_shows_them_to_those_who_may_open_the_case(sitting: tuple[Town, str]) -> None:
    town, case = sitting
    with town.database.read() as connection:
        row = next(r for r in rows.rows_of_instance(connection, case) if r.register == "council_topics")
    page = town.browser(ASKED).page(f"/registers/{row.register}/{row.id}")
    assert "共建协商会：园区错峰停车" in (panel(page, MEETINGS) or "")
    assert "征求意见：园区错峰停车" in (panel(page, ROUNDS) or "")
    lines = panel(town.browser(NOT_ASKED).page(f"/registers/{row.register}/{row.id}"), ROUNDS)
    assert lines is None


@pytest.mark.parametrize(
    ("language", "meeting", "asked"),
    [
        (
            "zh",
            "会议 1 共建协商会：园区错峰停车 今天 14:00 · 企业社区会议室 · 协商会 进行中",
            "征求意见 1 征求意见：园区错峰停车 征求 3，已答 3 · 采纳情况已公布 已截止",
        ),
        (
            "en",
            "Meetings 1 共建协商会：园区错峰停车 today 14:00 · 企业社区会议室 · Consultation Running",
            "Opinions 1 征求意见：园区错峰停车 asked 3, answered 3 · adoption table published Closed",
        ),
    ],
)
def test_the_lines_say_when_where_and_how_far_in_the_readers_language(
    sitting: tuple[Town, str], language: str, meeting: str, asked: str
) -> None:
    town, case = sitting
    page = town.browser(ASKED, language=language).page(f"/cases/{case}")
    assert (panel(page, MEETINGS) or "").replace(" ", "") == meeting.replace(" ", "")
    assert (panel(page, ROUNDS) or "").replace(" ", "") == asked.replace(" ", "")


@pytest.mark.parametrize(("language", "due", "running"), [("zh", "待您答复", "征集中"), ("en", "Waits for you", "Open")])
def test_a_round_asks_those_who_have_not_answered_and_nobody_else(tmp_path: Path, language: str, due: str, running: str) -> None:
    town, case = town_at(tmp_path, lambda step: "answer" in step and step["by"] == ASKED)
    asks = panel(town.browser(ASKED, language=language).page(f"/cases/{case}"), ROUNDS) or ""
    assert due in asks
    assert running not in asks
    for person in ("unit_li", SECRETARY):  # has answered, was never asked
        said = panel(town.browser(person, language=language).page(f"/cases/{case}"), ROUNDS) or ""
        assert due not in said
        assert running in said
    assert panel(town.browser(NOT_ASKED, language=language).page(f"/cases/{case}"), ROUNDS) is None


@pytest.mark.parametrize(("language", "due"), [("zh", "待您回执"), ("en", "Your reply is due")])
def test_a_meeting_asks_for_the_reply_of_those_who_owe_one(tmp_path: Path, language: str, due: str) -> None:
    town, case = town_at(tmp_path, does("reply_invitation", by=ASKED))
    asks = panel(town.browser(ASKED, language=language).page(f"/cases/{case}"), MEETINGS) or ""
    assert due in asks
    for person in ("unit_li", SECRETARY):  # has replied, need not
        said = panel(town.browser(person, language=language).page(f"/cases/{case}"), MEETINGS) or ""
        assert "共建协商会：园区错峰停车" in said
        assert due not in said


def test_a_case_without_meetings_and_rounds_has_no_empty_panels(tmp_path: Path) -> None:
    town, case = town_at(tmp_path, does("screen_topic"))
    page = town.browser(SECRETARY).page(f"/cases/{case}")
    assert (panel(page, MEETINGS), panel(page, ROUNDS)) == (None, None)
