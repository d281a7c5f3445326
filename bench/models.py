"""The models of the workloads: our engine and stock SpiffWorkflow run the same files."""

from __future__ import annotations

import json
from itertools import pairwise

_HEAD = (
    '<?xml version="1.0" encoding="UTF-8"?><bpmn:definitions xmlns:bpmn="http://www.omg.org/spec/BPMN/20100524/MODEL" '
    'xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" xmlns:zeebe="http://camunda.org/schema/zeebe/1.0" '
    'id="definitions" targetNamespace="urn:cogov:bench">'
)
#: parallel blocks in a row, each of two branches
BLOCKS = 14
#: tasks one after another
IN_SEQUENCE = 10
_STARTER = '<zeebe:assignmentDefinition assignee="=starter"/>'
_FORM = '<zeebe:formDefinition formId="bench/work"/>'
_OUT = '<zeebe:ioMapping><zeebe:output source="=form" target="work"/></zeebe:ioMapping>'
_MORE = '<zeebe:ioMapping><zeebe:output source="=form.more" target="more"/></zeebe:ioMapping>'
_PAYLOAD = '<zeebe:ioMapping><zeebe:output source="=form.payload" target="payload"/></zeebe:ioMapping>'
_IN = '<zeebe:ioMapping><zeebe:input source="=person" target="participant"/></zeebe:ioMapping>'
_EACH = '<zeebe:loopCharacteristics inputCollection="=people" inputElement="person" outputCollection="answers" outputElement="=form.note"/>'
#: stock SpiffWorkflow gets a cardinality instead
MULTI = "<bpmn:multiInstanceLoopCharacteristics><bpmn:extensionElements>" + _EACH
MULTI += "</bpmn:extensionElements></bpmn:multiInstanceLoopCharacteristics>"


def _user(key: str, extensions: str, inner: str = "") -> str:
    own = f"<bpmn:extensionElements><zeebe:userTask/>{extensions}</bpmn:extensionElements>"
    return f'<bpmn:userTask id="{key}" name="办理">{own}{inner}</bpmn:userTask>'


def _work(key: str, mapping: str = _OUT, inner: str = "") -> str:
    return _user(key, _FORM + _STARTER + mapping, inner)


def _flow(source: str, target: str, condition: str = "") -> str:
    when = f'<bpmn:conditionExpression xsi:type="bpmn:tFormalExpression">={condition}</bpmn:conditionExpression>' if condition else ""
    ends = f'sourceRef="{source}" targetRef="{target}"'
    return f'<bpmn:sequenceFlow id="f_{source}__{target}" name="经过" {ends}>{when}</bpmn:sequenceFlow>'


def _row(*keys: str) -> str:
    """Flows from the start through these to the end."""
    whole = ("begin", *keys, "done")
    return "".join(_flow(a, b) for a, b in pairwise(whole))


_ENDS = '<bpmn:startEvent id="begin" name="开始"/><bpmn:endEvent id="done" name="结束"/>'


def _process(key: str, body: str) -> tuple[str, bytes]:
    text = f'{_HEAD}<bpmn:process id="{key}" name="测量" isExecutable="true">{_ENDS}{body}</bpmn:process></bpmn:definitions>'
    return f"processes/{key}/{key}.bpmn", text.encode()


def _sequence(key: str, count: int) -> tuple[str, bytes]:
    keys = [f"work_{n}" for n in range(1, count + 1)]
    return _process(key, "".join(map(_work, keys)) + _row(*keys))


def _rounds() -> tuple[str, bytes]:
    gateways = '<bpmn:exclusiveGateway id="again" name="再来"/><bpmn:exclusiveGateway id="enough" name="够了" default="f_enough__done"/>'
    flows = _flow("begin", "again") + _flow("again", "work") + _flow("work", "enough")
    return _process("bench_rounds", gateways + _work("work", _MORE) + flows + _flow("enough", "again", "more") + _flow("enough", "done"))


def _blocks() -> tuple[str, bytes]:
    body, last = "", "begin"
    for n in range(1, BLOCKS + 1):
        fork, join, tasks = f"fork_{n}", f"join_{n}", (f"left_{n}", f"right_{n}")
        body += "".join(f'<bpmn:parallelGateway id="{key}" name="并行"/>' for key in (fork, join)) + _flow(last, fork)
        body += "".join(_work(task) + _flow(fork, task) + _flow(task, join) for task in tasks)
        last = join
    return _process("bench_blocks", body + _flow(last, "done"))


def _waiting() -> tuple[str, bytes]:
    """A case that waits for a date far away."""
    date = '<bpmn:timeDate xsi:type="bpmn:tFormalExpression">2099-01-01T00:00:00Z</bpmn:timeDate>'
    timer = f"<bpmn:timerEventDefinition>{date}</bpmn:timerEventDefinition>"
    return _process(
        "bench_dormant", f'<bpmn:intermediateCatchEvent id="wait" name="等">{timer}</bpmn:intermediateCatchEvent>{_row("wait")}'
    )


_FIELDS = [
    {"type": "textfield", "id": "f_note", "key": "note", "label": "说明", "i18n": {"en": {"label": "Note"}},
     "validate": {"required": True, "maxLength": 200}},
    {"type": "number", "id": "f_amount", "key": "amount", "label": "数量", "i18n": {"en": {"label": "Amount"}},
     "validate": {"required": True, "min": 0}},
    {"type": "checkbox", "id": "f_more", "key": "more", "label": "继续", "i18n": {"en": {"label": "More"}}},
]  # fmt: skip
_SCHEMA = {
    "type": "default", "id": "bench/work", "schemaVersion": 19, "title": "办理", "i18n": {"en": {"title": "Work"}}, "components": _FIELDS,
}  # fmt: skip

#: what an installation deploys to be measured
PACKAGE: dict[str, bytes] = dict([
    _sequence("bench_one", 1),
    _sequence("bench_sequence", IN_SEQUENCE),
    _rounds(),
    _process("bench_participants", _work("answer", _IN, MULTI) + _row("answer")),
    _blocks(),
    _process("bench_data", _user("work", _STARTER + _PAYLOAD) + _user("again", _STARTER + _PAYLOAD) + _row("work", "again")),
    _waiting(),
    ("forms/bench/work.form.json", json.dumps(_SCHEMA, ensure_ascii=False).encode()),
])  # fmt: skip


def file_of(process: str) -> bytes:
    """The BPMN file of a workload's process."""
    return PACKAGE[f"processes/{process}/{process}.bpmn"]
