"""What goes wrong: incidents that can be retried, refusals that change nothing, loops that do not end."""

from __future__ import annotations

from decimal import Decimal

import pytest
from scenario import ERRORS, boundary, bpmn, end, mapping, message, message_top, node, script, service, start, user

from engine.errors import BpmnError, Conflict, NotFound, ServiceRefused
from engine.events import IncidentRaised


def test_a_failing_branch_stops_and_the_others_go_on(scenario):
    body = start() + script("bad", "=nope + 1", "y") + user("a") + end("d1", "d2")
    case = scenario(bpmn(body, flows="begin > a > d1\nbegin > bad > d2"))
    assert "incident bad unknown_variable" in case.start()
    assert case.last(IncidentRaised).details["expression"]
    assert sorted(case.at()) == ["a", "bad"]
    assert case.complete("a", {"nope": 1})[-1] == "end d1"
    assert case.retry("bad") == ["end bad", "take bad_d2", "start d2", "end d2", "process p completed d1,d2"]


def test_a_submission_is_not_lost_when_an_output_mapping_fails(scenario):
    body = start() + user("a", ext=mapping("out =form.note note\nout =form.note + other both")) + user("b") + end()
    case = scenario(bpmn(body, flows="begin > a > done\nbegin > b > done"))
    case.start()
    assert case.complete("a", {"note": "n"}) == ["submit a", "incident a unknown_variable"]
    assert case.variables() == {}, "all or nothing"
    case.complete("b", {"other": "!"})
    assert case.retry("a")[:1] == ["end a"]
    assert case.variables() == {"note": "n", "both": "n!", "other": "!"}


def test_outputs_are_written_once_when_what_comes_after_them_is_retried(scenario):
    body = start() + user("a", ext=mapping("out =n+1 n")) + user("b") + end()
    case = scenario(bpmn(body, flows="begin > a\na > done: =open\nbegin > b > done"))
    case.start({"starter": "wang", "n": 0, "open": False})
    assert case.complete("a")[-1] == "incident a no_flow"
    case.complete("b", {"open": True})
    case.retry("a")
    assert case.variables()["n"] == Decimal(1)


def test_a_failed_input_mapping_starts_nothing_and_is_evaluated_again(scenario):
    body = start() + user("a", ext=mapping("in =missing m")) + user("b") + end()
    case = scenario(bpmn(body, flows="begin > a > done\nbegin > b > done"))
    assert case.start()[-3:] == ["incident a unknown_variable", "start b", "offer b person:wang"]
    case.complete("b", {"missing": 1})
    assert case.retry("a") == ["start a", "offer a person:wang"]


def test_an_output_mapping_of_a_sub_process_that_fails_is_the_incident_of_the_sub_process(scenario):
    inner = (
        start("s1")
        + user("i")
        + end("e1")
        + '<bpmn:sequenceFlow id="f1" sourceRef="s1" targetRef="i"/><bpmn:sequenceFlow id="f2" sourceRef="i" targetRef="e1"/>'
    )
    case = scenario(bpmn(start() + node("subProcess", "sub", inner, ext=mapping("out =nope x")) + end(), flows="begin > sub > done"))
    case.start()
    assert case.complete("i")[-2:] == ["end e1", "incident sub unknown_variable"]
    case.stored[case.root]["nope"] = "x"
    assert case.retry("sub")[0] == "end sub"


def test_a_service_that_refuses_refuses_the_command(scenario):
    def refuse():
        raise ServiceRefused("the room is taken")

    case = scenario(bpmn(start() + user("a") + service("s", "x.y") + end(), flows="begin > a > s > done"), services={"x.y": refuse})
    case.start()
    before = (dict(case.rows), dict(case.stored))
    with pytest.raises(ServiceRefused, match="taken"):
        case.complete("a")
    assert (case.rows, case.stored) == before


def test_a_bug_in_a_service_is_not_hidden_in_an_incident(scenario):
    def broken():
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        scenario(bpmn(start() + service("s", "x.y") + end(), flows="begin > s > done"), services={"x.y": broken}).start()


def test_an_error_of_a_service_that_nothing_catches_can_be_retried(scenario):
    answers = [BpmnError("E9", {"n": 1}), {"ok": True}]

    def service_(**_):
        answer = answers.pop(0)
        if isinstance(answer, Exception):
            raise answer
        return answer

    case = scenario(bpmn(start() + service("s", "x.y") + end(), flows="begin > s > done"), services={"x.y": service_})
    assert case.start()[-1] == "incident s uncaught_error"
    assert case.last(IncidentRaised).details["error"] == "E9"
    assert case.retry("s")[0] == "end s"
    assert case.variables() == {"ok": True}


def test_a_job_may_bring_an_error_and_be_requested_again(scenario):
    body = start() + service("s", "x.y") + boundary("b", "s", '<bpmn:errorEventDefinition errorRef="err1"/>') + end("done", "caught")
    case = scenario(bpmn(body, flows="begin > s > done\nb > caught", top=ERRORS), jobs=["x.y"])
    case.start()
    assert case.service_done("s", error=("E7", {})) == ["incident s uncaught_error"]
    assert case.retry("s") == ["request s x.y"]
    assert case.retry("s") == ["request s x.y"], "an operator may ask again while it is awaited"
    assert case.service_done("s", error=("E1", {}))[-1] == "process p completed caught"


def test_a_loop_that_never_waits_is_an_incident(scenario):
    body = (
        start() + node("exclusiveGateway", "x") + script("s", "=1", "q") + node("exclusiveGateway", "y", default="y_x") + user("a") + end()
    )
    case = scenario(bpmn(body, flows="begin > x > s > y > x\ny > done: =false\nbegin > a > done"), step_limit=50)
    assert case.start()[-1] == "incident y endless_loop" or case.last(IncidentRaised).code == "endless_loop"
    assert "a" in case.at()
    assert case.cancel()[-1] == "process p cancelled"


def test_nothing_is_lost_when_the_limit_is_reached(scenario):
    names = [f"s{n}" for n in range(30)]
    case = scenario(
        bpmn(start() + "".join(script(n, "=1", "q") for n in names) + end(), flows=f"begin > {' > '.join(names)} > done"), step_limit=10
    )
    case.start()
    rounds = 0
    while case.outcome is None:
        case.retry(case.at()[0])
        rounds += 1
    assert rounds == 3


def test_only_what_stands_in_an_incident_is_retried(scenario):
    case = scenario(bpmn(start() + user("a") + end(), flows="begin > a > done"))
    case.start()
    with pytest.raises(Conflict):
        case.kernel.retry(case.definitions, case.snapshot(), case.world, case.waiting("a")[0])
    with pytest.raises(NotFound):
        case.kernel.retry(case.definitions, case.snapshot(), case.world, "gone")


def test_a_subscription_whose_key_failed_opens_on_retry(scenario):
    body = start() + user("a", "b") + boundary("hint", "a", message("m")) + end()
    case = scenario(bpmn(body, flows="begin > a > done\nbegin > b > done\nhint > done", top=message_top("m", "msg.m", "=key")))
    assert "incident hint unknown_variable" in case.start()
    case.complete("b", {"key": "k"})
    assert case.retry("hint") == ["listen hint msg.m k"]
    assert "unlisten hint" in case.complete("a")


def test_cancelling_withdraws_everything_innermost_first(scenario):
    inner = (
        start("s1")
        + user("i")
        + end("e1")
        + '<bpmn:sequenceFlow id="f1" sourceRef="s1" targetRef="i"/><bpmn:sequenceFlow id="f2" sourceRef="i" targetRef="e1"/>'
    )
    body = (
        start()
        + user("a", ext='<cogov:deadline id="d" limit="3WD"/>')
        + boundary("hint", "a", message("m"), ext='<cogov:action role="=&quot;public&quot;" public="true"/>')
    )
    body += node("subProcess", "sub", inner) + script("bad", "=nope", "x") + end()
    case = scenario(
        bpmn(body, flows="begin > a > done\nbegin > sub > done\nbegin > bad > done\nhint > done", top=message_top("m", "msg.m"))
    )
    case.start()
    assert case.cancel() == [
        "withdraw a", "unlisten hint", "close action hint", "cancel a by None", "withdraw i", "cancel i by None", "cancel sub by None",
        "cancel bad by None", "process p cancelled",
    ]  # fmt: skip
    assert (case.outcome, case.rows, case.world.log[-1]) == ("cancelled", {}, "dropped")
