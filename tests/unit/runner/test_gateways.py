"""Gateways, implicit splits and merges; joins inside loops."""

from __future__ import annotations

from itertools import product

import pytest
from scenario import bpmn, end, message, message_top, node, start, timer, user

from engine.events import ElementStarted, IncidentRaised

PARALLEL = bpmn(
    start() + node("parallelGateway", "split") + user("a", "b") + node("parallelGateway", "join") + end(),
    flows="begin > split > a > join > done\nsplit > b > join",
)


def review_loop(kind: str):
    body = start() + node("exclusiveGateway", "again") + node(kind, "split") + user("a", "b") + node(kind, "join")
    body += node("exclusiveGateway", "enough", default="enough_done") + end()
    return bpmn(body, flows="begin > again > split > a > join > enough > done\nsplit > b > join\nenough > again: =more")


def test_a_parallel_join_goes_on_when_every_flow_has_come(scenario):
    case = scenario(PARALLEL)
    case.start()
    assert case.complete("b") == ["submit b", "end b", "take b_join"]
    assert case.at() == ["a", "join"]
    assert case.complete("a") == [
        "submit a", "end a", "take a_join", "start join", "end join", "take join_done", "start done", "end done",
        "process p completed done",
    ]  # fmt: skip


@pytest.mark.parametrize("kind", ["parallelGateway", "inclusiveGateway"])
@pytest.mark.parametrize("order", ["".join(first + second) for first, second in product(["ab", "ba"], repeat=2)])
def test_a_join_in_a_loop_waits_for_both_in_every_round_and_order(scenario, kind, order):
    case = scenario(review_loop(kind))
    case.start({"starter": "wang", "more": True})
    for index, name in enumerate(order):
        case.complete(name, {"more": index < 2})
        joined = sum(isinstance(event, ElementStarted) and event.node.id == "join" for event in case.history)
        assert joined == (index + 1) // 2
    assert case.outcome == "completed"


def test_surplus_arrivals_at_a_join_wait_for_the_next_round(scenario):
    body = start() + node("parallelGateway", "fork") + user("a1", "a2", "b1", "b2") + node("exclusiveGateway", "ma")
    body += node("exclusiveGateway", "mb") + node("parallelGateway", "join") + end()
    flows = "begin > fork > a1 > ma\nfork > a2 > ma > join > done\nfork > b1 > mb\nfork > b2 > mb > join"
    case = scenario(bpmn(body, flows=flows))
    case.start()
    case.complete("a1")
    case.complete("a2")
    assert case.at() == ["b1", "b2", "join"]
    assert "start join" in case.complete("b1")
    assert case.at() == ["b2", "join"]
    assert case.complete("b2")[-1] == "process p completed done"


INCLUSIVE = bpmn(
    start() + node("inclusiveGateway", "split", default="split_c") + user("a", "b", "c") + node("inclusiveGateway", "join") + end(),
    flows="begin > split\nsplit > a: =x > 1\nsplit > b: =x > 2\nsplit > c\na > join\nb > join\nc > join > done",
)


@pytest.mark.parametrize(("x", "branches"), [(3, ["b", "a"]), (2, ["a"]), (0, ["c"])])
def test_an_inclusive_join_waits_for_exactly_the_branches_that_were_taken(scenario, x, branches):
    case = scenario(INCLUSIVE)
    case.start({"starter": "wang", "x": x})
    assert sorted(case.at()) == sorted(branches)
    for branch in branches:
        assert case.outcome is None
        case.complete(branch)
    assert case.outcome == "completed"


def test_an_inclusive_join_waits_for_a_token_that_may_come_through_a_boundary_event(scenario):
    body = start() + node("inclusiveGateway", "split") + user("a", "b") + node("inclusiveGateway", "join") + end("done", "away")
    body += node("boundaryEvent", "late", timer("PT1H"), attachedToRef="b")
    case = scenario(bpmn(body, flows="begin > split > a > join > done\nsplit > b > away\nlate > join"))
    case.start()
    case.complete("a")
    assert case.at() == ["b", "join"]
    assert "start join" in case.fire("late")
    assert case.outcome == "completed"


def test_an_inclusive_join_does_not_wait_for_a_token_that_may_come_by_the_flow_that_has_one(scenario):
    body = start() + node("exclusiveGateway", "merge") + user("w") + node("exclusiveGateway", "x", default="x_join") + user("b")
    body += node("inclusiveGateway", "join") + end()
    model = bpmn(body, flows="begin > merge > w > x > join > done\nbegin > w\nx > b: =detour\nb > join")
    case = scenario(model)
    case.start({"starter": "wang", "detour": False})
    assert case.at() == ["w", "w"]
    assert "start join" in case.complete("w")


EITHER = bpmn(start() + node("exclusiveGateway", "x") + end("one", "two"), flows="begin > x\nx > one: =v = 1\nx > two: =v > 1")


def test_an_exclusive_gateway_takes_the_first_flow_that_holds(scenario):
    case = scenario(EITHER)
    assert case.start({"v": 1})[-1] == "process p completed one"


def test_no_flow_that_holds_and_no_default_is_an_incident_that_can_be_retried(scenario):
    body = start() + node("parallelGateway", "split") + node("exclusiveGateway", "x") + user("mend") + end("one", "two")
    case = scenario(bpmn(body, flows="begin > split > x\nsplit > mend > two\nx > one: =v = 1"))
    assert case.start({"starter": "wang", "v": 0})[-3:] == ["incident x no_flow", "start mend", "offer mend person:wang"]
    assert case.at() == ["x", "mend"]
    case.complete("mend", {"v": 1})
    assert case.retry("x") == ["end x", "take x_one", "start one", "end one", "process p completed two,one"]


def test_a_condition_that_is_null_is_an_incident_and_not_a_silent_no(scenario):
    case = scenario(EITHER)
    case.start({"v": None})
    assert case.last(IncidentRaised).code == "expression_failed"


def test_an_activity_takes_all_flows_whose_condition_holds(scenario):
    case = scenario(bpmn(start() + user("a") + end("d1", "d2", "d3"), flows="begin > a > d1\na > d2: =x > 1\na > d3: =x > 2"))
    case.start()
    assert [line for line in case.complete("a", {"x": 2}) if line.startswith("take")] == ["take a_d1", "take a_d2"]


def test_several_flows_into_an_activity_start_it_once_each(scenario):
    case = scenario(
        bpmn(start() + node("parallelGateway", "split") + user("a", "b", "c") + end(), flows="begin > split > a > c > done\nsplit > b > c")
    )
    case.start()
    case.complete("a")
    case.complete("b")
    assert case.at() == ["c", "c"]


def test_a_join_that_nothing_can_reach_any_more_is_an_incident(scenario):
    body = start() + node("parallelGateway", "split") + node("exclusiveGateway", "x", default="x_join") + user("a")
    body += node("parallelGateway", "join") + end("done", "away")
    case = scenario(bpmn(body, flows="begin > split > x > join > done\nsplit > a > join\nx > away: =no"))
    case.start({"starter": "wang", "no": True})
    assert case.complete("a")[-1] == "incident join join_stuck"
    assert case.last(IncidentRaised).details["flows"] == ["x_join"]
    assert case.retry("join") == ["incident join join_stuck"]
    assert case.cancel()[-1] == "process p cancelled away"


def gate(top: str):
    body = start() + node("eventBasedGateway", "gate") + node("intermediateCatchEvent", "answer", message("m"))
    body += node("receiveTask", "reply", messageRef="r") + node("intermediateCatchEvent", "late", timer("PT2H")) + end()
    return bpmn(body, flows="begin > gate > answer > done\ngate > late > done\ngate > reply > done", top=top)


GATE = gate(message_top("m", "msg.answer", "=case_no") + message_top("r", "msg.reply"))


def test_the_first_event_behind_an_event_gateway_wins_and_closes_the_others(scenario):
    case = scenario(GATE)
    assert case.start({"case_no": 7})[-4:] == ["start gate", "listen answer msg.answer 7", "arm late 02 14:00 1", "listen reply msg.reply"]
    assert case.at() == ["gate"]
    assert case.fire("answer", payload={"yes": True}) == [
        "unlisten answer", "disarm late", "unlisten reply", "end gate", "take gate_answer", "start answer", "end answer",
        "take answer_done",
        "start done", "end done", "process p completed done",
    ]  # fmt: skip
    assert case.variables()["yes"] is True


@pytest.mark.parametrize("target", ["late", "reply"])
def test_an_event_gateway_goes_on_with_a_timer_or_a_receive_task_too(scenario, target):
    case = scenario(GATE)
    case.start({"case_no": 7})
    assert f"take gate_{target}" in case.fire(target)
    assert case.outcome == "completed"


def test_twenty_parallel_blocks_in_a_row_start_at_once(scenario):
    body, flows, last = start(), [], "begin"
    for n in range(20):
        body += node("parallelGateway", f"s{n}") + user(f"a{n}", f"b{n}") + node("parallelGateway", f"j{n}")
        flows += [f"{last} > s{n} > a{n} > j{n}", f"s{n} > b{n} > j{n}"]
        last = f"j{n}"
    case = scenario(bpmn(body + end(), flows="\n".join([*flows, f"{last} > done"])))
    case.start()
    assert len(case.rows) == 3
    for n in range(20):
        case.complete(f"b{n}")
        case.complete(f"a{n}")
    assert case.outcome == "completed"
