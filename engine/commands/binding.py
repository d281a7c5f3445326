"""Calls of a process in another version than the instance began with: newest at the call, or pinned by its version tag.

The instance's set of definitions takes the called version in under a name of its own, ``key@version``, together with the forms,
decisions and processes that version was deployed with. So every later command finds the same version, and one instance may have
several of them.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from engine.definitions.model import Node, Process

Content = Mapping[str, Any]
#: kind → key as the model writes it → name under which the instance's set has it
Uses = Mapping[str, Mapping[str, str]]


def references(process: Process) -> set[tuple[str, str]]:
    """(kind, key) of the forms, decisions and processes a process names. A name that is computed is resolved when it is used."""
    found = {("form", data.form) for data in process.data.values()}
    for node in process.nodes.values():
        found |= {("form", node.form), ("form", node.action.form if node.action is not None else None), ("decision", node.decision)}
        if node.called is not None and node.called.binding == "start":
            found.add(("process", node.called.process))
    return {(kind, key) for kind, key in found if key is not None and not key.startswith("=")}


def renamed(process: Process, name: str, uses: Uses) -> Process:
    """The process under another name, referring to what was taken in with it."""
    forms = uses.get("form", {})

    def scope(parent: str) -> str:
        return name if parent == process.id else parent

    return replace(
        process,
        id=name,
        nodes={key: _renamed_node(node, scope(node.parent), uses) for key, node in process.nodes.items()},
        flows={key: replace(flow, parent=scope(flow.parent)) for key, flow in process.flows.items()},
        data={key: replace(data, form=forms.get(data.form or "", data.form)) for key, data in process.data.items()},
    )


def _renamed_node(node: Node, parent: str, uses: Uses) -> Node:
    forms, decisions, processes = (uses.get(kind, {}) for kind in ("form", "decision", "process"))
    action, called = node.action, node.called
    if action is not None:
        action = replace(action, form=forms.get(action.form or "", action.form))
    if called is not None and called.binding == "start":
        called = replace(called, process=processes.get(called.process, called.process))
    return replace(
        node,
        parent=parent,
        form=forms.get(node.form or "", node.form),
        decision=decisions.get(node.decision or "", node.decision),
        action=action,
        called=called,
    )
