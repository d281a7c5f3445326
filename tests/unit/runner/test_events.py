"""Start, intermediate and end events."""

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
    mapping,
    message,
    message_top,
    node,
    start,
    sub_process,
    timer,
    user,
)  # fmt: skip

from engine.errors import NotFound
from engine.events import MessageSent, SignalSent, SubscriptionOpened

TOP = message_top("m", "msg.x", "=number") + message_top("n", "msg.new")


def test_a_message_start_maps_its_message_and_other_messages_go_out_and_come_in(scenario):
    body = node("startEvent", "begin", message("n"), ext=mapping("out =message.k k")) + node("receiveTask", "get", messageRef="m")
    body += node("sendTask", "put", messageRef="m", ext=mapping("in =k+1 k\nin =&quot;t&quot; text")) + node(
        "endEvent", "done", message("m")
    )
    case = scenario(bpmn(body, flows="begin > get > put > done", top=TOP))
    lines = case.start({"number": 1}, start_event="begin", message={"k": 2, "other": 3})
    assert lines == ["process p", "start begin", "end begin", "take begin_get", "start get", "listen get msg.x 1"]
    assert case.last(SubscriptionOpened).definition.message.name == "msg.x"
    assert case.fire("get", payload={"z": 1}) == [
        "unlisten get", "end get", "take get_put", "start put", "send put msg.x 1", "end put", "take put_done", "start done",
        "send done msg.x 1", "end done", "process p completed done",
    ]  # fmt: skip
    sent = [event for event in case.history if isinstance(event, MessageSent)]
    assert [dict(event.variables) for event in sent] == [{"k": Decimal(3), "text": "t"}, {}]
    assert case.variables() == {"number": Decimal(1), "k": Decimal(2), "z": Decimal(1)}


def test_without_a_start_event_the_nodes_nothing_leads_to_begin(scenario):
    case = scenario(bpmn(user("a", "b") + end(), flows="a > done\nb > done"))
    case.start()
    assert case.at() == ["a", "b"]


def test_a_named_start_event_that_does_not_exist_is_refused(scenario):
    with pytest.raises(NotFound, match="nowhere"):
        scenario(bpmn(start() + end(), flows="begin > done")).start(start_event="nowhere")


def test_an_instantiating_receive_task_takes_the_message_that_starts(scenario):
    body = node("receiveTask", "get", messageRef="n", instantiate="true") + user("a") + end()
    case = scenario(bpmn(body, flows="get > a > done", top=TOP))
    assert case.start(start_event="get", message={"v": 1}) == [
        "process p", "start get", "end get", "take get_a", "start a", "offer a person:wang",
    ]  # fmt: skip


def test_a_catching_timer_waits_and_goes_on(scenario):
    case = scenario(bpmn(start() + node("intermediateCatchEvent", "pause", timer("P1D")) + end(), flows="begin > pause > done"))
    assert case.start()[-2:] == ["start pause", "arm pause 03 12:00 1"]
    assert case.fire("pause") == ["disarm pause", "end pause", "take pause_done", "start done", "end done", "process p completed done"]


def test_a_timer_may_be_an_expression(scenario):
    body = node("intermediateCatchEvent", "pause", timer("=duration(&quot;PT2H&quot;)"))
    case = scenario(bpmn(start() + body + end(), flows="begin > pause > done"))
    assert case.start()[-1] == "arm pause 02 14:00 1"


def test_a_signal_is_sent_with_its_inputs_and_caught_with_its_variables(scenario):
    body = node("intermediateThrowEvent", "warn", SIGNAL, ext=mapping("in =5 level")) + node("intermediateCatchEvent", "hear", SIGNAL)
    case = scenario(bpmn(start() + body + node("endEvent", "done", SIGNAL), flows="begin > warn > hear > done", top=ERRORS))
    assert case.start()[-3:] == ["take warn_hear", "start hear", "listen hear storm"]
    assert dict(case.last(SignalSent).variables) == {"level": Decimal(5)}
    assert "signal done storm" in case.fire("hear", payload={"level": 6})
    assert case.variables() == {"level": Decimal(6)}


def test_a_link_goes_on_at_its_other_end(scenario):
    link = '<bpmn:linkEventDefinition name="L"/>'
    body = start() + node("intermediateThrowEvent", "go", link) + node("intermediateCatchEvent", "come", link) + end()
    case = scenario(bpmn(body, flows="begin > go\ncome > done"))
    assert case.start()[4:] == [
        "start go",
        "end go",
        "start come",
        "end come",
        "take come_done",
        "start done",
        "end done",
        "process p completed done",
    ]


def test_a_message_event_with_a_service_is_a_service(scenario):
    event = node(
        "intermediateThrowEvent",
        "tell",
        "<bpmn:messageEventDefinition/>",
        ext='<zeebe:taskDefinition type="notices.send"/>' + mapping("in =1 n"),
    )
    seen = []

    def tell(n):
        seen.append(n)

    case = scenario(bpmn(start() + event + end(), flows="begin > tell > done"), services={"notices.send": tell})
    case.start()
    assert (seen, case.outcome) == ([Decimal(1)], "completed")


UP = start("s1") + user("i") + node("intermediateThrowEvent", "up", escalation("esc1"), ext=mapping("in =1 k")) + user("j") + end("e1")


@pytest.mark.parametrize(("interrupting", "left"), [(True, ["z"]), (False, ["j", "z"])])
def test_an_escalation_interrupts_or_goes_on_beside(scenario, interrupting, left):
    body = start() + sub_process("sub", UP, "s1 > i > up > j > e1") + boundary("b", "sub", escalation("esc1"), interrupting=interrupting)
    case = scenario(bpmn(body + user("z") + end("done", "dz"), flows="begin > sub > done\nb > z > dz", top=ERRORS))
    case.start()
    lines = case.complete("i")
    assert "escalate up X1 caught" in lines
    assert ("cancel sub by b" in lines) == interrupting
    assert case.at() == left
    assert case.variables() == {"k": Decimal(1)}


def test_a_non_interrupting_escalation_fires_every_time(scenario):
    inner = start("s1") + node("intermediateThrowEvent", "up1", escalation("esc1")) + node("endEvent", "up2", escalation("esc1"))
    body = start() + sub_process("sub", inner, "s1 > up1 > up2") + boundary("b", "sub", escalation("esc1"), interrupting=False)
    case = scenario(bpmn(body + user("z") + end("done", "dz"), flows="begin > sub > done\nb > z > dz", top=ERRORS))
    case.start()
    assert case.at() == ["z", "z"]


def test_an_escalation_nobody_catches_goes_on(scenario):
    case = scenario(bpmn(start() + node("endEvent", "up", escalation("esc1")), flows="begin > up", top=ERRORS))
    assert case.start()[-4:] == ["start up", "escalate up X1 uncaught", "end up", "process p completed up"]


def test_an_error_end_that_nothing_catches_fails_the_process_and_cancels_the_rest(scenario):
    body = start() + user("a", "b") + node("endEvent", "bad", error("err1")) + end()
    case = scenario(bpmn(body, flows="begin > a > bad\nbegin > b > done", top=ERRORS))
    case.start()
    assert case.complete("a")[-5:] == ["start bad", "end bad", "withdraw b", "cancel b by bad", "process p failed bad"]
    assert (case.outcome, case.rows) == ("failed", {})


def test_terminate_ends_the_process_at_once(scenario):
    body = start() + user("a", "b") + node("endEvent", "stop", "<bpmn:terminateEventDefinition/>") + end()
    case = scenario(bpmn(body, flows="begin > a > done\nbegin > b > stop"))
    case.start()
    assert case.complete("b")[-5:] == ["start stop", "end stop", "withdraw a", "cancel a by stop", "process p completed stop"]
