"""A meeting over HTTP: who sees what, what the pages say, and the acts on the record."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from lxml import html
from sqlalchemy import event

from engine.store.tables import instance
from governance.meetings import store
from tests.acceptance.conftest import MANIFEST
from tests.acceptance.pages import has_han, links, texts
from tests.gathering import CHAIR, MEMBERS, SECRETARY, STREET, Gathering
from tests.hall import RULES
from tests.town import Town

OUTSIDER = "stranger_dong"
YES = dict.fromkeys(("unit_li", "head_xie", "head_du", "head_luo"), "yes") | {"head_han": "abstain", "head_zheng": "no"}


@pytest.fixture
def gathering(tmp_path: Path) -> Gathering:
    return Gathering(Town(tmp_path, manifest=MANIFEST, roster=STREET))


@pytest.fixture(scope="module")
def voting(tmp_path_factory: pytest.TempPathFactory) -> Gathering:
    """A meeting in the middle of a vote; tests that read only share it."""
    found = Gathering(Town(tmp_path_factory.mktemp("voting"), manifest=MANIFEST, roster=STREET)).to_vote()
    found.cast("unit_li", "yes")
    return found


@pytest.fixture(scope="module")
def certified(tmp_path_factory: pytest.TempPathFactory) -> Gathering:
    """A vote that two tellers have certified; tests that read only share it."""
    return Gathering(Town(tmp_path_factory.mktemp("certified"), manifest=MANIFEST, roster=STREET)).to_certified(YES)


def said(page: str) -> str:
    return " ".join(texts(page))


def stamp(page: str) -> str:
    (found,) = html.fromstring(page).xpath("//*[@data-revision]/@data-revision")
    return str(found)


def parts(page: str) -> set[str]:
    return {str(p) for p in html.fromstring(page).xpath("//@data-part")}


# Who sees it


def test_a_meeting_is_open_to_its_seats_and_to_nobody_else(voting: Gathering) -> None:
    for person in (CHAIR, SECRETARY, "unit_li", "dept_market"):
        assert "三月共建协商会" in said(voting.page(person))
    outside = voting.browser(OUTSIDER)
    for path in ("", "/live?since=x", "/wall", "/record", "/code", "/in?code=x"):
        assert outside.get(f"/meetings/{voting.meeting}{path}").status_code == 404, path
    assert outside.get(f"/votes/{voting.vote()}").status_code == 404
    assert outside.get(f"/api/v1/meetings/{voting.meeting}").status_code == 404
    assert "三月共建协商会" not in said(outside.page("/meetings"))


def test_an_outsider_does_not_learn_whether_something_happens_in_a_meeting(voting: Gathering) -> None:
    """Neither with the stamp of somebody inside, nor with one made up of what he can guess."""
    inside = stamp(voting.page("unit_li"))
    assert voting.browser("unit_li").get(f"/meetings/{voting.meeting}/live?since={inside}").status_code == 204
    with voting.town.database.read() as connection:
        row = store.get(connection, voting.meeting)
    assert row is not None
    guesses = [inside, *(f"{row['revision']}.{version}" for version in range(40))]
    outside = voting.browser(OUTSIDER)
    assert {outside.get(f"/meetings/{voting.meeting}/live?since={guess}").status_code for guess in guesses} == {404}


def test_visitors_are_sent_to_the_login(voting: Gathering) -> None:
    for path in ("/meetings", f"/meetings/{voting.meeting}", f"/meetings/{voting.meeting}/live", f"/votes/{voting.vote()}"):
        answer = voting.town.browser().get(path)
        assert answer.status_code == 302, path
        assert "/login" in answer.headers["Location"]


def test_the_list_groups_meetings_and_names_those_whose_minutes_are_overdue(gathering: Gathering) -> None:
    gathering.to_vote()
    assert "正在进行" in said(gathering.browser("unit_li").page("/meetings"))
    with gathering.town.database.write() as connection:
        store.change(connection, gathering.meeting, state="minuted")
    assert "散会 5 天后纪要仍未确认" not in said(gathering.browser("unit_li").page("/meetings"))
    gathering.town.world.clock.move_to(gathering.town.world.clock.now() + timedelta(days=6))
    assert "散会 5 天后纪要仍未确认 [A]" in said(gathering.browser("unit_li").page("/meetings"))


# Before


def test_before_the_meeting_the_page_says_what_is_due_and_by_which_rule(gathering: Gathering) -> None:
    gathering.send()
    page = said(gathering.page("unit_li"))
    assert "通知已于" in page
    assert "通知最迟" in page
    assert "[A]" in page
    assert "应到 9 席，回执到会 0，未回 9" in page
    # the reply is done here, as a task of the process
    assert "现在要您办" in page
    assert re.search(r"/meetings/[^/]+/tasks/", gathering.page("unit_li"))


def test_replies_show_in_the_forecast(gathering: Gathering) -> None:
    gathering.send()
    for person in MEMBERS:
        gathering.do("reply_invitation", person, {"answer": "attend"})
    assert "预计达到法定人数" in said(gathering.page(SECRETARY))


# At the door


def test_the_code_at_the_door_signs_in_by_a_press_and_a_visit_alone_changes_nothing(gathering: Gathering) -> None:
    gathering.to_door()
    shown = gathering.browser(SECRETARY).page(f"/meetings/{gathering.meeting}/code")
    (address,) = html.fromstring(shown).xpath("//p[@class='code s']/text()")
    assert html.fromstring(shown).xpath("//*[local-name()='svg' and contains(@class, 'qr')]")
    path = str(address).split("localhost", 1)[-1]
    member = gathering.browser("unit_li")
    member.page(path)
    assert "9 席：到 0" in said(gathering.page(SECRETARY))
    code = path.split("code=")[1]
    answer = member.post(f"/meetings/{gathering.meeting}/in", {"code": code})
    assert answer.status_code == 302, answer.text
    assert "9 席：到 1" in said(gathering.page(SECRETARY))


def test_a_wrong_code_signs_nobody_in_and_says_so(gathering: Gathering) -> None:
    gathering.to_door()
    answer = gathering.browser("unit_li").post(f"/meetings/{gathering.meeting}/in", {"code": "guessed"})
    assert answer.status_code in (403, 422)
    assert "没有签到" in said(answer.text)
    assert "9 席：到 0" in said(gathering.page(SECRETARY))


def test_only_chair_and_secretary_see_the_code_and_sign_in_others(gathering: Gathering) -> None:
    gathering.to_door()
    member = gathering.browser("unit_li")
    assert member.get(f"/meetings/{gathering.meeting}/code").status_code == 403
    page = html.fromstring(gathering.page(SECRETARY))
    seats = page.xpath("//ul[contains(@class, 'seats')]//input[@name='seat']/@value")
    refused = member.send(f"/meetings/{gathering.meeting}/sign-in", {"seat": str(seats[2])})
    assert refused.status_code == 403
    assert gathering.browser(SECRETARY).send(f"/meetings/{gathering.meeting}/sign-in", {"seat": str(seats[2])}).status_code == 200
    assert "9 席：到 1" in said(gathering.page(SECRETARY))


def test_signing_in_too_early_is_refused_with_the_rule(gathering: Gathering) -> None:
    gathering.send()
    answer = gathering.browser("unit_li").send(f"/meetings/{gathering.meeting}/sign-in", {})
    assert answer.status_code == 422
    assert "60 分钟" in answer.get_json()["title"]


# Running


def test_the_live_answer_is_empty_until_something_changes_and_then_brings_every_part(gathering: Gathering) -> None:
    gathering.to_vote()
    whole = gathering.page(CHAIR)
    path = f"/meetings/{gathering.meeting}/live"
    quiet = gathering.browser(CHAIR).get(path, since=stamp(whole))
    assert (quiet.status_code, quiet.data) == (204, b"")
    assert re.fullmatch(r"\d\d:\d\d", quiet.headers["X-At"])
    gathering.cast("unit_li", "yes")
    fresh = gathering.browser(CHAIR).get(path, since=stamp(whole))
    assert fresh.status_code == 200
    assert parts(fresh.text) == parts(whole)
    assert "赞成 1" in said(fresh.text)
    assert gathering.browser(CHAIR).get(path, since=stamp(fresh.text)).status_code == 204


def test_a_step_of_the_case_that_leaves_the_record_alone_reaches_the_page_too(gathering: Gathering) -> None:
    gathering.to_first_item()
    before = stamp(gathering.page(CHAIR))
    with gathering.town.database.write() as connection:
        connection.execute(instance.update().where(instance.c.id == gathering.instance).values(version=instance.c.version + 1))
    assert gathering.browser(CHAIR).get(f"/meetings/{gathering.meeting}/live", since=before).status_code == 200


def test_bars_are_text_too_and_their_line_is_where_the_majority_is(voting: Gathering) -> None:
    page = html.fromstring(voting.page("head_xie"))
    labels = [str(x) for x in page.xpath("//*[local-name()='svg' and @role='img']/@aria-label")]
    assert "应到 9 席，实到 6 席，法定人数 6 席" in labels
    assert "赞成 1、反对 0、弃权 0、未投 5；通过线 4" in labels
    lines = [str(x) for x in page.xpath("//*[local-name()='line']/@x1")]
    assert lines == ["66.67%", "66.67%"]
    assert "结果未定" in said(voting.page("head_xie"))


def test_a_second_press_of_the_same_seat_counts_once_and_another_choice_is_refused(gathering: Gathering) -> None:
    gathering.to_vote()
    member, path = gathering.browser("unit_li"), f"/votes/{gathering.vote()}/ballots"
    for _ in range(2):
        assert member.send(path, {"option": "yes"}).status_code == 200
    assert member.send(path, {"option": "no"}).status_code == 409
    assert "赞成 1、反对 0" in said(gathering.page(CHAIR))


def test_casting_works_without_our_browser_code(gathering: Gathering) -> None:
    gathering.to_vote()
    answer = gathering.browser("unit_li").post(f"/votes/{gathering.vote()}/ballots", {"option": "yes", "seat": ""})
    assert answer.status_code == 302
    assert "您已投票：赞成" in said(gathering.browser("unit_li").page(f"/votes/{gathering.vote()}"))


def test_who_has_no_ballot_is_told_why(voting: Gathering) -> None:
    assert "您未签到" in said(voting.browser("head_shen").page(f"/votes/{voting.vote()}"))
    refused = voting.browser("head_shen").send(f"/votes/{voting.vote()}/ballots", {"option": "yes"})
    assert refused.status_code == 422
    assert "您未签到" in refused.get_json()["title"]


def test_the_ballot_says_in_whose_seat_and_who_will_see_it(voting: Gathering) -> None:
    page = said(voting.page("head_luo"))
    assert "您以 恒泽冷链有限公司 席位投票" in page
    assert "能看这次表决的人都看得到" in page
    # whoever has voted sees what he chose, not a ballot
    assert "您已投票：赞成" in said(voting.page("unit_li"))


def test_open_votes_wait_in_the_inbox_until_they_are_cast(voting: Gathering) -> None:
    page = voting.browser("head_luo").page("/inbox")
    assert "等您表决、答复或批准" in said(page)
    assert f"/meetings/{voting.meeting}" in links(page)
    assert "等您表决、答复或批准" not in said(voting.browser("unit_li").page("/inbox"))


def test_the_secretary_notes_speeches_under_the_current_item_and_members_cannot(gathering: Gathering) -> None:
    gathering.to_vote()
    speech = {"speaker": "李海", "stance": "for", "text": "试行三个月再评估"}
    gathering.act(SECRETARY, "speeches", speech)
    assert "试行三个月再评估" in said(gathering.page("head_xie"))
    assert "第 2 项发言" in said(gathering.page("head_xie"))
    assert gathering.browser("unit_li").send(f"/meetings/{gathering.meeting}/speeches", speech).status_code == 403


def test_those_who_have_not_voted_are_reminded_and_nobody_else(gathering: Gathering) -> None:
    gathering.to_vote()
    gathering.cast("unit_li", "yes")
    answer = gathering.browser(CHAIR).send(f"/meetings/{gathering.meeting}/remind/{gathering.vote()}", {})
    assert answer.get_json()["done"] == "已提醒 5 人"
    assert "提醒：" in said(gathering.browser("head_xie").page("/notices"))
    assert "提醒：" not in said(gathering.browser("unit_li").page("/notices"))
    assert gathering.browser("unit_li").send(f"/meetings/{gathering.meeting}/remind/{gathering.vote()}", {}).status_code == 403


def test_a_secret_vote_shows_nothing_but_the_number_cast_before_it_is_certified(gathering: Gathering) -> None:
    gathering.rules = {**RULES, "method": "secret"}
    gathering.to_vote()
    for person in ("unit_li", "head_xie", "head_du"):
        gathering.cast(person, "no")
    for person in (CHAIR, "unit_li", "head_luo"):
        page = said(gathering.page(person))
        assert "已投 3，未投 3" in page
        assert "计票确认前不公布票数" in page
        assert "反对 3" not in page
    own = said(gathering.page("unit_li"))
    assert "您已投票" in own
    assert "您已投票：" not in own


def test_the_wall_shows_no_controls_and_no_full_names(voting: Gathering) -> None:
    page = voting.browser(CHAIR).page(f"/meetings/{voting.meeting}/wall")
    root = html.fromstring(page)
    assert root.get("data-mode") == "wall"
    assert not root.xpath("//button | //form | //nav")
    assert "郑（召集人）" in said(page)
    assert not [name for name in ("郑强", "李海", "王芳", "谢军") if name in said(page)]


# After


def test_the_record_of_a_certified_vote_can_be_checked_on_paper(certified: Gathering) -> None:
    page = said(certified.browser("unit_li").page(f"/votes/{certified.vote()}"))
    assert "通过" in page
    assert "4 / 6" in page
    assert "不少于三分之二" in page
    assert "D5.consultation" in page
    assert "名册 9 席：有表决权 6，缺席 3，回避 0" in page
    assert "sha256:" in page
    assert "杜若谷" in page
    assert "[A]" in page


def test_a_recount_gives_the_stored_result_and_changes_nothing(certified: Gathering) -> None:
    vote = certified.vote()
    before = certified.browser("unit_li").page(f"/votes/{vote}")
    answer = certified.browser("unit_li").post(f"/votes/{vote}/recount")
    assert answer.status_code == 200
    assert "重新计票与记录一致" in said(answer.text)
    after = certified.browser("unit_li").page(f"/votes/{vote}")
    assert said(before) == said(after)


def test_the_printed_record_of_the_meeting_names_who_came_and_what_was_decided(certified: Gathering) -> None:
    page = said(certified.browser(SECRETARY).page(f"/meetings/{certified.meeting}/record"))
    assert "应到 9 席，实到 6 席（66.7%）" in page
    assert "缺席" in page
    assert "同意试行《园区错峰停车公约》三个月。" in page
    assert "议定事项" in page
    # who voted no by name stands in it
    assert "郑强 ：投反对票" in page


def test_everything_is_said_in_english_too(voting: Gathering, certified: Gathering) -> None:
    """Texts of the case are as they were written; what the pages say themselves is English."""
    given = {  # words of the case itself
        "三月",
        "园区",
        "同意",
        "企业社区",
        "二月",
        "春季",
        "三项",
        "演练",
        "落实",
        "提前",
        "材料",
        "三分之二",
        "先求",
        "每人",
        "五个",
        "章程",
        "三天",
    }
    for gathering, path in ((voting, f"/meetings/{voting.meeting}"), (certified, f"/votes/{certified.vote()}"), (voting, "/meetings")):
        reader = gathering.town.browser("unit_li", language="en")
        found = [t for t in texts(reader.page(path)) if has_han(t) and not any(word in t for word in given)]
        names = [t for t in found if len(t) > 4 and t not in ("共治", "中文") and not t.startswith("Account: ")]
        assert not names, (path, names)


# The interface for programs


def test_the_api_reads_and_acts_as_the_pages_do(gathering: Gathering) -> None:
    gathering.to_vote()
    member = gathering.browser("unit_li")
    listed = member.get("/api/v1/meetings").get_json()["items"]
    assert [m["id"] for m in listed] == [gathering.meeting]
    one = member.get(f"/api/v1/meetings/{gathering.meeting}").get_json()
    assert (one["state"], one["present"], one["needed"], one["current"]) == ("open", 6, 6, 2)
    vote = one["items"][1]["votes"][0]
    assert (vote["fixed"], vote["counts"]["yes"]) == (None, "0")
    cast = member.send(f"/api/v1/votes/{vote['id']}/ballots", {"option": "yes"})
    assert cast.status_code == 200
    assert cast.get_json()["already"] is False
    assert "option" not in cast.get_json()
    assert member.send(f"/api/v1/votes/{vote['id']}/ballots", {"option": "yes"}).get_json()["already"] is True
    speech = {"item": 2, "speaker": "李海", "stance": "for", "text": "好"}
    assert member.send(f"/api/v1/meetings/{gathering.meeting}/speeches", speech).status_code == 403
    assert gathering.browser(SECRETARY).send(f"/api/v1/meetings/{gathering.meeting}/speeches", speech).status_code == 200
    assert member.get(f"/api/v1/votes/{vote['id']}/record").status_code == 422
    assert member.send(f"/api/v1/meetings/{gathering.meeting}/sign-out", {}).status_code == 200


def test_the_api_gives_the_certified_record(certified: Gathering) -> None:
    record = certified.browser("unit_li").get(f"/api/v1/votes/{certified.vote()}/record").get_json()
    assert record["same"] is True
    assert (record["record"]["numerator"], record["record"]["denominator"]) == ("4", "6")
    assert record["hash"].startswith("sha256:")


# What it costs


def statements(town: Town, call: Callable[[], Any]) -> int:
    """How many statements a call sends to the database, for reading or writing."""
    seen: list[str] = []

    def note(_connection: Any, _cursor: Any, statement: str, *_: Any) -> None:
        if not statement.startswith("BEGIN"):
            seen.append(statement)

    engines = {town.database.reader, town.database.writer}
    for engine in engines:
        event.listen(engine, "before_cursor_execute", note)
    try:
        call()
    finally:
        for engine in engines:
            event.remove(engine, "before_cursor_execute", note)
    return len(seen)


def test_a_quiet_poll_is_two_reads_and_a_changed_one_does_not_grow_with_the_votes_cast(gathering: Gathering) -> None:
    gathering.to_vote()
    chair, path = gathering.browser(CHAIR), f"/meetings/{gathering.meeting}/live"
    known = stamp(gathering.page(CHAIR))
    chair.get(path, since=known)
    assert statements(gathering.town, lambda: chair.get(path, since=known)) <= 4
    few = statements(gathering.town, lambda: chair.get(path))
    for person in ("unit_li", "head_xie", "head_du", "head_luo"):
        gathering.cast(person, "yes")
    assert statements(gathering.town, lambda: chair.get(path)) <= few


def test_a_speech_without_a_stance_is_given_none(gathering: Gathering) -> None:
    gathering.to_vote()
    gathering.act(SECRETARY, "speeches", {"speaker": "罗以恒", "stance": "", "text": "冷链车必须夜间到货"})
    with gathering.town.database.read() as connection:
        assert [s["stance"] for s in store.speeches(connection, gathering.meeting)] == [""]


@pytest.mark.parametrize("body", [[], {"option": 1}, "yes", {"seat": ["a"]}])
def test_a_ballot_that_is_no_ballot_is_a_bad_request(voting: Gathering, body: Any) -> None:
    assert voting.browser("head_du").send(f"/votes/{voting.vote()}/ballots", body).status_code == 400
