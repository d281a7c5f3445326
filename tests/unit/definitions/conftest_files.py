"""A small package in which everything is right; tests break one thing at a time."""

# ruff: noqa: E501  (XML reads better unbroken)

from __future__ import annotations

from engine.definitions.package import Package

PROCESS = """<?xml version="1.0" encoding="UTF-8"?>
<bpmn:definitions xmlns:bpmn="http://www.omg.org/spec/BPMN/20100524/MODEL" xmlns:zeebe="http://camunda.org/schema/zeebe/1.0"
    xmlns:cogov="urn:cogov:bpmn:1" id="defs" targetNamespace="t">
  <bpmn:message id="msg_stop" name="msg.stop"/>
  <bpmn:collaboration id="collaboration">
    <bpmn:participant id="pool" name="池" processRef="leave"><bpmn:extensionElements><cogov:text lang="en" name="Pool"/></bpmn:extensionElements>
    </bpmn:participant>
  </bpmn:collaboration>
  <bpmn:process id="leave" name="请假" isExecutable="true">
    <bpmn:extensionElements>
      <cogov:text lang="en" name="Leave"/>
      <cogov:data name="review" form="leave/review" access="staff"/>
      <cogov:data name="asked"/>
      <cogov:data name="band"/>
    </bpmn:extensionElements>
    <bpmn:laneSet id="lanes">
      <bpmn:lane id="lane_legal" name="审查人">
        <bpmn:extensionElements><cogov:text lang="en" name="Reviewer"/><cogov:role code="legal" of="=area"/></bpmn:extensionElements>
        <bpmn:flowNodeRef>start</bpmn:flowNodeRef>
        <bpmn:flowNodeRef>ask</bpmn:flowNodeRef>
        <bpmn:flowNodeRef>review</bpmn:flowNodeRef>
        <bpmn:flowNodeRef>gw_opinion</bpmn:flowNodeRef>
        <bpmn:flowNodeRef>rate</bpmn:flowNodeRef>
        <bpmn:flowNodeRef>again</bpmn:flowNodeRef>
        <bpmn:flowNodeRef>tell</bpmn:flowNodeRef>
        <bpmn:flowNodeRef>end</bpmn:flowNodeRef>
        <bpmn:flowNodeRef>stop</bpmn:flowNodeRef>
      </bpmn:lane>
    </bpmn:laneSet>
    <bpmn:startEvent id="start" name="始"><bpmn:extensionElements><cogov:text lang="en" name="Start"/></bpmn:extensionElements></bpmn:startEvent>
    <bpmn:userTask id="ask" name="申请">
      <bpmn:extensionElements>
        <zeebe:userTask/>
        <zeebe:formDefinition formId="leave/ask"/>
        <zeebe:ioMapping><zeebe:input source="=codes.opinion" target="choices"/><zeebe:output source="=form.by" target="asked"/></zeebe:ioMapping>
        <cogov:text lang="en" name="Ask"/>
        <cogov:record register="leaves" state="open" on="start" key="=number"/>
      </bpmn:extensionElements>
    </bpmn:userTask>
    <bpmn:userTask id="review" name="审查">
      <bpmn:extensionElements>
        <zeebe:formDefinition formId="leave/review"/>
        <zeebe:ioMapping><zeebe:output source="=form" target="review"/></zeebe:ioMapping>
        <cogov:text lang="en" name="Review"/>
        <cogov:deadline id="review_due" limit="3WD"/>
        <cogov:exclude who="=[asked]"/>
      </bpmn:extensionElements>
    </bpmn:userTask>
    <bpmn:boundaryEvent id="late" name="超期" attachedToRef="review" cancelActivity="false">
      <bpmn:extensionElements><cogov:text lang="en" name="Late"/></bpmn:extensionElements>
      <bpmn:timerEventDefinition><bpmn:timeDuration>PT1H</bpmn:timeDuration></bpmn:timerEventDefinition>
    </bpmn:boundaryEvent>
    <bpmn:exclusiveGateway id="gw_opinion" name="意见?" default="f_back">
      <bpmn:extensionElements><cogov:text lang="en" name="Opinion?"/></bpmn:extensionElements>
    </bpmn:exclusiveGateway>
    <bpmn:businessRuleTask id="rate" name="定级">
      <bpmn:extensionElements><zeebe:calledDecision decisionId="days" resultVariable="band"/>
        <cogov:text lang="en" name="Rate"/></bpmn:extensionElements>
    </bpmn:businessRuleTask>
    <bpmn:callActivity id="again" name="再来">
      <bpmn:extensionElements>
        <zeebe:calledElement processId="leave" propagateAllChildVariables="false"/>
        <zeebe:ioMapping><zeebe:output source="=asked" target="asked"/></zeebe:ioMapping>
        <cogov:text lang="en" name="Again"/>
      </bpmn:extensionElements>
    </bpmn:callActivity>
    <bpmn:serviceTask id="tell" name="通知">
      <bpmn:extensionElements><zeebe:taskDefinition type="notices.send"/><cogov:text lang="en" name="Tell"/></bpmn:extensionElements>
    </bpmn:serviceTask>
    <bpmn:endEvent id="end" name="终"><bpmn:extensionElements><cogov:text lang="en" name="End"/></bpmn:extensionElements></bpmn:endEvent>
    <bpmn:subProcess id="stop" name="停" triggeredByEvent="true">
      <bpmn:extensionElements><cogov:text lang="en" name="Stop"/></bpmn:extensionElements>
      <bpmn:startEvent id="stop_start"><bpmn:extensionElements><cogov:action role="=[role(&quot;legal&quot;, area)]"/></bpmn:extensionElements>
        <bpmn:messageEventDefinition messageRef="msg_stop"/></bpmn:startEvent>
      <bpmn:endEvent id="stop_end"/>
      <bpmn:sequenceFlow id="f_stop" sourceRef="stop_start" targetRef="stop_end"/>
    </bpmn:subProcess>
    <bpmn:sequenceFlow id="f_start" sourceRef="start" targetRef="ask"/>
    <bpmn:sequenceFlow id="f_ask" sourceRef="ask" targetRef="review"/>
    <bpmn:sequenceFlow id="f_review" sourceRef="review" targetRef="gw_opinion"/>
    <bpmn:sequenceFlow id="f_back" name="退回" sourceRef="gw_opinion" targetRef="ask">
      <bpmn:extensionElements><cogov:text lang="en" name="Back"/></bpmn:extensionElements></bpmn:sequenceFlow>
    <bpmn:sequenceFlow id="f_pass" name="通过" sourceRef="gw_opinion" targetRef="rate">
      <bpmn:extensionElements><cogov:text lang="en" name="Pass"/></bpmn:extensionElements>
      <bpmn:conditionExpression>=review.opinion = &quot;pass&quot;</bpmn:conditionExpression></bpmn:sequenceFlow>
    <bpmn:sequenceFlow id="f_rate" sourceRef="rate" targetRef="again"/>
    <bpmn:sequenceFlow id="f_again" sourceRef="again" targetRef="tell"/>
    <bpmn:sequenceFlow id="f_late" sourceRef="late" targetRef="tell"/>
    <bpmn:sequenceFlow id="f_tell" sourceRef="tell" targetRef="end"/>
  </bpmn:process>
</bpmn:definitions>
"""

REGISTER = """register: leaves
name: {zh: 请假台账, en: Leaves}
number: "QJ-{area}-{year}-{seq:4}"
row: many
owner: "=area"
access: staff
columns:
  - {key: who, kind: person, from: "=starter", zh: 谁, en: Who, list: true}
  - {key: days, kind: number, zh: 天数, en: Days}
states:
  open: {zh: 在办, en: Open, stage: talk, to: [closed]}
  closed: {zh: 办结, en: Closed}
stages: {talk: {zh: 谈, en: Talk}}
panels: [facts, columns, "register:leaves"]
"""

CASES = """process: leave
clock: 2026-03-02T09:00+08:00
roster: small_community
cases:
  - name: 顺利 / all well
    covers: [pass]
    start: {by: wang}
    steps:
      - {do: ask, by: wang, with: {days: 3}}
      - {refuse: review, by: wang, error: not_offered}
      - {send: msg.stop, by: zhao}
      - {wait: 3WD}
      - expect: {waits_at: [review], records: {leaves: [{state: open}]}}
    ends: {at: [end]}
"""

DECISION = """<definitions xmlns="https://www.omg.org/spec/DMN/20191111/MODEL/" id="d" name="d" namespace="n">
  <decision id="days" name="days"><variable name="days"/><literalExpression><text>1</text></literalExpression></decision>
</definitions>
"""

ASK = """{"type": "default", "id": "leave/ask", "schemaVersion": 19, "title": "申请", "i18n": {"en": {"title": "Ask"}}, "components": [
 {"type": "number", "id": "f_days", "key": "days", "label": "天数", "i18n": {"en": {"label": "Days"}}}]}
"""

REVIEW = """{"type": "default", "id": "leave/review", "schemaVersion": 19, "title": "审查", "i18n": {"en": {"title": "Review"}}, "components": [
 {"type": "radio", "id": "f_opinion", "key": "opinion", "label": "意见", "i18n": {"en": {"label": "Opinion"}},
  "valuesExpression": "=codes.opinion"}]}
"""

CODES = "opinion: [{code: pass, zh: 通过, en: Pass}, {code: revise, zh: 修改, en: Revise}]\n"


def package(process: str = PROCESS) -> Package:
    """The package, with another process if given."""
    files = {
        "processes/leave/leave.bpmn": process,
        "processes/leave/leaves.register.yaml": REGISTER,
        "processes/leave/cases.yaml": CASES,
        "processes/leave/days.dmn": DECISION,
        "forms/leave/ask.form.json": ASK,
        "forms/leave/review.form.json": REVIEW,
        "forms/shared/codes.yaml": CODES,
    }
    return Package.from_files({path: text.encode() for path, text in files.items()})
