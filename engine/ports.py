"""What the engine needs from outside, as protocols. Governance implements them; `engine.standalone` has plain ones."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Protocol

from engine.actor import Actor, Mandate
from engine.definitions.model import Deadline
from engine.events import Event

Connection = Any  # a SQLAlchemy Connection in the command's open transaction


@dataclass(frozen=True, slots=True, kw_only=True)
class InstanceRef:
    """The instance an event, deadline or expression belongs to."""

    id: str
    process: str
    version: int
    number: str | None
    area: str | None
    starter: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Offer:
    """A selector as the directory resolved it at that instant.

    `selector` is what the inbox query matches: the one asked for, and the nearest one up the tree that has a holder.
    """

    selector: str
    vacant: bool = False


class Directory(Protocol):
    """Who holds what. Selectors are text: ``person:<id>``, ``role:<code>@<org|area|committee>``, ``member:<committee>[:<role>]``,
    ``holder:<post code>@<of>``, ``public`` (anyone, no account)."""

    def resolve(self, connection: Connection, selectors: Sequence[str], at: datetime) -> list[Offer]:
        """Selectors under which a task is stored. All vacant: the task stays, unassigned, and the area's office is alerted."""
        ...

    def selectors_of(self, connection: Connection, person: str, at: datetime) -> dict[str, Mandate]:
        """Every selector the person satisfies at that instant with the mandate it rests on (posts, memberships, delegations,
        acting posts), always including ``person:<id>``."""
        ...

    def area_path(self, connection: Connection, of: str | None, at: datetime) -> list[str]:
        """The area of an organisation, committee or area and those above, nearest first; empty for None or unknown."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class DeadlineView:
    """What ``deadline("review_due")`` gives in FEEL: a context with these fields."""

    id: str
    due: datetime
    started: datetime
    clock: str  # natural | working
    state: str  # running | paused | met | cancelled
    remaining: str | None = None


class Deadlines(Protocol):
    """Deadlines are the product's own records, not BPMN timers (design 6)."""

    def open(
        self, connection: Connection, instance: InstanceRef, token: str, element: str, spec: Deadline, limit: Any, at: datetime
    ) -> DeadlineView:
        """Open the deadline of an element that was just entered; `limit` is the evaluated limit text (PT2H, P14D, 5WD, 4WH)."""
        ...

    def view(self, connection: Connection, instance: str, deadline: str) -> DeadlineView | None:
        """The newest deadline with this id in the instance."""
        ...

    def close(self, connection: Connection, token: str, at: datetime, met: bool) -> None:
        """The element was completed (`met`) or cancelled."""
        ...

    def follow(self, connection: Connection, token: str, element: str) -> None:
        """The instance moved to another version of its process: the token's open deadlines belong to this element now."""
        ...

    def due_after(self, connection: Connection, area: str | None, limit: str, start: datetime) -> datetime:
        """When a limit (PT2H, P14D, 5WD, 4WH) that starts to run at `start` is over, by the area's calendar: for BPMN timers."""
        ...


class Reaction(Protocol):
    """Receives the events of one command inside its open transaction; may write through `unit.connection`, enqueue jobs
    and raise a CogovError to refuse the whole command."""

    def __call__(self, unit: Unit, events: Sequence[Event]) -> None: ...


class Unit(Protocol):
    """One command in progress, as reactions and function libraries see it."""

    @property
    def connection(self) -> Connection: ...

    @property
    def instance(self) -> InstanceRef: ...

    @property
    def actor(self) -> Actor: ...

    @property
    def now(self) -> datetime: ...

    def evaluate(self, expression: str, token: str, extra: Mapping[str, Any] | None = None) -> Any:
        """Evaluate FEEL in the variable scope of a token."""
        ...

    def variables(self, token: str) -> Mapping[str, Any]:
        """The variables visible at a token, innermost scope first."""
        ...

    def enqueue(self, job: str, payload: Mapping[str, Any], *, at: datetime | None = None, key: str | None = None) -> None:
        """Put a job into the outbox of this transaction. `key` makes a second enqueue of the same thing a no-op."""
        ...

    def set_number(self, number: str) -> None:
        """Give the instance its register number (variable ``number``)."""
        ...

    def set_title(self, title: str) -> None:
        """What lists and inbox lines call the instance, unless the process itself has a variable ``title``."""
        ...

    def record(self, kind: str, element: str | None = None, content: Mapping[str, Any] | None = None) -> None:
        """Add a row to the instance's chained history. `kind` is a short snake_case word, `content` holds variable kinds."""
        ...


class Functions(Protocol):
    """FEEL functions of governance (conventions 4): working days, deadline, role, member, holder, setting."""

    def names(self) -> frozenset[str]: ...

    def bind(self, connection: Connection, instance: InstanceRef | None, now: datetime) -> Mapping[str, Callable[..., Any]]:
        """The functions for one command, keyed by FEEL name (``add working days``); positional FEEL values in, a value out."""
        ...


JobHandler = Callable[[Mapping[str, Any]], None]


@dataclass(frozen=True, slots=True, kw_only=True)
class JobFigures:
    """What an operator watches: jobs due now and since when the oldest is, jobs for later (timers), jobs that run, jobs that failed
    for good, jobs that failed and are tried again, and the last beat of each process that works."""

    due: int
    oldest_due: datetime | None
    later: int
    running: int
    failed: int
    trying: int
    beats: Mapping[str, datetime]


class Jobs(Protocol):
    """Durable jobs: DbosJobs for real, MemoryJobs driven by a movable clock. At least once; handlers are idempotent."""

    def register(self, name: str, handler: JobHandler) -> None: ...

    def enqueue(
        self, connection: Connection, name: str, payload: Mapping[str, Any], *, at: datetime | None = None, key: str | None = None
    ) -> None:
        """Inside the caller's transaction: a rollback leaves no job. `payload` is plain JSON."""
        ...

    def launch(self) -> None:
        """Begin to work (worker or embedded). Called once, after every register."""
        ...

    def shutdown(self) -> int:
        """Stop working. Returns how many jobs did not end in time and were handed back."""
        ...

    def retry_failed(self, connection: Connection, failure: str, by: str | None) -> None:
        """Put a job in again that failed for good (`engine.jobs.failures`). Raises NotFound, Conflict when it stands failed no more."""
        ...

    def figures(self) -> JobFigures:
        """How long the queue is and who works on it."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class StoredFile:
    """An uploaded file as forms refer to it."""

    id: str
    name: str
    size: int
    media_type: str
    digest: str
    #: person who uploaded it; None: the public, without an account
    uploaded_by: str | None = None
    #: instance it was submitted with; None: not submitted yet (swept after a day)
    instance: str | None = None


class Files(Protocol):
    """Uploaded files, outside the web root."""

    def get(self, connection: Connection, file_id: str) -> StoredFile | None: ...

    def attach(self, connection: Connection, file_ids: Iterable[str], instance: str) -> None:
        """The files were submitted with a form of this instance: they are kept. Idempotent; called by the engine."""
        ...


class People(Protocol):
    """What form rules need from the directory to check person, unit, area … fields (V-TERM, V-NOTSELF, existence)."""

    def exists(self, connection: Connection, kind: str, ref: str, at: datetime) -> bool: ...

    def describe(self, connection: Connection, kind: str, ref: str, at: datetime) -> Mapping[str, Any] | None:
        """What a form shows and filters by: at least ``id``, ``zh``, ``en``, and the attributes a filter may name (a unit's ``kind``,
        a person's ``unit``, …). None: there is none at that instant."""
        ...

    def unit_of(self, connection: Connection, person: str, at: datetime) -> Iterable[str]: ...

    def is_member(self, connection: Connection, person: str, of: str, at: datetime) -> bool: ...
