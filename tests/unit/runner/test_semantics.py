"""What BPMN says about scopes, propagation and compensation where elements meet."""

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
    many,
    mapping,
    message,
    message_top,
    node,
    script,
    sequence,
    start,
    sub_process,
    user,
)  # fmt: skip
from test_compensation import BOTH, COMPENSATE, throw, undo

CANCEL = "<bpmn:cancelEventDefinition/>"
TERMINATE = "<bpmn:terminateEventDefinition/>"
TOP = ERRORS + message_top("m", "msg.x")
CHILD = bpmn(start("cb") + BOTH + end("ce"), process="child", flows="cb > a > b > ce", head='<cogov:data name="undone"/>')
UNDONE = '<cogov:data name="undone"/>'


def call(id: str = "call", inner: str = "", process: str = "child") -> str:  # noqa: A002
    return node("callActivity", id, inner, ext=f'<zeebe:calledElement processId="{process}"/>')


def conditional(text: str) -> str:
    inner = f'<bpmn:condition xsi:type="bpmn:tFormalExpression">{text}</bpmn:condition>'
    return f"<bpmn:conditionalEventDefinition>{inner}</bpmn:conditionalEventDefinition>"


def undone_by(case, *handlers: str) -> list[str]:
    """Complete whatever undoes something until nothing does; the handlers in the order in which they came."""
    seen = []
    while open_ := [name for name in handlers if case.waiting(name)]:
        seen += open_
        case.complete(open_[0])
    return seen


# Compensation ---------------------------------------------------------------------------------------------------------


def test_a_cancelled_transaction_undoes_called_processes_and_sub_processes_in_reverse_order(scenario):
    nested = sub_process("nested", start("s2") + user("d") + undo("d", "hd") + end("e2"), "s2 > d > e2")
    inner = start("s1") + nested + call() + user("c") + node("endEvent", "give_up", CANCEL)
    inner += sequence("s1 > nested > call > c > give_up")
    body = start() + node("transaction", "deal", inner) + boundary("cancelled", "deal", CANCEL) + end("done", "told")
    case = scenario(bpmn(body, flows="begin > deal > done\ncancelled > told", head=UNDONE), CHILD)
    case.start()
    for name in "dabc":
        case.complete(name, {"x": 1})
    assert undone_by(case, "ha", "hb", "hd") == ["hb", "ha", "hd"]
    assert case.history[-1].ends == ("told",)


def test_a_called_process_that_called_another_is_undone_through_both(scenario):
    middle = bpmn(start("mb") + call() + user("c") + undo("c", "hc") + end("me"), process="middle", flows="mb > call > c > me", head=UNDONE)
    body = start() + call("outer", process="middle") + user("z") + node("endEvent", "all", COMPENSATE)
    case = scenario(bpmn(body, flows="begin > outer > z > all"), middle, CHILD)
    case.start()
    for name in "abcz":
        case.complete(name, {"x": 1})
    assert undone_by(case, "ha", "hb", "hc") == ["hc", "hb", "ha"]
    assert case.outcome == "completed"


def test_instances_that_call_a_process_are_undone_newest_first(scenario):
    body = start() + call(inner=many("=[1, 2]", sequential=True)) + node("endEvent", "all", COMPENSATE)
    case = scenario(bpmn(body, flows="begin > call > all"), CHILD)
    case.start()
    for number, name in enumerate("abab"):
        case.complete(name, {"x": number})
    assert undone_by(case, "ha", "hb") == ["hb", "ha", "hb", "ha"]


def test_a_named_sub_process_or_call_is_undone_and_nothing_else(scenario):
    body = start() + call() + user("c") + undo("c", "hc") + throw("call") + end()
    case = scenario(bpmn(body, flows="begin > call > c > comp > done", head=UNDONE), CHILD)
    case.start()
    for name in "abc":
        case.complete(name, {"x": 1})
    assert undone_by(case, "ha", "hb", "hc") == ["hb", "ha"]


def test_a_throw_that_does_not_wait_goes_on_while_handlers_work(scenario):
    event = node("intermediateThrowEvent", "comp", '<bpmn:compensateEventDefinition waitForCompletion="false"/>')
    case = scenario(bpmn(start() + BOTH + event + user("z") + end(), flows="begin > a > b > comp > z > done", head=UNDONE))
    case.start()
    case.complete("a", {"x": 1})
    assert "start z" in case.complete("b", {"x": 2})
    assert case.complete("z")[-1] == "end done"
    assert undone_by(case, "ha", "hb") == ["hb", "ha"]
    assert case.outcome == "completed"


def test_a_handler_may_be_a_sub_process(scenario):
    handler = node("subProcess", "ha", start("hs") + user("h1") + end("he") + sequence("hs > h1 > he"), isForCompensation="true")
    body = start() + user("a") + boundary("u", "a", COMPENSATE).replace(' cancelActivity="true"', "") + handler
    body += '<bpmn:association id="as" sourceRef="u" targetRef="ha" associationDirection="One"/>' + node("endEvent", "all", COMPENSATE)
    case = scenario(bpmn(body, flows="begin > a > all"))
    case.start()
    case.complete("a")
    assert case.at()[-1] == "h1"
    assert case.complete("h1")[-1] == "process p completed all"


def test_what_was_cancelled_is_not_undone(scenario):
    body = start() + sub_process("sub", start("s1") + BOTH + end("e1"), "s1 > a > b > e1") + boundary("late", "sub", message("m"))
    case = scenario(bpmn(body + node("endEvent", "all", COMPENSATE) + end(), flows="begin > sub > done\nlate > all", top=TOP, head=UNDONE))
    case.start()
    case.complete("a", {"x": 1})
    assert case.fire("late")[-1] == "process p completed all"


# Ends of scopes -------------------------------------------------------------------------------------------------------


def test_terminate_in_a_called_process_ends_only_that(scenario):
    child = bpmn(
        start("cb") + user("i", "j") + node("endEvent", "stop", TERMINATE) + end("ce"), process="child", flows="cb > i > stop\ncb > j > ce"
    )
    case = scenario(bpmn(start() + call() + user("z", "y") + end("done", "dy"), flows="begin > call > z > done\nbegin > y > dy"), child)
    case.start()
    lines = case.complete("i")
    assert "withdraw j" in lines
    assert case.at() == ["y", "z"]


def test_terminate_in_one_instance_of_a_multi_instance_ends_only_that_instance(scenario):
    inner = many("=[1, 2]") + start("s1") + user("i", "j") + node("endEvent", "stop", TERMINATE) + end("e1")
    case = scenario(bpmn(start() + sub_process("each", inner, "s1 > i > stop\ns1 > j > e1") + end(), flows="begin > each > done"))
    case.start()
    case.complete("i")
    assert case.at() == ["i", "j"]


def test_an_error_ends_only_the_scope_whose_event_catches_it(scenario):
    deep = sub_process(
        "deep", start("s2") + user("i", "j") + node("endEvent", "bad", error("err1")) + end("e2"), "s2 > i > bad\ns2 > j > e2"
    )
    body = sub_process("mid", start("s1") + deep + user("k") + boundary("b", "deep", error("err1")) + user("m1") + end("e1", "eb"),
                       "s1 > deep > e1\ns1 > k > e1\nb > m1 > eb")  # fmt: skip
    case = scenario(bpmn(start() + body + end(), flows="begin > mid > done", top=TOP))
    case.start()
    case.complete("i")
    assert case.at() == ["k", "m1"]


# Events at depth ------------------------------------------------------------------------------------------------------


def deep_listener(interrupting: bool):
    """A message event sub-process inside a sub-process inside a called process inside a multi-instance."""
    esp = event_sub_process("esp", message("m"), interrupting=interrupting, body=user("help") + end("eh"), flows="caught > help > eh")
    inside = sub_process("inside", start("s1") + user("i") + end("e1") + esp, "s1 > i > e1")
    child = bpmn(start("cb") + inside + end("ce"), process="child", flows="cb > inside > ce", top=TOP)
    return bpmn(start() + call(inner=many("=[1, 2]")) + end(), flows="begin > call > done"), child


def test_an_event_sub_process_at_any_depth_interrupts_only_its_scope(scenario):
    case = scenario(*deep_listener(True))
    case.start()
    case.fire("caught")
    assert case.at() == ["i", "help"]
    case.complete("help")
    assert case.complete("i")[-1] == "process p completed done"


def test_a_non_interrupting_event_sub_process_at_any_depth_runs_as_often_as_its_event_occurs(scenario):
    case = scenario(*deep_listener(False))
    case.start()
    for _ in range(3):
        case.fire("caught", at=0)
    assert case.at() == ["i", "i", "help", "help", "help"]


# Escalation -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("interrupting", [True, False])
def test_an_escalation_passes_through_a_called_process_to_the_event_that_catches_it(scenario, interrupting):
    child = bpmn(
        start("cb") + node("intermediateThrowEvent", "up", escalation("esc1")) + user("i") + end("ce"),
        process="child",
        flows="cb > up > i > ce",
        top=TOP,
    )
    body = start() + call() + boundary("b", "call", escalation("esc1"), interrupting=interrupting) + user("z") + end("done", "dz")
    case = scenario(bpmn(body, flows="begin > call > done\nb > z > dz", top=TOP), child)
    case.start()
    assert case.at() == (["z"] if interrupting else ["i", "z"])


def test_an_escalation_that_is_caught_does_not_go_further_out(scenario):
    inner = sub_process("inner", start("s2") + node("endEvent", "up", escalation("esc1")), "s2 > up")
    edge = boundary("b1", "inner", escalation("esc1"), interrupting=False)
    outer = sub_process("outer", start("s1") + inner + edge + user("y") + end("e1", "ey"), "s1 > inner > e1\nb1 > y > ey")
    body = start() + outer + boundary("b2", "outer", escalation("esc1"), interrupting=False) + user("z") + end("done", "dz")
    case = scenario(bpmn(body, flows="begin > outer > done\nb2 > z > dz", top=TOP))
    case.start()
    assert case.at() == ["y"]


# Conditions -----------------------------------------------------------------------------------------------------------


def watched(change: str, flows: str, *, child=None):
    """A condition on a task beside something that changes the data."""
    body = start() + user("a", "z") + boundary("b", "a", conditional("=n > 1"), interrupting=False) + change + end("done", "dz", "dc")
    return bpmn(body, flows="begin > a > done\nb > z > dz\n" + flows, top=TOP, head='<cogov:data name="n"/>')


@pytest.mark.parametrize(
    ("change", "act"),
    [
        (user("c"), lambda case: case.complete("c", {"n": 2})),
        (node("intermediateCatchEvent", "c", message("m")), lambda case: case.fire("c", payload={"n": 2})),
        (node("intermediateCatchEvent", "c", SIGNAL), lambda case: case.fire("c", payload={"n": 2})),
        (user("c", ext=mapping("out =form.k + 1 n")), lambda case: case.complete("c", {"k": 1})),
        (node("receiveTask", "c", messageRef="m"), lambda case: case.fire("c", payload={"n": 2})),
    ],
)
def test_a_condition_is_looked_at_again_whatever_changed_the_data(scenario, change, act):
    case = scenario(watched(change, "begin > c > dc"))
    case.start()
    act(case)
    assert case.at() == ["a", "z"]


def test_a_condition_sees_what_a_called_process_and_a_multi_instance_bring_back(scenario):
    child = bpmn(start("cb") + user("i") + end("ce"), process="child", flows="cb > i > ce")
    brings = node("callActivity", "c", ext='<zeebe:calledElement processId="child" propagateAllChildVariables="true"/>')
    case = scenario(watched(brings, "begin > c > dc"), child)
    case.start()
    case.complete("i", {"n": 5})
    assert case.at() == ["a", "z"]


def test_a_conditional_event_sub_process_runs_each_time_its_condition_becomes_true(scenario):
    esp = event_sub_process("esp", conditional("=n > 1"), interrupting=False, body=user("help") + end("eh"), flows="caught > help > eh")
    looped = node("exclusiveGateway", "g") + user("a") + node("exclusiveGateway", "x", default="x_g") + end()
    case = scenario(bpmn(start() + looped + esp, flows="begin > g > a > x > g\nx > done: =n = 9", head='<cogov:data name="n"/>'))
    case.start()
    for value in (2, 3, 0, 4):
        case.complete("a", {"n": value})
    assert case.at().count("help") == 2


def test_a_condition_in_a_scope_reads_the_variables_of_that_scope(scenario):
    inner = start("s1") + script("set", "=n + 1", "n") + node("intermediateCatchEvent", "wait", conditional("=n > 5")) + end("e1")
    sub = sub_process("sub", inner, "s1 > set > wait > e1", ext=mapping("in =5 n"))
    case = scenario(bpmn(start() + sub + end(), flows="begin > sub > done"))
    assert case.start()[-1] == "process p completed done"
    assert case.variables() == {}


def test_a_cancelled_condition_is_not_looked_at_any_more(scenario):
    case = scenario(watched(user("c"), "begin > c > dc"))
    case.start()
    case.complete("a")
    assert case.complete("c", {"n": Decimal(2)})[-1] == "process p completed done,dc"
