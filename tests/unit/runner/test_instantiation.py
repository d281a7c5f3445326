"""What begins an instance: instantiating receive tasks and event-based gateways."""

from __future__ import annotations

import pytest
from scenario import bpmn, end, mapping, message, message_top, node, start, timer, user

from engine.errors import NotFound

TOP = message_top("m", "msg.x", "=number") + message_top("n", "msg.new")


def gateway(kind: str):
    """An instantiating gateway before a message event, which sets the number, and a receive task that correlates by it."""
    body = node("eventBasedGateway", "g", instantiate="true", eventGatewayType=kind)
    body += node("intermediateCatchEvent", "first", message("n"), ext=mapping("out =message.number number"))
    body += node("receiveTask", "second", messageRef="m") + user("a", "b") + end()
    return bpmn(body, flows="g > first > a > done\ng > second > b > done", top=TOP)


def test_an_instantiating_gateway_goes_on_with_the_event_that_came(scenario):
    case = scenario(gateway("Exclusive"))
    assert case.start({}, start_event="first", message={"number": 7}) == [
        "process p", "start g", "end g", "take g_first", "start first", "end first", "take first_a", "start a", "offer a person:wang",
    ]  # fmt: skip
    assert case.complete("a")[-1] == "process p completed done"


def test_a_receive_task_behind_an_instantiating_gateway_takes_its_message(scenario):
    case = scenario(gateway("Exclusive"))
    assert case.start({}, start_event="second", message={"v": 7})[3:6] == ["take g_second", "start second", "end second"]
    assert case.at() == ["b"]


def test_a_parallel_instantiating_gateway_waits_for_its_other_events_with_what_the_first_brought(scenario):
    case = scenario(gateway("Parallel"))
    lines = case.start({}, start_event="first", message={"number": 7})
    assert lines[1:7] == ["start g", "end g", "take g_first", "take g_second", "start first", "end first"]
    assert "listen second msg.x 7" in lines
    case.complete("a")
    assert case.outcome is None
    case.fire("second")
    assert case.complete("b")[-1] == "process p completed done"


@pytest.mark.parametrize("kind", ["Exclusive", "Parallel"])
def test_what_only_events_begin_is_not_begun_by_hand(scenario, kind):
    with pytest.raises(NotFound, match="started by events only"):
        scenario(gateway(kind)).start()


def test_a_process_that_only_a_message_begins_cannot_be_called(scenario):
    child = bpmn(node("startEvent", "cb", message("n")) + end("ce"), process="child", flows="cb > ce", top=TOP)
    call = node("callActivity", "call", ext='<zeebe:calledElement processId="child"/>')
    case = scenario(bpmn(start() + call + end(), flows="begin > call > done"), child)
    assert case.start()[-1] == "incident child cannot_run"


def test_a_timer_start_begins_without_a_payload(scenario):
    body = node("startEvent", "noon", timer("R/PT1H", "timeCycle")) + end()
    case = scenario(bpmn(body, flows="noon > done"))
    assert case.start({}, start_event="noon") == [
        "process p", "start noon", "end noon", "take noon_done", "start done", "end done", "process p completed done",
    ]  # fmt: skip
