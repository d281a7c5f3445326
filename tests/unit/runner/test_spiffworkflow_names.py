"""The non-public names of SpiffWorkflow that the kernel leans on, each with its reason. Keep the list short."""

from __future__ import annotations

import ast
from importlib.metadata import version
from pathlib import Path

import SpiffWorkflow
from SpiffWorkflow.specs.base import TaskSpec
from SpiffWorkflow.specs.WorkflowSpec import WorkflowSpec
from SpiffWorkflow.task import Task
from SpiffWorkflow.workflow import Workflow

import engine.runner

USED = {
    "_state": "Task's state; its public setter refuses to go back from ERROR to READY, which a retry does",
    "_set_state": "Task: overridden, so that the ready queue is kept and neither clock nor logger is asked at every change",
    "_ready": "Task: the way to READY that also asks the spec",
    "_run": "TaskSpec: what Task.run calls; our run must leave alone a token that its own work has cancelled",
    "_run_hook": "TaskSpec: the hook for the work of an element",
    "_on_complete_hook": "TaskSpec: the hook for outputs and flows",
    "_on_trigger": "TaskSpec: the hook for timers and messages (Task.trigger)",
    "_update": "TaskSpec: asks a scope whether it may go on",
    "_update_hook": "TaskSpec: the answer to that",
    "_inputs": "TaskSpec: names of the specs that lead here, without looking each one up",
    "_task_completed_notify": "Workflow: told of every completed task; ours takes it out of the tree instead of scanning the tree",
    "_remove_task": "Workflow: overridden, the original recurses and searches lists",
}


def test_the_library_is_the_version_these_names_were_read_in():
    assert version("SpiffWorkflow").startswith("3.2.")


def test_the_kernel_uses_exactly_the_listed_non_public_names():
    assert _used() & _offered() == set(USED)


def test_the_library_still_has_them():
    assert set(USED) <= _offered()


def test_nothing_of_the_library_is_replaced_at_run_time():
    for path in _sources():
        for item in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(item, ast.Assign):
                owners = {
                    target.value.id for target in item.targets if isinstance(target, ast.Attribute) and isinstance(target.value, ast.Name)
                }
                assert not owners & {"Task", "TaskSpec", "Workflow", "WorkflowSpec", "TaskState", "SpiffWorkflow"}, path


def _sources() -> list[Path]:
    return sorted(Path(engine.runner.__file__).parent.rglob("*.py"))


def _used() -> set[str]:
    found = set()
    for path in _sources():
        for item in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(item, ast.Attribute) and item.attr.startswith("_") and not item.attr.startswith("__"):
                found.add(item.attr)
            elif isinstance(item, ast.FunctionDef) and item.name.startswith("_") and not item.name.startswith("__"):
                found.add(item.name)
    return found


def _offered() -> set[str]:
    """Names with one underscore that the library's base classes define or set on themselves."""
    found = set()
    for cls in (Task, TaskSpec, Workflow, WorkflowSpec):
        source = Path(SpiffWorkflow.__file__).parent / (cls.__module__.removeprefix("SpiffWorkflow.").replace(".", "/") + ".py")
        for item in ast.walk(ast.parse(source.read_text(encoding="utf-8"))):
            if isinstance(item, ast.FunctionDef):
                found.add(item.name)
            elif isinstance(item, ast.Attribute) and isinstance(item.value, ast.Name) and item.value.id == "self":
                found.add(item.attr)
    return {name for name in found if name.startswith("_") and not name.startswith("__")}
