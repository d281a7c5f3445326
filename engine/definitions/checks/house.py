"""The rules of our own dialect (conventions 2): warnings in files of other tools, errors in ours."""

from __future__ import annotations

import re

from engine.definitions.checks.context import Checked, Of
from engine.definitions.model import BpmnFile, Flow, Label, Node
from engine.definitions.reading.names import ACTIVITIES

_SNAKE = re.compile(r"[a-z][a-z0-9]*(_+[a-z0-9]+)*")
_DECIDING = ("exclusiveGateway", "inclusiveGateway")


def check_file(checked: Checked, file: BpmnFile) -> None:
    """One file: one executable pool, in a folder of its name."""
    executable = [process for process in file.processes if process.executable]
    if len(executable) > 1:
        second = executable[1]
        checked.add("BPMN-045", file.path, second.id, second.line, foreign=file.foreign, count=len(executable))
    for process in executable[:1]:
        folder = file.path.split("/")[-2] if "/" in file.path else process.id
        if folder != process.id:
            checked.add("BPMN-047", file.path, process.id, process.line, foreign=file.foreign, id=process.id, folder=folder)
        if not any(pool.process == process.id for pool in file.pools):
            checked.add("BPMN-049", file.path, process.id, process.line, foreign=file.foreign)
    for pool in file.pools:
        if not file.foreign and pool.name.zh and not pool.name.en:
            checked.add("BPMN-043", file.path, pool.id, pool.line, name=pool.name.zh)


def check_process(of: Of) -> None:
    """Ids, names in both languages, default flows, lanes, explicit outputs."""
    process = of.process
    _id(of, process.id, process.line)
    _english(of, process.id, process.line, process.name)
    for lane in process.lanes.values():
        _id(of, lane.id, lane.line)
        _english(of, lane.id, lane.line, lane.name)
    for node in process.nodes.values():
        _node(of, node)
    for flow in process.flows.values():
        _flow(of, flow)


def _id(of: Of, key: str, line: int) -> None:
    if not _SNAKE.fullmatch(key):
        of.add("BPMN-040", key, line, id=key)


def _english(of: Of, key: str, line: int, name: Label) -> None:
    """In a file of another tool the language of a name is not known: nothing is asked."""
    if name.zh and not name.en and not of.file.foreign:
        of.add("BPMN-043", key, line, name=name.zh)


def _node(of: Of, node: Node) -> None:
    _id(of, node.id, node.line)
    _english(of, node.id, node.line, node.name)
    if node.kind in ACTIVITIES and not node.name.zh:
        of.add("BPMN-048", node.id, node.line)
    if node.kind in _DECIDING and len(node.outgoing) > 1 and node.default is None:
        of.add("BPMN-041", node.id, node.line)
    if of.process.lanes and node.lane is None:
        of.add("BPMN-046", node.id, node.line)
    spills = (node.kind in ("userTask", "manualTask") and node.form) or (node.called is not None and node.called.propagate_child)
    if spills and not node.outputs:
        of.add("BPMN-044", node.id, node.line)


def _flow(of: Of, flow: Flow) -> None:
    _english(of, flow.id, flow.line, flow.name)
    source = of.process.nodes[flow.source]
    if source.kind in _DECIDING and len(source.outgoing) > 1 and not flow.name.zh:
        of.add("BPMN-042", flow.id, flow.line)
