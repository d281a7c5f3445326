"""BPMN texts for tests: a process from its nodes and flows."""

from __future__ import annotations

import re
from xml.sax.saxutils import escape, quoteattr

HEAD = (
    '<?xml version="1.0" encoding="UTF-8"?>'
    '<bpmn:definitions xmlns:bpmn="http://www.omg.org/spec/BPMN/20100524/MODEL" '
    'xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" '
    'xmlns:zeebe="http://camunda.org/schema/zeebe/1.0" id="definitions" targetNamespace="urn:test">'
)


def model(key: str, nodes: str, flows: str, *, top: str = "", extra: str = "") -> dict[str, bytes]:
    """A package with one process. `nodes`: XML of the flow nodes without incoming and outgoing; `flows`: one per line,
    ``source target`` or ``source target = condition``; `top`: messages, errors … beside the process."""
    lines = []
    for number, line in enumerate(filter(None, (text.strip() for text in flows.splitlines())), start=1):
        ends, _, condition = line.partition(" = ")
        source, target = ends.split()
        inner = f'<bpmn:conditionExpression xsi:type="bpmn:tFormalExpression">={escape(condition)}</bpmn:conditionExpression>'
        name = f" name={quoteattr(condition)}" if condition else ""
        body = inner if condition else ""
        lines.append(f'<bpmn:sequenceFlow id="f{number}" sourceRef="{source}" targetRef="{target}"{name}>{body}</bpmn:sequenceFlow>')
    process = f'<bpmn:process id="{key}" name="{key}" isExecutable="true">{nodes}{"".join(lines)}{extra}</bpmn:process>'
    return {f"processes/{key}/{key}.bpmn": f"{HEAD}{top}{process}</bpmn:definitions>".encode()}


def house_model(key: str, nodes: str, flows: str, role: str) -> dict[str, bytes]:
    """A package in the dialect of our own files: one pool, one lane of `role` in the instance's area, names in both languages."""
    ids = re.findall(r'<bpmn:(?:startEvent|endEvent|userTask|serviceTask|boundaryEvent|subProcess)[^>]* id="([^"]+)"', nodes)
    text = '<cogov:text lang="en" name="English"/>'
    nodes = nodes.replace("<bpmn:extensionElements>", f"<bpmn:extensionElements>{text}")
    refs = "".join(f"<bpmn:flowNodeRef>{node}</bpmn:flowNodeRef>" for node in ids)
    held = f'<cogov:role code="{role}"/>'
    lane = f'<bpmn:lane id="lane" name="lane">{extensions(text, held)}{refs}</bpmn:lane>'
    files = model(key, f'{extensions(text)}<bpmn:laneSet id="lanes">{lane}</bpmn:laneSet>{nodes}', flows)
    pool = f'<bpmn:participant id="pool" name="{key}" processRef="{key}">{extensions(text)}</bpmn:participant>'
    path, content = next(iter(files.items()))
    xml = content.decode().replace('id="definitions"', 'xmlns:cogov="urn:cogov:bpmn:1" id="definitions"')
    xml = xml.replace("<bpmn:process", f'<bpmn:collaboration id="together">{pool}</bpmn:collaboration><bpmn:process')
    return {path: xml.encode()}


def start(key: str = "begin", inner: str = "") -> str:
    return f'<bpmn:startEvent id="{key}">{inner}</bpmn:startEvent>'


def end(key: str = "done", inner: str = "") -> str:
    return f'<bpmn:endEvent id="{key}">{inner}</bpmn:endEvent>'


def extensions(*inner: str) -> str:
    return f"<bpmn:extensionElements>{''.join(inner)}</bpmn:extensionElements>" if inner else ""


def maps(**outputs: str) -> str:
    """Output mappings: target=FEEL."""
    found = "".join(f'<zeebe:output source={quoteattr("=" + source)} target="{target}"/>' for target, source in outputs.items())
    return f"<zeebe:ioMapping>{found}</zeebe:ioMapping>"


def user(key: str, *inner: str, body: str = "", groups: str = "", assignee: str = "", form: str = "") -> str:
    """A user task. `groups` and `assignee` are FEEL; `body` is BPMN inside, `inner` are extension elements."""
    assignment = ""
    if groups:
        assignment = f"<zeebe:assignmentDefinition candidateGroups={quoteattr('=' + groups)}/>"
    if assignee:
        assignment = f"<zeebe:assignmentDefinition assignee={quoteattr('=' + assignee)}/>"
    of_form = f'<zeebe:formDefinition formId="{form}"/>' if form else ""
    return f'<bpmn:userTask id="{key}" name="{key}">{extensions("<zeebe:userTask/>", of_form, assignment, *inner)}{body}</bpmn:userTask>'


def service(key: str, name: str, *inner: str) -> str:
    task = f'<zeebe:taskDefinition type="{name}"/>'
    return f'<bpmn:serviceTask id="{key}" name="{key}">{extensions(task, *inner)}</bpmn:serviceTask>'


def timer(kind: str, text: str) -> str:
    """`kind`: timeDuration | timeDate | timeCycle."""
    inner = f'<bpmn:{kind} xsi:type="bpmn:tFormalExpression">{escape(text)}</bpmn:{kind}>'
    return f"<bpmn:timerEventDefinition>{inner}</bpmn:timerEventDefinition>"


def catch(key: str, definition: str, *inner: str) -> str:
    return f'<bpmn:intermediateCatchEvent id="{key}" name="{key}">{extensions(*inner)}{definition}</bpmn:intermediateCatchEvent>'


def throw(key: str, definition: str, *inner: str) -> str:
    return f'<bpmn:intermediateThrowEvent id="{key}" name="{key}">{extensions(*inner)}{definition}</bpmn:intermediateThrowEvent>'


def boundary(key: str, host: str, definition: str, *inner: str, interrupting: bool = True) -> str:
    flag = "" if interrupting else ' cancelActivity="false"'
    return f'<bpmn:boundaryEvent id="{key}" name="{key}" attachedToRef="{host}"{flag}>{extensions(*inner)}{definition}</bpmn:boundaryEvent>'


def message(ref: str) -> str:
    return f'<bpmn:messageEventDefinition messageRef="{ref}"/>'


def message_named(ref: str, name: str, key: str = "") -> str:
    subscription = extensions(f"<zeebe:subscription correlationKey={quoteattr('=' + key)}/>") if key else ""
    return f'<bpmn:message id="{ref}" name="{name}">{subscription}</bpmn:message>'


def parallel(key: str) -> str:
    return f'<bpmn:parallelGateway id="{key}" name="{key}"/>'


def exclusive(key: str, default: str) -> str:
    return f'<bpmn:exclusiveGateway id="{key}" name="{key}" default="{default}"/>'


#: begin → ask (starter) → done
ONE_TASK = model("one_task", start() + user("ask") + end(), "begin ask\nask done")


def script(key: str, expression: str, variable: str) -> str:
    inner = extensions(f"<zeebe:script expression={quoteattr(expression)} resultVariable={quoteattr(variable)}/>")
    return f'<bpmn:scriptTask id="{key}">{inner}</bpmn:scriptTask>'
