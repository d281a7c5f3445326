"""What happens in an instance, as frozen facts. The runner emits them in order, the store turns them into rows, history
and jobs, and reactions (governance) receive the same list inside the open transaction. It is the one seam between the two.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from engine.actor import Actor
from engine.definitions.model import EventDefinition, Label, Node, Record


@dataclass(frozen=True, slots=True, kw_only=True)
class Event:
    """Common to all: `token` is the id of the token (element instance), `scope` the token of the enclosing scope."""

    token: str
    scope: str | None
    process: str  # process id the node belongs to (a called process has its own)
    node: Node | None  # None only for the process itself
    #: loop marker: 0 = the multi-instance (or loop) body as a whole, n = its n-th instance, None = no loop
    loop: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ProcessStarted(Event):
    """A process scope opened: the instance's own (scope None) or a called one."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ProcessEnded(Event):
    """A process scope closed. `outcome`: completed | cancelled | failed; `ends` the end event node ids reached."""

    outcome: str
    ends: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class ElementStarted(Event):
    """A token entered the node; input mappings are done, variables of its scope can be read."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ElementCompleted(Event):
    """The node is done and its output mappings are applied."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ElementCancelled(Event):
    """The node was interrupted or cancelled. `by`: node id of the event that did it, or None for a cancelled instance."""

    by: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class FlowTaken(Event):
    """A sequence flow was passed (node = its source)."""

    flow: str


@dataclass(frozen=True, slots=True, kw_only=True)
class TaskOffered(Event):
    """A user or manual task waits for a person. `selectors` as the model says (conventions 4, 5), unresolved."""

    selectors: tuple[str, ...]
    assignee: str | None = None
    #: persons who must not do it (cogov:exclude)
    excluded: tuple[str, ...] = ()
    form: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class TaskCompleted(Event):
    """`form` is the accepted submission as stored."""

    form: Mapping[str, Any]
    by: Actor


@dataclass(frozen=True, slots=True, kw_only=True)
class SubmissionCorrected(Event):
    """What was handed in with a completed task was corrected. `token` is the scope around that task, `before` the values of the
    variables that were written, as they stood until now; `records` are those of the whole process."""

    before: Mapping[str, Any]
    records: tuple[Record, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class VariablesChanged(Event):
    """An operator changed variables. `token` is their scope, `before` the values they had; `records` are those of the whole process."""

    before: Mapping[str, Any]
    records: tuple[Record, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class ElementMigrated(Event):
    """The instance moved to another version: the token stands at `node` now. `before`: the element of the old version."""

    before: Node


@dataclass(frozen=True, slots=True, kw_only=True)
class TaskMigrated(Event):
    """An offered task belongs to another version now; whom that asks, and its form."""

    selectors: tuple[str, ...]
    assignee: str | None = None
    excluded: tuple[str, ...] = ()
    form: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class TaskWithdrawn(Event):
    """The task is gone without having been completed."""


@dataclass(frozen=True, slots=True, kw_only=True)
class TimerArmed(Event):
    """`due` is the next firing. The same token may arm again (cycle, moved deadline): then `generation` is higher."""

    event: int  # index into node.events
    due: datetime
    generation: int = 1


@dataclass(frozen=True, slots=True, kw_only=True)
class TimerDisarmed(Event):
    event: int


@dataclass(frozen=True, slots=True, kw_only=True)
class SubscriptionOpened(Event):
    """A message, signal, conditional … is awaited. `key` is the correlation key as text, None = any."""

    event: int
    kind: str  # message | signal
    name: str
    key: str | None = None
    definition: EventDefinition | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class SubscriptionClosed(Event):
    event: int


@dataclass(frozen=True, slots=True, kw_only=True)
class MessageSent(Event):
    """To be delivered by a job after commit: to an open subscription with this name and key, or to a message start event."""

    name: str
    key: str | None
    variables: Mapping[str, Any]
    #: how long it is kept if nobody waits, as an ISO 8601 duration; None: as the engine says
    ttl: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class SignalSent(Event):
    name: str
    variables: Mapping[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class ServiceRequested(Event):
    """A service that is not inline: a job calls it outside the transaction and hands the result to Kernel.service_done."""

    service: str
    inputs: Mapping[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class DecisionEvaluated(Event):
    """A business rule task has its value. `kept`: what history keeps of it (engine.decisions.kept), with who may read it."""

    decision: str
    kept: Mapping[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class Escalated(Event):
    """An escalation was thrown (also when nothing caught it)."""

    code: str
    caught: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class IncidentRaised(Event):
    """The token cannot go on without a person's help: unknown name, failed expression, service out of retries, uncaught error."""

    code: str
    message: str
    details: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class ActionOpened(Event):
    """A cogov:action became available (its message is awaited), or an activity of an ad-hoc sub-process may be started (`message` is
    empty then, `label` what the button is called). `selectors` may use it; `form` or None."""

    selectors: tuple[str, ...]
    message: str
    key: str | None
    form: str | None
    public: bool = False
    label: Label | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ActionClosed(Event):
    pass
