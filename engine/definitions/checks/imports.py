"""Descriptions of workbooks (*.import.yaml): the schema, sheets and columns that exist, a message that starts a process."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from engine.definitions.checks.context import Checked
from engine.definitions.model import Label
from engine.definitions.positions import Path
from engine.feel import FeelSyntaxError, compile_expression
from engine.schemas.validate import validate


def check_imports(checked: Checked) -> None:
    """Every *.import.yaml of the package."""
    for path, located in checked.package.located.items():
        if not path.endswith(".import.yaml"):
            continue
        found = [(fault.path, fault.reason) for fault in validate("import", located.value)]
        for place, reason in found or list(_references(checked, located.value)):
            where = ".".join(map(str, place))
            checked.add("IMP-001", path, None, located.line(place), where=where, reason=reason)


def _references(checked: Checked, data: Mapping[str, Any]) -> Iterator[tuple[Path, Label]]:
    columns = {key: {c["key"] for c in sheet["columns"]} for key, sheet in data["sheets"].items()}
    spec = data.get("take_over")
    if spec is None:
        return
    if spec["message"] not in _starts(checked):
        yield ("take_over", "message"), Label(f"没有由 {spec['message']} 发起的流程", f"no process is started by {spec['message']}")
    for key in ("number", "area", "note"):
        if key in spec and spec[key] not in columns.get(spec["sheet"], ()):
            yield ("take_over", key), Label(f"没有列 {spec[key]}", f"there is no column {spec[key]}")
    for number, child in enumerate(spec.get("children", ())):
        if child["parent"] not in columns.get(child["sheet"], ()):
            yield ("take_over", "children", number), Label(f"没有列 {child['parent']}", f"there is no column {child['parent']}")
    for number, rule in enumerate(spec.get("checks", ())):
        place = ("take_over", "checks", number)
        if rule["column"] not in columns.get(rule["sheet"], ()):
            yield place, Label(f"没有列 {rule['column']}", f"there is no column {rule['column']}")
        try:
            compile_expression(rule["true_when"].removeprefix("="), named_zones=False)
        except FeelSyntaxError as error:
            yield place, Label(error.message_zh, error.message)


def _starts(checked: Checked) -> set[str]:
    """Names of the messages that start a process."""
    return {
        event.message.name
        for process in checked.processes.values()
        for node in process.children(process.id)
        if node.kind == "startEvent"
        for event in node.events
        if event.kind == "message" and event.message is not None
    }
