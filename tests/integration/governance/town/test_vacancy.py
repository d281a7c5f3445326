"""A task nobody can do is told to the area's office (conventions 5)."""

from __future__ import annotations

from typing import Any

import pytest

from engine.actor import Actor
from engine.engine import Engine
from engine.services import Services
from governance.functions import GovernanceFunctions
from governance.notices.vacancy import VacancyAlert

BPMN = """<?xml version="1.0" encoding="UTF-8"?>
<bpmn:definitions xmlns:bpmn="http://www.omg.org/spec/BPMN/20100524/MODEL" xmlns:zeebe="http://camunda.org/schema/zeebe/1.0"
  id="d" targetNamespace="urn:test">
  <bpmn:process id="toy" name="玩具" isExecutable="true">
    <bpmn:startEvent id="start"><bpmn:outgoing>f1</bpmn:outgoing></bpmn:startEvent>
    <bpmn:sequenceFlow id="f1" sourceRef="start" targetRef="look"/>
    <bpmn:userTask id="look" name="查看"><bpmn:extensionElements>
      <zeebe:userTask/><zeebe:assignmentDefinition candidateGroups="=[role(&quot;ROLE&quot;, &quot;yunqiao&quot;)]"/>
    </bpmn:extensionElements><bpmn:incoming>f1</bpmn:incoming><bpmn:outgoing>f2</bpmn:outgoing></bpmn:userTask>
    <bpmn:sequenceFlow id="f2" sourceRef="look" targetRef="end"/>
    <bpmn:endEvent id="end"><bpmn:incoming>f2</bpmn:incoming></bpmn:endEvent>
  </bpmn:process>
</bpmn:definitions>"""


def start(town: Any, role: str) -> Any:
    engine = Engine(
        town.database,
        clock=town.clock,
        jobs=town.jobs,
        services=Services(),
        directory=town.directory,
        deadlines=town.deadlines,
        functions=GovernanceFunctions(town.calendars, town.deadlines, town.settings),
        people=town.directory,
        reactions=(VacancyAlert(town.directory, town.notices, town.settings),),
    )
    worker = Actor(person="liaison_wang")
    engine.deploy({"processes/toy/toy.bpmn": BPMN.replace("ROLE", role).encode()}, actor=worker)
    return engine.start("toy", actor=worker, area="yunqiao")


@pytest.mark.parametrize(("role", "told"), [("expert", ["office_xu"]), ("legal", []), ("street_director", [])])
def test_the_office_is_told_only_when_nobody_is_found_up_the_tree(town: Any, role: str, told: list[str]) -> None:
    receipt = start(town, role)
    with town.database.read() as connection:
        notices = town.notices.of_instance(connection, receipt.instance)
    assert [n.person for n in notices if n.kind == "vacant"] == told
    if told:
        assert "云桥企业社区 评审专家 现无人任职" in notices[0].title.zh
        assert notices[0].link == f"/cases/{receipt.instance}"
