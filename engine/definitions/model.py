"""A BPMN file as plain, frozen data: what reader, check, layout, runner, registers and pages share.

Nothing here evaluates or runs. Expressions stay source text. ``FEEL``: the reader has stripped the leading ``=``, and
has turned static text into a FEEL literal (``assignee="wang"`` gives ``"wang"`` in quotes), so the text compiles as it
stands. Only fields that may hold something else than FEEL keep the ``=`` as the mark: `EventDefinition.timer`,
`Deadline.limit`, `Called.process`, `Message.name`.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

FEEL = str


@dataclass(frozen=True, slots=True)
class Label:
    """A text in both languages; ``en`` falls back to ``zh`` when the file has no English."""

    zh: str = ""
    en: str = ""

    def in_(self, language: str) -> str:
        return (self.en or self.zh) if language == "en" else (self.zh or self.en)


@dataclass(frozen=True, slots=True, kw_only=True)
class Message:
    id: str
    name: str
    #: of zeebe:subscription; evaluated when the subscription opens
    correlation_key: FEEL | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class EventDefinition:
    """One trigger or result of an event."""

    #: message timer signal error escalation compensate conditional link terminate cancel
    kind: str
    #: message: Message · error/escalation: code (None = catch all) · signal/link: name
    message: Message | None = None
    code: str | None = None
    name: str | None = None
    #: timer: date | duration | cycle, and its text: ISO 8601, a working-time limit (5WD), or FEEL (then it starts with ``=``)
    timer_kind: str | None = None
    timer: str | None = None
    condition: FEEL | None = None
    #: compensation throw: the activity named, None = the whole scope
    activity_ref: str | None = None
    #: compensation throw: whether it goes on only when all is undone
    waits: bool = True
    line: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Mapping_:  # noqa: N801 (Mapping is the abstract class)
    """zeebe:input / zeebe:output: ``source`` is FEEL, ``target`` a (dotted) variable name."""

    source: FEEL
    target: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Thrown:
    """What a multi-instance activity throws when an instance ends: `events`, if `condition` holds (None: always)."""

    events: tuple[EventDefinition, ...]
    condition: FEEL | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Loop:
    """Multi-instance or standard loop."""

    #: parallel | sequential | standard
    kind: str
    collection: FEEL | None = None
    element: str | None = None
    output_collection: str | None = None
    output_element: FEEL | None = None
    cardinality: FEEL | None = None
    completion_condition: FEEL | None = None
    #: multi-instance: All (throws nothing) | None (at the end of each instance) | One (of the first) | Complex (where a condition holds)
    behavior: str = "All"
    throws: tuple[Thrown, ...] = ()
    #: standard loop
    condition: FEEL | None = None
    maximum: int | None = None
    test_before: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Deadline:
    """cogov:deadline. `limit` is PT2H, P14D, 5WD, 4WH or FEEL (then it starts with ``=``)."""

    id: str
    limit: str
    ladder: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Record:
    """cogov:record: move the row of `register` to `state` when the element starts (or ends)."""

    register: str
    state: str | None
    on: str = "start"  # start | end
    key: FEEL | None = None
    values: FEEL | None = None
    #: a row that this record opens keeps this number (from before) instead of taking the next; null: it takes the next
    number: FEEL | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Action:
    """cogov:action: a button on the case page that sends this event's message. `role` is FEEL giving selectors."""

    role: FEEL | None
    form: str | None = None
    #: open to people without an account (objection on a publicity page)
    public: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Called:
    """zeebe:calledElement. `process` is an id or FEEL (starts with ``=``)."""

    process: str
    binding: str = "start"  # start (version when the instance started) | latest (at the call) | pinned (by version tag)
    version_tag: str | None = None
    propagate_parent: bool = False
    propagate_child: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class AdHoc:
    """How an ad-hoc sub-process runs. `active`: FEEL giving the ids of what starts with it; None: people choose."""

    sequential: bool = False
    cancel_remaining: bool = True
    completion_condition: FEEL | None = None
    active: FEEL | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Node:
    """Any flow node. Fields that do not fit its kind are None or empty."""

    id: str
    #: BPMN local name: task userTask manualTask serviceTask sendTask receiveTask scriptTask businessRuleTask
    #: callActivity subProcess transaction adHocSubProcess startEvent endEvent intermediateCatchEvent
    #: intermediateThrowEvent boundaryEvent exclusiveGateway parallelGateway inclusiveGateway eventBasedGateway complexGateway
    kind: str
    name: Label
    documentation: Label
    line: int
    #: id of the enclosing sub-process, or of the process
    parent: str
    incoming: tuple[str, ...] = ()
    outgoing: tuple[str, ...] = ()
    lane: str | None = None
    default: str | None = None
    events: tuple[EventDefinition, ...] = ()
    parallel_multiple: bool = False
    attached_to: str | None = None
    #: compensation boundary: the activity its association leads to
    compensation_handler: str | None = None
    #: boundary: cancelActivity; start event of an event sub-process: isInterrupting
    interrupting: bool = True
    #: event sub-process
    triggered_by_event: bool = False
    ad_hoc: AdHoc | None = None
    #: event-based gateway / receive task that creates instances
    instantiate: bool = False
    #: such a gateway waits for all of its events, not for the first (eventGatewayType Parallel)
    parallel_start: bool = False
    for_compensation: bool = False
    #: activity: how many tokens start it once, and how many leave it on every flow it takes
    start_quantity: int = 1
    completion_quantity: int = 1
    loop: Loop | None = None
    #: variables of its own that exist from its beginning as null: properties, and data objects of a sub-process
    locals: tuple[str, ...] = ()
    inputs: tuple[Mapping_, ...] = ()
    outputs: tuple[Mapping_, ...] = ()
    form: str | None = None
    assignee: FEEL | None = None
    candidates: FEEL | None = None
    exclude: FEEL | None = None
    service: str | None = None
    script: FEEL | None = None
    decision: str | None = None
    #: of script or decision
    result_variable: str | None = None
    called: Called | None = None
    #: send and receive tasks
    message: Message | None = None
    #: throwing: how long the message is kept if nobody waits, as an ISO 8601 duration
    message_ttl: str | None = None
    deadline: Deadline | None = None
    records: tuple[Record, ...] = ()
    action: Action | None = None
    #: cogov:role of a start event: who may start by hand beside the lane's role, wherever in the area he holds it (its units too)
    starters: tuple[str, ...] = ()
    #: cogov:access: class of the data this node's submission holds, if it differs from the process's, and who alone may read it
    access: str | None = None
    access_of: FEEL | None = None
    #: (x, y, width, height) of the DI shape, if the file has one
    bounds: tuple[float, float, float, float] | None = None
    #: complex gateway
    activation: FEEL | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Flow:
    id: str
    source: str
    target: str
    name: Label
    condition: FEEL | None = None
    #: scope that holds it: process or sub-process id
    parent: str = ""
    line: int = 0
    #: points of the DI edge, if the file has one
    waypoints: tuple[tuple[float, float], ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Lane:
    """A lane without a role of its own has that of the lane around it."""

    id: str
    name: Label
    #: the lane this one divides
    parent: str | None = None
    #: cogov:role: a code with `of` (FEEL → organisation, area or committee id), or `from` (FEEL → selectors)
    role: str | None = None
    of: FEEL | None = None
    source: FEEL | None = None
    nodes: tuple[str, ...] = ()
    line: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Data:
    """cogov:data: a declared variable. It exists from the start as null; `access` is its class (domain 2.5).

    `of`: FEEL giving the selectors, persons, units or committees who alone may read it. `about`: FEEL giving the units it reports on.
    """

    name: str
    form: str | None = None
    access: str | None = None
    of: FEEL | None = None
    about: FEEL | None = None
    line: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Process:
    id: str
    name: Label
    documentation: Label
    executable: bool
    #: every node at every depth, in document order
    nodes: Mapping[str, Node]
    flows: Mapping[str, Flow]
    lanes: Mapping[str, Lane] = field(default_factory=dict)
    data: Mapping[str, Data] = field(default_factory=dict)
    #: zeebe:versionTag: what a call may pin this version by
    version_tag: str | None = None
    #: its properties and data objects: variables that exist from the start as null
    locals: tuple[str, ...] = ()
    #: variable → key of the data store it stands for: that lies outside all instances
    stores: Mapping[str, str] = field(default_factory=dict)
    #: default access class of its data, and the committee (or others) it is kept for
    access: str = "staff"
    access_of: FEEL | None = None
    #: gives one instance a class of its own; null: `access`
    access_from: FEEL | None = None
    #: who may start it by hand: these selectors, else the lane of the none start event decides
    starters: FEEL | None = None
    line: int = 0

    def children(self, parent: str) -> tuple[Node, ...]:
        """The nodes directly inside the process or sub-process `parent`."""
        return tuple(n for n in self.nodes.values() if n.parent == parent)


@dataclass(frozen=True, slots=True, kw_only=True)
class Pool:
    """A participant; `process` is None for an outside party (black box)."""

    id: str
    name: Label
    process: str | None
    line: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class BpmnFile:
    """One parsed file."""

    path: str
    processes: tuple[Process, ...]
    messages: Mapping[str, Message] = field(default_factory=dict)
    #: made by another tool: uses nothing of the cogov namespace
    foreign: bool = False
    #: participants, in document order
    pools: tuple[Pool, ...] = ()
