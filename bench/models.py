"""The models of the workloads, which stock SpiffWorkflow runs too."""

from __future__ import annotations

import json

_HEAD = (
    '<?xml version="1.0" encoding="UTF-8"?><bpmn:definitions xmlns:bpmn="http://www.omg.org/spec/BPMN/20100524/MODEL" '
    'xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" xmlns:zeebe="http://camunda.org/schema/zeebe/1.0" '
    'id="d" targetNamespace="urn:bench">'
)
_LOOP = '<zeebe:loopCharacteristics inputCollection="=people" inputElement="one" outputCollection="votes" outputElement="=form.a"/>'
_INNER = f"<bpmn:extensionElements>{_LOOP}</bpmn:extensionElements>"
_MULTI = f"<bpmn:multiInstanceLoopCharacteristics>{_INNER}</bpmn:multiInstanceLoopCharacteristics>"


def _file(key: str, body: str) -> bytes:
    return f'{_HEAD}<bpmn:process id="{key}" name="{key}" isExecutable="true">{body}</bpmn:process></bpmn:definitions>'.encode()


def _user(key: str, inner: str = "", *, form: str = "") -> str:
    of_form = f'<zeebe:formDefinition formId="{form}"/>' if form else ""
    extensions = f"<bpmn:extensionElements><zeebe:userTask/>{of_form}</bpmn:extensionElements>"
    return f'<bpmn:userTask id="{key}" name="{key}">{extensions}{inner}</bpmn:userTask>'


def _flow(number: int, source: str, target: str, condition: str = "") -> str:
    inner = f'<bpmn:conditionExpression xsi:type="bpmn:tFormalExpression">={condition}</bpmn:conditionExpression>' if condition else ""
    return f'<bpmn:sequenceFlow id="f{number}" sourceRef="{source}" targetRef="{target}">{inner}</bpmn:sequenceFlow>'


_ENDS = '<bpmn:startEvent id="begin"/><bpmn:endEvent id="done"/>'
_FIELDS = [("a", "number", "数", "Number"), ("b", "textfield", "字", "Text"), ("c", "checkbox", "勾", "Tick")]
FORM = {
    "type": "default", "id": "bare/ask", "schemaVersion": 19, "title": "填写", "i18n": {"en": {"title": "Fill in"}},
    "components": [{"type": t, "id": f"f_{k}", "key": k, "label": zh, "i18n": {"en": {"label": en}}} for k, t, zh, en in _FIELDS],
}  # fmt: skip

BARE = {
    "processes/bare/bare.bpmn": _file("bare", _ENDS + _user("ask", form="bare/ask") + _flow(1, "begin", "ask") + _flow(2, "ask", "done")),
    "forms/bare/ask.form.json": json.dumps(FORM, ensure_ascii=False).encode(),
}
ROUNDS = {
    "processes/rounds/rounds.bpmn": _file(
        "rounds",
        _ENDS
        + '<bpmn:exclusiveGateway id="again" name="again"/>'
        + _user("ask")
        + '<bpmn:exclusiveGateway id="enough" name="enough" default="f5"/>'
        + _flow(1, "begin", "again")
        + _flow(2, "again", "ask")
        + _flow(3, "ask", "enough")
        + _flow(4, "enough", "again", "a")
        + _flow(5, "enough", "done"),
    )
}
PARTICIPANTS = {
    "processes/participants/participants.bpmn": _file(
        "participants",
        _ENDS + _user("ask", _MULTI) + _flow(1, "begin", "ask") + _flow(2, "ask", "done"),
    )
}
