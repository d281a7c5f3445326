"""Example runs (conventions 10) name processes, nodes and messages that exist."""

from __future__ import annotations

from typing import Any

from engine.definitions.checks.context import Checked
from engine.definitions.positions import Located, Path
from engine.schemas.validate import validate

_NODE_STEPS = ("do", "refuse", "claim")


def check_cases(checked: Checked) -> None:
    """Every cases.yaml of the package."""
    nodes = {key for process in checked.processes.values() for key in process.nodes}
    files = [*checked.deployed.bpmn.values(), *checked.package.bpmn.values()]
    messages = {message.name for file in files for message in file.messages.values()}
    for path, cases in checked.package.cases.items():
        located = checked.package.located[path]
        faults = validate("cases", cases)
        for fault in faults:
            checked.add("CASE-002", path, None, located.line(fault.path), where=fault.where, reason=fault.reason)
        if faults:
            continue
        if checked.process(cases["process"]) is None:
            checked.add("CASE-003", path, None, located.line(("process",)), ref=cases["process"])
            continue
        for index, case in enumerate(cases["cases"]):
            for number, step in enumerate(case["steps"]):
                place: Path = ("cases", index, "steps", number)
                _step(checked, path, located, place, case["name"], step, nodes, messages)


def _step(
    checked: Checked,
    path: str,
    located: Located,
    place: Path,
    case: str,
    step: dict[str, Any],
    nodes: set[str],
    messages: set[str],
) -> None:
    for kind in _NODE_STEPS:
        node = step.get(kind)
        if isinstance(node, str) and node not in nodes and node not in messages:
            checked.add("CASE-004", path, node, located.line((*place, kind)), where=case, ref=node)
    message = step.get("send")
    if isinstance(message, str) and message not in messages:
        checked.add("CASE-005", path, message, located.line((*place, "send")), where=case, ref=message)
