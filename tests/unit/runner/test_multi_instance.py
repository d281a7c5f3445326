"""Multi-instance and standard loops."""

from __future__ import annotations

from decimal import Decimal

import pytest
from scenario import ERRORS, Scenario, boundary, bpmn, end, error, many, mapping, node, service, start, sub_process, timer, user

from engine.errors import BpmnError
from engine.events import IncidentRaised

VOTES = {"inputElement": "person", "outputCollection": "votes", "outputElement": "=form.vote"}


def ballot(marker: str, *, io: str = "", more: str = "", flows: str = ""):
    return bpmn(start() + user("vote", inner=marker, ext=mapping(io)) + end() + more, flows=f"begin > vote > done\n{flows}")


def test_all_participants_are_asked_at_once_and_their_results_are_joined_in_order(scenario):
    case = scenario(ballot(many("=people", **VOTES)))
    assert case.start({"starter": "wang", "people": ["x", "y", "z"]})[4:] == [
        "start vote#0", "start vote#1", "offer vote#1 person:wang", "start vote#2", "offer vote#2 person:wang", "start vote#3",
        "offer vote#3 person:wang",
    ]  # fmt: skip
    assert case.complete("vote", {"vote": "b"}, at=1) == ["submit vote#2", "end vote#2"]
    assert len(case.changes.tokens) == 1, "only the body's counters change, no sibling"
    assert len(case.changes.variables) == 2, "the result row and the form field"
    case.complete("vote", {"vote": "a"})
    assert case.complete("vote", {"vote": "c"}) == [
        "submit vote#3", "end vote#3", "end vote#0", "take vote_done", "start done", "end done", "process p completed done",
    ]  # fmt: skip
    assert case.variables()["votes"] == ["a", "b", "c"]


def test_completing_one_of_a_thousand_reads_a_handful_of_rows():
    case = Scenario(ballot(many("=people", **VOTES)), one_by_one=True)
    case.start({"starter": "wang", "people": list(range(1000))})
    case.complete("vote", {"vote": 1}, at=500)
    assert case.rows_read <= 5
    assert case.private_reads == 0
    assert len(case.changes.tokens) == 1
    assert len(case.changes.gone_tokens) == 1


def test_the_results_of_more_than_ten_are_in_the_order_of_the_collection(scenario):
    case = scenario(ballot(many("=people", **VOTES)))
    case.start({"starter": "wang", "people": list(range(12))})
    for number in reversed(range(12)):
        case.complete("vote", {"vote": number}, at=number)
    assert case.variables()["votes"] == [Decimal(number) for number in range(12)]


def test_each_instance_has_its_own_element_counter_and_mapped_result(scenario):
    marker = many("=people", inputElement="person", outputCollection="votes", outputElement="=line")
    io = "in =person.name who\nout ={&quot;n&quot;:loopCounter,&quot;who&quot;:who,&quot;v&quot;:form.v} line"
    case = scenario(ballot(marker, io=io))
    case.start({"starter": "wang", "people": [{"name": "x"}, {"name": "y"}]})
    case.complete("vote", {"v": 2}, at=1)
    case.complete("vote", {"v": 1})
    assert case.variables()["votes"] == [{"n": Decimal(n), "who": who, "v": Decimal(n)} for n, who in ((1, "x"), (2, "y"))]
    assert set(case.variables()) == {"people", "votes"}, "the mapped result stays in its instance"


@pytest.mark.parametrize("people", [None, []])
@pytest.mark.parametrize("sequential", [True, False])
def test_an_empty_collection_completes_at_once(scenario, people, sequential):
    case = scenario(ballot(many("=people", sequential=sequential, **VOTES)))
    assert case.start({"starter": "wang", "people": people})[4:7] == ["start vote#0", "end vote#0", "take vote_done"]
    assert case.variables()["votes"] == []


def test_a_collection_that_is_no_list_is_an_incident(scenario):
    case = scenario(ballot(many("=people", **VOTES)))
    case.start({"starter": "wang", "people": "x"})
    assert case.last(IncidentRaised).code == "expression_failed"


def test_a_sequential_one_asks_one_after_the_other(scenario):
    case = scenario(ballot(many("=people", sequential=True, **VOTES)))
    case.start({"starter": "wang", "people": ["x", None, "z"]})
    assert case.at() == ["vote#1"]
    assert case.complete("vote", {"vote": "a"}) == ["submit vote#1", "end vote#1", "start vote#2", "offer vote#2 person:wang"]
    case.complete("vote", {"vote": "b"})
    assert case.complete("vote", {"vote": "c"})[-1] == "process p completed done"
    assert case.variables()["votes"] == ["a", "b", "c"]


def test_the_completion_condition_sees_the_counters_and_withdraws_the_rest(scenario):
    until = "=numberOfCompletedInstances/numberOfInstances &gt; 0.5 and numberOfActiveInstances = 1 and numberOfTerminatedInstances = 0"
    case = scenario(ballot(many("=people", until=until, **VOTES)))
    case.start({"starter": "wang", "people": ["x", "y", "z"]})
    case.complete("vote", {"vote": "a"})
    assert case.complete("vote", {"vote": "b"})[:5] == [
        "submit vote#2",
        "end vote#2",
        "withdraw vote#3",
        "cancel vote#3 by vote",
        "end vote#0",
    ]
    assert case.variables()["votes"] == ["a", "b"]


def test_the_completion_condition_sees_the_result_of_the_instance(scenario):
    case = scenario(ballot(many("=people", sequential=True, until="=form.vote = &quot;no&quot;", **VOTES)))
    case.start({"starter": "wang", "people": ["x", "y", "z"]})
    case.complete("vote", {"vote": "yes"})
    case.complete("vote", {"vote": "no"})
    assert case.variables()["votes"] == ["yes", "no"]


def test_a_cardinality_makes_as_many_instances(scenario):
    marker = (
        "<bpmn:multiInstanceLoopCharacteristics><bpmn:loopCardinality>=n + 1</bpmn:loopCardinality></bpmn:multiInstanceLoopCharacteristics>"
    )
    case = scenario(ballot(marker))
    case.start({"starter": "wang", "n": 2})
    assert case.at() == ["vote#1", "vote#2", "vote#3"]


def test_a_boundary_event_belongs_to_the_whole(scenario):
    case = scenario(ballot(many("=people", **VOTES), more=boundary("late", "vote", timer("PT1H")) + end("over"), flows="late > over"))
    assert case.start({"starter": "wang", "people": ["x", "y"]}).count("arm late 02 13:00 1") == 1
    case.complete("vote", {"vote": "a"})
    assert case.fire("late")[:4] == ["withdraw vote#2", "cancel vote#2 by late", "disarm late", "cancel vote#0 by late"]
    assert case.variables() == {"people": ["x", "y"], "vote": "a"}


def test_a_deadline_belongs_to_the_whole(scenario):
    model = bpmn(
        start() + user("vote", inner=many("=people", **VOTES), ext='<cogov:deadline id="d" limit="5WD"/>') + end(),
        flows="begin > vote > done",
    )
    case = scenario(model)
    case.start({"starter": "wang", "people": ["x", "y"]})
    case.complete("vote", {"vote": 1})
    case.complete("vote", {"vote": 1})
    assert case.world.log == ["deadline d 5WD", "met"]


def test_an_error_in_one_instance_goes_to_the_boundary_of_the_whole(scenario):
    def tell(person):
        if person == "y":
            raise BpmnError("E1")
        return {"told": person}

    body = node(
        "serviceTask", "tell", many("=people", inputElement="person"), ext='<zeebe:taskDefinition type="t"/>' + mapping("in =person person")
    )
    model = bpmn(
        start() + body + boundary("b", "tell", error("err1")) + end("done", "failed"), flows="begin > tell > done\nb > failed", top=ERRORS
    )
    case = scenario(model, services={"t": tell})
    assert case.start({"people": ["x", "y", "z"]})[-1] == "process p completed failed"


def test_sub_processes_as_instances_keep_their_variables_apart(scenario):
    marker = many("=people", inputElement="person", outputCollection="results", outputElement="=answer")
    inner = start("s1") + user("i", ext=mapping("out =form.r answer")) + end("e1")
    case = scenario(bpmn(start() + sub_process("sub", marker + inner, "s1 > i > e1") + end(), flows="begin > sub > done"))
    case.start({"starter": "wang", "people": ["x", "y"]})
    case.complete("i", {"r": "second"}, at=1)
    case.complete("i", {"r": "first"})
    assert case.variables() == {"people": ["x", "y"], "results": ["first", "second"]}


def test_called_processes_as_instances(scenario):
    child = bpmn(start("cb") + user("w") + end("ce"), process="child", flows="cb > w > ce", head='<cogov:data name="x"/>')
    marker = many("=people", inputElement="person", outputCollection="results", outputElement="=answer")
    call = node(
        "callActivity", "call", marker, ext='<zeebe:calledElement processId="child"/>' + mapping("in =person x\nout =[x,result.y] answer")
    )
    case = scenario(bpmn(start() + call + end(), flows="begin > call > done"), child)
    case.start({"starter": "wang", "people": ["x", "y"]})
    case.complete("w", {"y": 2}, at=1)
    case.complete("w", {"y": 1})
    assert case.variables()["results"] == [["x", Decimal(1)], ["y", Decimal(2)]]


def loop(condition: str, **attributes: str) -> str:
    marks = "".join(f' {name}="{value}"' for name, value in attributes.items())
    inner = f'<bpmn:loopCondition xsi:type="bpmn:tFormalExpression">{condition}</bpmn:loopCondition>' if condition else ""
    return f"<bpmn:standardLoopCharacteristics{marks}>{inner}</bpmn:standardLoopCharacteristics>"


def test_a_standard_loop_goes_on_while_its_condition_holds(scenario):
    case = scenario(ballot(loop("=again and loopCounter &lt; 5")))
    case.start()
    assert case.complete("vote", {"again": True}) == ["submit vote#1", "end vote#1", "start vote#2", "offer vote#2 person:wang"]
    assert case.complete("vote", {"again": False})[-1] == "process p completed done"


def test_a_standard_loop_has_a_maximum(scenario):
    case = scenario(ballot(loop("", loopMaximum="2")))
    case.start()
    case.complete("vote")
    assert case.complete("vote")[-1] == "process p completed done"


def test_a_loop_that_tests_before_may_not_run_at_all(scenario):
    case = scenario(ballot(loop("=again", testBefore="true")))
    assert case.start({"starter": "wang", "again": False})[4:6] == ["start vote#0", "end vote#0"]


def test_a_failed_instance_is_counted_once_when_it_is_retried(scenario):
    case = scenario(
        bpmn(
            start()
            + user("vote", inner=many("=people", inputElement="p", outputCollection="out", outputElement="=form.a.b + missing"))
            + end(),
            flows="begin > vote > done",
        )
    )
    case.start({"starter": "wang", "people": ["x"]})
    assert case.complete("vote", {"a": {"b": 1}})[-1] == "incident vote#1 unknown_variable"
    case.stored[case.root]["missing"] = Decimal(2)
    assert case.retry("vote")[-1] == "process p completed done"
    assert case.variables()["out"] == [Decimal(3)]


def test_services_one_after_the_other_in_one_command(scenario):
    marker = many("=people", sequential=True, inputElement="person", outputCollection="out", outputElement="=result")
    body = node("serviceTask", "tell", marker, ext='<zeebe:taskDefinition type="t"/>' + mapping("in =person person"))
    case = scenario(bpmn(start() + body + end(), flows="begin > tell > done"), services={"t": lambda person: person.upper()})
    case.start({"people": ["x", "y"]})
    assert case.variables()["out"] == ["X", "Y"]


def test_a_service_instance_gets_its_inputs_only(scenario):
    body = service("s", "t", io="in =1 a")
    case = scenario(bpmn(start() + body + end(), flows="begin > s > done"), services={"t": lambda **inputs: {"got": sorted(inputs)}})
    case.start()
    assert case.variables() == {"got": ["a"]}
