"""A meeting of thirty: one task to reply and one to confirm for each, none to vote, and the last act costs what the first costs."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
import yaml

from cogov.cases import CaseRun
from cogov.cases.files import cases_of
from cogov.cases.world import World
from engine.store.database import Database
from tests.beginnings import begin
from tests.processes.conftest import ROOT

ROSTER = (ROOT / "tests/rosters/street.yaml").read_text("utf8")
CHAIR, SECRETARY = "head_zheng", "liaison_wang"
OTHERS = [p["id"] for p in yaml.safe_load(ROSTER)["people"] if p["id"] not in (CHAIR, SECRETARY, "admin", "stranger_dong")][:29]
PEOPLE = [CHAIR, *OTHERS]
#: statements of one reply or confirmation at most, jobs included; the number of people must not show in it
MOST = 60
START = {
    "meeting": {
        "title": "三十人大会",
        "meeting_kind": "consultation",
        "start_at": "2026-03-12T14:00+08:00",
        "end_at": "2026-03-12T16:00+08:00",
        "mode": "on_site",
        "venue": "礼堂",
        "chair": CHAIR,
        "secretary": SECRETARY,
        "invitees": [{"person": p, "capacity": "formal"} for p in PEOPLE],
    },
    "agenda_set": True,
    "publish": False,
    "agenda": [
        {
            "seq": 1,
            "topic": "园区错峰停车公约",
            "proposer": SECRETARY,
            "item_kind": "vote",
            "minutes": 30,
            "motion": "同意试行三个月，到期评估。",
        }
    ],
}
SUMMARY = "表决通过园区错峰停车公约，试行三个月，到期评估后再定。"
MINUTES = {"summary": SUMMARY, "opinions": [], "decisions": [], "dissent": [], "actions": []}
UP_TO_THE_VOTE = [
    *({"do": "reply_invitation", "by": p, "with": {"answer": "attend"}} for p in PEOPLE),
    {"wait": {"until": "2026-03-12T13:30+08:00"}},
    {"sign_in": PEOPLE},
    {"do": "sign_in", "by": SECRETARY},
    {"do": "discuss", "by": SECRETARY, "with": {"next": "vote"}},
]
AFTERWARDS = [
    {"vote": "yes", "by": PEOPLE},
    {"do": "close_vote", "by": CHAIR},
    {"do": "certify", "by": OTHERS[0], "with": {"answer": "confirm"}},
    {"do": "certify", "by": OTHERS[1], "with": {"answer": "confirm"}},
    {"do": "draft_minutes", "by": SECRETARY, "with": MINUTES},
    *({"do": "confirm", "by": p, "with": {"answer": "sign"}} for p in PEOPLE),
]


class Counting(CaseRun):
    """A run that notes how many statements each completed task takes, by element."""

    def __init__(self, world: World, case: Any) -> None:
        super().__init__(world, case)
        self.statements: dict[str, list[int]] = {}
        self._now = 0
        sa.event.listen(sa.Engine, "before_cursor_execute", self._note)

    def _note(self, *_statement: object) -> None:
        self._now += 1

    def _complete(self, node: str, step: Any) -> None:
        before = self._now
        super()._complete(node, step)
        self.statements.setdefault(node, []).append(self._now - before)

    def done(self) -> None:
        sa.event.remove(sa.Engine, "before_cursor_execute", self._note)


def meet(steps: list[dict[str, Any]], folder: Path, ends: dict[str, Any], start: dict[str, Any] | None = None) -> Counting:
    head = {"process": "sp_run_meeting", "clock": "2026-03-02T09:00+08:00", "roster": "street", "area": "yunqiao"}
    case = cases_of(
        {**head, "cases": [{"name": "thirty", "start": {"by": SECRETARY, "with": start or START}, "steps": steps, "ends": ends}]}
    )[0]
    database = Database("sqlite://")
    run = Counting(begin(database, ROSTER, case.clock, folder, area=case.area), case)
    try:
        run.run()
    finally:
        run.done()
    return run


@pytest.fixture(scope="module")
def held(tmp_path_factory: pytest.TempPathFactory) -> Counting:
    return meet([*UP_TO_THE_VOTE, *AFTERWARDS], tmp_path_factory.mktemp("thirty"), {"at": ["end_held"], "variables": {"outcome": "held"}})


@pytest.mark.parametrize("node", ["reply_invitation", "confirm"])
def test_the_last_of_thirty_costs_what_the_first_costs(held: Counting, node: str) -> None:
    counts = held.statements[node]
    assert len(counts) == len(PEOPLE)
    plain = counts[1:-1]  # the first fills caches, the last goes on with the process
    assert max(plain) <= min(plain[0], MOST) + 2, counts


def test_nobody_gets_a_task_to_vote(tmp_path: Path) -> None:
    run = meet(UP_TO_THE_VOTE, tmp_path, {"running": True})
    assert [task.node for task in run.details().tasks] == ["close_vote"]


def test_an_inbox_line_of_a_called_procedure_says_what_it_is_about(tmp_path: Path) -> None:
    run = meet(UP_TO_THE_VOTE, tmp_path, {"running": True})
    [closing] = run.details().tasks
    assert closing.title == f"三十人大会：{START['agenda'][0]['motion']}"  # type: ignore[index]
