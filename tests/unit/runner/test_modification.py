"""Moving a case by hand: element instances taken away, begun elsewhere; scopes, joins and counters stay right."""

from __future__ import annotations

import pytest
from scenario import (
    ERRORS,
    SIGNAL,
    boundary,
    bpmn,
    end,
    event_sub_process,
    many,
    mapping,
    node,
    start,
    sub_process,
    timer,
    user,
)

from engine.errors import ExpressionFailed, NotFound, UnknownVariable
from engine.runner.instructions import AFTER, FLOW, Cancel, ModificationRefused, Start

VOTES = {"inputElement": "person", "outputCollection": "votes", "outputElement": "=form.vote"}
LINE = bpmn(start() + user("a", "b", "c") + end(), flows="begin > a > b > c > done")
SPLIT = bpmn(
    start() + node("parallelGateway", "split") + user("a", "b", "c") + node("parallelGateway", "join") + user("after") + end(),
    flows="begin > split > a > join > after > done\nsplit > b > join\nsplit > c > join",
)
NESTED = bpmn(
    start()
    + user("first")
    + sub_process(
        "outer",
        start("outer_begin")
        + sub_process("inner", start("inner_begin") + user("deep") + end("inner_end"), "inner_begin > deep > inner_end")
        + end("outer_end"),
        "outer_begin > inner > outer_end",
        ext=mapping("in =level depth"),
    )
    + boundary("late", "outer", timer("PT1H"))
    + user("sorry")
    + end("done", "gave_up"),
    flows="begin > first > outer > done\nlate > sorry > gave_up",
)


def refused(case, *instructions):
    before = (case.rows.copy(), {scope: dict(local) for scope, local in case.stored.items()})
    with pytest.raises(ModificationRefused) as refusal:
        case.modify(*instructions)
    assert (case.rows, case.stored) == before
    return refusal.value.message


def test_a_move_takes_one_away_and_begins_the_other(scenario):
    case = scenario(LINE)
    case.start()
    trace = case.modify(Cancel(element="a"), Start(element="c"))
    assert trace == ["withdraw a", "cancel a by None", "start c", "offer c person:wang"]
    case.complete("c")
    assert case.outcome == "completed"


def test_beginning_after_an_element_takes_its_flows_without_doing_it(scenario):
    case = scenario(LINE)
    case.start()
    assert case.modify(Cancel(element="a"), Start(element="b", where=AFTER)) == [
        "take b_c", "withdraw a", "cancel a by None", "start c", "offer c person:wang",
    ]  # fmt: skip


def test_behind_a_gateway_its_conditions_decide(scenario):
    choice = bpmn(
        start() + user("a") + node("exclusiveGateway", "which", default="which_small") + user("big", "small") + end(),
        flows="begin > a > which > small > done\nwhich > big: =n > 3\nbig > done",
    )
    case = scenario(choice)
    case.start({"starter": "wang", "n": 5})
    case.modify(Cancel(element="a"), Start(element="which", where=AFTER))
    assert case.at() == ["big"]
    other = scenario(choice)
    other.start({"starter": "wang"})
    with pytest.raises((ExpressionFailed, UnknownVariable)):
        other.modify(Start(element="which", where=AFTER))


def test_a_start_beside_what_is_there_adds_a_token(scenario):
    case = scenario(LINE)
    case.start()
    case.modify(Start(element="c"))
    assert case.at() == ["a", "c"]
    case.complete("c")
    assert case.outcome is None


def test_scopes_around_it_are_made_with_inputs_boundary_events_and_all(scenario):
    case = scenario(NESTED)
    case.start({"starter": "wang", "level": 7})
    trace = case.modify(Cancel(element="first"), Start(element="deep"))
    assert trace == [
        "start outer", "arm late 02 13:00 1", "start inner", "withdraw first", "cancel first by None", "start deep",
        "offer deep person:wang",
    ]  # fmt: skip
    assert case.stored[case._of("outer")[0].id] == {"depth": 7}
    case.fire("late")
    assert case.at() == ["sorry"]


def test_a_scope_that_is_live_is_found(scenario):
    case = scenario(NESTED)
    case.start({"starter": "wang", "level": 7})
    case.complete("first")
    outer = case._of("outer")[0].id
    case.modify(Start(element="deep"))
    assert [row.id for row in case._of("outer")] == [outer]
    assert case.at() == ["deep", "deep"]
    for _ in range(2):
        case.complete("deep")
    assert case.outcome == "completed"


def test_with_the_last_token_inside_the_empty_scopes_go_too(scenario):
    case = scenario(NESTED)
    case.start({"starter": "wang", "level": 7})
    case.complete("first")
    trace = case.modify(Cancel(element="deep"), Start(element="first"))
    assert trace[:6] == [
        "withdraw deep", "cancel deep by None", "cancel inner by None", "disarm late", "cancel outer by None", "start first",
    ]  # fmt: skip
    assert case.at() == ["first"]


def test_nothing_left_is_refused(scenario):
    case = scenario(LINE)
    case.start()
    assert "Nothing would be left" in refused(case, Cancel(element="a"))
    assert "nothing to do" in refused(case)
    assert "cancel it" in refused(case, Cancel(token=case.root))


def test_a_join_waits_for_what_was_added_and_counts_a_flow_that_is_taken(scenario):
    case = scenario(SPLIT)
    case.start()
    case.modify(Cancel(element="a"), Start(element="a_join", where=FLOW))
    assert case.at() == ["b", "c", "join"]
    case.complete("b")
    case.complete("c")
    assert case.at() == ["after"]


def test_a_join_that_loses_a_branch_is_an_incident_until_the_branch_comes_another_way(scenario):
    case = scenario(SPLIT)
    case.start()
    case.complete("a")
    case.complete("b")
    assert case.modify(Cancel(element="c")) == ["withdraw c", "cancel c by None", "incident join join_stuck"]
    case.modify(Start(element="c_join", where=FLOW))
    assert case.at() == ["after"]


def test_a_join_itself_may_be_taken_away(scenario):
    case = scenario(SPLIT)
    case.start()
    case.complete("a")
    case.modify(Cancel(element="join"), Start(element="a"))
    for name in ("a", "b", "c"):
        case.complete(name)
    assert case.at() == ["after"]


def test_an_instance_of_a_parallel_loop_that_is_taken_away_counts_as_terminated(scenario):
    case = scenario(bpmn(start() + user("vote", inner=many("=people", **VOTES)) + end(), flows="begin > vote > done"))
    case.start({"starter": "wang", "people": ["x", "y", "z"]})
    case.modify(Cancel(token=case.waiting("vote")[1]))
    body = next(row for row in case._of("vote") if "instance" not in row.internal)
    assert body.internal["mi"] == {"total": 3, "started": 3, "completed": 0, "terminated": 1}
    case.complete("vote", {"vote": "a"})
    case.complete("vote", {"vote": "c"})
    assert (case.outcome, case.variables()["votes"]) == ("completed", ["a", "c"])


def test_the_last_instance_that_is_taken_away_completes_the_loop(scenario):
    case = scenario(bpmn(start() + user("vote", inner=many("=people", **VOTES)) + user("next") + end(), flows="begin > vote > next > done"))
    case.start({"starter": "wang", "people": ["x", "y"]})
    case.complete("vote", {"vote": "a"})
    case.modify(Cancel(token=case.waiting("vote")[0]))
    assert (case.at(), case.variables()["votes"]) == (["next"], ["a"])


def test_the_next_of_a_sequential_loop_follows_one_that_is_taken_away(scenario):
    marker = many("=people", sequential=True, **VOTES)
    case = scenario(bpmn(start() + user("vote", inner=marker) + end(), flows="begin > vote > done"))
    case.start({"starter": "wang", "people": ["x", "y"]})
    case.modify(Cancel(token=case.waiting("vote")[0]))
    assert case.at() == ["vote#2"]
    case.complete("vote", {"vote": "b"})
    assert case.variables()["votes"] == ["b"]


def test_an_instance_is_added_to_a_parallel_loop(scenario):
    case = scenario(bpmn(start() + user("vote", inner=many("=people", **VOTES)) + end(), flows="begin > vote > done"))
    case.start({"starter": "wang", "people": ["x", "y"]})
    body = next(row.id for row in case._of("vote") if "instance" not in row.internal)
    case.modify(Start(element="vote", scope=body, variables={"person": "new"}))
    assert case.at() == ["vote#1", "vote#2", "vote#3"]
    assert case.stored[case.waiting("vote")[2]]["person"] == "new"
    for number in range(3):
        case.complete("vote", {"vote": number})
    assert case.variables()["votes"] == [0, 1, 2]


def test_inside_a_loop_one_says_in_which_instance(scenario):
    inside = sub_process("each", many("=people", inputElement="person") + start("s") + user("x", "y") + end("e"), "s > x > y > e")
    case = scenario(bpmn(start() + inside + end(), flows="begin > each > done"))
    case.start({"starter": "wang", "people": ["p", "q"]})
    assert "several times" in refused(case, Start(element="y"))
    second = next(row for row in case._of("each") if row.internal.get("instance") == 2)
    case.modify(Cancel(token=case.waiting("x")[1]), Start(element="y", scope=second.id))
    assert case.at() == ["x", "y"]
    case.complete("y")
    case.complete("x")
    case.complete("y")
    assert case.outcome == "completed"


def test_variables_come_with_it(scenario):
    case = scenario(LINE)
    case.start()
    case.modify(Cancel(element="a"), Start(element="b", variables={"why": "moved"}))
    assert case.variables() == {"why": "moved"}


def test_what_events_begin_is_not_begun_by_hand(scenario):
    more = event_sub_process("storm_over", SIGNAL, body=user("clear") + end("cleared"), flows="caught > clear > cleared")
    model = bpmn(
        start() + user("a") + boundary("late", "a", timer("PT1H")) + user("b") + end() + end("too_late") + more, top=ERRORS,
        flows="begin > a > b > done\nlate > too_late",
    )  # fmt: skip
    case = scenario(model)
    case.start()
    assert "boundary event" in refused(case, Start(element="late"))
    assert "start event" in refused(case, Start(element="begin"))
    assert "by its event" in refused(case, Start(element="storm_over"))
    assert "by its event" in refused(case, Start(element="clear"))
    assert "nothing behind" in refused(case, Start(element="done", where=AFTER))
    assert "no element" in refused(case, Start(element="nowhere"))
    assert "no flow" in refused(case, Start(element="nowhere", where=FLOW))
    assert "has ended" in refused(case, Start(element="b", scope="gone"))
    assert "not live" in refused(case, Cancel(token="gone"))
    assert "Nothing stands" in refused(case, Cancel(element="b"))
    assert "waits for another" in refused(case, Cancel(token=case.listening("late")[0]))
    case.modify(Cancel(element="a"), Start(element="late", where=AFTER))
    assert case.outcome == "completed"


def test_a_scope_that_was_interrupted_is_closed(scenario):
    more = event_sub_process("storm_over", SIGNAL, body=user("clear") + end("cleared"), flows="caught > clear > cleared")
    case = scenario(bpmn(start() + user("a") + end() + more, flows="begin > a > done", top=ERRORS))
    case.start()
    case.fire("caught")
    assert case.at() == ["clear"]
    assert "interrupted" in refused(case, Start(element="a"))


def test_inside_a_called_procedure(scenario):
    inner = bpmn(start() + user("x", "y") + end(), flows="begin > x > y > done", process="called")
    call = node("callActivity", "call", ext='<zeebe:calledElement processId="called"/>')
    case = scenario(bpmn(start() + user("a") + call + end(), flows="begin > a > call > done"), inner)
    case.start()
    assert "not running" in refused(case, Start(element="y", process="called"))
    case.complete("a")
    case.modify(Cancel(element="x", process="called"), Start(element="y", process="called"))
    assert case.at() == ["y"]
    case.complete("y")
    assert case.outcome == "completed"


def test_a_case_may_begin_at_elements_of_its_own(scenario):
    more = event_sub_process(
        "storm_over", SIGNAL, interrupting=False, body=user("clear") + end("cleared"), flows="caught > clear > cleared"
    )
    case = scenario(bpmn(start() + user("a", "b") + end() + more, flows="begin > a > b > done", top=ERRORS))
    assert case.begin(Start(element="b"), variables={"starter": "wang", "n": 1}) == [
        "process p", "listen caught storm", "start b", "offer b person:wang",
    ]  # fmt: skip
    assert case.variables() == {"n": 1}
    case.complete("b")
    assert case.outcome == "completed"


def test_assigning_looks_at_conditions_only_when_it_runs(scenario):
    condition = (
        '<bpmn:conditionalEventDefinition><bpmn:condition xsi:type="bpmn:tFormalExpression">=n &gt; 3</bpmn:condition>'
        "</bpmn:conditionalEventDefinition>"
    )
    model = bpmn(
        start() + user("a") + boundary("much", "a", condition, interrupting=False) + user("b") + end(),
        flows="begin > a > done\nmuch > b > done",
    )
    case = scenario(model)
    case.start({"starter": "wang", "n": 1})
    assert case.assign({"n": 5}, run=False) == []
    assert case.assign({"n": 6})[:2] == ["start much", "end much"]
    with pytest.raises(NotFound):
        case.kernel.assign(case.definitions, case.snapshot(), case.world, {("gone", "n"): 1}, run=True)


def ad_hoc(*ids):
    return bpmn(
        start() + node("adHocSubProcess", "any", user(*ids)) + user("next") + end(), flows="begin > any > next > done"
    )  # fmt: skip


def test_in_an_ad_hoc_sub_process_the_rest_may_still_be_chosen(scenario):
    case = scenario(ad_hoc("a", "b"))
    case.begin(Start(element="a"), variables={"starter": "wang", "area": "a1"})
    assert case.at() == ["a"]
    assert {row.node for row in case.rows.values() if "host" in row.internal} == {"a", "b", "any"}
    case.modify(Cancel(element="a"), Start(element="b"))
    assert case.at() == ["b"]
    case.modify(Cancel(element="b"))
    assert case.at() == []
    assert case.outcome is None
