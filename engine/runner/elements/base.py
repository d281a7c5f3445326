"""What all elements share: begin, execute, complete, be withdrawn."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from SpiffWorkflow.specs.base import TaskSpec
from SpiffWorkflow.util.task import TaskState

from engine.definitions.model import EventDefinition, Node
from engine.errors import ExpressionFailed
from engine.events import ElementCancelled, ElementCompleted, ElementStarted, FlowTaken
from engine.runner.elements.compensation import THROWER, undone
from engine.runner.failures import NoFlow
from engine.runner.specs import Path, ProcessSpec
from engine.runner.token import ACTIVE, ARMED, COMPLETING, FACTS, INSTANCE, MAPPED, OPENING, RESULT, UNDOING, Token
from engine.runner.variables import map_inputs, map_outputs, merge, read, result_layers, visible
from engine.values import normalise

#: Name of an event's payload in its output mappings.
PAYLOAD_NAMES = {"message": "message", "signal": "signal", "error": "error", "escalation": "escalation"}


class Element(TaskSpec):
    """Behaviour of one element of a compiled process; the token carries all state."""

    #: a process scope: variables of the caller are not visible
    is_process = False
    #: the body of a multi-instance or loop
    is_body = False
    is_event_sub_process = False
    #: something inside may have completed that can be undone
    holds_records = False
    #: the activity that undoes this one (compensation boundary event)
    compensation_handler: FlowNode | None = None
    #: state of a token that has executed and is not complete
    waiting_state = TaskState.WAITING
    #: triggers that may arrive from outside, by event index
    triggers: tuple[EventDefinition, ...] = ()

    def __init__(self, process: ProcessSpec, name: str, node: Node | None) -> None:
        super().__init__(process, name)
        self.process = process
        self.node = node

    def test(self) -> None:
        """Spiff demands an input of every element; start events have none. The reader has checked the graph."""

    def _run_hook(self, token: Token) -> bool | None:
        if token.phase == COMPLETING:
            return True
        if token.phase in (None, ARMED):
            self.begin(token)
            token.phase = OPENING
        if token.phase == OPENING:
            self.open(token)
            token.phase = ACTIVE
        return self.execute(token)

    def begin(self, token: Token) -> None:
        """Enter the element: may fail and be tried again as a whole."""

    def open(self, token: Token) -> None:
        """Deadline and boundary events, after ElementStarted."""

    def execute(self, token: Token) -> bool | None:
        """The work itself. True: complete; None: the token waits."""
        return True

    def after(self, token: Token) -> None:
        """The token has completed and left the tree."""
        if THROWER in token.internal_data:
            undone(token)
        if token.scope is not None:
            token.scope.task_spec._update(token.scope)

    def _update_hook(self, token: Token) -> bool:
        """Spiff's question whether the element may run now; asked of a scope when a token inside it has gone."""
        return False

    def retry(self, token: Token) -> None:
        """Run a token again that stands in an incident."""
        token._ready()

    def settle(self, token: Token) -> None:
        """Nothing is ready any more, and something has moved inside this scope."""

    def withdraw(self, token: Token, by: str | None) -> None:
        """The token is cancelled: close what it had opened."""

    def boundary(self, token: Token, kind: str, code: str | None, payload: Mapping[str, Any] | None = None) -> Any:
        """The boundary event of this element that catches such an error or escalation, or None."""
        return None

    def event_sub_process(self, token: Token, kind: str, code: str | None, payload: Mapping[str, Any] | None = None) -> Any:
        """The event sub-process directly inside this scope that catches it, or None."""
        return None

    def counters(self, token: Token) -> Mapping[str, Any]:
        """Variables that a multi-instance body offers to what is inside it."""
        return {}


class FlowNode(Element):
    """An element with flows: input mappings, started, work, output mappings, completed, flows taken."""

    node: Node
    paths: Sequence[Path] = ()
    #: the instantiating event-based gateway before an event that creates instances
    created_by: Any = None

    def begin(self, token: Token) -> None:
        if UNDOING not in token.internal_data:
            token.data.update(dict.fromkeys(self.node.locals))
            map_inputs(token, self.node.inputs)
        token.workflow.emit(ElementStarted, token)

    def arrive(self, scope: Token, path: Path | None) -> None:
        """A token comes in through `path` (None: at the start of the scope)."""
        scope.workflow.spawn(self, scope)._ready()

    def _on_complete_hook(self, token: Token) -> None:
        if MAPPED not in token.internal_data:
            self.map_results(token)
            token.internal_data[MAPPED] = True
        self.collect(token)
        taken = self.choose(token) if UNDOING not in token.internal_data else ()
        self.leave(token)
        token.workflow.emit(ElementCompleted, token)
        if token.scope is not None:
            for path in taken:
                self.take(token, token.scope, path)

    def take(self, token: Token, scope: Token, path: Path) -> None:
        """Pass the flow: once, or as often as the activity's completion quantity says."""
        for _ in range(self.node.completion_quantity):
            token.workflow.emit(FlowTaken, token, flow=path.id)
            path.target.arrive(scope, path)

    def map_results(self, token: Token) -> None:
        """Output mappings, or without any: every variable of the result goes out."""
        start = token if INSTANCE in token.internal_data else token.scope
        if start is None or UNDOING in token.internal_data:
            return
        if self.node.outputs:
            map_outputs(token, start, self.node.outputs, result_layers(token))
        elif RESULT in token.internal_data:
            result = read(token, token.internal_data[RESULT])
            if isinstance(result, Mapping):
                merge(start, result)

    def collect(self, token: Token) -> None:
        """After the outputs: an instance of a multi-instance hands its result to the body."""

    def leave(self, token: Token) -> None:
        """Close what the element has open; it completes now."""

    def withdraw(self, token: Token, by: str | None) -> None:
        if token.phase not in (None, ARMED):
            token.workflow.emit(ElementCancelled, token, by=by)
        if THROWER in token.internal_data:
            undone(token)

    def choose(self, token: Token) -> Sequence[Path]:
        """All flows that have no condition or whose condition holds, else the default flow. Raises NoFlow."""
        taken = [path for path in self.paths if not path.default and (path.condition is None or holds(token, path.condition))]
        return taken or self.default_path()

    def default_path(self) -> Sequence[Path]:
        for path in self.paths:
            if path.default:
                return (path,)
        if self.paths:
            raise NoFlow(f"no outgoing flow of {self.node.id} can be taken", node=self.node.id, flows=[path.id for path in self.paths])
        return ()


def holds(token: Token, condition: str, *inner: Mapping[str, Any], at: Token | None = None) -> bool:
    """Whether a condition holds, read outside the token. Raises ExpressionFailed for null: it would silently mean no."""
    value = token.workflow.evaluate(condition, visible(at or token.scope or token, *inner))
    if isinstance(value, bool):
        return value
    raise ExpressionFailed(
        f"the condition {condition!r} is {'null' if value is None else 'no truth value'}, not true or false",
        expression=condition,
        node=token.task_spec.name,
    )


def set_payload(token: Token, kind: str, payload: Mapping[str, Any] | None) -> None:
    """What an event brought becomes the token's result; the code of an error or escalation is a fact beside its data."""
    data = dict(payload or {})
    if kind in ("error", "escalation"):
        token.data[FACTS] = {"code": data.pop("code", None)}
    set_result(token, PAYLOAD_NAMES[kind], data)


def set_result(token: Token, name: str | None, value: Any) -> None:
    """Keep the completion result in the token's own variables until its outputs are mapped."""
    if name is not None:
        token.internal_data[RESULT] = name
        token.data[name] = normalise(value)
