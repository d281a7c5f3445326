"""Deadlines over their life: opened, warned about, paused, extended, met and missed (domain 3.3, SP09)."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from engine.actor import Actor
from engine.definitions.model import Deadline, Label
from engine.errors import NotFound, ServiceRefused
from engine.ports import InstanceRef
from engine.services import Call
from governance.calendars.calendar import DayRule
from governance.calendars.limits import BadLimit
from governance.deadlines.ladder import Work
from governance.deadlines.records import DeadlineRefused
from governance.deadlines.services import extend, pause, resume
from governance.settings.settings import UnknownSetting
from tests.counting import reads_of

CASE = InstanceRef(id="case-1", process="toy", version=1, number="T-1", area="yunqiao", starter="liaison_wang")
LEGAL = "role:legal@yunqiao"


@pytest.fixture(autouse=True)
def holders(town: Any) -> None:
    """The task of every token is offered to the legal reviewer."""
    town.listen()
    town.deadlines.connect(
        work_of=lambda _connection, _token: Work(selectors=(LEGAL,), name=Label("合规审查", "Review"), title="停车场开放")
    )


def opened(town: Any, limit: str, *, ladder: str | None = None, token: str = "token-1") -> Any:
    with town.database.write() as connection:
        return town.deadlines.open(
            connection, CASE, token, "review", Deadline(id="review_due", limit=limit, ladder=ladder), limit, town.now
        )


def due(town: Any, token: str = "token-1") -> Any:
    with town.database.read() as connection:
        return town.deadlines.of_tokens(connection, [token], town.now)[token]


def told(town: Any, kind: str) -> list[str]:
    with town.database.read() as connection:
        return sorted(n.person for n in town.notices.of_instance(connection, CASE.id) if n.kind == kind)


def close(town: Any, *, met: bool = True) -> None:
    with town.database.write() as connection:
        town.deadlines.close(connection, "token-1", town.now, met)


def change(town: Any, name: str, **facts: Any) -> Any:
    with town.database.write() as connection:
        return getattr(town.deadlines, name)(connection, CASE.id, "review_due", at=town.now, **facts)


PAUSE = {"reason": "supplement", "requested_by": "liaison_wang", "approved_by": "secretary_chen"}
EXTEND = {"reason": "当事人出差", "requested_by": "liaison_wang", "approved_by": "secretary_chen"}


def test_an_opened_deadline_shows_its_due_moment_and_how_it_was_computed(town: Any) -> None:
    view = opened(town, "3WD")
    assert town.shown(view.due) == "2026-03-05 17:30"
    assert (view.state, view.clock, view.remaining) == ("running", "working", None)
    seen = due(town)
    assert "3 个工作日" in seen.computation.zh
    assert "3 working days" in seen.computation.en
    assert seen.working_days_left == 3
    assert seen.used == 0
    with town.database.read() as connection:
        account = town.deadlines.account(connection, CASE.id, "review_due")
    assert account["calendar"] == "cn"
    assert account["calendar_version"] == 1


def test_a_wrong_limit_or_ladder_is_refused(town: Any) -> None:
    with pytest.raises(BadLimit):
        opened(town, "soon")
    with pytest.raises(UnknownSetting):
        opened(town, "3WD", ladder="nobody_declared_this")


def test_timers_count_in_the_same_calendar(town: Any) -> None:
    with town.database.read() as connection:
        assert town.shown(town.deadlines.due_after(connection, "yunqiao", "5WD", town.now)) == "2026-03-09 17:30"


def test_one_alarm_waits_and_each_threshold_tells_those_it_concerns(town: Any) -> None:
    opened(town, "PT10H")
    assert town.jobs.pending == 1
    town.jobs.run_until(town.at("2026-03-02T14:00"))
    assert told(town, "deadline_warning") == ["legal_zhao"]
    town.jobs.run_until(town.at("2026-03-02T17:00"))
    assert told(town, "deadline_warning") == ["legal_zhao", "legal_zhao", "secretary_chen"]
    assert town.jobs.pending == 1
    assert not due(town).was_late
    town.jobs.run_until(town.at("2026-03-02T19:00"))
    assert told(town, "deadline_overdue") == ["legal_zhao", "secretary_chen", "supervisor_luo"]
    assert due(town).was_late
    town.jobs.run_until(town.at("2026-03-03T05:00"))
    assert town.jobs.pending == 0
    with town.database.read() as connection:
        marks = town.deadlines.account(connection, CASE.id, "review_due")["marks"]
        title = town.notices.list(connection, "legal_zhao")[0].title
    assert [m["percent"] for m in marks] == [50, 80, 100, 150, 200]
    assert title.zh == "已逾期：T-1 停车场开放 合规审查（应于 2026年3月2日(周一) 19:00 前办结）"


def test_thresholds_missed_while_nothing_ran_are_marked_together_and_told_once(town: Any) -> None:
    opened(town, "PT10H")
    town.clock.move_to(town.at("2026-03-04T09:00"))
    town.jobs.run_due()
    assert told(town, "deadline_warning") == []
    assert told(town, "deadline_overdue") == ["office_xu", "supervisor_luo"]
    assert town.jobs.pending == 0


def test_a_deadline_met_in_time_rings_no_more(town: Any) -> None:
    opened(town, "PT10H")
    town.clock.move_to(town.at("2026-03-02T10:00"))
    close(town)
    town.jobs.run_until(town.at("2026-03-09T10:00"))
    assert due(town).state == "met"
    assert told(town, "deadline_warning") == []
    assert not due(town).was_late


def test_a_late_completion_stays_late_even_when_no_alarm_rang(town: Any) -> None:
    opened(town, "PT2H")
    town.clock.move_to(town.at("2026-03-02T11:00") + timedelta(microseconds=1))
    close(town)
    assert due(town).state == "late_met"
    assert due(town).was_late


def test_at_the_due_moment_itself_it_is_still_in_time(town: Any) -> None:
    opened(town, "PT2H")
    town.clock.move_to(town.at("2026-03-02T11:00"))
    close(town)
    assert due(town).state == "met"


def test_a_cancelled_element_has_a_cancelled_deadline(town: Any) -> None:
    opened(town, "PT2H")
    close(town, met=False)
    assert due(town).state == "cancelled"
    town.jobs.run_until(town.at("2026-03-03T11:00"))
    assert told(town, "deadline_overdue") == []


def test_a_pause_keeps_the_time_left_and_moves_everything(town: Any) -> None:
    opened(town, "5WD")  # due Monday 9 March 17:30
    town.clock.move_to(town.at("2026-03-04T10:00"))
    paused = change(town, "pause", **PAUSE)
    assert paused.state == "paused"
    assert paused.remaining == "PT27H"  # 6 hours of Wednesday and three days
    assert town.rearmed == [CASE.id]
    assert due(town).pause_reason == "supplement"
    town.jobs.run_until(town.at("2026-03-10T09:00"))
    assert told(town, "deadline_overdue") == []
    resumed = change(town, "resume", requested_by="liaison_wang")
    assert town.shown(resumed.due) == "2026-03-13 17:30"
    assert town.rearmed == [CASE.id, CASE.id]
    assert "暂停计时（等待诉求人补正）" in due(town).computation.zh
    assert "恢复计时" in due(town).computation.zh
    assert "Resumed" in due(town).computation.en
    town.jobs.run_until(town.at("2026-03-13T17:30"))
    assert due(town).was_late
    assert len(told(town, "deadline_overdue")) == 3


def test_a_paused_deadline_resumes_by_itself_when_the_longest_pause_is_over(town: Any) -> None:
    opened(town, "PT10H")
    change(town, "pause", **PAUSE)
    assert town.shown(due(town).at) == "2026-03-17 19:00"
    town.jobs.run_until(town.at("2026-03-17T09:00"))
    assert due(town).state == "running"
    assert town.shown(due(town).at) == "2026-03-17 19:00"
    with pytest.raises(DeadlineRefused, match="累计暂停天数"):
        change(town, "pause", **PAUSE)


def test_it_may_be_paused_twice_at_most(town: Any) -> None:
    opened(town, "PT10H")
    for _ in range(2):
        change(town, "pause", **PAUSE)
        town.clock.advance(timedelta(hours=1))
        change(town, "resume", requested_by="liaison_wang")
    with pytest.raises(DeadlineRefused, match="最多暂停 2 次"):
        change(town, "pause", **PAUSE)


@pytest.mark.parametrize(
    ("facts", "why"),
    [
        ({"reason": "holiday"}, "supplement"),
        ({"approved_by": "worker_sun"}, "上级"),
        ({"approved_by": "liaison_wang"}, "上级"),
        ({"approved_by": None}, "上级"),
    ],
)
def test_a_pause_needs_a_listed_ground_and_somebody_above(town: Any, facts: dict[str, Any], why: str) -> None:
    opened(town, "5WD")
    with pytest.raises(DeadlineRefused, match=why):
        change(town, "pause", **{**PAUSE, **facts})
    assert due(town).state == "running"


def test_what_is_over_can_neither_be_paused_nor_extended(town: Any) -> None:
    opened(town, "PT2H")
    town.clock.move_to(town.at("2026-03-02T11:00"))
    with pytest.raises(DeadlineRefused, match="已届满"):
        change(town, "pause", **PAUSE)
    with pytest.raises(DeadlineRefused, match="届满前"):
        change(town, "extend", by="PT1H", **EXTEND)
    close(town)
    with pytest.raises(DeadlineRefused, match="不在计时中"):
        change(town, "pause", **PAUSE)
    with pytest.raises(DeadlineRefused, match="没有暂停"):
        change(town, "resume", requested_by=None)


def test_an_extension_moves_the_due_moment_once(town: Any) -> None:
    opened(town, "3WD")
    extended = change(town, "extend", by="3WD", **EXTEND)
    assert town.shown(extended.due) == "2026-03-10 17:30"
    assert town.rearmed == [CASE.id]
    assert "延期 3 个工作日" in due(town).computation.zh
    with town.database.read() as connection:
        (row,) = town.deadlines.changes(connection, CASE.id, "review_due")
    assert (row.kind, row.approved_by, town.shown(row.due_before), row.note) == (
        "extend",
        "secretary_chen",
        "2026-03-05 17:30",
        "当事人出差",
    )
    with pytest.raises(DeadlineRefused, match="最多延期 1 次"):
        change(town, "extend", by="1WD", **EXTEND)


@pytest.mark.parametrize(
    ("facts", "why"),
    [({"by": "4WD"}, "不得超过"), ({"by": "1WD", "reason": " "}, "理由"), ({"by": "1WD", "approved_by": "worker_sun"}, "上级")],
)
def test_an_extension_has_bounds(town: Any, facts: dict[str, Any], why: str) -> None:
    opened(town, "3WD")
    with pytest.raises(DeadlineRefused, match=why):
        change(town, "extend", **{**EXTEND, **facts})


def test_an_alarm_of_an_older_generation_does_nothing(town: Any) -> None:
    opened(town, "PT10H")
    change(town, "extend", by="PT10H", **EXTEND)
    town.jobs.run_until(town.at("2026-03-02T14:00"))  # half of the old limit
    assert told(town, "deadline_warning") == []
    assert town.jobs.pending == 1
    town.jobs.run_until(town.at("2026-03-02T19:00"))  # half of the new one
    assert told(town, "deadline_warning") == ["legal_zhao"]


def test_an_unknown_deadline_is_named(town: Any) -> None:
    with pytest.raises(NotFound, match="review_due"):
        change(town, "pause", **PAUSE)
    with town.database.read() as connection:
        assert town.deadlines.view(connection, CASE.id, "review_due") is None


def test_a_deadline_keeps_its_calendar_and_a_resumption_uses_the_new_one(town: Any) -> None:
    opened(town, "5WD")
    with town.database.write() as connection:
        rest = {town.at("2026-03-06T00:00").astimezone(town.calendars.zone).date(): DayRule(kind="rest", name=Label("台风停工", "typhoon"))}
        town.calendars.publish(connection, town.now, by="office_xu", basis="云桥府〔2026〕2 号", days=rest)
    assert town.shown(due(town).at) == "2026-03-09 17:30"
    change(town, "pause", **PAUSE)
    resumed = change(town, "resume", requested_by="liaison_wang")
    assert town.shown(resumed.due) == "2026-03-10 17:30"


def test_a_rolled_back_command_leaves_no_deadline_and_no_alarm(town: Any) -> None:
    def refused() -> None:
        with town.database.write() as connection:
            town.deadlines.open(connection, CASE, "token-1", "review", Deadline(id="review_due", limit="3WD"), "3WD", town.now)
            raise RuntimeError("refused")

    with pytest.raises(RuntimeError, match="refused"):
        refused()
    assert town.jobs.pending == 0
    with town.database.read() as connection:
        assert town.deadlines.view(connection, CASE.id, "review_due") is None


def call(town: Any, connection: Any, person: str) -> Call:
    where = {"instance": CASE.id, "token": "t", "process": "toy", "element": "e", "area": "yunqiao", "number": "T-1"}
    return Call(**where, now=town.now, actor=Actor(person=person), connection=connection, resources={"deadlines": town.deadlines})


def test_a_process_pauses_resumes_and_extends(town: Any) -> None:
    opened(town, "5WD")
    with town.database.write() as connection:
        approver = call(town, connection, "secretary_chen")
        assert pause(approver, "review_due", "supplement", requested_by="liaison_wang")["state"] == "paused"
        assert resume(approver, "review_due")["state"] == "running"
        assert town.shown(extend(approver, "review_due", "1WD", "当事人出差", requested_by="liaison_wang")["due"]) == "2026-03-10 17:30"
        with pytest.raises(ServiceRefused, match="最多延期"):
            extend(approver, "review_due", "1WD", "再延", requested_by="liaison_wang")


def test_the_next_due_moment_of_a_case_costs_one_row_however_many_deadlines_are_over(town: Any) -> None:
    for number in range(30):
        with town.database.write() as connection:
            spec = Deadline(id="review_due", limit="PT1H", ladder=None)
            town.deadlines.open(connection, CASE, f"round-{number}", "review", spec, "PT1H", town.now)
            town.deadlines.close(connection, f"round-{number}", town.now, True)
    later, sooner = opened(town, "P9D"), opened(town, "P2D", token="token-2")
    assert later.due > sooner.due
    with reads_of(town.database) as read, town.database.read() as connection:
        assert town.deadlines.nearest_due(connection, CASE.id) == sooner.due
    assert (read.statements, read.rows) == (1, 1)
    with town.database.write() as connection:
        for token in ("token-1", "token-2"):
            town.deadlines.close(connection, token, town.now, True)
    with town.database.read() as connection:
        assert town.deadlines.nearest_due(connection, CASE.id) is None
