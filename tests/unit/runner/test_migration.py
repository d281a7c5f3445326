"""Live tokens become tokens of another version: what waits, scopes, gateways, loops and records follow."""

from __future__ import annotations

import pytest
from scenario import (
    ERRORS,
    SIGNAL,
    boundary,
    bpmn,
    end,
    event_sub_process,
    message,
    message_top,
    node,
    start,
    sub_process,
    timer,
    user,
)

from engine.runner.migration import MigrationFailed
from engine.runner.port import TokenRow

TOP = ERRORS + message_top("m", "msg.m")


def nested(*, inner: str = "deep", late: str = "PT1H", more: str = "") -> str:
    body = start("s") + user(inner) + end("e") + more
    return sub_process("outer", body, f"s > {inner} > e") + boundary("late", "outer", timer(late)) + user("sorry")


def whole(body: str):
    return bpmn(start() + body + end("done", "gave_up"), flows="begin > outer > done\nlate > sorry > gave_up", top=TOP)


def test_a_sub_process_with_what_is_in_it(scenario):
    case = scenario(whole(nested()))
    case.start()
    told = case.migrate(whole(nested(inner="deeper")), ("outer", "outer"), ("late", "late"), ("deep", "deeper"))
    assert told == ["was outer now outer", "task deeper person:wang", "was deep now deeper"]
    case.complete("deeper")
    assert case.outcome == "completed"


def test_an_armed_boundary_timer_is_worked_out_anew_when_asked(scenario):
    case = scenario(whole(nested()))
    case.start()
    told = case.migrate(whole(nested(late="PT3H")), ("outer", "outer"), ("late", "late", "rearm"), ("deep", "deep"))
    assert "arm late 02 15:00 2" in told
    case.fire("late")
    case.complete("sorry")
    assert case.outcome == "completed"


def test_an_event_sub_process_that_is_new_waits_and_one_that_is_gone_does_not(scenario):
    more = event_sub_process("storm_over", SIGNAL, body=user("clear") + end("cleared"), flows="caught > clear > cleared")
    case = scenario(whole(nested()))
    case.start()
    assert "listen caught storm" in case.migrate(whole(nested(more=more)))
    assert "unlisten caught" in case.migrate(whole(nested()), ("outer", "outer"), ("late", "late"), ("deep", "deep"))
    case.complete("deep")
    assert case.outcome == "completed"


def test_behind_an_event_gateway_events_are_kept_closed_and_opened(scenario):
    def choice(second: str, event: str):
        kind = node("intermediateCatchEvent", "first", timer("PT1H")) + node("intermediateCatchEvent", second, event)
        flows = f"begin > which > first > done\nwhich > {second} > done"
        return bpmn(start() + node("eventBasedGateway", "which") + kind + end(), flows=flows, top=TOP)

    case = scenario(choice("heard", SIGNAL))
    case.start()
    told = case.migrate(choice("asked", message("m")), ("which", "which"), ("first", "first"))
    assert ("unlisten heard" in told, "listen asked msg.m" in told) == (True, True)
    assert case.fire("asked")[-1] == "process p completed done"


def test_a_called_procedure_that_runs_stays_what_it_is(scenario):
    inner = bpmn(start() + user("x") + end(), flows="begin > x > done", process="called")
    call = node("callActivity", "call", ext='<zeebe:calledElement processId="called"/>')
    case = scenario(bpmn(start() + call + end(), flows="begin > call > done"), inner)
    case.start()
    case.migrate(bpmn(start() + call + user("after") + end(), flows="begin > call > after > done"), ("call", "call"))
    case.complete("x")
    case.complete("after")
    assert case.outcome == "completed"


def undoable(activity: str, undo: str):
    body = user(activity) + node("boundaryEvent", "undo_at", "<bpmn:compensateEventDefinition/>", attachedToRef=activity)
    body += node("userTask", undo, isForCompensation="true", ext="<zeebe:userTask/>")
    body += f'<bpmn:association id="leads" sourceRef="undo_at" targetRef="{undo}"/>'
    throw = node("intermediateThrowEvent", "back", "<bpmn:compensateEventDefinition/>")
    return bpmn(start() + body + user("look") + throw + end(), flows=f"begin > {activity} > look > back > done")


def test_what_is_done_can_still_be_undone_under_its_new_name(scenario):
    case = scenario(undoable("book", "unbook"))
    case.start()
    case.complete("book")
    with pytest.raises(MigrationFailed, match="book is done"):
        case.migrate(undoable("reserve", "release"), ("look", "look"))
    case.migrate(undoable("reserve", "release"), ("look", "look"), ("book", "reserve"))
    case.complete("look")
    assert "release" in case.at()
    with pytest.raises(MigrationFailed, match="being undone"):
        case.migrate(undoable("reserve", "release"), ("release", "release"), ("back", "back"))


def test_an_incident_goes_along_and_is_retried_in_the_new_version(scenario):
    def divided(expression: str):
        script = node("scriptTask", "divide", ext=f'<zeebe:script expression="{expression}" resultVariable="n"/>')
        return bpmn(start() + script + end(), flows="begin > divide > done")

    case = scenario(divided("=nobody + 1"))
    case.start()
    assert case.at() == ["divide"]
    case.migrate(divided("=1 + 1"))
    case.retry("divide")
    assert (case.outcome, case.variables()["n"]) == ("completed", 2)


def test_deadlines_with_the_same_id_go_on_and_others_end_or_begin(scenario):
    def due(name: str):
        ext = f'<cogov:deadline id="{name}" limit="P3D"/>' if name else ""
        return bpmn(start() + user("ask", ext=ext) + end(), flows="begin > ask > done")

    case = scenario(due("d1"))
    case.start()
    case.migrate(due("d1"))
    assert case.world.log == ["deadline d1 P3D"]
    case.migrate(due("d2"))
    assert case.world.log == ["deadline d1 P3D", "dropped", "deadline d2 P3D"]
    case.migrate(due(""))
    assert case.world.log[-1] == "dropped"


def test_what_waits_in_a_way_nobody_knows_keeps_the_whole_case_as_it_is(scenario):
    case = scenario(bpmn(start() + user("ask") + end(), flows="begin > ask > done"))
    case.start()
    host = case.waiting("ask")[0]
    internal = {"host": host, "phase": "armed"}
    case.rows["odd"] = TokenRow(id="odd", parent=case.root, process="p", node="done", state="WAITING", seq=99, internal=internal)
    with pytest.raises(MigrationFailed, match="cannot be migrated: done"):
        case.migrate(bpmn(start() + user("ask", "more") + end(), flows="begin > ask > more > done"))


def test_the_buttons_of_an_ad_hoc_sub_process_are_those_of_the_new_version(scenario):
    def any_of(*ids):
        return bpmn(start() + node("adHocSubProcess", "any", user(*ids)) + end(), flows="begin > any > done")

    case = scenario(any_of("a", "b"))
    case.start()
    case.migrate(any_of("a", "c"), ("any", "any"), ("a", "a"))
    assert {row.node for row in case.rows.values() if "host" in row.internal} == {"a", "c", "any"}
