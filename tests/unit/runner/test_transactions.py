"""Transactions: cancelling one undoes what completed inside, then goes on at its cancel boundary event."""

from __future__ import annotations

from scenario import boundary, bpmn, end, many, node, sequence, start, user
from test_compensation import BOTH

CANCEL = "<bpmn:cancelEventDefinition/>"


def transaction(flows: str, more: str = ""):
    inner = start("s1") + BOTH + user("c") + node("endEvent", "give_up", CANCEL) + end("e1") + sequence(flows)
    body = start() + node("transaction", "deal", inner) + boundary("cancelled", "deal", CANCEL) + user("tell") + end("done", "told") + more
    return bpmn(body, flows="begin > deal > done\ncancelled > tell > told", head='<cogov:data name="undone"/>')


def test_a_cancelled_transaction_is_undone_before_its_boundary_event_goes_on(scenario):
    case = scenario(transaction("s1 > a > give_up\ns1 > b > e1\ns1 > c > e1"))
    case.start()
    case.complete("b", {"x": 1})
    assert case.complete("a", {"x": 2})[-7:] == [
        "take a_give_up", "start give_up", "end give_up", "withdraw c", "cancel c by give_up", "start ha", "offer ha person:wang",
    ]  # fmt: skip
    assert case.complete("ha") == ["submit ha", "end ha", "start hb", "offer hb person:wang"]
    assert case.complete("hb") == [
        "submit hb", "end hb", "cancel deal by cancelled", "start cancelled", "end cancelled", "take cancelled_tell", "start tell",
        "offer tell person:wang",
    ]  # fmt: skip
    assert case.complete("tell")[-1] == "process p completed told"


def test_a_transaction_that_is_not_cancelled_completes_like_a_sub_process(scenario):
    case = scenario(transaction("s1 > a > b > c > e1\nc > give_up: =false"))
    case.start()
    for name in "abc":
        lines = case.complete(name, {"x": 1})
    assert lines[-5:] == ["end deal", "take deal_done", "start done", "end done", "process p completed done"]


def test_nothing_to_undo_cancels_at_once(scenario):
    case = scenario(transaction("s1 > give_up\ns1 > a > b > c > e1"))
    assert "cancel deal by cancelled" in case.start()
    assert case.at() == ["tell"]


def test_cancelling_one_instance_of_a_multi_instance_transaction_undoes_it_and_ends_the_whole(scenario):
    inner = start("s1") + BOTH + node("endEvent", "give_up", CANCEL) + sequence("s1 > a > b > give_up")
    body = start() + node("transaction", "deal", many("=[1, 2]") + inner) + boundary("cancelled", "deal", CANCEL) + end("done", "told")
    case = scenario(bpmn(body, flows="begin > deal > done\ncancelled > told", head='<cogov:data name="undone"/>'))
    case.start()
    case.complete("a", {"x": 1})
    case.complete("b", {"x": 1})
    assert case.at() == ["a", "hb"]
    case.complete("hb")
    lines = case.complete("ha")
    assert "cancel deal#0 by cancelled" in lines
    assert lines[-1] == "process p completed told"
