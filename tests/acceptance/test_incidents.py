"""What fails is told on the case page; an administrator lets it go on."""

from __future__ import annotations

import re

from tests.town import Town

BROKEN = """<?xml version="1.0" encoding="UTF-8"?>
<bpmn:definitions xmlns:bpmn="http://www.omg.org/spec/BPMN/20100524/MODEL" xmlns:zeebe="http://camunda.org/schema/zeebe/1.0" id="d" targetNamespace="t">
  <bpmn:process id="shaky" name="不稳的流程" isExecutable="true">
    <bpmn:startEvent id="begin"><bpmn:outgoing>a</bpmn:outgoing></bpmn:startEvent>
    <bpmn:sequenceFlow id="a" sourceRef="begin" targetRef="divide"/>
    <bpmn:scriptTask id="divide" name="计算"><bpmn:extensionElements><zeebe:script expression="=number(&quot;x&quot;) / 0 + weight" resultVariable="share"/></bpmn:extensionElements></bpmn:scriptTask>
    <bpmn:sequenceFlow id="b" sourceRef="divide" targetRef="finish"/>
    <bpmn:endEvent id="finish"/>
  </bpmn:process>
</bpmn:definitions>"""  # noqa: E501


def test_an_incident_is_shown_and_only_administrators_may_retry(town: Town) -> None:
    from engine.actor import Actor

    town.app.engine.deploy({"processes/shaky/shaky.bpmn": BROKEN.encode()}, actor=Actor(person="admin"))
    receipt = town.app.engine.start("shaky", {}, actor=Actor(person="liaison_wang"), area="yunqiao")
    assert receipt.instance
    (incident,) = town.app.engine.queries.instance(receipt.instance).incidents
    path = f"/cases/{receipt.instance}"
    starter, admin = town.browser("liaison_wang"), town.browser("admin")
    page = starter.page(path)
    assert "需要处理的故障" in page
    assert not re.search(r"incidents/[^\"]+/retry", page)
    assert starter.post(f"{path}/incidents/{incident.id}/retry").status_code == 403
    assert starter.get("/operations").status_code == 403
    retry = f"/operations/{receipt.instance}/{incident.id}/retry"
    assert retry in admin.page("/operations")
    assert admin.post(retry).status_code == 302
    assert "已重试" in admin.page("/operations")
    # who operates does not read: the case itself stays shut
    assert admin.get(path).status_code == 404


ENGLISH = '<cogov:text xmlns:cogov="urn:cogov:bpmn:1" lang="en" name="Shaky"/>'
POOL = (
    f'<bpmn:collaboration id="c"><bpmn:participant id="pool" name="池" processRef="guarded_shaky"><bpmn:extensionElements>{ENGLISH}'
    "</bpmn:extensionElements></bpmn:participant></bpmn:collaboration>"
)
KEPT = """<cogov:data xmlns:cogov="urn:cogov:bpmn:1" name="weight" access="parties" of='=["unit_li"]'/>"""
GUARDED = (
    BROKEN.replace("shaky", "guarded_shaky")
    .replace('isExecutable="true">', f'isExecutable="true"><bpmn:extensionElements>{KEPT}{ENGLISH}</bpmn:extensionElements>')
    .replace('name="计算"><bpmn:extensionElements>', f'name="计算"><bpmn:extensionElements>{ENGLISH}')
    .replace("<bpmn:process ", f"{POOL}<bpmn:process ")
    .replace("=number(&quot;x&quot;) / 0 + weight", "=date(weight).nothing")
)


def test_what_failed_quotes_protected_data_to_nobody_else(town: Town) -> None:
    from engine.actor import Actor

    secret = "TALKSAPARTQ7"
    town.app.engine.deploy({"processes/guarded_shaky/guarded_shaky.bpmn": GUARDED.encode()}, actor=Actor(person="admin"))
    receipt = town.app.engine.start("guarded_shaky", {"weight": secret}, actor=Actor(person="liaison_wang"), area="yunqiao")
    (incident,) = town.app.engine.queries.instance(receipt.instance or "").incidents
    page = town.browser("liaison_wang").page(f"/cases/{receipt.instance}")
    assert "可能涉及受保护的内容" in page
    assert incident.message not in page
    operations = town.browser("admin").page("/operations")
    assert "可能涉及受保护的内容" in operations
    assert incident.message not in operations
    for person in ("liaison_wang", "admin"):
        assert incident.message not in town.browser(person).get(f"/api/v1/instances/{receipt.instance}/history").text
        assert secret not in town.browser(person).get(f"/api/v1/instances/{receipt.instance}").text
