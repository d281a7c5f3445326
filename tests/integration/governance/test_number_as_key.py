"""The register number is taken last in the command; what asked for it before is tried again and then waits under it."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest

from cogov.cases.world import World
from engine.actor import SYSTEM, Actor
from engine.store.database import Database

ROSTER = {
    "areas": [{"id": "town", "code": "XZ", "level": "community", "name": {"zh": "小镇", "en": "Town"}}],
    "people": [{"id": "chen", "name": "陈", "posts": ["community_worker@town"]}],
}
REGISTER = """
register: toys
name: {zh: 玩具台账, en: Toys}
number: "WJ-{area}-{year}-{seq:4}"
row: one_per_instance
access: staff
columns: []
states: {open: {zh: 在办, en: Open, to: []}}
"""
BPMN = """<bpmn:definitions xmlns:bpmn="http://www.omg.org/spec/BPMN/20100524/MODEL" xmlns:zeebe="http://camunda.org/schema/zeebe/1.0"
    xmlns:cogov="urn:cogov:bpmn:1" targetNamespace="t">
  <bpmn:message id="msg" name="msg.toy.stop"><bpmn:extensionElements>
    <zeebe:subscription correlationKey="=number"/></bpmn:extensionElements></bpmn:message>
  <bpmn:collaboration id="c"><bpmn:participant id="pool" name="玩具" processRef="toy"><bpmn:extensionElements>
    <cogov:text lang="en" name="Toy"/></bpmn:extensionElements></bpmn:participant></bpmn:collaboration>
  <bpmn:process id="toy" name="玩具" isExecutable="true">
    <bpmn:extensionElements><cogov:text lang="en" name="Toy"/></bpmn:extensionElements>
    <bpmn:startEvent id="begin" name="开始"><bpmn:extensionElements><cogov:text lang="en" name="Begin"/>
      <cogov:record register="toys" state="open"/></bpmn:extensionElements></bpmn:startEvent>
    <bpmn:userTask id="play" name="玩"><bpmn:extensionElements><zeebe:userTask/>
      <cogov:text lang="en" name="Play"/></bpmn:extensionElements></bpmn:userTask>
    <bpmn:boundaryEvent id="stop" name="停" attachedToRef="play">
      <bpmn:extensionElements><cogov:text lang="en" name="Stop"/></bpmn:extensionElements>
      <bpmn:messageEventDefinition messageRef="msg"/></bpmn:boundaryEvent>
    <bpmn:endEvent id="played"/><bpmn:endEvent id="stopped"/>
    <bpmn:sequenceFlow id="f1" sourceRef="begin" targetRef="play"/><bpmn:sequenceFlow id="f2" sourceRef="play" targetRef="played"/>
    <bpmn:sequenceFlow id="f3" sourceRef="stop" targetRef="stopped"/>
  </bpmn:process>
</bpmn:definitions>"""


@pytest.fixture
def world(tmp_path: Path) -> World:
    database = Database("sqlite://")
    made = World(database, datetime(2026, 3, 2, 1, tzinfo=UTC), tmp_path)
    database.create_all()
    made.prepare(ROSTER)
    files = {"processes/toy/toy.bpmn": BPMN.encode(), "processes/toy/toys.register.yaml": REGISTER.encode()}
    made.app.engine.deploy(files, actor=SYSTEM)
    return made


def test_a_subscription_opened_in_the_first_command_waits_under_the_number(world: World) -> None:
    engine = world.app.engine
    receipt = engine.start("toy", actor=Actor(person="chen"), area="town")
    assert receipt.number == "WJ-XZ-2026-0001"
    world.jobs.run_due()
    assert receipt.instance is not None
    assert engine.queries.incidents(instance=receipt.instance).items == ()
    sent = engine.send("msg.toy.stop", key=receipt.number, actor=SYSTEM)
    assert (sent.instance, sent.outcome) == (receipt.instance, "completed")
    assert engine.queries.instance(receipt.instance).line.ends == ("stopped",)
