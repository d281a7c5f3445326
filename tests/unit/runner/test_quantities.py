"""startQuantity and completionQuantity: how many tokens an activity takes and gives."""

from __future__ import annotations

import pytest
from scenario import bpmn, end, many, node, start, user


def task(name: str, inner: str = "", **quantities: str) -> str:
    return user(name, inner=inner).replace("<bpmn:userTask", "<bpmn:userTask " + " ".join(f'{k}="{v}"' for k, v in quantities.items()), 1)


def test_an_activity_starts_when_as_many_tokens_have_come_as_its_start_quantity_says(scenario):
    body = start() + user("x", "y", "z") + task("a", startQuantity="2") + end()
    case = scenario(bpmn(body, flows="begin > x > a > done\nbegin > y > a\nbegin > z > a"))
    case.start()
    assert case.complete("y") == ["submit y", "end y", "take y_a"]
    assert case.complete("x")[-2:] == ["start a", "offer a person:wang"]
    assert case.complete("z") == ["submit z", "end z", "take z_a"]
    assert case.complete("a")[-2:] == ["end done", "incident a join_stuck"]  # one token is left, and a second can never come


def test_tokens_on_one_flow_count_like_tokens_on_several(scenario):
    body = start() + task("x", completionQuantity="4") + task("a", startQuantity="2") + end()
    case = scenario(bpmn(body, flows="begin > x > a > done"))
    case.start()
    lines = case.complete("x")
    assert lines.count("take x_a") == 4
    assert lines.count("start a") == 2
    case.complete("a")
    assert case.complete("a")[-1] == "process p completed done"


def test_a_completion_quantity_gives_its_tokens_on_every_flow_taken(scenario):
    body = start() + task("x", completionQuantity="2") + user("a", "b") + end()
    case = scenario(bpmn(body, flows="begin > x > a > done\nx > b > done"))
    case.start()
    case.complete("x")
    assert case.at() == ["a", "a", "b", "b"]


def test_a_multi_instance_activity_has_quantities_as_a_whole(scenario):
    body = start() + user("x", "y") + task("a", many("=[1, 2]"), startQuantity="2", completionQuantity="2") + user("z") + end()
    case = scenario(bpmn(body, flows="begin > x > a > z > done\nbegin > y > a"))
    case.start()
    case.complete("x")
    case.complete("y")
    assert case.at() == ["a#1", "a#2"]
    case.complete("a")
    case.complete("a")
    assert case.at() == ["z", "z"]


def test_waiting_for_the_start_quantity_is_cancelled_without_a_trace(scenario):
    body = start() + user("x", "y") + task("a", startQuantity="2") + node("endEvent", "stop", "<bpmn:terminateEventDefinition/>") + end()
    case = scenario(bpmn(body, flows="begin > x > a > done\nbegin > y > stop"))
    case.start()
    case.complete("x")
    assert case.complete("y")[-2:] == ["end stop", "process p completed stop"]


@pytest.mark.parametrize("text", ["0", "-1", "many", "1001"])
def test_a_quantity_is_a_number_from_one_to_a_thousand(text):
    with pytest.raises(AssertionError, match="BPMN-028"):
        bpmn(start() + task("a", startQuantity=text) + end(), flows="begin > a > done")
