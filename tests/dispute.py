"""A dispute between two firms, carried by its people up to named points: used by acceptance and browser tests.

It is the first example run of the procedure; what each side tells the mediator alone ends in a word of its own, in Latin letters: JSON
escapes Chinese ones."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any

import yaml

from engine.actor import Actor
from engine.queries import TaskLine
from tests.town import AREA, Browser, Town

ROOT = Path(__file__).parents[1]
PROCESS = "coordination"
PARTY_A, PARTY_B, MEDIATOR, WORKER = "unit_li", "head_zheng", "mediator_zhou", "liaison_wang"
#: what was said in private → its words, and who alone reads them
SECRETS: dict[str, str] = {
    "words of A": "甲方私下说的话 SECRETQA",
    "limit of A": "甲方自报底线 SECRETQB",
    "words of B": "乙方私下说的话 SECRETQC",
    "limit of B": "乙方自报底线 SECRETQD",
    "notes on A": "调解员记甲方的情况 SECRETQE",
    "line of A": "调解员记甲方底线 SECRETQF",
    "notes on B": "调解员记乙方的情况 SECRETQG",
    "line of B": "调解员记乙方底线 SECRETQH",
}


def application() -> dict[str, Any]:
    """What the first example run starts with."""
    cases = yaml.safe_load((ROOT / "processes" / PROCESS / "cases.yaml").read_text("utf8"))
    found: dict[str, Any] = cases["cases"][0]["start"]["with"]
    return found


@dataclass(slots=True)
class Dispute:
    """One dispute on its way. Every step opens its page first, as a person does."""

    town: Town
    instance: str = ""
    browsers: dict[str, Browser] = field(default_factory=dict)
    #: ids of the tasks that were done, in order
    done: list[str] = field(default_factory=list)

    def browser(self, person: str | None) -> Browser:
        key = person or ""
        if key not in self.browsers:
            self.browsers[key] = self.town.browser(person)
        return self.browsers[key]

    def start(self) -> Dispute:
        given = self.town.given(application(), WORKER)
        started = self.town.app.engine.start(PROCESS, given, actor=Actor(person=WORKER, name="王芳"), area=AREA, form=True)
        self.town.world.jobs.run_due()
        assert started.instance is not None
        self.instance = started.instance
        return self

    def task(self, node: str, person: str) -> TaskLine:
        return self.town.task(node, person, self.instance)

    def do(self, node: str, person: str, values: Mapping[str, Any]) -> None:
        task = self.task(node, person)
        browser = self.browser(person)
        browser.page(f"/tasks/{task.id}")
        data = self.town.given(values, person, self.town.app.engine.queries.task(task.id).variables)
        answer = browser.send(f"/tasks/{task.id}/complete", {"data": data})
        assert answer.status_code == 200, f"{node}: {answer.status_code} {answer.text}"
        self.done.append(task.id)

    def to_consent(self) -> Dispute:
        self.start()
        self.do("accept_case", MEDIATOR, {"decision": "accept", "dispute_kind": "noise", "escalation_risk": "low"})
        return self

    def to_shuttle(self) -> Dispute:
        self.to_consent()
        for person in (PARTY_A, PARTY_B):
            self.do("consent", person, {"answer": "agree", "public_session": False})
        return self

    def to_words(self) -> Dispute:
        """Both sides have told the mediator alone what the other shall not know."""
        self.to_shuttle()
        for person, side in ((PARTY_A, "A"), (PARTY_B, "B")):
            words = {"answer": "tell", "words": SECRETS[f"words of {side}"], "own_limit": SECRETS[f"limit of {side}"]}
            self.do("own_words", person, words)
        return self

    def to_plan(self) -> Dispute:
        """The mediator has noted the talks, too."""
        self.to_words()
        for _ in "AB":
            task = self.task("shuttle", MEDIATOR)
            words = self.town.app.engine.queries.task(task.id).variables["words"]
            side = "A" if words == SECRETS["words of A"] else "B"
            notes = {"notes": SECRETS[f"notes on {side}"], "bottom_line": SECRETS[f"line of {side}"]}
            self.do("shuttle", MEDIATOR, notes)
        return self

    def to_notice(self) -> Dispute:
        """The written notice of the session is out."""
        self.to_plan()
        session = {
            "next": "session", "start_at": "2026-03-12T14:00+08:00", "end_at": "2026-03-12T16:00+08:00", "mode": "on_site",
            "venue": "社区调解室", "secretary": WORKER,
        }  # fmt: skip
        self.do("plan_session", MEDIATOR, session)
        return self

    def to_door(self) -> Dispute:
        self.to_notice()
        self.town.wait(until=datetime.fromisoformat("2026-03-12T13:30+08:00"))
        return self
