"""What a BPMN file means, apart from its drawing: a plain form of the parsed model that compares with ``==``.

Two files with the same meaning run alike and read alike: same ids, kinds, flows, expressions, extension facts and texts. Order counts
only where it has a meaning (flows that leave a gateway, records, mappings). Lines and positions in the diagram do not count.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import fields, is_dataclass
from typing import Any

from engine.definitions.model import BpmnFile
from engine.definitions.reader import read_bpmn
from engine.definitions.reading.document import parse
from engine.definitions.reading.names import BPMN
from engine.definitions.report import Report
from engine.errors import DeployRefused

#: where a thing stands in the file or in the drawing
_PLACE = frozenset({"line", "bounds", "waypoints", "path", "foreign"})
#: sets: the order in which a modeler writes them means nothing
_UNORDERED = frozenset({"incoming", "nodes"})


def meaning(xml: bytes | str) -> dict[str, Any]:
    """Processes, pools, messages and artifacts of a BPMN file as dicts of plain values, each by its id.

    Raises DeployRefused with the findings for text that is no BPMN.
    """
    content = xml.encode() if isinstance(xml, str) else xml
    result = read_bpmn(content, "diagram.bpmn")
    if result.file is None:
        raise DeployRefused(result.findings)
    return {**_of_file(result.file), "artifacts": _artifacts(content)}


def _of_file(file: BpmnFile) -> dict[str, Any]:
    return {
        "processes": {process.id: _plain(process) for process in file.processes},
        "pools": {pool.id: _plain(pool) for pool in file.pools},
        "messages": {key: _plain(message) for key, message in file.messages.items()},
    }


def _plain(thing: Any) -> Any:
    if is_dataclass(thing) and not isinstance(thing, type):
        found = {}
        for field in fields(thing):
            if field.name in _PLACE:
                continue
            value = _plain(getattr(thing, field.name))
            found[field.name] = sorted(value) if field.name in _UNORDERED and isinstance(value, list) else value
        return found
    if isinstance(thing, Mapping):
        return {str(key): _plain(value) for key, value in thing.items()}
    if isinstance(thing, (list, tuple)):
        return [_plain(value) for value in thing]
    return thing


def _artifacts(content: bytes) -> dict[str, Any]:
    """Notes, groups, associations and data: they are read by people, not by the engine."""
    root = parse(content, Report("diagram.bpmn"))
    found: dict[str, Any] = {}
    for element in () if root is None else root.iter(f"{{{BPMN}}}*"):
        kind = element.tag.rpartition("}")[2]
        if kind in _READ_BY_PEOPLE and element.get("id"):
            text = element.find(f"{{{BPMN}}}text")
            found[element.get("id")] = {
                "kind": kind,
                "text": (text.text or "").strip() if text is not None else "",
                **{name: element.get(name) for name in ("name", "sourceRef", "targetRef", "dataObjectRef", "dataStoreRef")},
            }
    return found


_READ_BY_PEOPLE = frozenset(
    {"textAnnotation", "association", "group", "dataObjectReference", "dataStoreReference", "dataObject", "messageFlow"}
)
