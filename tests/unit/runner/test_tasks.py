"""Tasks of every kind, and who a user task is offered to."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal

import pytest
from scenario import NOON, bpmn, end, mapping, node, script, service, start, user

from engine.errors import Conflict, NotFound
from engine.events import IncidentRaised, ServiceRequested, TaskCompleted, TaskOffered


def one(task: str, **options: str):
    name = task.partition('id="')[2].partition('"')[0]
    return bpmn(start() + task + end(), flows=f"begin > {name} > done", **options)


def test_abstract_tasks_pass_and_manual_tasks_wait(scenario):
    body = start() + node("task", "plain") + node("manualTask", "by_hand") + end()
    case = scenario(bpmn(body, flows="begin > plain > by_hand > done"))
    assert case.start()[-1] == "offer by_hand person:wang"
    assert case.last(TaskOffered).form is None


def test_the_submission_is_form_with_who_and_when(scenario):
    io = "out =form.note note\nout =form.by who\nout =form.at at\nout =form.x.y deep.er\nout =note copy"
    case = scenario(one(user("a", ext=mapping(io))))
    case.start({"starter": "wang"})
    case.world.clock.advance(timedelta(hours=1))
    case.complete("a", {"note": "n", "x": {"y": 1.5}})
    assert case.variables() == {"note": "n", "who": "wang", "at": NOON + timedelta(hours=1), "deep": {"er": Decimal("1.5")}, "copy": "n"}
    assert case.last(TaskCompleted).form == {"note": "n", "x": {"y": Decimal("1.5")}}
    assert case.last(TaskCompleted).by.person == "wang"


@pytest.mark.parametrize("form", [{"expected": 1}, {}])
def test_a_task_is_completed_once(scenario, form):
    case = scenario(one(user("a", "b")))
    case.start()
    token = case.waiting("a")[0]
    before = case.snapshot()
    case.complete("a", form)
    with pytest.raises(NotFound):
        case.kernel.complete(case.definitions, case.snapshot(), case.world, token, form)
    assert before.tokens, "the snapshot of the loser is stale, the store's lock keeps it from being used"


def test_a_token_that_is_no_task_is_not_completed_by_a_person(scenario):
    case = scenario(one(service("s", "x.y")), jobs=["x.y"])
    case.start()
    with pytest.raises(Conflict):
        case.complete("s")


# Assignment ---------------------------------------------------------------------------------------------------------

LANES = (
    '<bpmn:laneSet id="ls"><bpmn:lane id="l1" name="L"><bpmn:extensionElements>{role}</bpmn:extensionElements>'
    "<bpmn:flowNodeRef>{node}</bpmn:flowNodeRef></bpmn:lane></bpmn:laneSet>"
)


@pytest.mark.parametrize(("ext", "role", "expected"), [
    ("", "", ("person:wang",)),
    ("", '<cogov:role code="legal" of="=community"/>', ("role:legal@c1",)),
    ("", '<cogov:role code="legal"/>', ("role:legal@a1",)),
    ("", '<cogov:role from="=[role(&quot;legal&quot;, community), member(&quot;k&quot;)]"/>', ("role:legal@c1", "member:k")),
    ("", '<cogov:role from="=&quot;holder:chair@c1&quot;"/>', ("holder:chair@c1",)),
    ('<zeebe:assignmentDefinition assignee="=party.person"/>', '<cogov:role code="legal"/>', ("person:li",)),
    ('<zeebe:assignmentDefinition assignee="zhao"/>', "", ("person:zhao",)),
    ('<zeebe:assignmentDefinition candidateGroups="=[role(&quot;legal&quot;, area), null]"/>', "", ("role:legal@a1",)),
    ('<zeebe:assignmentDefinition candidateGroups="=&quot;legal&quot;"/>', "", ("role:legal@a1",)),
])  # fmt: skip
def test_a_task_is_offered_to_assignment_else_lane_else_starter(scenario, ext, role, expected):
    lanes = LANES.format(role=role, node="a") if role else ""
    model = bpmn(lanes + start() + user("a", ext=ext) + end(), flows="begin > a > done")
    case = scenario(model)
    case.start({"starter": "wang", "area": "a1", "community": "c1", "party": {"person": "li"}})
    assert case.last(TaskOffered).selectors == expected
    assert case.last(TaskOffered).assignee == (expected[0].removeprefix("person:") if "assignee" in ext else None)


def test_a_task_inside_a_sub_process_has_the_lane_of_the_sub_process(scenario):
    inner = (
        start("s1")
        + user("a")
        + end("e1")
        + '<bpmn:sequenceFlow id="f1" sourceRef="s1" targetRef="a"/><bpmn:sequenceFlow id="f2" sourceRef="a" targetRef="e1"/>'
    )
    model = bpmn(
        LANES.format(role='<cogov:role code="legal"/>', node="sub") + start() + node("subProcess", "sub", inner) + end(),
        flows="begin > sub > done",
    )
    case = scenario(model)
    case.start()
    assert case.last(TaskOffered).selectors == ("role:legal@a1",)


def test_a_role_without_a_place_is_an_incident(scenario):
    model = bpmn(LANES.format(role='<cogov:role code="legal"/>', node="a") + start() + user("a") + end(), flows="begin > a > done")
    case = scenario(model)
    case.start({"starter": "wang"})
    assert case.last(IncidentRaised).code == "expression_failed"


def test_the_excluded_are_persons(scenario):
    case = scenario(one(user("a", ext='<cogov:exclude who="=[starter, other, &quot;person:li&quot;, null]"/>')))
    case.start({"starter": "wang", "other": ["zhao"]})
    assert case.last(TaskOffered).excluded == ("wang", "zhao", "li")


# Services, scripts, decisions ------------------------------------------------------------------------------------------


def test_a_job_gets_its_inputs_and_brings_its_result(scenario):
    case = scenario(one(service("s", "x.y", io="in =[1, 2] numbers\nout =result.sum total")), jobs=["x.y"])
    case.start({"starter": "wang"})
    assert dict(case.last(ServiceRequested).inputs) == {"numbers": [Decimal(1), Decimal(2)]}
    assert case.service_done("s", {"sum": 3})[0] == "end s"
    assert case.variables() == {"total": Decimal(3)}


def test_a_result_that_is_awaited_no_more_changes_nothing(scenario):
    case = scenario(bpmn(start() + service("s", "x.y") + user("a") + end(), flows="begin > s > a > done"), jobs=["x.y"])
    case.start()
    token = case.waiting("s")[0]
    case.service_done("s", 1)
    assert case.kernel.service_done(case.definitions, case.snapshot(), case.world, token, 1).events == []


def test_a_service_cannot_change_a_variable_in_place(scenario):
    def greedy(items):
        items.append("mine")
        return {"count": len(items)}

    case = scenario(one(service("s", "x.y", io="in =items items")), services={"x.y": greedy})
    case.start({"items": ["a"]})
    assert case.variables() == {"items": ["a"], "count": Decimal(2)}


@pytest.mark.parametrize(("expression", "variable", "expected"), [
    ("=x + 1", "y", {"x": Decimal(2), "y": Decimal(3)}),
    ("={a: x, b: a * 2}", "", {"x": Decimal(2), "a": Decimal(2), "b": Decimal(4)}),
    ("=x", "", {"x": Decimal(2)}),
])  # fmt: skip
def test_a_script_sets_its_variable_or_the_members_of_its_context(scenario, expression, variable, expected):
    case = scenario(one(script("s", expression, variable)))
    case.start({"x": 2})
    assert case.variables() == expected


def test_a_decision_sets_its_variable(scenario):
    rule = node("businessRuleTask", "r", ext='<zeebe:calledDecision decisionId="grade" resultVariable="g"/>')
    case = scenario(one(rule), decisions={"grade": lambda variables: "A" if variables["score"] > 80 else "B"})
    case.start({"score": 90})
    assert case.variables()["g"] == "A"


def test_the_result_of_a_decision_can_be_mapped(scenario):
    rule = node(
        "businessRuleTask", "r", ext='<zeebe:calledDecision decisionId="grade" resultVariable="g"/>' + mapping("out =g.letter letter")
    )
    case = scenario(one(rule), decisions={"grade": lambda _: {"letter": "A", "why": "x"}})
    case.start({})
    assert set(case.variables()) == {"letter"}
