"""One live element instance: SpiffWorkflow's Task, with direct references instead of a tree that is searched."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from SpiffWorkflow.task import Task
from SpiffWorkflow.util.task import TaskState

if TYPE_CHECKING:
    from engine.runner.elements.base import Element
    from engine.runner.instance import Instance

#: Keys of ``internal_data`` that every kind of element shares.
PHASE = "phase"
HOST = "host"  # an auxiliary token that waits on behalf of another one
INSTANCE = "instance"  # number of a multi-instance or loop instance
OPEN = "open"  # event index → what is armed or subscribed
SEEN = "seen"  # of a parallel multiple event: event index → what was open, for those that have come
WAITS = "waits"  # ids of the auxiliary tokens of a boundary or event gateway
STARTS = "starts"  # ids of the waiting start events of a scope's event sub-processes
CHOICE = "choice"  # an auxiliary token: a button that starts its element
CHOICES = "choices"  # ids of those tokens of an ad-hoc sub-process
RESULT = "result"  # name under which the completion result lies in the token's own variables
MAPPED = "mapped"  # the outputs are written: a retry of what came after them must not write them again
UNDOING = "undoing"  # a scope that was completed and is open again only to be undone
#: variable of a token: the acting person and moment that output mappings see as form.by and form.at
FACTS = "#facts"

#: Values of PHASE; no phase: not begun.
ARMED = "armed"  # waits, but the element has not begun (boundary, event gateway target, join)
OPENING = "opening"  # ElementStarted is out, deadline and boundary events are not
ACTIVE = "active"
COMPLETING = "completing"  # the result is there, outputs and flows are not


class Token(Task):
    """A live token. Its parent in Spiff's tree is the token of the enclosing scope; a finished token leaves the tree at once.

    `data` (Spiff's name) holds the variables set in this run, `stored` those of the snapshot: neither is ever copied to
    another token. The base class's ``__init__`` is not called: it reads the wall clock, draws a UUID and counts threads.
    """

    id: str
    workflow: Instance
    task_spec: Element
    internal_data: dict[str, Any]
    data: dict[str, Any]

    def __init__(
        self,
        instance: Instance,
        spec: Element,
        scope: Token | None,
        *,
        id: str,  # noqa: A002 - Spiff's name
        seq: int,
        internal: dict[str, Any],
        state: int = TaskState.FUTURE,
        stored: Mapping[str, Any] | None = None,
    ) -> None:
        self.id = id
        self.workflow = instance
        self.task_spec = spec
        self.scope = scope
        self.seq = seq
        self.internal_data = internal
        self.data = {}
        #: the variables as loaded, and as they are now apart from `data` (a row of the kernel may be dropped)
        self.loaded = self.stored = stored if stored is not None else {}
        self.triggered = False
        self._state = state

    @property
    def parent(self) -> Token | None:
        return self.scope

    @property
    def children(self) -> list[Token]:
        return self.workflow.children_of(self)

    @property
    def phase(self) -> str | None:
        return self.internal_data.get(PHASE)

    @phase.setter
    def phase(self, value: str) -> None:
        self.internal_data[PHASE] = value

    @property
    def loop(self) -> int | None:
        """For events: 0 the body of a multi-instance, n its n-th instance, None neither."""
        number = self.internal_data.get(INSTANCE)
        return number if number is not None else (0 if self.task_spec.is_body else None)

    def run(self) -> bool | None:
        """Run the element (Spiff's contract: True = complete, None = it waits). A token that was cancelled by what it did stays so."""
        outcome: bool | None = self.task_spec._run(self)
        if self._state != TaskState.READY:
            return None
        if outcome:
            self.complete()
        else:
            self._set_state(self.task_spec.waiting_state)
        return outcome

    def complete(self) -> None:
        """Outputs, events and outgoing flows; then the token is gone. If that fails it can be tried again."""
        self.phase = COMPLETING
        super().complete()

    def cancel(self) -> None:
        """Cancel the token with all below it, innermost first."""
        self.workflow.cancel_subtree(self)

    def finish(self) -> None:
        """What the element waited for is there: complete it in its turn."""
        self.phase = COMPLETING
        self._ready()

    def _set_state(self, value: int) -> None:
        self._state = value
        if value == TaskState.READY:
            self.workflow.ready.append(self)

    def __repr__(self) -> str:
        return f"<Token {self.id} {self.task_spec.name} {TaskState.get_name(self._state)}>"
