"""Data for some eyes only (domain 2.5): classes that name nobody, and places where protected data would reach others.

A mapping into a task, a service or other data is the designer's own word. It passes without a warning where it can be proven that
whoever gets it may read it; otherwise the warning asks to look again, and names what would make it provable.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator
from typing import Any

from engine.definitions.checks.context import Of
from engine.definitions.model import FEEL, Lane, Node
from engine.definitions.protection import OF_A_COMMITTEE, PUBLIC, Rule, disclosures, names_in, protected

#: classes that nobody could read unless they say who
_NEED_OF = (*OF_A_COMMITTEE, "reporter_protected", "procurement_sealed")
_PEOPLE = ("userTask", "manualTask")


def check_protection(of: Of) -> None:
    """All classes and disclosures of one process."""
    process = of.process
    if (process.access in OF_A_COMMITTEE or process.access_from is not None) and process.access_of is None:
        of.add("ACC-001", process.id, process.line, what=process.id, access=process.access_from or process.access)
    for data in process.data.values():
        own = data.access if data.access != process.access else None
        if own in _NEED_OF and data.of is None:
            of.add("ACC-001", process.id, data.line, what=data.name, access=own)
    for node in process.nodes.values():
        if node.access in _NEED_OF and node.access_of is None and node.access != process.access:
            of.add("ACC-001", node.id, node.line, what=node.id, access=node.access)
        _disclosed(of, node)
        _derived(of, node)
    _columns(of)


def _disclosed(of: Of, node: Node) -> None:
    taken: dict[Rule, list[str]] = defaultdict(list)
    for target, rule in disclosures(of.process, node):
        taken[rule].append(target)
    for rule, targets in taken.items():
        target = ", ".join(dict.fromkeys(targets))
        if node.kind in _PEOPLE:
            if not _within(of, node, rule):
                of.add("ACC-002", node.id, node.line, target=target, data=rule.data, access=rule.access)
        elif node.access is None:
            of.add("ACC-003", node.id, node.line, target=target, data=rule.data, access=rule.access)


def _derived(of: Of, node: Node) -> None:
    """Values made of protected data go into data of the same protection."""
    known = protected(of.process)
    sources = [(m.target.partition(".")[0], m.source) for m in node.outputs]
    if node.script and node.result_variable:
        sources.append((node.result_variable, node.script))
    for target, source in sources:
        for name in names_in(source):
            rule, into = known.get(name), known.get(target)
            if rule is not None and name != target and (into is None or (into.access, into.of) != (rule.access, rule.of)):
                of.add("ACC-003", node.id, node.line, target=target, data=name, access=rule.access)


def _within(of: Of, node: Node, rule: Rule) -> bool:
    """Whether whoever the task is offered to certainly belongs to the readers: he is one of those named, or staff for staff."""
    asked = [text for text in (node.assignee, node.candidates) if text]
    lane = _lane(of, node)
    if not asked and lane is not None and lane.source is not None:
        asked = [lane.source]
    if rule.of is not None:
        named = set(_members(rule.of))
        if not asked and lane is not None and lane.role is not None:
            return f'role("{lane.role}",{(lane.of or "area").replace(" ", "")})' in named
        return bool(asked) and all(member in named for text in asked for member in _members(text))
    if rule.access == "staff":
        staff = of.checked.staff
        return staff is None or (not asked and lane is not None and lane.role in staff)
    return rule.access == "parties"


def _lane(of: Of, node: Node) -> Lane | None:
    lane = of.process.lanes.get(node.lane or "")
    while lane is not None and lane.role is None and lane.source is None and lane.parent is not None:
        lane = of.process.lanes.get(lane.parent)
    return lane


def _members(text: FEEL) -> Iterator[str]:
    """The items of a FEEL list as text without spaces; one expression is its only item."""
    body = text.strip()
    if body.startswith("[") and body.endswith("]"):
        body = body[1:-1]
    depth, item = 0, ""
    for character in [*body, ","]:
        depth += (character in "([{") - (character in ")]}")
        if character == "," and depth == 0:
            if item.strip():
                yield re.sub(r"\s+", "", item)
            item = ""
        else:
            item += character


def _columns(of: Of) -> None:
    """A register column made of protected data has a class at least as strict."""
    known = protected(of.process)
    if not known:
        return
    for key in dict.fromkeys(record.register for node in of.process.nodes.values() for record in node.records):
        register = of.checked.register(key)
        if register is None:
            continue
        for name, source, access in _sources(register):
            for rule in (known[n] for n in names_in(source) if n in known):
                if access == {PUBLIC} or (PUBLIC in access and rule.access != PUBLIC):
                    of.add("ACC-005", of.process.id, of.process.line, register=key, column=name, data=rule.data, access=rule.access)
                elif access != {rule.access}:
                    of.add("ACC-004", of.process.id, of.process.line, register=key, column=name, data=rule.data, access=rule.access)


def _sources(register: dict[str, Any]) -> Iterator[tuple[str, FEEL, set[str]]]:
    """(column or head field, FEEL, the classes under which it is shown in one state or another)"""
    whole = register.get("access", "staff")
    states = register.get("states") or {}
    shown = {str(state.get("access") or whole) for state in states.values() if isinstance(state, dict)} or {str(whole)}
    for column in register.get("columns") or ():
        if isinstance(column, dict) and isinstance(column.get("from"), str):
            yield str(column.get("key")), column["from"].removeprefix("="), {str(column["access"])} if column.get("access") else shown
    for name in ("title", "unit"):
        if isinstance(register.get(name), str):
            yield name, register[name].removeprefix("="), shown
