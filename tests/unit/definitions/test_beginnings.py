"""Deploy warnings about processes that begin by themselves, tasks nobody is offered, and messages that start two processes."""

# ruff: noqa: E501  (XML reads better unbroken)

from __future__ import annotations

import pytest
from conftest_files import PROCESS, package

from engine.definitions.check import check
from engine.definitions.package import Package

HEAD = '<?xml version="1.0" encoding="UTF-8"?><bpmn:definitions xmlns:bpmn="http://www.omg.org/spec/BPMN/20100524/MODEL" xmlns:zeebe="http://camunda.org/schema/zeebe/1.0" xmlns:cogov="urn:cogov:bpmn:1" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" id="d" targetNamespace="t">'
TIMER = "<bpmn:timerEventDefinition><bpmn:timeCycle>R/P1D</bpmn:timeCycle></bpmn:timerEventDefinition>"
MESSAGE = '<bpmn:messageEventDefinition messageRef="m"/>'
CODES = ("BPMN-076", "BPMN-077", "BPMN-078")


def process(key: str, begins: str, task: str = "", more: str = "") -> bytes:
    """A foreign file: one start event, one user task, one end."""
    inner = f"<bpmn:extensionElements><zeebe:userTask/>{task}</bpmn:extensionElements>"
    return (
        f'{HEAD}<bpmn:message id="m" name="msg.begin"/><bpmn:process id="{key}" isExecutable="true">'
        f'<bpmn:startEvent id="begin">{begins}</bpmn:startEvent><bpmn:sequenceFlow id="a" sourceRef="begin" targetRef="work"/>'
        f'<bpmn:userTask id="work" name="办">{inner}</bpmn:userTask><bpmn:sequenceFlow id="b" sourceRef="work" targetRef="finish"/>'
        f'<bpmn:endEvent id="finish">{more}</bpmn:endEvent></bpmn:process></bpmn:definitions>'
    ).encode()


def found(*files: bytes, deployed: bytes | None = None) -> list[tuple[str, str, str | None]]:
    package = Package.from_files({f"processes/p{n}/p{n}.bpmn": file for n, file in enumerate(files)})
    before = Package.from_files({"processes/old/old.bpmn": deployed}) if deployed is not None else None
    return [(f.code, f.severity, f.element) for f in check(package, deployed=before) if f.code in CODES]


@pytest.mark.parametrize(
    "begins",
    [
        TIMER,
        '<bpmn:signalEventDefinition signalRef="s"/>',
        '<bpmn:conditionalEventDefinition><bpmn:condition xsi:type="bpmn:tFormalExpression">=true</bpmn:condition></bpmn:conditionalEventDefinition>',
    ],
)
def test_a_task_for_the_starter_of_a_process_that_begins_by_itself_is_told(begins: str) -> None:
    assert found(process("alone", begins)) == [("BPMN-076", "warning", "work")]


@pytest.mark.parametrize(
    ("begins", "task"),
    [
        ("", ""),
        (MESSAGE, ""),  # whoever sends it over the API is the starter
        (TIMER, '<zeebe:assignmentDefinition candidateGroups="=[role(&quot;legal&quot;, &quot;a&quot;)]"/>'),
        (TIMER, '<zeebe:assignmentDefinition assignee="wang"/>'),
    ],
)
def test_a_task_that_somebody_is_offered_is_not(begins: str, task: str) -> None:
    assert found(process("served", begins, task)) == []


def test_a_lane_with_a_role_is_enough() -> None:
    lane = '<bpmn:laneSet id="l"><bpmn:lane id="lane_legal" name="法务"><bpmn:extensionElements><cogov:role code="legal" of="=area"/></bpmn:extensionElements><bpmn:flowNodeRef>work</bpmn:flowNodeRef></bpmn:lane></bpmn:laneSet>'
    text = process("laned", TIMER).decode().replace("<bpmn:startEvent", lane + "<bpmn:startEvent", 1)
    assert found(text.encode()) == []
    plain = text.replace('<cogov:role code="legal" of="=area"/>', "")
    assert [code for code, _, _ in found(plain.encode())] == ["BPMN-076"]


def test_a_process_that_another_one_begins_by_a_message_has_no_starter() -> None:
    sender = process("sender", "", '<zeebe:assignmentDefinition assignee="wang"/>', MESSAGE)
    assert found(process("told", MESSAGE), sender) == [("BPMN-076", "warning", "work")]
    assert found(process("told", MESSAGE), deployed=sender) == [("BPMN-076", "warning", "work")]


@pytest.mark.parametrize("text", ["=&quot;&quot;", "=null", "=[]", "=[null]"])
def test_an_assignment_that_can_only_name_nobody_is_told(text: str) -> None:
    assert found(process("nobody", "", f'<zeebe:assignmentDefinition assignee="{text}"/>')) == [("BPMN-077", "warning", "work")]


def test_an_assignment_that_depends_on_data_is_not() -> None:
    assert found(process("somebody", "", '<zeebe:assignmentDefinition assignee="=if starter = null then null else starter"/>')) == []


def test_two_processes_that_one_message_starts_are_both_told_and_so_is_one_that_is_deployed_already() -> None:
    assert found(process("first", MESSAGE), process("second", MESSAGE)) == [("BPMN-078", "warning", "begin")] * 2
    assert found(process("first", MESSAGE), deployed=process("second", MESSAGE)) == [("BPMN-078", "warning", "begin")]
    assert found(process("first", MESSAGE), deployed=process("first", MESSAGE)) == []


def test_our_own_example_has_none_of_these() -> None:
    assert [f.code for f in check(package(process=PROCESS)) if f.code in CODES] == []


@pytest.mark.parametrize("text", ["2 hours", "P1Y", "P91D", "=x"])
def test_a_time_to_live_that_is_no_duration_is_refused(text: str) -> None:
    more = f'<bpmn:extensionElements><cogov:message ttl="{text}"/></bpmn:extensionElements>{MESSAGE}'
    file = process("sender", "", '<zeebe:assignmentDefinition assignee="wang"/>', more)
    report = check(Package.from_files({"processes/sender/sender.bpmn": file}))
    assert [(f.code, f.severity, f.element) for f in report if f.code == "BPMN-079"] == [("BPMN-079", "error", "finish")]


def test_a_time_to_live_stands_where_messages_are_thrown_only() -> None:
    more = '<bpmn:extensionElements><cogov:message ttl="PT2H"/></bpmn:extensionElements>'
    right = process("sender", "", '<zeebe:assignmentDefinition assignee="wang"/>', more + MESSAGE)
    package = Package.from_files({"processes/sender/sender.bpmn": right})
    assert package.processes["sender"].nodes["finish"].message_ttl == "PT2H"
    assert "BPMN-039" not in [f.code for f in check(package)]
    wrong = process("sender", more + MESSAGE)
    assert "BPMN-039" in [f.code for f in check(Package.from_files({"processes/sender/sender.bpmn": wrong}))]
