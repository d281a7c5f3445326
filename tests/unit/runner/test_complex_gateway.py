"""The complex gateway (BPMN 2.0, 13.4.5): activation condition over arrivals, reset, the next round."""

from __future__ import annotations

import itertools

import pytest
from scenario import Scenario, bpmn, end, node, start, user

from engine.definitions.model import Process


def gate(condition: str = "=activationCount &gt;= 2", **attributes: str) -> str:
    inner = f'<bpmn:activationCondition xsi:type="bpmn:tFormalExpression">{condition}</bpmn:activationCondition>'
    return node("complexGateway", "g", inner, **attributes)


def two_of_three(gateway: str | None = None, more: str = "", flows: str = "") -> Process:
    body = start() + user("a", "b", "c", "z") + (gateway or gate()) + end() + more
    return bpmn(body, flows="begin > a > g\nbegin > b > g\nbegin > c > g\ng > z > done\n" + flows)


@pytest.mark.parametrize("order", list(itertools.permutations("abc")))
def test_two_of_three_go_on_once_and_the_third_only_resets(scenario, order):
    case = scenario(two_of_three())
    case.start()
    case.complete(order[0])
    assert case.complete(order[1])[-4:] == ["end g", "take g_z", "start z", "offer z person:wang"]
    assert case.complete(order[2]) == [f"submit {order[2]}", f"end {order[2]}", f"take {order[2]}_g"]
    assert case.at() == ["z"]
    assert case.complete("z")[-1] == "process p completed done"


def test_the_case_does_not_end_before_what_was_left_has_come(scenario):
    case = scenario(two_of_three())
    case.start()
    case.complete("a")
    case.complete("b")
    case.complete("z")
    assert case.outcome is None
    assert case.complete("c")[-1] == "process p completed done"


def test_all_that_arrive_before_the_activation_are_used_by_it(scenario):
    case = scenario(two_of_three(gate("=ready"), more=user("x"), flows="begin > x > done"))
    case.start({"starter": "wang", "ready": False})
    for name in "abc":
        case.complete(name)
    assert "start z" in case.complete("x", {"ready": True})
    assert case.complete("z")[-1] == "process p completed done"


def test_the_condition_may_name_its_flows(scenario):
    case = scenario(two_of_three(gate("=a_g + b_g = 2")))
    case.start()
    case.complete("a")
    case.complete("c")
    assert case.at() == ["b", "g"]
    case.complete("b")
    assert case.at() == ["z"]


def test_in_a_loop_every_round_counts_for_itself(scenario):
    body = start() + node("exclusiveGateway", "m") + node("parallelGateway", "f") + user("a", "b", "c") + gate()
    body += node("exclusiveGateway", "x", default="x_done") + end()
    flows = "begin > m > f > a > g\nf > b > g\nf > c > g\ng > x > done\nx > m: =again"
    case = scenario(bpmn(body, flows=flows))
    case.start({"starter": "wang", "again": True})
    case.complete("a")
    case.complete("b")  # the second round begins while c of the first is open
    assert sorted(case.at()) == ["a", "b", "c", "c", "g"]
    case.complete("c")  # resets
    case.complete("c", {"again": False})
    lines = case.complete("a")
    assert "take g_x" in lines
    assert lines[-1] == "end done"
    assert case.complete("b")[-1] == "process p completed done"


def test_a_token_that_comes_twice_before_the_reset_waits_for_the_next_start(scenario):
    body = start() + user("a", "b", "c", "z") + gate() + end()
    body = body.replace('<bpmn:userTask id="a"', '<bpmn:userTask completionQuantity="2" id="a"')
    case = scenario(bpmn(body, flows="begin > a > g\nbegin > b > g\nbegin > c > g\ng > z > done"))
    case.start()
    assert "start z" in case.complete("a")  # two tokens on one flow: one is used by the start, one is left
    case.complete("b")
    assert case.at().count("z") == 1
    lines = case.complete("c")
    assert "start z" not in lines
    case.complete("z")
    assert case.last(type(case.history[-1])).code == "join_stuck"


def test_conditions_of_the_flows_see_whether_the_gateway_starts_or_is_reset(scenario):
    more = user("y") + end("dy")
    model = two_of_three(gate(default="g_z"), more=more, flows="g > y > dy: =waitingForStart = false")
    case = scenario(model)
    case.start()
    case.complete("a")
    case.complete("b")
    assert case.at() == ["c", "g", "z"]
    assert "take g_y" in case.complete("c")
    assert sorted(case.at()) == ["y", "z"]


def test_a_branch_that_ends_elsewhere_lets_the_gateway_be_reset(scenario):
    body = start() + user("a", "b", "c", "z") + gate() + node("exclusiveGateway", "x", default="x_g") + end("done", "away")
    case = scenario(bpmn(body, flows="begin > a > g\nbegin > b > g\nbegin > c > x > g\nx > away: =leave\ng > z > done"))
    case.start({"starter": "wang", "leave": True})
    case.complete("a")
    case.complete("b")
    case.complete("z")
    assert case.complete("c")[-1] == "process p completed done,away"


def test_a_condition_that_can_never_hold_is_an_incident(scenario):
    case = scenario(two_of_three(gate("=activationCount &gt; 5")))
    case.start()
    for name in "abc":
        lines = case.complete(name)
    assert lines[-1] == "incident g join_stuck"


def test_a_condition_that_fails_is_an_incident_of_the_gateway_and_can_be_tried_again(scenario):
    case = scenario(two_of_three(gate("=missing"), more=user("x"), flows="begin > x > done"))
    case.start()
    assert case.complete("a")[-2:] == ["take a_g", "incident g unknown_variable"]
    case.complete("x", {"missing": True})
    assert "start z" in case.retry("g")


def test_a_complex_gateway_that_only_splits_takes_every_flow_whose_condition_holds():
    body = start() + node("complexGateway", "g", default="g_c") + user("a", "b", "c") + end()
    model = bpmn(body, flows="begin > g\ng > a > done: =x\ng > b > done: =x\ng > c > done")
    for x, there in ((True, ["a", "b"]), (False, ["c"])):
        case = Scenario(model)
        case.start({"starter": "wang", "x": x})
        assert case.at() == there


def test_an_inclusive_join_goes_on_when_the_gateway_before_it_is_reset_at_once(scenario):
    """The reset makes nothing ready; the join must be looked at all the same."""
    body = (
        start()
        + node("inclusiveGateway", "fork", default="fork_x")
        + node("parallelGateway", "split")
        + node("task", "a")
        + node("task", "b")
    )
    body += gate("=activationCount &gt;= 1") + user("x") + node("inclusiveGateway", "join") + end()
    flows = "begin > fork\nfork > split: =true\nfork > x > join\nsplit > a > g\nsplit > b > g\ng > join > done"
    case = scenario(bpmn(body, flows=flows))
    assert case.start()[-1] == "process p completed done"
