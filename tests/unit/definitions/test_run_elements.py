"""What the runner executes passes the checks of a deployment: no rule refuses what BPMN allows and the engine runs."""

# ruff: noqa: E501  (XML reads better unbroken)

from __future__ import annotations

import itertools

import pytest

from engine.definitions.check import check
from engine.definitions.package import Package

HEAD = (
    '<bpmn:definitions xmlns:bpmn="http://www.omg.org/spec/BPMN/20100524/MODEL" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" '
    'xmlns:zeebe="http://camunda.org/schema/zeebe/1.0" id="defs" targetNamespace="urn:test">'
    '<bpmn:message id="m" name="msg.m"/><bpmn:message id="n" name="msg.n"/><bpmn:signal id="s" name="storm"/><bpmn:error id="e1" errorCode="E1"/>'
    '<bpmn:escalation id="x1" escalationCode="X1"/><bpmn:signalEventDefinition id="bell" signalRef="s"/><bpmn:dataStore id="ds" name="stock"/>'
)
MESSAGE, OTHER = '<bpmn:messageEventDefinition messageRef="m"/>', '<bpmn:messageEventDefinition messageRef="n"/>'
SIGNAL, ESCALATION = '<bpmn:signalEventDefinition signalRef="s"/>', '<bpmn:escalationEventDefinition escalationRef="x1"/>'
TIMER = '<bpmn:timerEventDefinition><bpmn:timeCycle xsi:type="bpmn:tFormalExpression">R/PT1H</bpmn:timeCycle></bpmn:timerEventDefinition>'
CONDITION = '<bpmn:conditionalEventDefinition><bpmn:condition xsi:type="bpmn:tFormalExpression">=true</bpmn:condition></bpmn:conditionalEventDefinition>'


def flow(*nodes: str) -> str:
    pairs = itertools.pairwise(nodes)
    return "".join(f'<bpmn:sequenceFlow id="{a}_{b}" sourceRef="{a}" targetRef="{b}"/>' for a, b in pairs)


def between(body: str, *nodes: str) -> str:
    return f'<bpmn:startEvent id="b"/>{body}<bpmn:endEvent id="e"/>' + flow("b", *nodes, "e")


ALLOWED = {
    "multiple catch": between(f'<bpmn:intermediateCatchEvent id="c">{MESSAGE}{SIGNAL}{CONDITION}</bpmn:intermediateCatchEvent>', "c"),
    "parallel multiple catch": between(f'<bpmn:intermediateCatchEvent id="c" parallelMultiple="true">{MESSAGE}{SIGNAL}</bpmn:intermediateCatchEvent>', "c"),
    "multiple boundary": between(f'<bpmn:userTask id="t"/><bpmn:boundaryEvent id="x" attachedToRef="t" cancelActivity="false">{MESSAGE}{ESCALATION}</bpmn:boundaryEvent><bpmn:endEvent id="e2"/>', "t") + flow("x", "e2"),
    "multiple throw": between(f'<bpmn:intermediateThrowEvent id="c">{MESSAGE}{SIGNAL}{ESCALATION}</bpmn:intermediateThrowEvent>', "c"),
    "multiple end": f'<bpmn:startEvent id="b"/><bpmn:endEvent id="e">{MESSAGE}<bpmn:terminateEventDefinition/></bpmn:endEvent>' + flow("b", "e"),
    "multiple start": f'<bpmn:startEvent id="b">{MESSAGE}{SIGNAL}</bpmn:startEvent><bpmn:endEvent id="e"/>' + flow("b", "e"),
    "parallel multiple start": f'<bpmn:startEvent id="b" parallelMultiple="true">{MESSAGE}{OTHER}</bpmn:startEvent><bpmn:endEvent id="e"/>' + flow("b", "e"),
    "timer start": f'<bpmn:startEvent id="b">{TIMER}</bpmn:startEvent><bpmn:endEvent id="e"/>' + flow("b", "e"),
    "conditional start": f'<bpmn:startEvent id="b">{CONDITION}</bpmn:startEvent><bpmn:endEvent id="e"/>' + flow("b", "e"),
    "signal start": f'<bpmn:startEvent id="b">{SIGNAL}</bpmn:startEvent><bpmn:endEvent id="e"/>' + flow("b", "e"),
    "quantities": between('<bpmn:userTask id="t" completionQuantity="2"/><bpmn:userTask id="u" startQuantity="2"/>', "t", "u"),
    "behaviour none": between('<bpmn:userTask id="t"><bpmn:multiInstanceLoopCharacteristics behavior="None" noneBehaviorEventRef="bell"><bpmn:loopCardinality>2</bpmn:loopCardinality></bpmn:multiInstanceLoopCharacteristics></bpmn:userTask>', "t"),
    "behaviour complex": between(
        '<bpmn:userTask id="t"><bpmn:multiInstanceLoopCharacteristics behavior="Complex"><bpmn:loopCardinality>2</bpmn:loopCardinality>'
        f'<bpmn:complexBehaviorDefinition id="cb"><bpmn:condition xsi:type="bpmn:tFormalExpression">=numberOfCompletedInstances = 1</bpmn:condition><bpmn:event id="ie">{ESCALATION}</bpmn:event></bpmn:complexBehaviorDefinition>'
        "</bpmn:multiInstanceLoopCharacteristics></bpmn:userTask>", "t"),
    "instantiating receive task": '<bpmn:receiveTask id="t" instantiate="true" messageRef="m"/><bpmn:endEvent id="e"/>' + flow("t", "e"),
    "instantiating gateways": "".join(
        f'<bpmn:eventBasedGateway id="g{kind}" instantiate="true" eventGatewayType="{kind}"/>'
        f'<bpmn:intermediateCatchEvent id="c{kind}">{MESSAGE}</bpmn:intermediateCatchEvent><bpmn:intermediateCatchEvent id="d{kind}">{OTHER}</bpmn:intermediateCatchEvent>'
        f'<bpmn:endEvent id="e{kind}"/>' + flow(f"g{kind}", f"c{kind}", f"e{kind}") + flow(f"g{kind}", f"d{kind}", f"e{kind}")
        for kind in ("Exclusive", "Parallel")
    ),
    "complex gateway": between(
        '<bpmn:parallelGateway id="f"/><bpmn:userTask id="t"/><bpmn:userTask id="u"/><bpmn:complexGateway id="g"><bpmn:activationCondition xsi:type="bpmn:tFormalExpression">=activationCount &gt;= 1 and t_g &lt;= 1</bpmn:activationCondition></bpmn:complexGateway>',
        "f", "t", "g") + flow("f", "u", "g"),
    "ad-hoc": between('<bpmn:adHocSubProcess id="a" ordering="Sequential"><bpmn:userTask id="t"/><bpmn:userTask id="u"/><bpmn:completionCondition xsi:type="bpmn:tFormalExpression">=true</bpmn:completionCondition></bpmn:adHocSubProcess>', "a"),
    "data": '<bpmn:dataObject id="D1" name="order"/><bpmn:dataObjectReference id="R1" dataObjectRef="D1"/><bpmn:dataStoreReference id="S1" name="stock" dataStoreRef="ds"/>'
    + between(
        '<bpmn:userTask id="t"><bpmn:ioSpecification><bpmn:dataInput id="i1" name="goods"/><bpmn:dataOutput id="o1" name="total"/><bpmn:inputSet/><bpmn:outputSet/></bpmn:ioSpecification>'
        '<bpmn:property id="p1" name="limit"/><bpmn:dataInputAssociation><bpmn:sourceRef>R1</bpmn:sourceRef><bpmn:targetRef>i1</bpmn:targetRef></bpmn:dataInputAssociation>'
        '<bpmn:dataOutputAssociation><bpmn:sourceRef>o1</bpmn:sourceRef><bpmn:targetRef>S1</bpmn:targetRef></bpmn:dataOutputAssociation></bpmn:userTask>', "t"),
    "compensation not waited for": between('<bpmn:intermediateThrowEvent id="c"><bpmn:compensateEventDefinition waitForCompletion="false"/></bpmn:intermediateThrowEvent>', "c"),
}  # fmt: skip


@pytest.mark.parametrize("body", ALLOWED.values(), ids=ALLOWED.keys())
def test_what_is_run_may_be_deployed(body):
    text = f'{HEAD}<bpmn:process id="p" isExecutable="true">{body}</bpmn:process></bpmn:definitions>'
    found = check(Package.from_files({"processes/p/p.bpmn": text.encode()}), language="en")
    assert [f"{f.code} {f.element}: {f.message}" for f in found if f.severity == "error"] == []
