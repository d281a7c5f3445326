"""Compensation: reverse order, snapshots, nested scopes."""

from __future__ import annotations

from decimal import Decimal

import pytest
from scenario import boundary, bpmn, end, event_sub_process, many, mapping, node, script, start, sub_process, timer, user

from engine.events import ElementStarted

COMPENSATE = "<bpmn:compensateEventDefinition/>"


def undo(activity: str, handler: str) -> str:
    """A compensation boundary event with its handler, a user task."""
    return (
        boundary(f"undo_{activity}", activity, COMPENSATE).replace(' cancelActivity="true"', "")
        + node("userTask", handler, ext="<zeebe:userTask/>" + mapping("in =x was\nout =was + 100 undone"), isForCompensation="true")
        + f'<bpmn:association id="{activity}_{handler}" sourceRef="undo_{activity}" targetRef="{handler}" associationDirection="One"/>'
    )


def throw(activity: str = "") -> str:
    ref = f' activityRef="{activity}"' if activity else ""
    return node("intermediateThrowEvent", "comp", f"<bpmn:compensateEventDefinition{ref}/>")


BOTH = user("a", "b") + undo("a", "ha") + undo("b", "hb")
ROW = bpmn(start() + BOTH + user("c") + throw() + end(), flows="begin > a > b > c > comp > done", head='<cogov:data name="undone"/>')


def test_handlers_run_newest_first_one_after_the_other_with_the_variables_as_they_were(scenario):
    case = scenario(ROW)
    case.start()
    for number, name in enumerate("abc", start=1):
        lines = case.complete(name, {"x": number})
    assert lines[-4:] == ["take c_comp", "start comp", "start hb", "offer hb person:wang"]
    assert case.complete("hb") == ["submit hb", "end hb", "start ha", "offer ha person:wang"]
    assert case.variables() == {"x": Decimal(3), "undone": Decimal(102)}
    assert case.complete("ha") == [
        "submit ha", "end ha", "end comp", "take comp_done", "start done", "end done", "process p completed done",
    ]  # fmt: skip
    assert case.variables() == {"x": Decimal(3), "undone": Decimal(101)}
    assert not any(name.startswith("#") for name in case.stored[case.root])


def test_what_has_not_completed_is_not_undone(scenario):
    body = start() + node("parallelGateway", "split") + BOTH + throw() + end("done", "d2")
    case = scenario(bpmn(body, flows="begin > split > a > comp > done\nsplit > b > d2", head='<cogov:data name="undone"/>'))
    case.start()
    case.complete("a", {"x": 1})
    assert case.at() == ["b", "comp", "ha"]


def test_one_activity_may_be_named_and_nothing_is_undone_twice(scenario):
    body = start() + BOTH + throw("a") + node("endEvent", "all", COMPENSATE)
    case = scenario(bpmn(body, flows="begin > a > b > comp > all", head='<cogov:data name="undone"/>'))
    case.start()
    case.complete("a", {"x": 1})
    case.complete("b", {"x": 2})
    assert case.at() == ["comp", "ha"]
    case.complete("ha")
    assert case.at() == ["all", "hb"]
    assert case.complete("hb")[-1] == "process p completed all"


def test_an_activity_that_completed_in_every_round_is_undone_as_often(scenario):
    body = (
        start()
        + node("exclusiveGateway", "again")
        + user("a")
        + undo("a", "ha")
        + node("exclusiveGateway", "x", default="x_comp")
        + throw()
        + end()
    )
    flows = "begin > again > a > x > comp > done\nx > again: =x &lt; 3"
    case = scenario(bpmn(body, flows=flows, head='<cogov:data name="undone"/>'))
    case.start()
    for number in (1, 2, 3):
        case.complete("a", {"x": number})
    seen = []
    while case.outcome is None:
        case.complete("ha")
        seen.append(case.variables()["undone"])
    assert seen == [Decimal(103), Decimal(102), Decimal(101)]


NESTED = start("s1") + BOTH + end("e1")


def test_a_completed_sub_process_is_undone_inside_out(scenario):
    body = start() + sub_process("sub", NESTED, "s1 > a > b > e1") + user("c") + node("endEvent", "all", COMPENSATE)
    case = scenario(bpmn(body, flows="begin > sub > c > all", head='<cogov:data name="undone"/>'))
    case.start()
    case.complete("a", {"x": 1})
    case.complete("b", {"x": 2})
    assert case.complete("c")[-4:] == ["take c_all", "start all", "start hb", "offer hb person:wang"]
    case.complete("hb")
    assert case.complete("ha")[-2:] == ["end all", "process p completed all"]
    started = [event.node.id for event in case.history if isinstance(event, ElementStarted)]
    assert started.count("sub") == 1


def test_a_sub_process_that_is_undone_opens_neither_its_boundary_events_nor_its_deadline_again(scenario):
    body = start() + sub_process("sub", NESTED, "s1 > a > b > e1", ext='<cogov:deadline id="d" limit="3WD"/>')
    body += boundary("late", "sub", timer("PT1H")) + node("endEvent", "all", COMPENSATE) + end()
    case = scenario(bpmn(body, flows="begin > sub > all\nlate > done", head='<cogov:data name="undone"/>'))
    assert "arm late 02 13:00 1" in case.start()
    case.complete("a", {"x": 1})
    assert case.complete("b", {"x": 2})[-3:] == ["start all", "start hb", "offer hb person:wang"]
    assert case.listening("late") == []
    assert case.world.log == ["deadline d 3WD", "met"]


def test_a_called_process_is_undone_inside_out(scenario):
    child = bpmn(start("cb") + BOTH + end("ce"), process="child", flows="cb > a > b > ce", head='<cogov:data name="undone"/>')
    call = node("callActivity", "call", ext='<zeebe:calledElement processId="child"/>')
    case = scenario(bpmn(start() + call + user("c") + node("endEvent", "all", COMPENSATE), flows="begin > call > c > all"), child)
    case.start()
    case.complete("a", {"x": 1})
    case.complete("b", {"x": 2})
    case.complete("c")
    case.complete("hb")
    assert case.complete("ha")[-2:] == ["end all", "process p completed all"]


def test_a_compensation_event_sub_process_decides_how_its_scope_is_undone(scenario):
    esp = event_sub_process("esp", COMPENSATE, body=user("look") + throw() + end("e2"), flows="caught > look > comp > e2")
    body = (
        start()
        + sub_process("sub", NESTED + esp, "s1 > a > b > e1", ext=mapping("in =7 seven"))
        + user("c")
        + node("endEvent", "all", COMPENSATE)
    )
    case = scenario(bpmn(body, flows="begin > sub > c > all", head='<cogov:data name="undone"/>'))
    case.start()
    case.complete("a", {"x": 1})
    case.complete("b", {"x": 2})
    case.complete("c")
    assert case.at() == ["all", "look"]
    case.complete("look")
    case.complete("hb")
    assert case.complete("ha")[-3:] == ["end esp", "end all", "process p completed all"]


def test_instances_of_a_multi_instance_are_undone_in_reverse_order(scenario):
    marker = many("=people", sequential=True, inputElement="person")
    body = start() + sub_process("sub", marker + start("s1") + user("a") + undo("a", "ha") + end("e1"), "s1 > a > e1")
    case = scenario(bpmn(body + node("endEvent", "all", COMPENSATE), flows="begin > sub > all", head='<cogov:data name="undone"/>'))
    case.start({"starter": "wang", "people": ["p", "q"]})
    case.complete("a", {"x": 1})
    case.complete("a", {"x": 2})
    case.complete("ha")
    assert case.variables()["undone"] == Decimal(102)
    case.complete("ha")
    assert case.variables()["undone"] == Decimal(101)
    assert case.outcome == "completed"


def test_a_handler_may_be_a_script_and_then_nothing_waits(scenario):
    handler = script("ha", "=x - 1", "x").replace('id="ha"', 'id="ha" isForCompensation="true"')
    body = start() + user("a") + node("boundaryEvent", "u", COMPENSATE, attachedToRef="a") + handler
    body += '<bpmn:association id="as" sourceRef="u" targetRef="ha"/>' + node("endEvent", "all", COMPENSATE)
    case = scenario(bpmn(body, flows="begin > a > all"))
    case.start()
    assert case.complete("a", {"x": 5})[-5:] == ["start all", "start ha", "end ha", "end all", "process p completed all"]
    assert case.variables() == {"x": Decimal(4)}


@pytest.mark.parametrize("activity", ["", "a"])
def test_nothing_to_undo_goes_on_at_once(scenario, activity):
    case = scenario(bpmn(start() + throw(activity) + BOTH + end(), flows="begin > comp > done"))
    assert case.start()[-1] == "process p completed done"


def test_cancelling_while_a_handler_waits_leaves_nothing(scenario):
    case = scenario(ROW)
    case.start()
    for name in "abc":
        case.complete(name, {"x": 1})
    assert case.cancel() == ["cancel comp by None", "withdraw hb", "cancel hb by None", "process p cancelled"]


def test_an_interrupted_handler_lets_the_next_one_run(scenario):
    body = start() + BOTH + boundary("late", "hb", timer("PT1H")) + throw() + end("done", "given_up")
    case = scenario(bpmn(body, flows="begin > a > b > comp > done\nlate > given_up", head='<cogov:data name="undone"/>'))
    case.start()
    case.complete("a", {"x": 1})
    case.complete("b", {"x": 2})
    case.fire("late")
    assert case.at() == ["comp", "ha"]
