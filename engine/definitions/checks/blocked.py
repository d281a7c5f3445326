"""Processes of other tools that cannot run, and what calls them."""

from __future__ import annotations

from collections.abc import Collection, Iterator

from engine.definitions.checks.context import Checked, Of
from engine.definitions.model import Node, Process


def check_calls_of_blocked(checked: Checked, deployed: Collection[str]) -> None:
    """A call of a process that cannot run is an error, and makes a caller of another tool one that cannot run either.

    `deployed`: keys of deployed processes that cannot run.
    """
    package = checked.package
    blocked = {key for key in deployed if key not in package.processes}
    stored = {problem.file for problem in checked.problems if problem.stored}
    blocked |= {key for key, path in package.process_files.items() if path in stored}
    said: set[tuple[str, str]] = set()
    before = -1
    while before != len(said):
        before = len(said)
        for key, process in package.processes.items():
            file = package.bpmn[package.process_files[key]]
            for node in _calls(process, blocked):
                if (key, node.id) not in said:
                    said.add((key, node.id))
                    Of(checked, file, process).add("FOREIGN-004", node.id, node.line, ref=node.called.process if node.called else "?")
                    if file.foreign:
                        blocked.add(key)


def _calls(process: Process, blocked: Collection[str]) -> Iterator[Node]:
    """A process that calls itself is not one of them."""
    others = {key for key in blocked if key != process.id}
    return (node for node in process.nodes.values() if node.called is not None and node.called.process in others)
