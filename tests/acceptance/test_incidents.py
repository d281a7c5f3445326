"""What fails is told on the case page; an administrator lets it go on."""

from __future__ import annotations

import re

from engine.store import work
from tests.town import Town
from tests.walk import Agreement

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
    assert f'value="{incident.id}"' in admin.page("/operations")
    assert admin.post("/operations/incidents", {"id": incident.id, "reason": "数据已补齐"}).status_code == 302
    assert "已重试" in admin.page("/operations")
    assert "重试：计算：数据已补齐" in starter.page(path)
    # who operates does not read: the case itself stays shut
    assert admin.get(path).status_code == 404


def test_what_failed_quotes_protected_data_to_nobody_else(agreement: Agreement) -> None:
    """The legal review is the staff's: the unit learns that a step failed, not what the failure says."""
    agreement.to_answer()
    queries, words = agreement.town.app.engine.queries, "TALKSAPARTQ7"
    case = queries.instance(agreement.instance)
    row = {
        "id": "00000000-0000-7000-8000-000000000001", "instance": agreement.instance, "token": case.root, "process": case.line.process,
        "node": None, "code": "expression_failed", "message": words, "details": {}, "at": agreement.town.app.clock.now(), "state": "open",
        "closed_at": None, "closed_by": None,
    }  # fmt: skip
    with agreement.town.database.write() as connection:
        work.add_incidents(connection, [row])
    path = f"/cases/{agreement.instance}"
    assert words in agreement.browser("liaison_wang").page(path)
    page = agreement.browser("unit_li").page(path)
    assert "可能涉及受保护的内容" in page
    assert words not in page
    assert words not in agreement.browser("unit_li").get(f"/api/v1/instances/{agreement.instance}").text
    operations = agreement.browser("admin").page("/operations")
    assert "可能涉及受保护的内容" in operations
    assert words not in operations
