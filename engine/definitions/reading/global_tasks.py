"""Global tasks (BPMN 2.0.2, 10.3.7): a task that call activities call. It runs as what it means: a process that is this one task."""

from __future__ import annotations

from lxml import etree

from engine.definitions.reading.document import Element, is_bpmn, local
from engine.definitions.reading.names import bpmn

#: global task → the task it holds
KINDS = {
    "globalTask": "task",
    "globalUserTask": "userTask",
    "globalManualTask": "manualTask",
    "globalScriptTask": "scriptTask",
    "globalBusinessRuleTask": "businessRuleTask",
}
#: what the process keeps of the element's attributes; the rest belongs to the task
_OF_BOTH = ("id", "name")
#: attributes that a task of this kind writes otherwise
_RENAMED = {"scriptLanguage": "scriptFormat"}
#: what the id of the task adds to that of the process
SUFFIX = "_task"


def unfold(root: Element) -> None:
    """Replace each global task below `root` by a process that holds the task: same id for the process, with ``_task`` for the task."""
    for element in [child for child in root if is_bpmn(child) and local(child) in KINDS and child.get("id")]:
        process = etree.Element(bpmn("process"), {name: element.get(name) for name in _OF_BOTH if element.get(name)}, isExecutable="true")
        task = etree.SubElement(process, bpmn(KINDS[local(element)]))
        for name, value in element.attrib.items():
            task.set(_RENAMED.get(name, name), value)
        task.set("id", element.get("id") + SUFFIX)
        task.text = element.text
        task.extend(list(element))
        process.tail = element.tail
        process.sourceline = task.sourceline = element.sourceline
        root.replace(element, process)
