"""Call activities."""

from __future__ import annotations

from SpiffWorkflow.util.task import TaskState

from engine.runner.elements.activities import Activity
from engine.runner.elements.compensation import reopen_call
from engine.runner.failures import CallsTooDeep
from engine.runner.token import COMPLETING, UNDOING, Token
from engine.runner.variables import inputs_of, visible

MAX_CALLS = 100


class CallActivity(Activity):
    """Calls another process as a scope of this instance; it sees only what the inputs give it."""

    holds_records = True
    waiting_state = TaskState.STARTED

    def execute(self, token: Token) -> None:
        instance = token.workflow
        if UNDOING in token.internal_data:
            reopen_call(token)
            return
        called = self.node.called
        process = called.process if called is not None else ""
        if process.startswith("="):
            process = str(instance.evaluate(process[1:], visible(token)))
        if called is not None and called.binding != "start":
            process = instance.definitions.called(process, called.binding, called.version_tag)
        spec = instance.process_spec(process)
        check_depth(token)
        scope = instance.spawn(spec.start, token)
        if called is not None and called.propagate_parent:
            scope.data.update(visible(token))
        scope.data.update(inputs_of(token, self.node.inputs))
        scope._ready()

    def _update_hook(self, token: Token) -> bool:
        if token._state != TaskState.STARTED or token.workflow.live(token) > 0:
            return False
        token.phase = COMPLETING
        return True

    def map_results(self, token: Token) -> None:
        if not self.node.outputs and not (self.node.called is not None and self.node.called.propagate_child):
            token.internal_data.pop("result", None)
        super().map_results(token)


def check_depth(token: Token) -> None:
    """Raises CallsTooDeep when processes call each other without end."""
    depth, scope = 0, token.scope
    while scope is not None:
        depth += scope.task_spec.is_process
        scope = scope.scope
    if depth > MAX_CALLS:
        raise CallsTooDeep(f"processes call each other more than {MAX_CALLS} levels deep", node=token.task_spec.name)
