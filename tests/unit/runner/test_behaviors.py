"""What a multi-instance activity throws when its instances end (BPMN 2.0, 13.3.7)."""

from __future__ import annotations

from decimal import Decimal

import pytest
from scenario import ERRORS, SIGNAL, boundary, bpmn, end, error, escalation, many, mapping, message, message_top, node, start, user

from engine.events import SignalSent

TOP = ERRORS + '<bpmn:signalEventDefinition id="bell" signalRef="storm"/>' + message_top("m", "msg.x")


def marker(behavior: str, *, ref: str = "", inner: str = "", sequential: bool = False) -> str:
    attribute = f' {behavior.lower()}BehaviorEventRef="{ref}"' if ref else ""
    found = many("=[1, 2, 3]", sequential=sequential, outputCollection="out", outputElement="=loopCounter")
    found = found.replace("isSequential", f'behavior="{behavior}"{attribute} isSequential', 1)
    return found.replace("</bpmn:multiInstance", inner + "</bpmn:multiInstance")


def complex_(condition: str, event: str, name: str = "c1") -> str:
    return (
        f'<bpmn:complexBehaviorDefinition id="{name}"><bpmn:condition xsi:type="bpmn:tFormalExpression">{condition}</bpmn:condition>'
        f'<bpmn:event id="{name}_event">{event}</bpmn:event></bpmn:complexBehaviorDefinition>'
    )


def model(mark: str, event: str, *, interrupting: bool):
    body = (
        start()
        + user("a", inner=mark)
        + boundary("b", "a", event, interrupting=interrupting, ext=mapping("out =numberOfCompletedInstances n"))
    )
    return bpmn(body + user("z") + end("done", "late"), flows="begin > a > done\nb > z > late", top=TOP)


def test_none_throws_at_the_end_of_each_instance_to_the_boundary_event(scenario):
    case = scenario(model(marker("None", ref="bell"), SIGNAL, interrupting=False))
    case.start()
    case.complete("a")
    assert case.variables()["n"] == Decimal(1)
    case.complete("a")
    assert case.at() == ["a#3", "z", "z"]
    case.complete("a")
    assert case.at() == ["z", "z", "z"]
    assert case.variables()["n"] == Decimal(3)
    assert not any(isinstance(event, SignalSent) for event in case.history)


def test_one_throws_for_the_first_instance_only(scenario):
    case = scenario(model(marker("One", ref="bell"), SIGNAL, interrupting=False))
    case.start()
    for _ in range(3):
        case.complete("a")
    assert case.at() == ["z"]


@pytest.mark.parametrize("sequential", [False, True])
def test_one_that_interrupts_ends_the_other_instances_at_once(scenario, sequential):
    case = scenario(model(marker("One", ref="bell", sequential=sequential), SIGNAL, interrupting=True))
    case.start()
    lines = case.complete("a", at=0)
    assert "cancel a#0 by b" in lines
    assert case.at() == ["z"]


def test_all_throws_nothing(scenario):
    case = scenario(model(marker("All"), SIGNAL, interrupting=False))
    case.start()
    for _ in range(3):
        case.complete("a")
    assert case.outcome == "completed"
    assert case.variables() == {"out": [Decimal(1), Decimal(2), Decimal(3)]}


def test_without_an_event_the_signal_is_called_like_the_activity_and_goes_out_when_nobody_catches_it(scenario):
    case = scenario(bpmn(start() + user("a", inner=marker("None")) + end(), flows="begin > a > done"))
    case.start()
    assert "signal a#0 a" in case.complete("a")
    assert case.last(SignalSent).variables["numberOfCompletedInstances"] == Decimal(1)


def test_complex_throws_what_its_conditions_say(scenario):
    inner = complex_("=numberOfCompletedInstances = 2", escalation("esc1")) + complex_("=form.bad", SIGNAL, "c2")
    body = start() + user("a", inner=marker("Complex", inner=inner)) + user("y", "z") + end("done", "dy", "dz")
    body += boundary("b", "a", escalation("esc1"), interrupting=False) + boundary("c", "a", SIGNAL, interrupting=False)
    case = scenario(bpmn(body, flows="begin > a > done\nb > y > dy\nc > z > dz", top=TOP))
    case.start()
    case.complete("a", {"bad": True})
    assert case.at() == ["a#2", "a#3", "z"]
    case.complete("a", {"bad": False})
    assert case.at() == ["a#3", "z", "y"]


def test_complex_may_throw_an_error_that_ends_the_activity(scenario):
    inner = complex_("=numberOfCompletedInstances = 2", error("err1"))
    case = scenario(model(marker("Complex", inner=inner), error("err1"), interrupting=True))
    case.start()
    case.complete("a")
    case.complete("a")
    assert case.at() == ["z"]


def test_a_message_of_the_behaviour_is_sent_when_no_boundary_event_waits_for_it(scenario):
    inner = complex_("=true", message("m"))
    case = scenario(bpmn(start() + user("a", inner=marker("Complex", inner=inner)) + end(), flows="begin > a > done", top=TOP))
    case.start()
    assert "send a#0 msg.x" in case.complete("a")


def test_a_condition_that_fails_is_an_incident_and_can_be_tried_again_without_counting_twice(scenario):
    inner = complex_("=missing", error("err1"))
    case = scenario(model(marker("Complex", inner=inner), error("err1"), interrupting=True))
    case.start()
    assert case.complete("a")[-1] == "incident a#1 unknown_variable"
    case.retry("a")
    body = next(row for row in case.rows.values() if row.internal.get("mi"))
    assert body.internal["mi"]["completed"] == 0


def test_interrupting_a_multi_instance_sub_process_or_call_activity_ends_all_inner_work_at_once(scenario):
    child = bpmn(start("cb") + user("i") + end("ce"), process="child", flows="cb > i > ce")
    call = node("callActivity", "call", many("=[1, 2, 3]"), ext='<zeebe:calledElement processId="child"/>')
    body = start() + call + boundary("b", "call", message("m")) + end("done", "late")
    case = scenario(bpmn(body, flows="begin > call > done\nb > late", top=TOP), child)
    case.start()
    assert case.at() == ["i", "i", "i"]
    lines = case.fire("b")
    assert lines.count("withdraw i") == 3
    assert lines[-1] == "process p completed late"
