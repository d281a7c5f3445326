"""The seam: every name of SpiffWorkflow that engine.runner leans on, with its shape in the library and the reason. Keep it short.

`seam_finder` says what counts as public. The names that are not are the risk: a release may change them without a word.
"""

from __future__ import annotations

from typing import NamedTuple


class Entry(NamedTuple):
    #: the signature in the library, or "attribute", "property", "constant …"
    shape: str
    reason: str


IMPORTS = {
    "SpiffWorkflow.task.Task": "base of Token",
    "SpiffWorkflow.workflow.Workflow": "base of Instance",
    "SpiffWorkflow.specs.base.TaskSpec": "base of all elements",
    "SpiffWorkflow.specs.WorkflowSpec.WorkflowSpec": "base of ProcessSpec",
    "SpiffWorkflow.util.task.TaskState": "the states of a token",
}

NOT_PUBLIC = {
    "Task._state": Entry("attribute", "the public setter refuses to go back from ERROR to READY, which a retry does"),
    "Task._set_state": Entry(
        "(self, value: int) -> None", "overridden: keeps the ready queue, and asks neither clock nor logger at every change"
    ),
    "Task._ready": Entry("(self) -> None", "the way to READY that also asks the spec"),
    "TaskSpec._run": Entry("(self, my_task)", "what Task.run calls; our run must leave alone a token that its own work has cancelled"),
    "TaskSpec._run_hook": Entry("(self, my_task)", "overridden: the hook for the work of an element"),
    "TaskSpec._on_complete_hook": Entry("(self, my_task)", "overridden: the hook for outputs and flows"),
    "TaskSpec._on_trigger": Entry(
        "(self, my_task)", "overridden: the hook for timers and messages; Task.trigger passes it further arguments, index and payload"
    ),
    "TaskSpec._update": Entry("(self, my_task)", "asks a scope whether it may go on"),
    "TaskSpec._update_hook": Entry("(self, my_task)", "overridden: the answer to that"),
    "TaskSpec._inputs": Entry("attribute", "names of the specs that lead here, without looking each one up"),
    "Workflow._task_completed_notify": Entry(
        "(self, task: SpiffWorkflow.task.Task) -> None",
        "overridden: told of every completed task; takes it out, no tree scan",
    ),
    "Workflow._remove_task": Entry("(self, task_id: uuid.UUID) -> None", "overridden: the original recurses and searches lists"),
    "WorkflowSpec.task_specs": Entry("attribute", "behaviours by node id"),
    "WorkflowSpec.start": Entry("attribute", "the behaviour of the process scope"),
    "WorkflowSpec.name": Entry("attribute", "id of the process, told in every event"),
}

PUBLIC = {
    "Task.id": Entry("attribute", "id of the row"),
    "Task.workflow": Entry("attribute", "the instance"),
    "Task.task_spec": Entry("attribute", "the element's behaviour"),
    "Task.data": Entry("attribute", "variables set in this run"),
    "Task.internal_data": Entry("attribute", "the kernel's bookkeeping, kept in the row"),
    "Task.triggered": Entry("attribute", "the library reads it of every task; our constructor must set it"),
    "Task.parent": Entry("property", "overridden: a direct reference to the scope"),
    "Task.children": Entry("property", "overridden: made from rows on demand"),
    "Task.run": Entry("(self) -> Optional[bool]", "overridden: see TaskSpec._run"),
    "Task.complete": Entry("(self) -> None", "overridden: notes the phase first, for a retry"),
    "Task.cancel": Entry("(self) -> None", "overridden: innermost first, and each element closes what it opened"),
    "Task.trigger": Entry("(self, *args) -> None", "an event happened"),
    "TaskSpec.__init__": Entry("(self, wf_spec, name, **kwargs)", "enters the element into its process"),
    "TaskSpec.name": Entry("attribute", "node id, with a suffix for instances of a loop"),
    "TaskSpec.connect": Entry("(self, taskspec)", "one call per sequence flow"),
    "TaskSpec.test": Entry("(self)", "overridden: the original demands an input of every element"),
    "Workflow.__init__": Entry(
        "(self, workflow_spec: SpiffWorkflow.specs.WorkflowSpec.WorkflowSpec, deserializing: bool = False) -> None",
        "called as when deserialising, which makes no tasks",
    ),
    "Workflow.tasks": Entry("attribute", "live tokens by id"),
    "WorkflowSpec.__init__": Entry("(self, name=None, filename=None, addstart=False)", "an empty spec"),
    "TaskState.FUTURE": Entry("constant 4", "a new token"),
    "TaskState.WAITING": Entry("constant 8", "waits for a person, an event, a service or other tokens"),
    "TaskState.READY": Entry("constant 16", "in the ready queue"),
    "TaskState.STARTED": Entry("constant 32", "a scope or body with tokens inside"),
    "TaskState.ERROR": Entry("constant 128", "in an incident"),
    "TaskState.CANCELLED": Entry("constant 256", "on its way out"),
    "TaskState.get_name": Entry("(cls, state)", "the name kept in the row"),
}

SEAM = {**NOT_PUBLIC, **PUBLIC}
