"""Holds one file against all rules."""

from __future__ import annotations

from collections import defaultdict

from engine.definitions.reading.document import parse
from engine.definitions.reading.global_tasks import unfold
from engine.definitions.report import Problem, Report
from engine.definitions.rules.look import Look
from engine.definitions.rules.rule import Check
from engine.definitions.rules.table import RULES
from engine.definitions.rules.xml import Element

_CHECKS: dict[str, list[tuple[str, Check]]] = defaultdict(list)
for _rule in RULES.values():
    for _name in _rule.on:
        if _rule.check is not None:
            _CHECKS[_name].append((_rule.code, _rule.check))


def broken_rules(data: bytes, path: str, *, foreign: bool) -> list[Problem]:
    """Who breaks which rule of the standard in a file that the reader could read, in the order of the rules.

    `path` is what problems call the file. `foreign`: made by another tool, where a rule of the house is a warning only.
    """
    report = Report(path)
    report.foreign = foreign
    root = parse(data, report)
    if root is not None:
        unfold(root)
        _look_at(Look(root), report)
    return report.problems


def _look_at(look: Look, report: Report) -> None:
    for name, checks in _CHECKS.items():
        for element in look.named.get(name, ()):
            for code, check in checks:
                for fault in check(element, look):
                    report.add(code, _id(fault.element), fault.element.sourceline, **fault.facts)


def _id(element: Element) -> str | None:
    """Its id, or that of the nearest element around it that has one."""
    return element.get("id") or next((around.get("id") for around in element.iterancestors() if around.get("id")), None)
