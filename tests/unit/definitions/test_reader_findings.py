"""Every fault of a file is a finding with file, element and line; nothing is silently empty."""

# ruff: noqa: E501  (XML reads better unbroken)

from __future__ import annotations

import pytest

from engine.definitions.reader import read_bpmn

HEAD = '<definitions xmlns="http://www.omg.org/spec/BPMN/20100524/MODEL">'
TIMER = "<bpmn:timerEventDefinition><bpmn:timeDuration>PT1H</bpmn:timeDuration></bpmn:timerEventDefinition>"

UNREADABLE = {
    "not XML": (b"hello", "BPMN-002"),
    "empty": (b"", "BPMN-002"),
    "cut off": (b"<definitions><process", "BPMN-002"),
    "too deep": (b"<a>" * 300 + b"</a>" * 300, "BPMN-002"),
    "doctype": (b'<!DOCTYPE a [<!ENTITY x SYSTEM "file:///etc/passwd">]><a>&x;</a>', "BPMN-003"),
    "laughs": (b'<!DOCTYPE a [<!ENTITY x "' + b"ha" * 99 + b'"><!ENTITY y "&x;&x;">]><a>&y;</a>', "BPMN-003"),
    "too large": (b"<a>" + b" " * 5_000_001, "BPMN-001"),
    "other root": (b"<html/>", "BPMN-004"),
    "BPMN 1 namespace": (b'<definitions xmlns="http://schema.omg.org/spec/BPMN/2.0"/>', "BPMN-004"),
}


@pytest.mark.parametrize(("data", "code"), UNREADABLE.values(), ids=UNREADABLE.keys())
def test_what_is_no_bpmn_file_gives_no_model_and_one_error(data, code):
    result = read_bpmn(data, "x.bpmn")
    assert result.file is None
    assert [(f.file, f.code, f.severity) for f in result.findings] == [("x.bpmn", code, "error")]


PROCESSLESS = {
    "no process": (f"{HEAD}</definitions>", "BPMN-005"),
    "not executable": (f'{HEAD}<process id="p"><task id="t"/></process></definitions>', "BPMN-006"),
    "empty process": (f'{HEAD}<process id="p" isExecutable="true"/></definitions>', "BPMN-007"),
    "one of two": (
        f'{HEAD}<process id="p" isExecutable="true"><task id="t"/></process><process id="q"><task id="u"/></process></definitions>',
        "BPMN-008",
    ),
}


@pytest.mark.parametrize(("xml", "code"), PROCESSLESS.values(), ids=PROCESSLESS.keys())
def test_a_file_that_would_run_nothing_says_so(xml, code):
    assert [f.code for f in read_bpmn(xml.encode(), "x.bpmn").findings] == [code]


TASKS = '<bpmn:task id="a"/><bpmn:task id="b"/>'
BROKEN = {
    "node without id": ("<bpmn:task/><bpmn:task id='a'/>", "BPMN-010"),
    "id twice": ('<bpmn:task id="a"/><bpmn:userTask id="a"/>', "BPMN-011"),
    "message missing": ('<bpmn:startEvent id="s"><bpmn:messageEventDefinition messageRef="no"/></bpmn:startEvent>', "BPMN-012"),
    "signal missing": ('<bpmn:startEvent id="s"><bpmn:signalEventDefinition signalRef="no"/></bpmn:startEvent>', "BPMN-012"),
    "definition missing": ('<bpmn:startEvent id="s"><bpmn:eventDefinitionRef>no</bpmn:eventDefinitionRef></bpmn:startEvent>', "BPMN-012"),
    "activity missing": ('<bpmn:endEvent id="s"><bpmn:compensateEventDefinition activityRef="no"/></bpmn:endEvent>', "BPMN-012"),
    "receive message missing": ('<bpmn:receiveTask id="s" messageRef="no"/>', "BPMN-012"),
    "flow from nowhere": (TASKS + '<bpmn:sequenceFlow id="f" sourceRef="no" targetRef="b"/>', "BPMN-013"),
    "flow to nowhere": (TASKS + '<bpmn:sequenceFlow id="f" sourceRef="a"/>', "BPMN-014"),
    "flow over a border": (
        '<bpmn:task id="a"/><bpmn:subProcess id="s"><bpmn:task id="b"/></bpmn:subProcess><bpmn:sequenceFlow id="f" sourceRef="a" targetRef="b"/>',
        "BPMN-015",
    ),
    "boundary on nothing": (f'<bpmn:boundaryEvent id="b">{TIMER}</bpmn:boundaryEvent>', "BPMN-016"),
    "boundary on a gateway": (
        f'<bpmn:exclusiveGateway id="g"/><bpmn:boundaryEvent id="b" attachedToRef="g">{TIMER}</bpmn:boundaryEvent>',
        "BPMN-016",
    ),
    "default elsewhere": ('<bpmn:exclusiveGateway id="g" default="no"/>', "BPMN-017"),
    "lane of nobody": (
        '<bpmn:laneSet><bpmn:lane id="l"><bpmn:flowNodeRef>no</bpmn:flowNodeRef></bpmn:lane></bpmn:laneSet>' + TASKS,
        "BPMN-018",
    ),
    "message unnamed": ('<bpmn:startEvent id="s"><bpmn:messageEventDefinition/></bpmn:startEvent>', "BPMN-019"),
    "receive unnamed": ('<bpmn:receiveTask id="s"/>', "BPMN-019"),
    "timer empty": ('<bpmn:startEvent id="s"><bpmn:timerEventDefinition/></bpmn:startEvent>', "BPMN-020"),
    "error thrown without code": ('<bpmn:endEvent id="s"><bpmn:errorEventDefinition/></bpmn:endEvent>', "BPMN-021"),
    "signal unnamed": ('<bpmn:endEvent id="s"><bpmn:signalEventDefinition/></bpmn:endEvent>', "BPMN-021"),
    "link without partner": (
        '<bpmn:intermediateThrowEvent id="s"><bpmn:linkEventDefinition name="L"/></bpmn:intermediateThrowEvent>',
        "BPMN-022",
    ),
    "compensation without handler": (
        '<bpmn:task id="a"/><bpmn:boundaryEvent id="b" attachedToRef="a"><bpmn:compensateEventDefinition/></bpmn:boundaryEvent>',
        "BPMN-023",
    ),
    "multi-instance over nothing": ('<bpmn:task id="a"><bpmn:multiInstanceLoopCharacteristics/></bpmn:task>', "BPMN-024"),
    "condition empty": ('<bpmn:startEvent id="s"><bpmn:conditionalEventDefinition/></bpmn:startEvent>', "BPMN-025"),
    "unknown element": ('<bpmn:superTask id="s"/><bpmn:task id="a"/>', "BPMN-026"),
    "endless loop": ('<bpmn:task id="a"><bpmn:standardLoopCharacteristics/></bpmn:task>', "BPMN-027"),
    "bad truth value": ('<bpmn:task id="a" isForCompensation="perhaps"/>', "BPMN-028"),
    "behaviour": (
        '<bpmn:task id="a"><bpmn:multiInstanceLoopCharacteristics behavior="Two"><bpmn:loopCardinality>2</bpmn:loopCardinality>'
        "</bpmn:multiInstanceLoopCharacteristics></bpmn:task>",
        "BPMN-028",
    ),
    "parallel event gateway that waits in a case": ('<bpmn:eventBasedGateway id="g" eventGatewayType="Parallel"/>', "BPMN-030"),
    "script in JavaScript": (
        '<bpmn:scriptTask id="s" scriptFormat="javascript"><bpmn:script>x()</bpmn:script></bpmn:scriptTask>',
        "BPMN-034",
    ),
    "unknown own element": ("<bpmn:extensionElements><cogov:dline/></bpmn:extensionElements><bpmn:task id='a'/>", "BPMN-035"),
    "own element incomplete": (
        "<bpmn:task id='a'><bpmn:extensionElements><cogov:deadline id='d'/></bpmn:extensionElements></bpmn:task>",
        "BPMN-036",
    ),
    "own attribute unknown": (
        "<bpmn:extensionElements><cogov:data name='d' typ='x'/></bpmn:extensionElements><bpmn:task id='a'/>",
        "BPMN-038",
    ),
    "own element misplaced": ("<bpmn:extensionElements><cogov:exclude who='=x'/></bpmn:extensionElements><bpmn:task id='a'/>", "BPMN-039"),
    "default with condition": (
        '<bpmn:exclusiveGateway id="g" default="f"/><bpmn:task id="a"/><bpmn:sequenceFlow id="f" sourceRef="g" targetRef="a">'
        "<bpmn:conditionExpression>=x</bpmn:conditionExpression></bpmn:sequenceFlow>",
        "BPMN-059",
    ),
}


@pytest.mark.parametrize(("body", "code"), BROKEN.values(), ids=BROKEN.keys())
def test_each_fault_is_its_own_error(read, body, code):
    result = read("\n" + body)
    assert [f.code for f in result.findings if f.severity == "error"] == [code]
    fault = result.findings[0]
    assert fault.file == "p.bpmn"
    assert fault.element is not None
    assert fault.line is not None
    assert fault.line > 1
    assert fault.message
    assert fault.hint


def test_a_finding_names_element_and_line_and_speaks_both_languages():
    xml = f'{HEAD}\n<process id="p" isExecutable="true">\n<task id="a"/>\n<sequenceFlow id="f" sourceRef="a" targetRef="nowhere"/></process></definitions>'
    (english,) = read_bpmn(xml.encode(), "a.bpmn", language="en").findings
    (chinese,) = read_bpmn(xml.encode(), "a.bpmn").findings
    assert (english.element, english.line, english.code) == ("f", 4, "BPMN-014")
    assert english.message == "the flow has no valid target (nowhere)"
    assert chinese.message == "连线没有有效的终点（nowhere）"


def test_what_stands_in_a_sub_process_whose_id_is_taken_is_left_out_with_it(read):
    result = read('<bpmn:task id="s"/><bpmn:subProcess id="s"><bpmn:task id="inner"/></bpmn:subProcess>')
    assert list(result.file.processes[0].nodes) == ["s"]
    assert [f.code for f in result.findings] == ["BPMN-011"]
