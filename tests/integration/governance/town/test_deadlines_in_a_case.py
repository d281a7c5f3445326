"""A deadline inside a running case: the boundary timer reads it and moves with it (conventions 6)."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import pytest

from engine.actor import Actor
from engine.clock import MovableClock
from engine.jobs.memory import MemoryJobs
from engine.store.database import Database
from governance.application import Application, build
from governance.calendars.calendar import DayRule
from governance.directory.roster import load_roster, read_roster

ROSTER = Path(__file__).parents[3] / "rosters" / "small_community.yaml"
BPMN = """<?xml version="1.0" encoding="UTF-8"?>
<bpmn:definitions xmlns:bpmn="http://www.omg.org/spec/BPMN/20100524/MODEL" xmlns:zeebe="http://camunda.org/schema/zeebe/1.0"
  xmlns:cogov="urn:cogov:bpmn:1" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" id="d" targetNamespace="urn:test">
  <bpmn:collaboration id="c"><bpmn:participant id="pool" name="玩具" processRef="toy">
    <bpmn:extensionElements><cogov:text lang="en" name="Toy"/></bpmn:extensionElements></bpmn:participant></bpmn:collaboration>
  <bpmn:process id="toy" name="玩具" isExecutable="true">
    <bpmn:extensionElements><cogov:text lang="en" name="Toy"/></bpmn:extensionElements>
    <bpmn:laneSet id="lanes"><bpmn:lane id="lane_legal" name="合规审查人">
      <bpmn:extensionElements><cogov:text lang="en" name="Legal reviewer"/><cogov:role code="legal" of="=area"/></bpmn:extensionElements>
      <bpmn:flowNodeRef>start</bpmn:flowNodeRef><bpmn:flowNodeRef>look</bpmn:flowNodeRef><bpmn:flowNodeRef>look_late</bpmn:flowNodeRef>
      <bpmn:flowNodeRef>done</bpmn:flowNodeRef><bpmn:flowNodeRef>late</bpmn:flowNodeRef></bpmn:lane></bpmn:laneSet>
    <bpmn:startEvent id="start"><bpmn:outgoing>f1</bpmn:outgoing></bpmn:startEvent>
    <bpmn:sequenceFlow id="f1" sourceRef="start" targetRef="look"/>
    <bpmn:userTask id="look" name="查看"><bpmn:extensionElements>
      <zeebe:userTask/>
      <cogov:text lang="en" name="Look"/>
      <cogov:deadline id="look_due" limit="3WD" ladder="standard"/>
    </bpmn:extensionElements><bpmn:incoming>f1</bpmn:incoming><bpmn:outgoing>f2</bpmn:outgoing></bpmn:userTask>
    <bpmn:boundaryEvent id="look_late" name="逾期" attachedToRef="look">
      <bpmn:extensionElements><cogov:text lang="en" name="Late"/></bpmn:extensionElements><bpmn:outgoing>f3</bpmn:outgoing>
      <bpmn:timerEventDefinition id="t"><bpmn:timeDate xsi:type="bpmn:tFormalExpression">=deadline("look_due").due</bpmn:timeDate>
      </bpmn:timerEventDefinition></bpmn:boundaryEvent>
    <bpmn:sequenceFlow id="f2" sourceRef="look" targetRef="done"/>
    <bpmn:sequenceFlow id="f3" sourceRef="look_late" targetRef="late"/>
    <bpmn:endEvent id="done"><bpmn:incoming>f2</bpmn:incoming></bpmn:endEvent>
    <bpmn:endEvent id="late"><bpmn:incoming>f3</bpmn:incoming></bpmn:endEvent>
  </bpmn:process>
</bpmn:definitions>"""


@pytest.fixture
def app(empty_town: Any, tmp_path: Path) -> Application:
    """The whole application on its own database, with one case waiting at its only task."""
    database, clock = Database("sqlite://"), MovableClock(empty_town.now)
    database.create_all()
    app = build(database, clock=clock, jobs=MemoryJobs(clock), files=tmp_path)
    with database.write() as connection:
        load_roster(connection, read_roster(ROSTER), at=clock.now(), settings=app.settings, calendars=app.calendars)
    app.engine.deploy({"processes/toy/toy.bpmn": BPMN.encode()}, actor=Actor(person="admin"))
    return app


def state(app: Application, case: str) -> tuple[str, str, str]:
    """(state of the case, state of its deadline, due moment)."""
    with app.database.read() as connection:
        ((_, _, due),) = app.deadlines.of_instance(connection, case, app.clock.now())
    local = due.at.astimezone(app.zone)
    return app.engine.queries.instance(case).line.state, due.state, f"{local:%m-%d %H:%M}"


def run_until(app: Application, empty_town: Any, text: str) -> None:
    app.jobs.run_until(empty_town.at(text))  # type: ignore[attr-defined]


def test_a_task_not_done_in_time_takes_the_late_path_and_the_deadline_ends_with_it(app: Application, empty_town: Any) -> None:
    case = app.engine.start("toy", actor=Actor(person="legal_zhao"), area="yunqiao").instance
    assert state(app, case) == ("running", "running", "03-05 17:30")
    run_until(app, empty_town, "2026-03-05T17:29")
    assert state(app, case)[0] == "running"
    run_until(app, empty_town, "2026-03-05T17:30")
    assert state(app, case)[:2] == ("completed", "cancelled")


def test_a_paused_deadline_holds_the_timer_and_a_resumption_moves_it(app: Application, empty_town: Any) -> None:
    case = app.engine.start("toy", actor=Actor(person="legal_zhao"), area="yunqiao").instance
    run_until(app, empty_town, "2026-03-03T09:00")
    with app.database.write() as connection:
        facts = {"reason": "supplement", "requested_by": "liaison_wang", "approved_by": "secretary_chen"}
        app.deadlines.pause(connection, case, "look_due", at=app.clock.now(), **facts)
    run_until(app, empty_town, "2026-03-10T09:00")
    assert state(app, case)[:2] == ("running", "paused")
    with app.database.write() as connection:
        app.deadlines.resume(connection, case, "look_due", requested_by="liaison_wang", at=app.clock.now())
    run_until(app, empty_town, "2026-03-12T17:29")
    assert state(app, case) == ("running", "running", "03-12 17:30")
    run_until(app, empty_town, "2026-03-12T17:30")
    assert state(app, case)[0] == "completed"


def publish(app: Application, day: date, kind: str) -> None:
    with app.database.write() as connection:
        app.calendars.publish(connection, app.clock.now(), by="office_xu", basis="市府〔2026〕3 号", days={day: DayRule(kind=kind)})


def test_a_due_moment_that_was_told_stays_when_its_day_becomes_a_holiday_and_the_next_case_has_another(
    app: Application, empty_town: Any
) -> None:
    before = app.engine.start("toy", actor=Actor(person="legal_zhao"), area="yunqiao").instance
    run_until(app, empty_town, "2026-03-03T09:00")
    publish(app, date(2026, 3, 5), "rest")
    publish(app, date(2026, 3, 7), "work")
    after = app.engine.start("toy", actor=Actor(person="legal_zhao"), area="yunqiao").instance
    assert state(app, before) == ("running", "running", "03-05 17:30")
    assert state(app, after) == ("running", "running", "03-07 17:30")  # the 4th, the 6th, the Saturday that is made up
    with app.database.read() as connection:
        versions = [app.deadlines.account(connection, case, "look_due")["calendar_version"] for case in (before, after)]
    assert versions[1] == versions[0] + 2
    run_until(app, empty_town, "2026-03-05T17:30")
    assert [state(app, case)[0] for case in (before, after)] == ["completed", "running"]
    run_until(app, empty_town, "2026-03-07T17:29")
    assert state(app, after)[0] == "running"
    run_until(app, empty_town, "2026-03-07T17:30")
    assert state(app, after)[0] == "completed"


def test_an_extension_and_its_timer_count_in_the_calendar_that_holds_then(app: Application, empty_town: Any) -> None:
    case = app.engine.start("toy", actor=Actor(person="legal_zhao"), area="yunqiao").instance
    run_until(app, empty_town, "2026-03-03T09:00")
    publish(app, date(2026, 3, 6), "rest")
    publish(app, date(2026, 3, 7), "work")
    with app.database.write() as connection:
        facts = {"reason": "需要补充材料", "requested_by": "liaison_wang", "approved_by": "secretary_chen"}
        app.deadlines.extend(connection, case, "look_due", by="1WD", at=app.clock.now(), **facts)
    assert state(app, case) == ("running", "running", "03-07 17:30")
    run_until(app, empty_town, "2026-03-07T17:29")
    assert state(app, case)[0] == "running"
    run_until(app, empty_town, "2026-03-07T17:30")
    assert state(app, case)[0] == "completed"


def test_the_warning_names_the_task_and_goes_to_its_holder(app: Application, empty_town: Any) -> None:
    case = app.engine.start("toy", actor=Actor(person="legal_zhao"), area="yunqiao").instance
    run_until(app, empty_town, "2026-03-05T09:00")
    with app.database.read() as connection:
        (notice,) = [n for n in app.notices.of_instance(connection, case) if n.kind == "deadline_warning"]
    assert notice.person == "legal_zhao"
    assert "查看" in notice.title.zh


def test_a_task_done_in_time_meets_its_deadline(app: Application, empty_town: Any) -> None:
    receipt = app.engine.start("toy", actor=Actor(person="legal_zhao"), area="yunqiao")
    run_until(app, empty_town, "2026-03-03T09:00")
    app.engine.complete(receipt.tasks[0], {}, actor=Actor(person="legal_zhao"))
    assert state(app, receipt.instance)[:2] == ("completed", "met")
