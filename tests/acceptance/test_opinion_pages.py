"""The page of an opinion round for the public, by personal link, for members of units and for staff."""

from __future__ import annotations

import csv
import io
import re
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from engine.actor import SYSTEM
from governance.opinions import store
from tests.acceptance.conftest import MANIFEST
from tests.town import Town

QUESTIONS = [
    {"key": "lift", "kind": "clause", "text": "同意加装电梯"},
    {"key": "side", "kind": "choice", "text": "装在哪侧", "options": ["东侧", "西侧"]},
    {"key": "note", "kind": "text", "text": "其他意见"},
]
AUDIENCE = [{"household": f"1幢{n}01", "group": "一号楼"} for n in range(1, 7)] + [{"unit": "property_nandu", "group": "物业"}]
FULL = {"a-lift-stance": "support", "a-side": "东侧"}


#: the procedure that opens rounds
PROCESS = "sp_collect_opinions"


class Round:
    """A round in a town, with what its page needs."""

    def __init__(self, folder: Path, **more: Any) -> None:
        self.town = Town(folder, roster="street", manifest=MANIFEST)
        inputs = {
            "title": "加装电梯征求意见", "questions": QUESTIONS, "audience": AUDIENCE, "one_per": "household", "method": "questionnaire",
            "organiser": ["role:rc_director@nandu"], "window": "P7D", **more,
        }  # fmt: skip
        self.town.app.engine.start(PROCESS, inputs, actor=SYSTEM, area="nandu")
        self.town.world.jobs.run_due()
        with self.town.database.read() as connection:
            line = self.town.app.engine.queries.instances(limit=1).items[0]
            (self.row,) = store.of_instance(connection, line.id)
            self.slots = {s["name"]: s for s in store.slots(connection, self.row["id"])}
        self.path = f"/opinions/{self.row['slug']}"
        self.links: dict[str, str] = {}

    def link(self, name: str) -> str:
        """The household's personal link, handed out once by the director."""
        if name not in self.links:
            slot = self.slots[name]["id"]
            hand_out = self.town.app.opinions.hand_out
            made = self.town.database.run(lambda c: hand_out(c, self.row["id"], [slot], "rc_director_qian", self.town.world.clock.now()))
            self.links[name] = f"{self.path}/{made[slot]}"
        return self.links[name]

    def answers(self) -> list[dict[str, Any]]:
        with self.town.database.read() as connection:
            return store.answers(connection, self.row["id"])


@pytest.fixture
def asked(tmp_path: Path) -> Round:
    return Round(tmp_path)


@pytest.fixture
def open_round(tmp_path: Path) -> Round:
    return Round(tmp_path, audience=None, public=True, residents_of="nandu")


def test_a_household_answers_by_its_link_corrects_itself_and_sees_what_it_said(asked: Round) -> None:
    public, link = asked.town.browser(), asked.link("1幢101")
    page = public.page(link)
    assert "以 1幢101 的名义填写" in page
    assert "少于 5 份的组不单独公布 [A]" in page
    sent = public.post(link, FULL)
    assert sent.status_code == 303
    assert "意见已收到" in public.page(sent.headers["Location"])
    again = public.page(link)
    assert "您在 今天 09:00 填过" in again
    assert 'value="support" checked' in again
    changed = public.post(link, {**FULL, "a-lift-stance": "oppose", "a-lift-text": "采光"})
    assert "意见已更新" in public.page(changed.headers["Location"])
    (counted,) = asked.answers()
    assert counted["answers"]["lift"] == {"stance": "oppose", "text": "采光"}
    assert (counted["channel"], counted["verified"], counted["person"]) == ("link", True, None)


def test_what_is_missing_is_named_and_what_was_typed_stays(asked: Round) -> None:
    public, link = asked.town.browser(), asked.link("1幢101")
    wrong = public.post(link, {"a-lift-stance": "conditional", "a-note": "路灯太暗"})
    assert wrong.status_code == 422
    for text in ("还不能提交", "请写明条件", "请回答这一题", "路灯太暗", 'value="conditional" checked'):
        assert text in wrong.text, text
    assert asked.answers() == []


def test_without_a_link_an_account_or_a_public_round_there_is_no_page(asked: Round) -> None:
    public = asked.town.browser()
    assert public.get(asked.path).status_code == 404
    assert public.get(f"{asked.path}/00000000-0000-4000-8000-000000000000").status_code == 404
    assert public.post(asked.path, FULL).status_code == 404
    assert asked.town.browser("stranger_dong").get(asked.path).status_code == 404


def test_a_unit_answers_by_account_and_finds_the_round_in_its_notices(asked: Round) -> None:
    manager = asked.town.browser("property_kang")
    assert "请填写意见：加装电梯征求意见" in manager.page("/notices")
    assert "以 南渡物业服务有限公司 的名义填写" in manager.page(asked.path)
    assert manager.post(asked.path, FULL).status_code == 303
    (counted,) = asked.answers()
    assert (counted["slot_name"], counted["person"], counted["channel"]) == ("南渡物业服务有限公司", "property_kang", "web")


def test_staff_enter_at_the_door_see_who_is_missing_and_export(asked: Round) -> None:
    staff = asked.town.browser("rc_worker_tan")
    page = staff.page(asked.path)
    assert asked.link("1幢201") not in page
    assert "还没有答的 7 户" in page
    slot = asked.slots["1幢201"]["id"]
    assert f'value="{slot}" selected' in staff.page(asked.path, slot=slot)
    done = staff.post(asked.path, {**FULL, "slot": slot, "channel": "door", "a-note": "=1+1"})
    assert done.status_code == 303
    (counted,) = asked.answers()
    assert (counted["entered_by"], counted["channel"], counted["slot_name"]) == ("rc_worker_tan", "door", "1幢201")
    rows = list(csv.reader(io.StringIO(staff.get(f"{asked.path}/answers.csv").data.decode("utf-8-sig"))))
    assert rows[0][:2] == ["提交时间", "对象"]
    assert rows[1][1:5] == ["1幢201", "一号楼", "入户", "谭小雨"]
    assert rows[1][-1] == "'=1+1"
    assert staff.get(f"{asked.path}/answers.xlsx").data.startswith(b"PK")
    manager = asked.town.browser("property_kang")
    assert manager.get(f"{asked.path}/answers.csv").status_code == 403
    assert manager.post(asked.path, {**FULL, "slot": slot, "channel": "door"}).status_code == 403
    assert asked.link("1幢301") not in manager.page(asked.path)
    assert asked.town.browser("liaison_wang").get(asked.path).status_code == 404


LINK = re.compile(r"/opinions/[^/\s<]+/[0-9a-f]{8}-[0-9a-f-]{27}")


def test_a_link_is_shown_once_to_whoever_hands_it_out_and_that_is_kept(asked: Round) -> None:
    director, slot = asked.town.browser("rc_director_qian"), asked.slots["1幢101"]["id"]
    assert not LINK.search(director.page(asked.path)), "no list of links for whoever reads the page"
    handed = director.post(f"{asked.path}/links", {"slot": slot})
    assert handed.status_code == 200
    assert handed.headers["Cache-Control"] == "no-store"
    (first,) = set(LINK.findall(handed.text))
    assert "<svg" in handed.text
    page = director.page(asked.path)
    assert not LINK.search(page)
    assert "钱桂芳 于 今天 09:00 发放链接" in page
    with asked.town.database.read() as connection:
        assert first.rsplit("/", 1)[1] not in str(store.slots(connection, asked.row["id"])), "only a hash is kept"
    public = asked.town.browser()
    assert "以 1幢101 的名义填写" in public.page(first)
    (second,) = set(LINK.findall(director.post(f"{asked.path}/links", {"slot": slot}).text))
    assert public.get(first).status_code == 404, "a link handed out anew ends the earlier one"
    assert public.post(second, FULL).status_code == 303
    assert len(set(LINK.findall(director.post(f"{asked.path}/links").text))) == 6, "all the others at once, to be printed"
    assert not LINK.search(director.post(f"{asked.path}/links").text)


def test_only_who_runs_the_round_or_takes_in_for_others_hands_out_links_and_enters(asked: Round) -> None:
    """The party secretary is staff and reads the round; she neither gets links nor answers for a household."""
    slot = asked.slots["1幢201"]["id"]
    for person in ("nandu_sec", "property_kang"):
        browser = asked.town.browser(person)
        assert "发放链接" not in browser.page(asked.path)
        assert browser.post(f"{asked.path}/links", {"slot": slot}).status_code == 403
        assert browser.post(asked.path, {**FULL, "slot": slot, "channel": "door"}).status_code == 403
    assert asked.town.browser().post(f"{asked.path}/links", {"slot": slot}).status_code in (302, 401)
    worker = asked.town.browser("rc_worker_tan")
    assert LINK.search(worker.post(f"{asked.path}/links", {"slot": slot}).text)
    assert asked.answers() == []


def test_staff_who_open_a_households_link_enter_on_its_behalf_and_it_is_recorded(asked: Round) -> None:
    link = asked.link("1幢301")
    worker = asked.town.browser("rc_worker_tan")
    page = worker.page(link)
    assert "将记为由您代 1幢301 填写" in page
    assert "怎样得到的意见" in page
    unnamed = worker.post(link, FULL)
    assert unnamed.status_code == 422
    assert "请说明怎样得到的意见" in unnamed.text
    assert asked.answers() == []
    assert worker.post(link, {**FULL, "channel": "paper", "slot": asked.slots["1幢401"]["id"]}).status_code == 403, "another household's"
    assert worker.post(link, {**FULL, "channel": "paper"}).status_code == 303
    (counted,) = asked.answers()
    assert (counted["slot_name"], counted["entered_by"], counted["channel"]) == ("1幢301", "rc_worker_tan", "paper")
    assert counted["person"] is None


def test_staff_without_that_right_cannot_answer_by_a_link_at_all(asked: Round) -> None:
    link, secretary = asked.link("1幢301"), asked.town.browser("nandu_sec")
    page = secretary.page(link)
    assert "请退出登录，由本人填写" in page
    assert "提交意见" not in page
    for form in (FULL, {**FULL, "channel": "paper"}):
        assert secretary.post(link, form).status_code == 403
    assert asked.answers() == []


def test_anybody_answers_a_public_round_found_on_the_wall(open_round: Round) -> None:
    public = open_round.town.browser()
    assert "加装电梯征求意见" in public.page("/public")
    assert "您住在南渡居民区吗" in public.page(open_round.path)
    wrong = public.post(open_round.path, FULL)
    assert wrong.status_code == 422
    assert "请填写" in wrong.text
    assert "请说明是否住在本辖区" in wrong.text
    sent = public.post(open_round.path, {**FULL, "i-household": "9幢901", "i-resident": "yes", "i-phone": "13812345678"})
    assert sent.status_code == 303
    away = public.post(open_round.path, {**FULL, "i-household": "外地", "i-resident": "no"})
    assert "不计入结果" in public.page(away.headers["Location"])
    (counted,) = open_round.answers()
    assert counted["identity"]["phone"] == "13812345678"
    assert "13812345678" not in public.page(open_round.path)


def test_after_the_end_the_public_reads_totals_and_reasons_and_nobody_answers(asked: Round) -> None:
    public, link = asked.town.browser(), asked.link("1幢601")
    for n in range(1, 6):
        assert public.post(asked.link(f"1幢{n}01"), {**FULL, "a-note": f"秘密{n}"}).status_code == 303
    assert asked.town.browser("property_kang").post(asked.path, FULL).status_code == 303
    asked.town.wait(timedelta(days=8))
    assert public.post(asked.path, FULL).status_code == 404
    # the link has ended with the round; what everybody may read is still read by it
    assert "征集时间" in public.page(link)
    assert public.post(link, FULL).status_code == 409
    task = asked.town.task("sort_and_respond", "rc_director_qian")
    director = asked.town.browser("rc_director_qian")
    rows = [{"text": "采光受影响", "count": "1", "adopted": "not_adopted", "reason": "日照符合规范"}]
    assert director.send(f"/tasks/{task.id}/complete", {"data": {"rows": rows}}).status_code == 200
    page = public.page(asked.path)
    for text in ("已反馈", "85.7%", "6 / 征求 7", "采光受影响", "日照符合规范", "不采纳"):
        assert text in page, text
    assert "秘密" not in page
    # one answer of the property firm alone would be its own: it stands together with the building
    assert "一号楼、物业" in page
    assert "秘密1" in director.page(asked.path)


def test_the_last_of_the_invited_is_thanked_although_his_answer_closes_the_round(tmp_path: Path) -> None:
    asked = Round(tmp_path, audience=[{"household": "1幢101"}], result_access="staff")
    public, link = asked.town.browser(), asked.link("1幢101")
    sent = public.post(link, FULL)
    asked.town.world.jobs.run_due()
    assert "征集已经结束，谢谢" in public.page(sent.headers["Location"])
    assert public.get(link).status_code == 404


def test_tries_are_limited_like_other_public_posts(tmp_path: Path) -> None:
    town = Town(tmp_path, roster="street", manifest=MANIFEST, limited=True)
    public = town.browser()
    answers = {public.post("/opinions/unknown", {}).status_code for _ in range(31)}
    assert answers == {404, 429}
