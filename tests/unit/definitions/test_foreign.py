"""Files of other tools: mapped where a meaning exists, never dropped silently."""

# ruff: noqa: E501  (XML reads better unbroken)

from __future__ import annotations

import pytest

from engine.definitions.juel import to_feel
from engine.definitions.model import Mapping_

CONDITIONS = [
    ("${approved}", "approved"),
    ("${amount > 1000}", "amount > 1000"),
    ("#{order.total >= 10 && vip}", "order.total >= 10 and vip"),
    ("${status == 'open' || x != null}", 'status = "open" or x != null'),
    ("${!approved}", "not(approved)"),
    ("${!approved && ok}", "not(approved) and ok"),
    ("${!(a == 1)}", "not( a = 1 )"),
    ("${a eq 1 and b lt 2}", "a = 1 and b < 2"),
    ("approved == True", "approved = true"),
    ("not done", "not(done)"),
    ("${initiator}", "starter"),
]
BEYOND = [
    "${bean.call()}",
    "${a ? b : c}",
    "${empty list}",
    "${list[0]}",
    "${a} and ${b}",
    "${",
    "${}",
    "${a mod 2}",
    "x is None",
    "${!a == b}",
]


@pytest.mark.parametrize(("text", "feel"), CONDITIONS)
def test_a_simple_expression_becomes_feel(text, feel):
    assert to_feel(text, frozenset({"initiator"})) == feel


@pytest.mark.parametrize("text", BEYOND)
def test_an_expression_beyond_that_is_not_guessed_at(text):
    assert to_feel(text) is None


def test_camunda_assignment_form_and_condition_are_read_and_reported(read):
    body = """<bpmn:startEvent id="s" camunda:initiator="boss"/><bpmn:userTask id="t" camunda:assignee="${boss}" camunda:candidateGroups="a, b"
      camunda:formKey="embedded:app:forms/x" camunda:dueDate="${due}" camunda:asyncBefore="true"/>
      <bpmn:sequenceFlow id="f" sourceRef="s" targetRef="t"><bpmn:conditionExpression>${x == 'y'}</bpmn:conditionExpression></bpmn:sequenceFlow>"""
    result = read(body)
    node = result.file.processes[0].nodes["t"]
    assert (node.assignee, node.candidates, node.form) == ("starter", '["a", "b"]', "x")
    assert result.file.processes[0].flows["f"].condition == 'x = "y"'
    assert not result.has_errors
    warnings = [f.message for f in result.findings if f.code == "BPMN-031"]
    assert warnings == ["camunda:asyncBefore, camunda:dueDate of another tool has no meaning here and is not used (1×)"]
    assert sum(f.code == "BPMN-032" for f in result.findings) == 4


def test_calls_services_and_parameters(read):
    body = """<bpmn:callActivity id="c" calledElement="sub" camunda:calledElementBinding="latest"><bpmn:extensionElements>
        <camunda:in source="a" target="b"/><camunda:out variables="all"/></bpmn:extensionElements></bpmn:callActivity>
      <bpmn:serviceTask id="s" camunda:type="external" camunda:topic="notices.send"><bpmn:extensionElements><camunda:inputOutput>
        <camunda:inputParameter name="to">${starter}</camunda:inputParameter></camunda:inputOutput></bpmn:extensionElements></bpmn:serviceTask>
      <bpmn:businessRuleTask id="r" camunda:decisionRef="band" camunda:resultVariable="result_band"/>
      <bpmn:businessRuleTask id="q"><bpmn:extensionElements><spiffworkflow:calledDecisionId>band</spiffworkflow:calledDecisionId>
        </bpmn:extensionElements></bpmn:businessRuleTask>
      <bpmn:userTask id="m"><bpmn:multiInstanceLoopCharacteristics camunda:collection="people" camunda:elementVariable="who"/></bpmn:userTask>"""
    result = read(body)
    assert not result.has_errors
    nodes = result.file.processes[0].nodes
    called = nodes["c"].called
    assert (called.process, called.binding, called.propagate_parent, called.propagate_child) == ("sub", "latest", False, True)
    assert nodes["c"].inputs == (Mapping_(source="a", target="b"),)
    assert nodes["s"].service == "notices.send"
    assert nodes["s"].inputs == (Mapping_(source="starter", target="to"),)
    assert (nodes["r"].decision, nodes["r"].result_variable, nodes["q"].decision) == ("band", "result_band", "band")
    assert (nodes["m"].loop.collection, nodes["m"].loop.element) == ("people", "who")


def test_a_condition_that_cannot_be_said_in_feel_is_an_error(read):
    body = """<bpmn:task id="a"/><bpmn:task id="b"/><bpmn:sequenceFlow id="f" sourceRef="a" targetRef="b">
      <bpmn:conditionExpression>${bean.ok()}</bpmn:conditionExpression></bpmn:sequenceFlow>"""
    assert [(f.code, f.element) for f in read(body).findings if f.severity == "error"] == [("BPMN-033", "f")]


@pytest.mark.parametrize(
    "body",
    [
        '<bpmn:serviceTask id="t" camunda:class="com.example.Java"/>',
        '<bpmn:userTask id="t"><bpmn:extensionElements><zeebe:taskSchedule dueDate="=x"/></bpmn:extensionElements></bpmn:userTask>',
        '<bpmn:userTask id="t"><bpmn:extensionElements><camunda:formData/></bpmn:extensionElements></bpmn:userTask>',
        '<bpmn:task id="t" xmlns:signavio="http://www.signavio.com" signavio:x="1"/>',
    ],
)
def test_what_has_no_meaning_here_is_named(read, body):
    assert [f.code for f in read(body).findings] == ["BPMN-031"]


def test_the_same_leftover_of_many_elements_is_named_once_with_its_number(read):
    result = read("".join(f'<bpmn:task id="t{i}" camunda:jobPriority="{i}"/>' for i in range(20)))
    assert [(f.code, f.element) for f in result.findings] == [("BPMN-031", "t0")]
    assert "20×" in result.findings[0].message


@pytest.mark.parametrize("quantity", ["startQuantity", "completionQuantity"])
def test_a_quantity_that_is_no_number_is_refused(read, quantity):
    found = read(f'<bpmn:task id="a" {quantity}="2"/><bpmn:task id="t" {quantity}="some"/>').findings
    assert [(f.code, f.element) for f in found if f.severity == "error"] == [("BPMN-028", "t")]
