"""Events with several definitions: one of them is enough, or (parallel multiple) every one must come."""

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
    start,
    sub_process,
    timer,
    user,
)  # fmt: skip

from engine.events import MessageSent, SignalSent

TOP = ERRORS + message_top("m", "msg.x") + message_top("n", "msg.y")
EITHER = message("m") + timer("P1D") + SIGNAL
BOTH = message("m") + SIGNAL


def condition(text: str) -> str:
    return f'<bpmn:conditionalEventDefinition><bpmn:condition xsi:type="bpmn:tFormalExpression">{text}</bpmn:condition></bpmn:conditionalEventDefinition>'  # noqa: E501


def caught(inner: str, *, all_of: bool = False, ext: str = "") -> str:
    return node("intermediateCatchEvent", "hear", inner, ext=ext, **({"parallelMultiple": "true"} if all_of else {}))


def edge(inner: str, *, interrupting: bool, all_of: bool = True) -> str:
    return node(
        "boundaryEvent", "b", inner,
        attachedToRef="a", cancelActivity=str(interrupting).lower(), parallelMultiple=str(all_of).lower(),
    )  # fmt: skip


@pytest.mark.parametrize("index", [0, 1, 2])
def test_any_one_event_of_a_multiple_catch_is_enough_and_the_others_are_closed(scenario, index):
    case = scenario(bpmn(start() + caught(EITHER) + end(), flows="begin > hear > done", top=TOP))
    assert case.start()[-3:] == ["listen hear msg.x", "arm hear 03 12:00 1", "listen hear storm"]
    assert case.fire("hear", index, {"k": 1}) == [
        "unlisten hear", "disarm hear", "unlisten hear", "end hear", "take hear_done", "start done", "end done", "process p completed done",
    ]  # fmt: skip
    assert case.variables() == ({} if index == 1 else {"k": Decimal(1)})


@pytest.mark.parametrize("order", [(0, 1), (1, 0)])
def test_a_parallel_multiple_catch_waits_for_all_and_has_what_each_brought(scenario, order):
    event = caught(BOTH, all_of=True, ext=mapping("out =message.k k\nout =signal.s s"))
    case = scenario(bpmn(start() + event + end(), flows="begin > hear > done", top=TOP))
    case.start()
    payloads = [{"k": 1}, {"s": 2}]
    assert case.fire("hear", order[0], payloads[order[0]]) == ["unlisten hear"]
    assert case.fire("hear", order[0], payloads[order[0]]) == []
    assert case.fire("hear", order[1], payloads[order[1]])[:2] == ["unlisten hear", "end hear"]
    assert case.variables() == {"k": Decimal(1), "s": Decimal(2)}


def test_a_parallel_multiple_catch_without_outputs_gives_all_members(scenario):
    case = scenario(bpmn(start() + caught(BOTH, all_of=True) + end(), flows="begin > hear > done", top=TOP))
    case.start()
    case.fire("hear", 1, {"s": 2})
    case.fire("hear", 0, {"k": 1})
    assert case.variables() == {"k": Decimal(1), "s": Decimal(2)}


def test_a_multiple_boundary_event_fires_for_an_error_inside_or_a_message_from_outside(scenario):
    inner = sub_process("a", start("s1") + user("i") + node("endEvent", "bad", error("err1")), "s1 > i > bad")
    body = start() + inner + edge(error("err1") + message("m"), interrupting=True, all_of=False) + end("done", "late")
    model = bpmn(body, flows="begin > a > done\nb > late", top=TOP)
    case = scenario(model)
    assert "listen b msg.x" in case.start()
    assert case.complete("i")[-1] == "process p completed late"
    other = scenario(model)
    other.start()
    assert other.fire("b", 1)[-1] == "process p completed late"


def test_a_parallel_multiple_boundary_event_counts_an_escalation_that_came_first(scenario):
    up = node("intermediateThrowEvent", "up", escalation("esc1"))
    inner = sub_process("a", start("s1") + user("i") + up + user("j") + end("e1"), "s1 > i > up > j > e1")
    body = start() + inner + edge(escalation("esc1") + message("m"), interrupting=True) + end("done", "late")
    case = scenario(bpmn(body, flows="begin > a > done\nb > late", top=TOP))
    case.start()
    assert "escalate up X1 uncaught" in case.complete("i")
    assert case.at() == ["j"]
    assert case.fire("b", 1)[-1] == "process p completed late"


def test_a_parallel_multiple_boundary_event_catches_the_escalation_that_comes_last(scenario):
    inner = sub_process("a", start("s1") + user("i") + node("endEvent", "up", escalation("esc1")), "s1 > i > up")
    body = start() + inner + edge(escalation("esc1") + message("m"), interrupting=True) + end("done", "late")
    case = scenario(bpmn(body, flows="begin > a > done\nb > late", top=TOP))
    case.start()
    assert case.fire("b", 1, {"k": 1}) == ["unlisten b"]
    lines = case.complete("i")
    assert "escalate up X1 caught" in lines
    assert lines[-1] == "process p completed late"
    assert case.variables() == {"k": Decimal(1)}


def test_a_non_interrupting_parallel_multiple_event_fires_in_every_round(scenario):
    body = start() + user("a", "z") + edge(BOTH, interrupting=False) + end("done", "late")
    case = scenario(bpmn(body, flows="begin > a > done\nb > z > late", top=TOP))
    case.start()
    case.fire("b", 0)
    assert case.fire("b", 1)[:3] == ["unlisten b", "listen b msg.x", "listen b storm"]
    case.fire("b", 1)
    case.fire("b", 0)
    assert case.at() == ["a", "z", "z"]


def test_a_non_interrupting_parallel_multiple_event_with_a_timer_ends_when_the_timer_is_used_up(scenario):
    body = start() + user("a", "z") + edge(message("m") + timer("R2/PT1H", "timeCycle"), interrupting=False) + end("done", "late")
    case = scenario(bpmn(body, flows="begin > a > done\nb > z > late", top=TOP))
    case.start()
    case.fire("b", 0)
    assert "arm b 02 13:00 2" in case.fire("b", 1)
    case.fire("b", 0)
    case.fire("b", 1)
    assert case.listening("b") == []
    assert case.at() == ["a", "z", "z"]


def test_a_non_interrupting_multiple_event_fires_as_often_as_each_occurs(scenario):
    body = start() + user("a", "z") + edge(BOTH, interrupting=False, all_of=False) + end("done", "late")
    case = scenario(bpmn(body, flows="begin > a > done\nb > z > late", top=TOP))
    case.start()
    for index in (0, 1, 0):
        case.fire("b", index)
    assert case.at() == ["a", "z", "z", "z"]


@pytest.mark.parametrize("all_of", [False, True])
def test_a_multiple_start_event_of_an_event_sub_process(scenario, all_of):
    esp = event_sub_process("esp", BOTH, body=user("z") + end("ez"), flows="caught > z > ez")
    esp = esp.replace('isInterrupting="true"', f'isInterrupting="true" parallelMultiple="{str(all_of).lower()}"')
    case = scenario(bpmn(start() + user("a") + end() + esp, flows="begin > a > done", top=TOP))
    case.start()
    case.fire("caught", 0, {"k": 1})
    assert case.at() == (["a"] if all_of else ["z"])
    if all_of:
        case.fire("caught", 1, {"s": 2})
    assert case.at() == ["z"]
    assert case.variables()["k"] == Decimal(1)


def test_a_multiple_throw_throws_all_and_what_interrupts_comes_last(scenario):
    event = node("intermediateThrowEvent", "all", escalation("esc1") + SIGNAL + message("m"), ext=mapping("in =1 k"))
    inner = sub_process("sub", start("s1") + event + end("e1"), "s1 > all > e1")
    body = start() + inner + boundary("b", "sub", escalation("esc1")) + end("done", "late")
    case = scenario(bpmn(body, flows="begin > sub > done\nb > late", top=TOP))
    lines = case.start()
    at = lines.index("start all")
    assert lines[at : at + 4] == ["start all", "signal all storm", "send all msg.x", "escalate all X1 caught"]
    assert lines[-1] == "process p completed late"
    assert [dict(event.variables) for event in case.history if isinstance(event, (MessageSent, SignalSent))] == [{"k": Decimal(1)}] * 2


def test_a_multiple_end_sends_and_terminates(scenario):
    stop = node("endEvent", "stop", "<bpmn:terminateEventDefinition/>" + message("m"))
    case = scenario(bpmn(start() + user("a", "b") + stop + end(), flows="begin > a > done\nbegin > b > stop", top=TOP))
    case.start()
    assert case.complete("b")[-6:] == [
        "start stop", "send stop msg.x", "end stop", "withdraw a", "cancel a by stop", "process p completed stop",
    ]  # fmt: skip


def test_one_of_two_conditions_that_is_met_leaves_the_other_watched(scenario):
    event = caught(condition("=x") + condition("=y"), all_of=True)
    case = scenario(
        bpmn(start() + node("parallelGateway", "f") + event + user("t") + end("done", "dt"), flows="begin > f > hear > done\nf > t > dt")
    )
    case.start({"starter": "wang", "x": True, "y": False})
    assert case.at() == ["hear", "t"]
    case.complete("t", {"y": True})
    assert case.outcome == "completed"


def test_both_conditions_of_an_exclusive_event_fire_it_once(scenario):
    case = scenario(bpmn(start() + caught(condition("=x") + condition("=x")) + user("a") + end(), flows="begin > hear > a > done"))
    case.start({"starter": "wang", "x": True})
    assert case.at() == ["a"]


def test_a_condition_that_cannot_be_evaluated_is_an_incident_of_its_event_and_stops_nothing_else(scenario):
    body = start() + user("a", "z") + boundary("b", "a", condition("=missing > 1")) + end("done", "late")
    case = scenario(bpmn(body, flows="begin > a > done\nb > z > late"))
    assert case.start()[-1] == "incident b unknown_variable"
    assert case.complete("a", {"x": 1})[-1] == "process p completed done"


def test_a_parallel_multiple_start_creates_the_instance_and_waits_for_the_rest(scenario):
    begin = node("startEvent", "begin", message("m") + message("n"), parallelMultiple="true")
    case = scenario(bpmn(begin + user("a") + end(), flows="begin > a > done", top=TOP))
    assert case.start({}, start_event="begin", message={"v": 1}, event=1) == ["process p", "start begin", "listen begin msg.x"]
    assert case.fire("begin", 0, {"w": 2})[:2] == ["unlisten begin", "end begin"]
    assert case.at() == ["a"]
    assert case.variables() == {"v": Decimal(1), "w": Decimal(2)}


def test_a_multiple_start_begins_with_the_one_that_came(scenario):
    begin = node("startEvent", "begin", message("m") + SIGNAL, ext=mapping("out =signal.v v"))
    case = scenario(bpmn(begin + end(), flows="begin > done", top=TOP))
    assert case.start({}, start_event="begin", message={"v": 1}, event=1)[-1] == "process p completed done"
    assert case.variables() == {"v": Decimal(1)}


def test_the_button_of_a_parallel_multiple_event_is_gone_when_its_message_has_come_and_back_in_the_next_round(scenario):
    body = start() + user("a", "z") + edge(SIGNAL + message("m"), interrupting=False) + end("done", "late")
    button = "<bpmn:extensionElements><cogov:action/></bpmn:extensionElements>"
    body = body.replace("<bpmn:signalEventDefinition", button + "<bpmn:signalEventDefinition", 1)
    case = scenario(bpmn(body, flows="begin > a > done\nb > z > late", top=TOP))
    assert "action b " in case.start()
    assert case.fire("b", 1) == ["unlisten b", "close action b"]
    assert "action b " in case.fire("b", 0)
