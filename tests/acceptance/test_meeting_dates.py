"""The date of a public meeting is one truth everywhere; and what happens when the server was down while a meeting began."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
import yaml

from engine.actor import Actor
from governance.desk import meetings as desk
from governance.meetings import store
from tests.acceptance.conftest import MANIFEST
from tests.acceptance.pages import texts
from tests.town import Town

CASES = Path(__file__).parents[2] / "processes/sp_run_meeting/cases.yaml"
SECRETARY, CHAIR, MEMBER = "office_xu", "director_gao", "head_city"
ALL = (CHAIR, MEMBER, "head_market")
START, GRACE_OVER = (datetime.fromisoformat(f"2026-03-16T{clock}+08:00") for clock in ("09:30", "10:00"))


def moment(text: str) -> datetime:
    return datetime.fromisoformat(f"2026-{text}+08:00")


class Session:
    """The joint meeting of the example runs, open to the public or not."""

    def __init__(self, folder: Path, *, public: bool) -> None:
        self.town = Town(folder, manifest=MANIFEST, roster="street")
        cases = yaml.safe_load(CASES.read_text("utf8"))["cases"]
        given = next(c["start"]["with"] for c in cases if c["start"]["by"] == SECRETARY and c["start"]["with"].get("publicity"))
        given = {**given, "meeting": {**given["meeting"], "open_to_public": public}}
        started = self.town.app.engine.start(
            "sp_run_meeting", self.town.given(given, SECRETARY), actor=self.actor(SECRETARY), area="street"
        )
        self.town.world.jobs.run_due()
        assert started.instance is not None
        self.instance = started.instance

    def actor(self, person: str) -> Actor:
        return Actor(person=person, name=person)

    @property
    def meeting(self) -> dict[str, Any]:
        with self.town.database.read() as connection:
            (row,) = store.of_instance(connection, self.instance)
        return row

    def do(self, node: str, person: str, form: Mapping[str, Any]) -> None:
        task = self.town.task(node, person, self.instance).id
        values = self.town.given(form, person, self.town.app.engine.queries.task(task).variables)
        self.town.app.engine.complete(task, values, actor=self.actor(person))
        self.town.world.jobs.run_due()

    def announce(self, day: str) -> None:
        text = f"三月部门联席会议于{day}召开，欢迎旁听。"
        notice = {"title": f"会议预告：{day}", "body": text, "places": ["mini_program"], "days": 7, "objection_channel": "街道党政办"}
        self.do("draft", SECRETARY, notice)
        self.do("approve", CHAIR, {"decision": "approve"})

    def nodes(self) -> set[str]:
        return {t.node for t in self.town.app.engine.queries.instance(self.instance).tasks}

    def sign_in(self, *people: str) -> None:
        for person in people:
            desk.sign_in(self.town.app, self.actor(person), self.meeting["id"])

    def wall(self) -> str:
        return " ".join(texts(self.town.browser().page("/public")))


def test_after_a_move_neither_wall_nor_agenda_shows_the_old_date(tmp_path: Path) -> None:
    session = Session(tmp_path, public=True)
    session.announce("三月十六日")
    with session.town.database.read() as connection:
        (shown,) = session.town.app.publicity.wall(connection, session.town.world.clock.now())
    assert "三月十六日" in session.wall()
    session.town.wait(until=moment("03-15T10:00"))
    moved = {
        "choice": "postpone",
        "new_start": "2026-03-30T09:30+08:00",
        "new_end": "2026-03-30T11:00+08:00",
        "reason": "主要领导出差，改期",
    }
    session.do("decide_go_on", SECRETARY, moved)
    assert "三月十六日" not in session.wall()
    assert session.town.browser().get(f"/public/{shown['slug']}").status_code == 404
    agenda = session.town.browser(MEMBER).page("/agenda")
    assert "2026-03-30" in agenda or "3月30日" in agenda
    assert "2026-03-16" not in agenda
    assert "3月16日" not in agenda
    session.announce("三月三十日")
    assert "三月三十日" in session.wall()


def test_a_refused_move_leaves_the_announcement_up(tmp_path: Path) -> None:
    session = Session(tmp_path, public=True)
    session.announce("三月十六日")
    session.town.wait(until=moment("03-15T10:00"))
    task = session.town.task("decide_go_on", SECRETARY, session.instance).id
    moved = {
        "choice": "postpone",
        "new_start": "2026-03-16T09:30+08:00",
        "new_end": "2026-03-16T11:00+08:00",
        "reason": "主要领导出差，改期",
    }
    refused = session.town.browser(SECRETARY).send(f"/api/v1/tasks/{task}/complete", {"form": moved})
    assert refused.status_code >= 400
    assert "三月十六日" in session.wall()
    assert "decide_go_on" in session.nodes()


def test_an_adjourned_meeting_stands_in_the_agenda_at_the_date_it_goes_on(tmp_path: Path) -> None:
    session = Session(tmp_path, public=False)
    session.town.wait(until=moment("03-16T09:00"))
    session.sign_in(*ALL)
    session.do("sign_in", SECRETARY, {})
    browser = session.town.browser(CHAIR)
    for name, day in (("休会", "03-23"), ("改续会时间", "03-25")):
        (button,) = [a for a in session.town.app.engine.queries.instance(session.instance).actions if a.name.zh == name]
        form = {"reason": "消防演练，改天再开", "resume_at": f"2026-{day}T09:30+08:00"}
        session.town.app.engine.act(session.instance, button.token, form, actor=session.actor(CHAIR))
        session.town.world.jobs.run_due()
        assert session.meeting["start_at"] == moment(f"{day}T09:30")
    page = browser.page(f"/meetings/{session.meeting['id']}")
    assert "改续会时间" in page
    assert "取消续会" in page
    (button,) = [a for a in session.town.app.engine.queries.instance(session.instance).actions if a.name.zh == "取消续会"]
    session.town.app.engine.act(session.instance, button.token, {"reason": "与四月会议合并召开"}, actor=session.actor(CHAIR))
    session.town.world.jobs.run_due()
    assert session.meeting["start_at"] == START  # the session that was held
    assert "不再续会" in session.town.browser(MEMBER).page("/notices")


# The server was down when the grace ended: the alarm rings late


@pytest.fixture
def waiting(tmp_path: Path) -> Session:
    """People may sign in; nobody has."""
    session = Session(tmp_path, public=False)
    session.town.wait(until=moment("03-16T09:00"))
    return session


def test_a_late_alarm_counts_those_who_came_meanwhile(waiting: Session) -> None:
    waiting.town.world.clock.move_to(GRACE_OVER.replace(minute=40))  # no job has run
    waiting.sign_in(*ALL)
    waiting.town.world.jobs.run_due()
    assert waiting.meeting["state"] == "open"
    assert "present" in waiting.nodes()


def test_who_left_before_the_late_alarm_does_not_count(waiting: Session) -> None:
    waiting.sign_in(*ALL)
    waiting.town.world.clock.move_to(GRACE_OVER.replace(minute=40))
    for person in ALL:
        desk.sign_out(waiting.town.app, waiting.actor(person), waiting.meeting["id"])
    waiting.town.world.jobs.run_due()
    assert waiting.meeting["state"] == "announced"
    assert "record_no_quorum" in waiting.nodes()


@pytest.mark.parametrize("choice", ["reschedule", "recount"])
def test_no_quorum_is_decided_on_who_is_there_at_that_moment(waiting: Session, choice: str) -> None:
    """The doors were open late because the server was down: those who come then make the quorum, and it cannot be recorded as missing."""
    waiting.town.world.clock.move_to(GRACE_OVER.replace(minute=40))
    waiting.town.world.jobs.run_due()
    waiting.sign_in(*ALL)
    new = {"new_start": "2026-03-25T14:00+08:00", "new_end": "2026-03-25T16:00+08:00"} if choice == "reschedule" else {}
    task = waiting.town.task("record_no_quorum", SECRETARY, waiting.instance).id
    form = {"next": choice, "reason": "系统停机，签到晚了", **new}
    answer = waiting.town.browser(SECRETARY).send(f"/api/v1/tasks/{task}/complete", {"form": form})
    assert (answer.status_code == 200) is (choice == "recount"), answer.text
    assert waiting.meeting["state"] == ("open" if choice == "recount" else "announced")
    assert ("重新核定" in answer.text) is (choice == "reschedule")
