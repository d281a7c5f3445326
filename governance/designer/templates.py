"""A new procedure to begin with: the smallest one that passes every check."""

from __future__ import annotations

import json
from xml.sax.saxutils import escape, quoteattr

from engine.definitions.layout import layout

#: rank of roles that work cases (governance/directory/roles.yaml)
WORKS_CASES = 30
_BPMN = """<?xml version="1.0" encoding="UTF-8"?>
<bpmn:definitions xmlns:bpmn="http://www.omg.org/spec/BPMN/20100524/MODEL" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance"
                  xmlns:zeebe="http://camunda.org/schema/zeebe/1.0" xmlns:cogov="urn:cogov:bpmn:1"
                  id="definitions_{key}" targetNamespace="urn:cogov:process:{key}">
  <bpmn:collaboration id="collaboration_{key}">
    <bpmn:participant id="pool_{key}" name={zh} processRef="{key}">
      <bpmn:extensionElements>
        <cogov:text lang="en" name={en}/>
      </bpmn:extensionElements>
    </bpmn:participant>
  </bpmn:collaboration>
  <bpmn:process id="{key}" name={zh} isExecutable="true">
    <bpmn:extensionElements>
      <cogov:text lang="en" name={en}/>
      <cogov:access class="staff"/>
      <cogov:data name="handled" form="{key}/handle"/>
    </bpmn:extensionElements>
    <bpmn:laneSet id="lanes_{key}">
      <bpmn:lane id="lane_worker" name={role_zh}>
        <bpmn:extensionElements>
          <cogov:text lang="en" name={role_en}/>
          <cogov:role code={role}/>
        </bpmn:extensionElements>
        <bpmn:flowNodeRef>start</bpmn:flowNodeRef>
        <bpmn:flowNodeRef>handle</bpmn:flowNodeRef>
        <bpmn:flowNodeRef>end_done</bpmn:flowNodeRef>
      </bpmn:lane>
    </bpmn:laneSet>
    <bpmn:startEvent id="start" name="发起">
      <bpmn:extensionElements>
        <cogov:text lang="en" name="Start"/>
      </bpmn:extensionElements>
      <bpmn:outgoing>f_start__handle</bpmn:outgoing>
    </bpmn:startEvent>
    <bpmn:userTask id="handle" name="办理">
      <bpmn:extensionElements>
        <zeebe:userTask/>
        <zeebe:formDefinition formId="{key}/handle"/>
        <zeebe:ioMapping>
          <zeebe:output source="=form" target="handled"/>
        </zeebe:ioMapping>
        <cogov:text lang="en" name="Handle"/>
      </bpmn:extensionElements>
      <bpmn:incoming>f_start__handle</bpmn:incoming>
      <bpmn:outgoing>f_handle__end_done</bpmn:outgoing>
    </bpmn:userTask>
    <bpmn:endEvent id="end_done" name="办结">
      <bpmn:extensionElements>
        <cogov:text lang="en" name="Done"/>
      </bpmn:extensionElements>
      <bpmn:incoming>f_handle__end_done</bpmn:incoming>
    </bpmn:endEvent>
    <bpmn:sequenceFlow id="f_start__handle" sourceRef="start" targetRef="handle"/>
    <bpmn:sequenceFlow id="f_handle__end_done" sourceRef="handle" targetRef="end_done"/>
  </bpmn:process>
</bpmn:definitions>
"""


def new_procedure(key: str, zh: str, en: str, *, role: tuple[str, str, str]) -> dict[str, bytes]:
    """Pool, one lane, start, one user task with a form, end; laid out. `role`: code, Chinese and English name of the lane's role."""
    code, role_zh, role_en = (quoteattr(text) for text in role)
    bpmn = _BPMN.format(key=key, zh=quoteattr(zh), en=quoteattr(en), role=code, role_zh=role_zh, role_en=role_en)
    form = {
        "type": "default",
        "id": f"{key}/handle",
        "schemaVersion": 19,
        "title": "办理",
        "i18n": {"en": {"title": "Handle"}},
        "components": [
            {
                "type": "textarea",
                "id": "f_note",
                "key": "note",
                "label": "说明",
                "i18n": {"en": {"label": "Note"}},
                "validate": {"required": True, "maxLength": 500},
            }
        ],
    }
    return {
        f"processes/{key}/{key}.bpmn": layout(bpmn.encode()),
        f"processes/{key}/{key}.md": f"# {escape(zh)} / {escape(en)}\n".encode(),
        f"forms/{key}/handle.form.json": (json.dumps(form, ensure_ascii=False, indent=1) + "\n").encode(),
    }
