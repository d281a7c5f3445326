"""Reads BPMN 2.0 XML: every id kept, nothing dropped without a finding, nothing run.

The stock parser of SpiffWorkflow is not used (docs/decisions/0001-own-bpmn-reader.md).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from engine.definitions.foreign.fates import Item
from engine.definitions.foreign.reader import initiators, tools_of
from engine.definitions.model import BpmnFile, Pool, Process
from engine.definitions.reading import data
from engine.definitions.reading.context import Context
from engine.definitions.reading.diagram import read_diagram
from engine.definitions.reading.document import Element, children, namespace, parse, reference
from engine.definitions.reading.events import read_messages
from engine.definitions.reading.global_tasks import unfold
from engine.definitions.reading.names import BPMN, COGOV
from engine.definitions.reading.process import read_process
from engine.definitions.reading.texts import name_of
from engine.definitions.report import Problem, Report, findings
from engine.errors import Finding


@dataclass(frozen=True, slots=True, kw_only=True)
class ReadResult:
    """`file` is None only when there is no XML to make sense of; then `findings` has an error."""

    file: BpmnFile | None
    problems: list[Problem]
    language: str = "zh"
    #: what other tools wrote beside BPMN, and what became of each
    items: tuple[Item, ...] = ()
    #: forms made of the fields other tools write into the model, by id
    forms: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)

    @property
    def findings(self) -> list[Finding]:
        """The problems in the language that was asked for."""
        return findings(self.problems, self.language)

    @property
    def has_errors(self) -> bool:
        return any(problem.severity == "error" for problem in self.problems)


def read_bpmn(content: bytes, path: str, *, language: str = "zh") -> ReadResult:
    """Read one BPMN file. Never raises for bad input: each fault is a finding with file, element and line.

    `path` is what findings call the file; `language` (``zh`` or ``en``) is that of their texts.
    """
    report = Report(path)
    root = parse(content, report)
    if root is None:
        return ReadResult(file=None, problems=report.problems, language=language)
    unfold(root)
    is_foreign = not _uses_cogov(root)
    report.foreign = is_foreign
    context = Context(report=report, root=root, initiators=initiators(root), tools=tools_of(root))
    _index(context)
    context.messages = read_messages(root)
    data.index(context)
    shapes, edges = read_diagram(root)
    processes: list[Process] = []
    for element in children(root, "process"):
        if not element.get("id"):
            context.add("BPMN-010", element, kind="process")
        elif context.elements.get(element.get("id")) is element:
            processes.append(read_process(element, shapes, edges, context))
    pools = _pools(context)
    items = context.ledger.settle(context)
    _check_processes(processes, report)
    file = BpmnFile(path=path, processes=tuple(processes), messages=context.messages, foreign=is_foreign, pools=pools)
    return ReadResult(file=file, problems=report.problems, language=language, items=items, forms=context.forms)


def _uses_cogov(root: Element) -> bool:
    return next(root.iter(f"{{{COGOV}}}*"), None) is not None


def _index(context: Context) -> None:
    """Every element by id. Ids of the diagram part are apart: a clash there harms no run."""
    for element in context.root.iter("*"):
        key = element.get("id")
        if not key or namespace(element) != BPMN:
            continue
        first = context.elements.setdefault(key, element)
        if first is not element:
            context.add("BPMN-011", element, id=key, first=first.sourceline)


def _pools(context: Context) -> tuple[Pool, ...]:
    found = []
    for collaboration in children(context.root, "collaboration"):
        for item in children(collaboration, "participant"):
            process = reference(item.get("processRef"))
            if process is not None and process not in context.elements:
                context.add("BPMN-012", item, attribute="processRef", ref=process)
                process = None
            found.append(Pool(id=item.get("id") or "", name=name_of(item), process=process, line=item.sourceline))
    return tuple(found)


def _check_processes(processes: list[Process], report: Report) -> None:
    if not processes:
        report.add("BPMN-005")
        return
    executable = [process for process in processes if process.executable]
    if not executable:
        report.add("BPMN-006", processes[0].id, processes[0].line)
    for process in processes:
        if process.executable and not process.nodes:
            report.add("BPMN-007", process.id, process.line, id=process.id)
        elif not process.executable and executable and process.nodes:
            report.add("BPMN-008", process.id, process.line, id=process.id)
