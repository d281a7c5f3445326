"""A meeting of a party branch, started on its own: through every door it is for the party members of the branch (domain 2.5)."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa

from engine.actor import Actor
from governance.desk import meetings as desk
from governance.desk import votes as ballots
from governance.meetings import store
from governance.notices.tables import notice
from governance.registers import store as rows
from governance.votes import store as votes
from tests.acceptance.conftest import MANIFEST
from tests.town import Browser, Town

START = datetime.fromisoformat("2026-03-12T14:00+08:00")
CHAIR, SECRETARY, MEMBER = "nandu_sec", "rc_director_qian", "resident_03"
BRANCH = (CHAIR, SECRETARY, MEMBER, "resident_07")
#: staff of the community and of the street, a party member of another body, an administrator, people of nowhere
OUTSIDE = ("rc_worker_mo", "office_xu", "director_gao", "secretary_chen", "resident_01", "admin")
#: invited to attend, has a task, but is no party member: the task is all he reads
GUEST = "rc_worker_tan"
TITLE, TOPIC, SPEECH, SUMMARY, TASK = (f"SECRET{name}Q7" for name in ("title", "topic", "speech", "summary", "task"))


class Branch:
    """The council of party members meets, votes, minutes and gives itself a task; then the task is begun."""

    def __init__(self, folder: Path) -> None:
        self.town = Town(folder, manifest=MANIFEST, roster="street")
        self.app = self.town.app
        given = self.town.given(self._start(), SECRETARY)
        receipt = self.app.engine.start("sp_run_meeting", given, actor=Actor(person=SECRETARY, name="钱桂芳"), area="nandu")
        self.town.world.jobs.run_due()
        assert receipt.instance is not None
        self.instance = receipt.instance
        with self.app.database.read() as connection:
            (row,) = store.of_instance(connection, self.instance)
        self.meeting = row["id"]
        self._browsers: dict[str | None, Browser] = {}

    def _start(self) -> dict[str, Any]:
        head = {
            "title": TITLE, "meeting_kind": "party_council", "start_at": START.isoformat(),
            "end_at": (START + timedelta(hours=2)).isoformat(), "mode": "on_site", "venue": "党群服务站", "chair": CHAIR,
            "secretary": SECRETARY, "open_to_public": False,
            "invitees": [*({"person": p, "capacity": "formal"} for p in BRANCH), {"person": GUEST, "capacity": "attending"}],
        }  # fmt: skip
        agenda = [{"seq": 1, "topic": TOPIC, "proposer": MEMBER, "item_kind": "vote", "minutes": 30, "motion": f"同意{TOPIC}。"}]
        return {"meeting": head, "committee": "nandu_party", "organiser": [f"person:{SECRETARY}"], "agenda": agenda, "agenda_set": True}

    def do(self, node: str, person: str, form: Mapping[str, Any], instance: str | None = None) -> None:
        task = self.town.task(node, person, instance or self.instance).id
        values = self.town.given(form, person, self.app.engine.queries.task(task).variables)
        self.app.engine.complete(task, values, actor=Actor(person=person, name=person))
        self.town.world.jobs.run_due()

    def meet(self) -> Branch:
        """Until the minutes are to be drafted."""
        self.do("reply_invitation", GUEST, {"answer": "attend"})
        self.town.wait(until=START - timedelta(minutes=30))
        for person in BRANCH:
            desk.sign_in(self.app, Actor(person=person, name=person), self.meeting)
        self.do("sign_in", SECRETARY, {})
        self.do("discuss", SECRETARY, {"next": "vote", "opinions": [{"speaker": "许志强", "stance": "for", "text": SPEECH}]})
        with self.app.database.read() as connection:
            (vote,) = votes.of_meeting(connection, self.meeting)
        if vote["method"] == "hands":
            self.do("enter_counts", SECRETARY, {"yes": len(BRANCH), "no": 0, "abstain": 0})
        else:
            for person in BRANCH:
                ballots.cast(self.app, Actor(person=person, name=person), vote["id"], "yes")
            self.do("close_vote", CHAIR, {})
        for teller in self._tellers():
            self.do("certify", teller, {"answer": "confirm"})
        self.vote = vote["id"]
        return self

    def hold(self) -> Branch:
        self.meet()
        self.do("draft_minutes", SECRETARY, self._minutes())
        self.town.wait(timedelta(days=4))
        self.item = next(i.id for i in self.app.engine.queries.instances(parent=self.instance).items if i.process == "action_item")
        return self

    def _tellers(self) -> list[str]:
        open_tasks = self.app.engine.queries.instance(self.instance).tasks
        return [str(s).removeprefix("person:") for t in open_tasks if t.node == "certify" for s in t.selectors]

    def _minutes(self) -> dict[str, Any]:
        decision = {"no": 1, "item": 1, "text": f"同意{TOPIC}。", "outcome": "passed"}
        action = {
            "title": TASK, "owner_unit": "rc_nandu", "owner_person": SECRETARY, "due_at": "2026-04-30", "deliverable": "情况报告",
            "acceptance": "支部大会通过",
        }  # fmt: skip
        return {
            "summary": f"{SUMMARY}：会议表决通过一项决定。",
            "opinions": [],
            "decisions": [decision],
            "dissent": [],
            "actions": [action],
        }

    def browser(self, person: str | None) -> Browser:
        if person not in self._browsers:
            self._browsers[person] = self.town.browser(person)
        return self._browsers[person]

    def text(self, browser: Browser, *paths: str) -> str:
        return "\n".join(browser.get(path).text for path in paths)

    def both(self, browser: Browser, *paths: str) -> str:
        """Of the meeting's case and of the case of its task."""
        return self.text(browser, *(path.format(case) for case in (self.instance, self.item) for path in paths))

    def paper(self, browser: Browser) -> str:
        answer = browser.get(f"/cases/{self.instance}/papers/meeting_minutes.docx?preview=1")
        if answer.status_code != 200:
            return ""
        return zipfile.ZipFile(io.BytesIO(answer.data)).read("word/document.xml").decode()

    def records(self, browser: Browser) -> str:
        found = ""
        with self.app.database.read() as connection:
            own = [r for case in (self.instance, self.item) for r in rows.rows_of_instance(connection, case)]
        for row in own:
            base = f"/registers/{row.register}"
            found += self.text(browser, f"{base}/{row.id}", base, f"{base}/table", f"{base}/ages", f"{base}/export.csv", f"/api/v1{base}")
        return found


def secrets(text: str) -> list[str]:
    """Those that a text gives away."""
    return [secret for secret in (TITLE, TOPIC, SPEECH, SUMMARY, TASK) if secret in text]


Door = Callable[[Branch, Browser], str]
DOORS: dict[str, Door] = {
    "case": lambda b, w: b.both(w, "/cases/{}", "/api/v1/instances/{}"),
    "variables": lambda b, w: b.both(w, "/api/v1/instances/{}/variables"),
    "history": lambda b, w: b.both(w, "/api/v1/instances/{}/history"),
    "diagram": lambda b, w: b.both(w, "/cases/{}/diagram.bpmn"),
    "registers and exports": Branch.records,
    "search": lambda b, w: b.text(w, "/search?q=SECRET", "/search?q=Q7"),
    "paper": Branch.paper,
    "papers": lambda b, w: b.both(w, "/cases/{}/papers"),
    "meeting": lambda b, w: b.text(
        w, "/meetings", f"/meetings/{b.meeting}", f"/meetings/{b.meeting}/record", f"/api/v1/meetings/{b.meeting}"
    ),
    "vote": lambda b, w: b.text(w, f"/votes/{b.vote}", f"/votes/{b.vote}/record"),
    "lists": lambda b, w: b.text(w, "/inbox", "/agenda", "/inbox?view=done", "/api/v1/tasks"),
    "notices": lambda b, w: b.text(w, "/notices"),
    "public pages": lambda b, w: b.text(w, "/public", "/public?q=SECRET"),
    "operations": lambda b, w: b.text(w, "/operations"),
}  # fmt: skip
#: where a member finds what was said
CONTENT = ("case", "variables", "history", "registers and exports", "search", "paper", "meeting", "vote")


@pytest.fixture(scope="module")
def branch(tmp_path_factory: pytest.TempPathFactory) -> Branch:
    return Branch(tmp_path_factory.mktemp("branch")).hold()


@pytest.mark.parametrize("reader", [*OUTSIDE, None])
@pytest.mark.parametrize("door", DOORS)
def test_nobody_outside_the_branch_learns_of_its_meeting(branch: Branch, door: str, reader: str | None) -> None:
    browser = branch.browser(reader)
    assert not secrets(DOORS[door](branch, browser))


@pytest.mark.parametrize("door", CONTENT)
def test_a_party_member_of_the_branch_finds_it(branch: Branch, door: str) -> None:
    assert secrets(DOORS[door](branch, branch.browser("resident_07")))


@pytest.mark.parametrize("door", [d for d in DOORS if d not in ("search", "notices", "lists")])
def test_a_guest_who_is_no_party_member_reads_no_more_than_his_task(branch: Branch, door: str) -> None:
    assert not secrets(DOORS[door](branch, branch.browser(GUEST)))


def test_while_a_guest_has_a_task_the_case_says_nothing_else(tmp_path: Path) -> None:
    """His task opens the case; what was handed in at its start and since, also in called procedures, stays shut."""
    branch = Branch(tmp_path)
    guest = branch.browser(GUEST)
    assert TITLE in guest.page(f"/tasks/{branch.town.task('reply_invitation', GUEST, branch.instance).id}")
    assert guest.get(f"/cases/{branch.instance}").status_code == 200
    assert guest.get(f"/api/v1/instances/{branch.instance}/variables").json["variables"].keys() <= {"starter", "number", "area"}
    assert TOPIC not in guest.page(f"/api/v1/instances/{branch.instance}/history")
    assert TOPIC not in guest.page(f"/cases/{branch.instance}")


def test_what_is_late_is_told_without_the_title(tmp_path: Path) -> None:
    """Those above are warned by the number, and what task it is."""
    branch = Branch(tmp_path).meet()
    branch.town.wait(timedelta(days=6))
    with branch.app.database.read() as connection:
        told = list(connection.execute(sa.select(notice.c.person, notice.c.title_zh, notice.c.title_en)))
    late = [t for t in told if "逾期" in t.title_zh and t.person not in BRANCH]
    assert late
    assert not [t for t in late if secrets(f"{t.title_zh} {t.title_en}")]


def test_a_meeting_of_another_kind_stays_open_to_staff(tmp_path: Path) -> None:
    """The class is the instance's own: the same procedure, another committee."""
    branch = Branch.__new__(Branch)
    branch.town = Town(tmp_path, manifest=MANIFEST, roster="street")
    given = {**branch._start(), "committee": None}
    given["meeting"] = {**given["meeting"], "meeting_kind": "joint", "title": "部门联席会议"}
    given = branch.town.given(given, SECRETARY)
    started = branch.town.app.engine.start("sp_run_meeting", given, actor=Actor(person=SECRETARY, name="钱桂芳"), area="nandu")
    assert "部门联席会议" in branch.town.browser("office_xu").page(f"/cases/{started.instance}")
