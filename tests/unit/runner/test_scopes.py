"""Sub-processes, event sub-processes and called processes."""

from __future__ import annotations

from decimal import Decimal

import pytest
from scenario import (
    ERRORS,
    SIGNAL,
    boundary,
    bpmn,
    end,
    error,
    escalation,
    event_sub_process,
    mapping,
    message,
    message_top,
    node,
    script,
    start,
    sub_process,
    timer,
    user,
)  # fmt: skip

from engine.events import IncidentRaised

INNER = start("s1") + user("inner") + end("e1")
LATE = bpmn(
    start() + sub_process("sub", INNER, "s1 > inner > e1") + boundary("late", "sub", timer("PT1H")) + end("done", "over"),
    flows="begin > sub > done\nlate > over",
)


def test_a_sub_process_completes_when_nothing_inside_is_left(scenario):
    case = scenario(LATE)
    assert case.start() == [
        "process p", "start begin", "end begin", "take begin_sub", "start sub", "arm late 02 13:00 1", "start s1", "end s1",
        "take s1_inner", "start inner", "offer inner person:wang",
    ]  # fmt: skip
    assert case.complete("inner") == [
        "submit inner", "end inner", "take inner_e1", "start e1", "end e1", "disarm late", "end sub", "take sub_done", "start done",
        "end done", "process p completed done",
    ]  # fmt: skip


def test_an_interrupted_sub_process_cancels_what_is_inside_first(scenario):
    case = scenario(LATE)
    case.start()
    assert case.fire("late")[:4] == ["withdraw inner", "cancel inner by late", "disarm late", "cancel sub by late"]


def test_variables_of_a_sub_process_end_with_it_and_others_go_to_the_process(scenario):
    body = sub_process("sub", INNER, "s1 > inner > e1", ext=mapping("in =1 local\nout =local+1 kept"))
    case = scenario(bpmn(start() + body + user("z") + end(), flows="begin > sub > z > done"))
    case.start()
    case.complete("inner", {"local": 5, "global": 6})
    assert case.variables() == {"kept": Decimal(6), "global": Decimal(6)}


def test_a_sub_process_without_events_begins_at_every_node_nothing_leads_to(scenario):
    case = scenario(bpmn(start() + sub_process("sub", user("a", "b"), "") + end(), flows="begin > sub > done"))
    case.start()
    assert case.at() == ["a", "b"]
    case.complete("b")
    assert case.complete("a")[-1] == "process p completed done"


def test_terminate_ends_its_own_scope_only(scenario):
    body = (
        start("s1")
        + node("parallelGateway", "split")
        + user("a", "b")
        + node("endEvent", "stop", "<bpmn:terminateEventDefinition/>")
        + end("e1")
    )
    model = bpmn(
        start() + sub_process("sub", body, "s1 > split > a > e1\nsplit > b > stop") + user("z") + end(), flows="begin > sub > z > done"
    )
    case = scenario(model)
    case.start()
    assert case.complete("b")[-6:] == ["withdraw a", "cancel a by stop", "end sub", "take sub_z", "start z", "offer z person:wang"]


# Event sub-processes ------------------------------------------------------------------------------------------------

MESSAGE = message_top("m", "msg.stop", "=key")
STOP = event_sub_process("esp", message("m"), body=user("undo") + end("e2"), flows="caught > undo > e2")
ASIDE = event_sub_process("esp", message("m"), interrupting=False, body=user("undo") + end("e2"), flows="caught > undo > e2")


def test_its_subscription_opens_after_the_start_event_has_brought_the_key(scenario):
    top = MESSAGE + message_top("n", "msg.new")
    body = node("startEvent", "begin", message("n"), ext=mapping("out =message.no key")) + user("a") + end() + STOP
    case = scenario(bpmn(body, flows="begin > a > done", top=top))
    lines = case.start({"starter": "wang"}, start_event="begin", message={"no": "GJ-1"})
    assert lines[:4] == ["process p", "start begin", "listen caught msg.stop GJ-1", "end begin"]


def test_in_a_process_without_a_start_event_it_waits_from_the_beginning(scenario):
    case = scenario(bpmn(user("a") + end() + STOP, flows="a > done", top=MESSAGE))
    assert case.start({"starter": "wang", "key": 1})[:2] == ["process p", "listen caught msg.stop 1"]


def test_an_interrupting_event_sub_process_of_the_process_replaces_what_runs(scenario):
    case = scenario(bpmn(start() + user("a") + end() + STOP, flows="begin > a > done", top=MESSAGE))
    case.start({"starter": "wang", "key": 1})
    assert case.fire("caught", payload={"reason": "r"}) == [
        "unlisten caught", "withdraw a", "cancel a by caught", "start esp", "start caught", "end caught", "take caught_undo", "start undo",
        "offer undo person:wang",
    ]  # fmt: skip
    assert case.complete("undo")[-2:] == ["end esp", "process p completed"]
    assert case.variables()["reason"] == "r"


def test_an_event_sub_process_that_never_ran_does_not_hold_its_scope(scenario):
    case = scenario(bpmn(start() + user("a") + end() + STOP, flows="begin > a > done", top=MESSAGE))
    case.start({"starter": "wang", "key": 1})
    assert case.complete("a")[-2:] == ["unlisten caught", "process p completed done"]


def test_a_non_interrupting_one_inside_a_sub_process_runs_every_time_and_holds_the_scope(scenario):
    body = start() + sub_process("sub", INNER + ASIDE, "s1 > inner > e1") + end()
    case = scenario(bpmn(body, flows="begin > sub > done", top=MESSAGE))
    assert "listen caught msg.stop 1" in case.start({"starter": "wang", "key": 1})
    case.fire("caught")
    case.fire("caught")
    case.complete("inner")
    assert case.at() == ["undo", "undo"]
    assert case.complete("undo")[-1] == "end esp"
    assert case.complete("undo")[-6:] == [
        "unlisten caught",
        "end sub",
        "take sub_done",
        "start done",
        "end done",
        "process p completed done",
    ]


def test_a_timer_event_sub_process_with_a_cycle(scenario):
    esp = event_sub_process("esp", timer("R2/P1D", "timeCycle"), interrupting=False, body=end("e2"), flows="caught > e2")
    case = scenario(bpmn(start() + user("a") + end() + esp, flows="begin > a > done"))
    case.start()
    assert case.fire("caught")[0] == "arm caught 03 12:00 2"
    assert case.fire("caught")[0] == "disarm caught"
    assert case.listening("caught") == []
    assert case.complete("a")[-1] == "process p completed done"


def test_an_error_is_caught_by_the_event_sub_process_of_its_own_scope_before_the_boundary(scenario):
    esp = event_sub_process("esp", error("err1"), body=user("undo") + end("e2"), flows="caught > undo > e2")
    inner = start("s1") + user("inner") + node("endEvent", "bad", error("err1")) + esp
    body = start() + sub_process("sub", inner, "s1 > inner > bad") + boundary("outer", "sub", error("err1")) + end("done", "wrong")
    case = scenario(bpmn(body, flows="begin > sub > done\nouter > wrong", top=ERRORS))
    case.start()
    assert case.complete("inner")[3:] == [
        "start bad", "end bad", "start esp", "start caught", "end caught", "take caught_undo", "start undo", "offer undo person:wang",
    ]  # fmt: skip
    assert case.complete("undo")[-1] == "process p completed done"


def test_an_error_inside_the_running_event_sub_process_goes_further_out(scenario):
    esp = event_sub_process(
        "esp", error("err1"), body=user("undo") + node("endEvent", "again", error("err1")), flows="caught > undo > again"
    )
    inner = start("s1") + user("inner") + node("endEvent", "bad", error("err1")) + esp
    body = start() + sub_process("sub", inner, "s1 > inner > bad") + boundary("outer", "sub", error()) + end("done", "outside")
    case = scenario(bpmn(body, flows="begin > sub > done\nouter > outside", top=ERRORS))
    case.start()
    case.complete("inner")
    assert case.complete("undo")[-1] == "process p completed outside"


def test_the_error_is_a_variable_inside_the_event_sub_process(scenario):
    esp = event_sub_process("esp", error(), body=script("note", "=error.code", "seen") + end("e2"), flows="caught > note > e2")
    case = scenario(bpmn(start() + node("endEvent", "bad", error("err2")) + esp, flows="begin > bad", top=ERRORS))
    case.start()
    assert case.variables() == {"seen": "E2"}


def test_an_escalation_event_sub_process_that_does_not_interrupt(scenario):
    esp = event_sub_process("esp", escalation("esc1"), interrupting=False, body=user("look") + end("e2"), flows="caught > look > e2")
    body = start() + node("intermediateThrowEvent", "up", escalation("esc1")) + user("go_on") + end() + esp
    case = scenario(bpmn(body, flows="begin > up > go_on > done", top=ERRORS))
    assert "escalate up X1 caught" in case.start()
    assert sorted(case.at()) == ["go_on", "look"]


def test_a_signal_event_sub_process(scenario):
    esp = event_sub_process("esp", SIGNAL, body=end("e2"), flows="caught > e2")
    case = scenario(bpmn(start() + user("a") + end() + esp, flows="begin > a > done", top=ERRORS))
    case.start()
    assert case.fire("caught")[-1] == "process p completed"


def test_an_interrupting_boundary_takes_the_idle_event_sub_processes_of_its_host_along(scenario):
    body = start() + sub_process("sub", INNER + ASIDE, "s1 > inner > e1") + boundary("late", "sub", timer("PT1H")) + end()
    case = scenario(bpmn(body, flows="begin > sub > done\nlate > done", top=MESSAGE))
    case.start({"starter": "wang", "key": 1})
    assert case.fire("late")[:5] == ["unlisten caught", "withdraw inner", "cancel inner by late", "disarm late", "cancel sub by late"]
    assert case.outcome == "completed"


def test_inputs_of_an_event_sub_process_are_local_to_it(scenario):
    esp = event_sub_process("esp", message("m"), interrupting=False, body=script("s", "=why", "seen") + end("e2"), flows="caught > s > e2")
    esp = esp.replace(
        'triggeredByEvent="true">',
        'triggeredByEvent="true"><bpmn:extensionElements>' + mapping("in =message.reason why") + "</bpmn:extensionElements>",
    )
    case = scenario(bpmn(start() + user("a") + end() + esp, flows="begin > a > done", top=MESSAGE))
    case.start({"starter": "wang", "key": 1})
    case.fire("caught", payload={"reason": "r"})
    assert case.variables()["seen"] == "r"
    assert "why" not in case.variables()


# Called processes -----------------------------------------------------------------------------------------------------

CHILD = bpmn(
    start("cb") + user("work") + node("exclusiveGateway", "g", default="g_ok") + node("endEvent", "bad", error("err1")) + end("ok"),
    process="child", flows="cb > work > g > ok\ng > bad: =bad = true", top=ERRORS, head='<cogov:data name="bad"/>',
)  # fmt: skip


def call(io: str = "", *, process: str = "child", marks: str = 'propagateAllChildVariables="false"') -> str:
    return node("callActivity", "call", ext=f'<zeebe:calledElement processId="{process}" {marks}/>' + mapping(io))


def caller(io: str = "", **marks: str):
    body = (
        start()
        + call(io, **marks)
        + boundary("oops", "call", error("err1"), ext=mapping("out =error.code why"))
        + user("fix")
        + end("done", "fixed")
    )
    return bpmn(body, flows="begin > call > done\noops > fix > fixed", top=ERRORS)


def test_a_called_process_is_a_scope_of_the_instance_with_its_own_events(scenario):
    case = scenario(caller("in =y x\nout =result.res res"), CHILD)
    assert case.start({"starter": "wang", "y": 5})[4:6] == ["start call", "process child"]
    assert case.complete("work", {"res": 1, "secret": 2})[-6:] == [
        "process child completed ok", "end call", "take call_done", "start done", "end done", "process p completed done",
    ]  # fmt: skip
    assert case.variables() == {"y": Decimal(5), "res": Decimal(1)}


def test_a_called_process_sees_its_inputs_its_data_and_the_facts_of_the_case_only(scenario):
    child = bpmn(script("look", "=[x, number, bad, is defined(y)]", "seen"), process="child", head='<cogov:data name="bad"/>')
    case = scenario(caller("in =y x\nout =seen seen"), child)
    case.start({"starter": "wang", "y": 5, "number": "GJ-1"})
    assert case.variables()["seen"] == [Decimal(5), "GJ-1", None, False]


@pytest.mark.parametrize(("marks", "expected"), [
    ('propagateAllChildVariables="true"', {"y", "res", "x"}),
    ('propagateAllChildVariables="false"', {"y"}),
])  # fmt: skip
def test_the_variables_of_a_called_process_come_out_only_if_the_model_says_so(scenario, marks, expected):
    child = bpmn(script("make", "=1", "res"), process="child")
    case = scenario(caller("in =y x", marks=marks), child)
    case.start({"starter": "wang", "y": 5})
    assert set(case.variables()) == expected


def test_all_variables_of_the_caller_go_in_only_if_the_model_says_so(scenario):
    child = bpmn(script("make", "=y + 1", "res"), process="child")
    case = scenario(caller("out =res res", marks='propagateAllParentVariables="true"'), child)
    case.start({"starter": "wang", "y": 5})
    assert case.variables()["res"] == Decimal(6)


def test_an_error_goes_through_the_call_activity_and_cancels_the_called_process(scenario):
    case = scenario(caller(), CHILD)
    case.start()
    assert case.complete("work", {"bad": True})[-7:] == [
        "process child cancelled bad", "cancel call by oops", "start oops", "end oops", "take oops_fix", "start fix",
        "offer fix person:wang",
    ]  # fmt: skip
    assert case.variables() == {"why": "E1"}


def test_the_called_process_may_be_an_expression(scenario):
    case = scenario(caller(process="=which"), CHILD)
    assert "process child" in case.start({"starter": "wang", "which": "child"})


def test_a_process_that_does_not_exist_is_an_incident(scenario):
    case = scenario(caller(process="=which"), CHILD)
    case.start({"starter": "wang", "which": "nothing"})
    assert case.last(IncidentRaised).code == "not_found"


def test_a_process_that_calls_itself_for_ever_is_an_incident(scenario):
    case = scenario(bpmn(start() + call(process="p") + end(), flows="begin > call > done"))
    assert case.start()[-1] == "incident call calls_too_deep"
    assert case.cancel()[-1] == "process p cancelled"


def test_an_event_sub_process_of_a_called_process_interrupts_only_that(scenario):
    child = bpmn(start("cb") + user("work") + end("ok") + STOP, process="child", flows="cb > work > ok", top=MESSAGE)
    case = scenario(caller("in =y key"), child)
    case.start({"starter": "wang", "y": 5})
    case.fire("caught")
    assert case.at() == ["undo"]
    assert case.complete("undo")[-5:] == ["end call", "take call_done", "start done", "end done", "process p completed done"]
