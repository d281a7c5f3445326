"""The port between the BPMN kernel and the rest of the engine: state in, state changes and events out, no I/O.

`engine.runner.kernel.SpiffKernel` implements it on SpiffWorkflow; nothing outside `engine.runner` imports the library.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Protocol

from engine.actor import Actor
from engine.definitions.migration import Plan
from engine.definitions.model import Deadline, Node, Process
from engine.events import Event
from engine.runner.instructions import Instruction, Start
from engine.services import Service

#: noted at a token while a job calls its service
REQUESTED = "requested"


@dataclass(frozen=True, slots=True, kw_only=True)
class TokenRow:
    """One live token (element instance). Finished ones are gone: history has them."""

    id: str
    parent: str | None  # token of the enclosing scope; None = the instance's process scope
    process: str
    node: str | None  # None = a process scope
    #: TaskState name: READY | WAITING | STARTED …
    state: str
    #: order of creation within the instance
    seq: int
    #: the kernel's own bookkeeping (counters of joins and multi-instance, timer generations …), JSON kinds
    internal: Mapping[str, Any]


class LiveRows(Protocol):
    """Reads live rows one by one, for instances with so many tokens that loading all of them for each command would tell.

    The kernel asks for the token it works on, its scopes, what these name, and (when it cancels a scope, or looks at an
    inclusive join) for what is inside a scope; never for the siblings of a participant that completes.
    """

    #: token id of the instance's own process scope
    root: str

    def row(self, token: str) -> TokenRow | None:
        """The live token with this id."""
        ...

    def children(self, scope: str) -> Sequence[TokenRow]:
        """The live tokens directly inside a scope, by `seq`."""
        ...

    def live(self, scope: str) -> int:
        """How many of them have no ``host`` in their internal data."""
        ...

    def variables(self, scope: str) -> Mapping[str, Any]:
        """The variables of this very scope. May be lazy: names that begin with ``#`` are read at the end of a multi-instance only."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Snapshot:
    """All that is needed to go on: rows of live tokens and variables by scope token id, or a reader of them.

    With `rows`, `tokens` and `variables` are not looked at (only `Kernel.rearm` needs them: it goes through every token).
    """

    tokens: Sequence[TokenRow] = ()
    variables: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)
    next_seq: int = 1
    rows: LiveRows | None = None
    #: (scope token, name) → where the store keeps a large value; not the kernel's concern
    apart: Mapping[tuple[str, str], str] = field(default_factory=dict)


@dataclass(slots=True, kw_only=True)
class Changes:
    """What one run changed, for the store to write. Only what really differs from the snapshot."""

    tokens: list[TokenRow] = field(default_factory=list)
    gone_tokens: list[str] = field(default_factory=list)
    #: (scope token, name) → value
    variables: dict[tuple[str, str], Any] = field(default_factory=dict)
    gone_variables: list[tuple[str, str]] = field(default_factory=list)
    #: variables of tokens that left the tree, as they were at last: reactions still read them, nothing stores them
    last_variables: dict[str, Mapping[str, Any]] = field(default_factory=dict)
    events: list[Event] = field(default_factory=list)
    next_seq: int = 1
    #: None while it runs; completed | cancelled | failed
    outcome: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Decided:
    """The value of a decision, and what history keeps of how it came about."""

    value: Any
    kept: Mapping[str, Any]


class Definitions(Protocol):
    """The models an instance is bound to."""

    def process(self, key: str) -> Process:
        """The process in the version this instance uses. Raises NotFound."""
        ...

    def called(self, process: str, how: str, tag: str | None) -> str:
        """The key under which `process` gives the version to call: that of the instance (``start``), the newest now (``latest``), or
        the one with a version tag (``pinned``). Raises NotFound."""
        ...

    def decide(self, decision: str, variables: Mapping[str, Any]) -> Decided:
        """Evaluate the decision in the version this instance uses. Raises NotFound, UnknownVariable, ExpressionFailed."""
        ...


class Environment(Protocol):
    """What the kernel may ask during a run."""

    now: datetime
    actor: Actor

    def new_id(self) -> str: ...

    def evaluate(self, expression: str, variables: Mapping[str, Any]) -> Any:
        """FEEL with the command's functions; raises UnknownVariable or ExpressionFailed."""
        ...

    def guards(self, process: str, node: str, names: Iterable[str], variables: Mapping[str, Any]) -> list[dict[str, Any]]:
        """Who may read what the node made of the declared data `names`, as it is stored."""
        ...

    def service(self, name: str) -> Service | None: ...

    def call_inline(
        self, service: Service, node: Node, token: str, process: str, inputs: Mapping[str, Any], seen: Mapping[str, Any], scope: str
    ) -> Any:
        """Run an inline service in the open transaction; `seen` are the variables where it is called, `scope` is the token of the
        process it stands in. BpmnError passes through."""
        ...

    def read_store(self, store: str) -> Any:
        """What a data store holds; null when nothing was stored yet."""
        ...

    def write_store(self, store: str, value: Any) -> None:
        """Put a value into a data store; every instance reads it from then on."""
        ...

    def open_deadline(self, spec: Deadline, limit: Any, node: Node, token: str) -> None: ...

    def close_deadline(self, token: str, met: bool) -> None: ...

    def resolve_timer(self, kind: str, value: Any) -> tuple[datetime, str | None]:
        """First firing of a timer (date | duration | cycle) and, for a cycle, the text that remains after it (None = done).
        Understands ISO 8601 text, FEEL dates and durations, and working-time limits (5WD)."""
        ...


class Kernel(Protocol):
    """Runs tokens until nothing is READY. Each call: snapshot in, changes out. No recursion over model or history."""

    def start(
        self,
        definitions: Definitions,
        process: str,
        environment: Environment,
        *,
        variables: Mapping[str, Any],
        start_event: str | None = None,
        message: Mapping[str, Any] | None = None,
        event: int = 0,
    ) -> Changes:
        """Open the process scope and run. `start_event` None = the none start event (or, if the file has none, every node
        without incoming flows). With it, its event definition number `event` occurred and brought `message`."""
        ...

    def complete(
        self, definitions: Definitions, snapshot: Snapshot, environment: Environment, token: str, form: Mapping[str, Any]
    ) -> Changes:
        """Complete a waiting user, manual or receive-like task with its accepted submission."""
        ...

    def trigger(
        self,
        definitions: Definitions,
        snapshot: Snapshot,
        environment: Environment,
        token: str,
        event: int,
        payload: Mapping[str, Any] | None = None,
    ) -> Changes:
        """A timer of that token is due, or a message/signal arrived for its subscription (boundary, catch, event gateway,
        receive task, event sub-process start). No-op Changes when the token no longer waits for it."""
        ...

    def service_done(
        self,
        definitions: Definitions,
        snapshot: Snapshot,
        environment: Environment,
        token: str,
        result: Any = None,
        error: tuple[str, Mapping[str, Any]] | None = None,
    ) -> Changes:
        """Result (or BPMN error code and data) of a service that ran as a job."""
        ...

    def retry(self, definitions: Definitions, snapshot: Snapshot, environment: Environment, token: str) -> Changes:
        """Run a token again that stands in an incident."""
        ...

    def cancel(self, definitions: Definitions, snapshot: Snapshot, environment: Environment) -> Changes:
        """Cancel the whole instance; nothing of it stays live."""
        ...

    def rearm(self, definitions: Definitions, snapshot: Snapshot, environment: Environment) -> Changes:
        """Re-evaluate every armed timer whose expression depends on a deadline; emits TimerArmed with a new generation."""
        ...

    def assign(
        self, definitions: Definitions, snapshot: Snapshot, environment: Environment, variables: Mapping[tuple[str, str], Any], *, run: bool
    ) -> Changes:
        """Set variables of live scopes ((token, name) → value). `run`: conditional events are looked at again."""
        ...

    def modify(
        self, definitions: Definitions, snapshot: Snapshot, environment: Environment, instructions: Sequence[Instruction]
    ) -> Changes:
        """Take element instances away and begin others, then run. Raises ModificationRefused."""
        ...

    def begin(
        self, definitions: Definitions, process: str, environment: Environment, *, variables: Mapping[str, Any], starts: Sequence[Start]
    ) -> Changes:
        """Open the process scope and run from elements of its own choice instead of the start event. Raises ModificationRefused."""
        ...

    def migrate(
        self, definitions: Definitions, target: Definitions, snapshot: Snapshot, environment: Environment, plan: Plan, *, run: bool
    ) -> Changes:
        """Live tokens of a whole snapshot become tokens of another version, by a checked plan. Raises MigrationFailed."""
        ...
