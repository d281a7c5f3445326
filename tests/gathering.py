"""A meeting of the co-building council, carried over HTTP by its people: used by acceptance tests, browser tests and the pictures.

The meeting is the first example run of the procedure that runs meetings; its people are those of the street."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any

import yaml

from engine.actor import Actor
from governance.meetings import store as meetings
from governance.votes import store as votes
from tests.town import AREA, Browser, Town

ROOT = Path(__file__).parents[1]
STREET = "street"
PROCESS = "sp_run_meeting"
SECRETARY, CHAIR = "liaison_wang", "head_zheng"
MEMBERS = ("head_zheng", "unit_li", "head_xie", "head_du", "head_luo", "head_han")
#: an hour before the start, when signing in begins
DOOR = datetime.fromisoformat("2026-03-12T13:10+08:00")


def example() -> dict[str, Any]:
    """What the first example run starts with: {meeting, committee, organiser, agenda …}."""
    cases = yaml.safe_load((ROOT / "processes" / PROCESS / "cases.yaml").read_text("utf8"))
    found: dict[str, Any] = cases["cases"][0]["start"]["with"]
    return found


@dataclass(slots=True)
class Gathering:
    """One meeting on its way."""

    town: Town
    #: given in place of what the decision table says
    rules: Mapping[str, Any] | None = None
    instance: str = ""
    meeting: str = ""
    browsers: dict[str, Browser] = field(default_factory=dict)

    def browser(self, person: str) -> Browser:
        if person not in self.browsers:
            self.browsers[person] = self.town.browser(person)
        return self.browsers[person]

    # -- on the way --------------------------------------------------------------------------------------------------

    def call(self) -> Gathering:
        """The secretary calls it: the record is a draft."""
        given = example()
        given["rules"] = self.rules
        actor = Actor(person=SECRETARY, name="王芳")
        variables = self.town.given(given, SECRETARY)
        started = self.town.app.engine.start(PROCESS, variables, actor=actor, area=AREA)
        self.town.world.jobs.run_due()
        assert started.instance is not None
        self.instance = started.instance
        with self.town.database.read() as connection:
            (row,) = meetings.of_instance(connection, self.instance)
        self.meeting = row["id"]
        return self

    def send(self) -> Gathering:
        """The agenda goes out."""
        self.call()
        task = self.town.task("set_agenda", SECRETARY, self.instance)
        rows = self.town.app.engine.queries.task(task.id).variables["agenda"]
        self.do("set_agenda", SECRETARY, {"agenda": rows})
        return self

    def to_door(self, replying: Sequence[str] = MEMBERS) -> Gathering:
        """Members have answered; it is time to come."""
        self.send()
        for person in replying:
            self.do("reply_invitation", person, {"answer": "attend"})
        self.town.wait(until=DOOR)
        return self

    def to_first_item(self, present: Sequence[str] = MEMBERS) -> Gathering:
        """Those who came have signed in, and the secretary has ended the sign-in."""
        self.to_door()
        for person in present:
            self.act(person, "sign-in", {})
        self.do("sign_in", SECRETARY, {})
        return self

    def to_vote(self, present: Sequence[str] = MEMBERS) -> Gathering:
        """The second item is put to the vote."""
        self.to_first_item(present)
        self.do("present", SECRETARY, {"next": "noted", "outcome": "三项均已落实"})
        self.do("discuss", CHAIR, {"next": "vote"})
        return self

    def to_certified(self, votes: Mapping[str, str]) -> Gathering:
        """All have voted, two tellers have confirmed the count."""
        self.to_vote()
        for person, option in votes.items():
            self.cast(person, option)
        self.do("close_vote", CHAIR, {})
        for teller in self.tellers():
            self.do("certify", teller, {"answer": "confirm"})
        return self

    # -- acts --------------------------------------------------------------------------------------------------------

    def tasks(self, node: str) -> list[Any]:
        return [t for t in self.town.app.engine.queries.instance(self.instance).tasks if t.node == node]

    def tellers(self) -> list[str]:
        """Those to whom the count is given for certifying."""
        return [str(s).removeprefix("person:") for t in self.tasks("certify") for s in t.selectors]

    def do(self, node: str, person: str, values: Mapping[str, Any]) -> None:
        """Open the task on the meeting's page and complete it there."""
        task = self.town.task(node, person, self.instance)
        path = f"/meetings/{self.meeting}/tasks/{task.id}" if self.meeting else f"/tasks/{task.id}"
        self.browser(person).page(path)
        variables = self.town.app.engine.queries.task(task.id).variables
        answer = self.browser(person).send(f"{path}/complete", {"data": self.town.given(values, person, variables)})
        assert answer.status_code == 200, f"{node}: {answer.status_code} {answer.text}"

    def act(self, person: str, act: str, values: Mapping[str, str]) -> None:
        """A small act on the record that must succeed."""
        answer = self.browser(person).send(f"/meetings/{self.meeting}/{act}", dict(values))
        assert answer.status_code == 200, f"{act}: {answer.status_code} {answer.text}"

    def vote(self) -> str:
        """The newest vote of the meeting."""
        with self.town.database.read() as connection:
            return str(votes.of_meeting(connection, self.meeting)[-1]["id"])

    def cast(self, person: str, option: str, *, seat: str = "") -> None:
        answer = self.browser(person).send(f"/votes/{self.vote()}/ballots", {"option": option, "seat": seat})
        assert answer.status_code == 200, answer.text

    def page(self, person: str) -> str:
        return self.browser(person).page(f"/meetings/{self.meeting}")
