"""A compiled process: SpiffWorkflow's WorkflowSpec holding our task specs. Built once, never changed, shared by instances."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from SpiffWorkflow.specs.WorkflowSpec import WorkflowSpec

from engine.definitions.model import FEEL, Process

if TYPE_CHECKING:
    from engine.runner.elements.base import Element, FlowNode


class ProcessSpec(WorkflowSpec):
    """Behaviours by node id. Not Spiff's BpmnProcessSpec: that one reserves the names Start and End, which users give to events."""

    task_specs: dict[str, Any]
    start: Element

    def __init__(self, model: Process) -> None:
        super().__init__(name=model.id)
        self.model = model
        #: node id → id of the lane that decides who works on it (its own, or that of the sub-process around it)
        self.lanes: Mapping[str, str] = {}


@dataclass(frozen=True, slots=True)
class Path:
    """A sequence flow, ready to be taken."""

    id: str
    target: FlowNode
    condition: FEEL | None
    default: bool
