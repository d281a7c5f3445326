"""New instances: by hand, by message, by signal."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from engine import values
from engine.actor import SYSTEM, Actor
from engine.commands import blocked, opening, submitting
from engine.commands.expressions import Evaluator
from engine.commands.library import BoundDefinitions
from engine.commands.receipt import Receipt
from engine.commands.runtime import Runtime
from engine.commands.submission import Submission
from engine.commands.tasks import attach_files
from engine.commands.unit import CommandUnit
from engine.definitions.model import Lane, Node, Process
from engine.errors import CogovError, DefinitionSuspended, NotFound, NotOffered
from engine.history.chain import START
from engine.runner.port import Changes, Snapshot
from engine.store import definitions as sets
from engine.store import instances, operations
from engine.store.instances import InstanceRow
from engine.store.loading import Loaded

Connection = Any
#: kind of the history row of a case that began before it came here
TAKEN_OVER = "taken_over"
#: set by the engine in the outermost scope
_FACTS = ("starter", "number", "area")
_FORM = "form"


@dataclass(frozen=True, slots=True, kw_only=True)
class Came:
    """What begins an instance at an event: a message or signal by its name, a timer or condition by its place in the event."""

    kind: str
    name: str | None = None
    event: int = 0
    #: moment of a timer, ISO 8601
    due: str | None = None

    def index(self, node: Node) -> int:
        """Which of the start event's definitions it was."""
        if self.name is None:
            return self.event
        named = [event.message.name if event.message is not None else event.name for event in node.events]
        return next((n for n, event in enumerate(node.events) if event.kind == self.kind and named[n] == self.name), 0)


@dataclass(frozen=True, slots=True, kw_only=True)
class Taken:
    """A case that began elsewhere: what its process is told, what happened before, and where it was read."""

    variables: Mapping[str, Any]
    note: str = ""
    source: str = ""


def start(
    runtime: Runtime, process: str, variables: Mapping[str, Any] | None, *, actor: Actor, version: int | None, area: str | None,
    form: bool, idempotency_key: str | None,
) -> Receipt:  # fmt: skip
    """Start an instance by hand; see Engine.start."""
    key = opening.scoped_key("start", actor, idempotency_key)

    def command(connection: Connection) -> Receipt:
        first = opening.repeated(connection, key)
        if first is not None:
            return first
        definitions = bound(runtime, connection, process, version)
        blocked.require_executable(definitions.entry("process", process), process, actor.language)
        model = definitions.process(process)
        refuse_suspended(connection, process, definitions.version("process", process))
        begin = none_start(model)
        given: dict[str, Any] = dict(variables or {})
        place = area or _text(given.get("area"))
        permission = _may_start(runtime, connection, definitions, model, begin, given, place, actor)
        unit = new_unit(runtime, connection, definitions, model, place, permission, permission.author, None)
        identity = runtime.new_id()
        data, submission, files = _start_data(unit, model, begin, given, form, identity)
        changes = _run_start(unit, begin, data, submission)
        if begin is not None and submission is not None and begin.form is not None:
            seen = submitting.surroundings(unit, process, begin, begin.form, visible=_known(unit, model), scope=unit.row.root)
            unit.apply(changes, handed=_handed(unit, begin, "form", submission, files, seen))
            submitting.keep(unit, identity, process, begin, begin.form)
        else:
            unit.apply(changes)
        receipt = unit.finish()
        opening.remember(connection, key, receipt, unit.now)
        return receipt

    return opening.run(runtime, command)


def by_message(
    runtime: Runtime, connection: Connection, name: str, data: Mapping[str, Any], *, actor: Actor, sender: str | None
) -> Receipt | None:
    """Start the newest version of the process that this message starts; None when there is none, or it is suspended."""
    found = begun_by(runtime, connection, name)
    if found is None:
        return None
    process, node = found
    return begin_at(runtime, connection, process, node, data, actor=actor, sender=sender, came=Came(kind="message", name=name))


def begun_by(runtime: Runtime, connection: Connection, name: str) -> tuple[str, str] | None:
    """The (process, start event) that a message of this name starts now; of several, the first that was deployed."""
    found = _starts(runtime, connection, "messages", name)
    if not found or _is_blocked(runtime, connection, found[0][0]) or suspended(runtime, connection, found[0][0]):
        return None
    return found[0]


def take_over(
    runtime: Runtime, name: str, cases: Sequence[Taken], *, actor: Actor, also: Callable[[Connection, list[Receipt]], None] | None
) -> list[Receipt]:
    """Start a case from before at the message start event `name`, for each of `cases`; all or none. See Engine.take_over."""

    def command(connection: Connection) -> list[Receipt]:
        found = _starts(runtime, connection, "messages", name)
        if not found:
            raise NotFound(f"没有由消息 {name} 发起的流程 / no process is started by {name}", name=name)
        process, node = found[0]
        refuse_suspended(connection, process, runtime.library.current(connection).version("process", process))
        begun = []
        for case in cases:
            data = values.normalise(dict(case.variables))
            begun.append(
                begin_at(
                    runtime, connection, process, node, data, actor=actor, sender=None, came=Came(kind="message", name=name), taken=case
                )
            )
        if also is not None:
            also(connection, begun)
        return begun

    return opening.run(runtime, command)


def by_signal(runtime: Runtime, signal_id: str, name: str, data: Mapping[str, Any]) -> None:
    """Start every process that this signal starts, each once. One that is refused does not keep it from the others.

    Raises the first refusal, so that the job is tried again and an operator sees it.
    """
    with runtime.database.read() as connection:
        found = [(p, n) for p, n in _starts(runtime, connection, "signals", name) if not _is_blocked(runtime, connection, p)]
    refused: list[CogovError] = []
    for process, node in found:
        memory = opening.stored_key(f"signal:{signal_id}:{process}:{node}")

        def command(connection: Connection, process: str = process, node: str = node, memory: str = memory) -> None:
            if opening.repeated(connection, memory) is None and not suspended(runtime, connection, process):
                receipt = begin_at(runtime, connection, process, node, data, actor=SYSTEM, sender=None, came=Came(kind="signal", name=name))
                opening.remember(connection, memory, receipt, runtime.clock.now())

        try:
            opening.run(runtime, command)
        except CogovError as error:
            refused.append(error)
    if refused:
        raise refused[0]


def bound(runtime: Runtime, connection: Connection, process: str, version: int | None) -> BoundDefinitions:
    """The newest definitions; with `version`, those with this process in that version instead, kept as a set. Raises NotFound."""
    found = in_version(runtime, connection, process, version)
    if found.digest != runtime.library.current(connection).digest:
        sets.save_set(connection, found.digest, found.content, current=False)
    return found


def in_version(runtime: Runtime, connection: Connection, process: str, version: int | None) -> BoundDefinitions:
    """As `bound`, to be looked at only. Raises NotFound."""
    current = runtime.library.current(connection)
    if version is None or (process in current.keys("process") and current.version("process", process) == version):
        return current
    row = sets.definition_row(connection, "process", process, version)
    if row is None:
        raise NotFound(f"process {process!r} has no version {version}", process=process, version=version)
    entry = {"id": row.id, "version": row.version, "path": row.path, "resource": row.resource}
    if (said := blocked.of_version(connection, row.deployment, row.path)) is not None:
        entry[blocked.CANNOT_RUN] = said
    return current.replaced("process", process, entry)


def suspended(runtime: Runtime, connection: Connection, process: str) -> bool:
    """Whether the newest version of the process does not start now: events that would start it do not."""
    return operations.suspension_of(connection, process, runtime.library.current(connection).version("process", process)) is not None


def refuse_suspended(connection: Connection, process: str, version: int) -> None:
    """Raises DefinitionSuspended."""
    found = operations.suspension_of(connection, process, version)
    if found is not None:
        raise DefinitionSuspended(process=process, version=version, since=found.at.isoformat())


def none_start(process: Process) -> Node | None:
    """The start event of a start by hand; None when the file has none (then every node without incoming flows begins)."""
    nodes = process.children(process.id)
    starts = [n for n in nodes if n.kind == "startEvent"]
    plain = [n for n in starts if not n.events]
    if not plain and (starts or any(n.instantiate for n in nodes)):
        raise NotFound(f"process {process.id!r} is not started by hand", process=process.id)
    return plain[0] if plain else None


def lane_selectors(process: Process, node: Node | None, evaluate: Any, area: str | None) -> list[str] | None:
    """Selectors of those who may start: the process's own, else those of the lane that holds the start event; None when neither
    names any: anyone may start."""
    if process.starters is not None:
        if area is None:
            raise NotOffered("This procedure is started for an area; say which.", process=process.id, need="area")
        return [str(s) for s in evaluate(process.starters)]
    lane: Lane | None = process.lanes.get(node.lane or "") if node is not None else None
    while lane is not None and lane.role is None and lane.source is None:
        lane = process.lanes.get(lane.parent or "")
    if lane is None:
        return None
    if lane.source is not None:
        found = evaluate(lane.source)
        return [str(s) for s in found] if isinstance(found, list) else [str(found)]
    of = evaluate(lane.of) if lane.of is not None else area
    if of is None:
        raise NotOffered("This procedure is started for an area; say which.", process=process.id, need="area")
    return [f"role:{lane.role}@{of}"]


def _may_start(
    runtime: Runtime, connection: Connection, definitions: BoundDefinitions, model: Process, begin: Node | None,
    given: Mapping[str, Any], area: str | None, actor: Actor,
) -> Actor:  # fmt: skip
    """The actor with his mandate. Raises NotOffered."""
    if actor.system:
        return actor
    now = runtime.clock.now()
    evaluator = Evaluator(
        now=now,
        zone=runtime.zone,
        names=runtime.functions.names(),
        functions=lambda: runtime.functions.bind(connection, None, now),
        codes=definitions.codes,
    )
    known = {**dict.fromkeys(model.data), **values.normalise(given), "area": area, "starter": actor.author, "number": None}
    selectors = lane_selectors(model, begin, lambda text: evaluator(text, known), area)
    if selectors is None:
        return actor
    offers = runtime.directory.resolve(connection, selectors, now)
    others = _starters(runtime, connection, begin, actor, area, now)
    asked = list(dict.fromkeys([*selectors, *(o.selector for o in offers), *others]))
    return opening.required(opening.permitted(runtime, connection, actor, asked, now), process=model.id)


def of_role(selector: str, roles: Collection[str]) -> str | None:
    """What ``role:<code>@<of>`` is of, for one of these codes."""
    kind, _, rest = selector.partition(":")
    code, _, of = rest.rpartition("@")
    return of if kind == "role" and code in roles else None


def _starters(
    runtime: Runtime, connection: Connection, begin: Node | None, actor: Actor, area: str | None, at: datetime
) -> list[str]:  # fmt: skip
    """Selectors by which the roles of the start event itself admit the actor, or whose words he enters: held in the area, or in an
    organisation or committee of it."""
    if begin is None or not begin.starters or area is None:
        return []
    people = {actor.person, actor.author} - {None}
    held = [s for person in sorted(map(str, people)) for s in runtime.directory.selectors_of(connection, person, at)]
    if actor.entered is not None and actor.entered.unit is not None:
        held += [f"role:{code}@{actor.entered.unit}" for code in begin.starters]
    return [s for s in held if (of := of_role(s, begin.starters)) and area in runtime.directory.area_path(connection, of, at)]


def new_unit(
    runtime: Runtime, connection: Connection, definitions: BoundDefinitions, model: Process, area: str | None, actor: Actor,
    starter: str | None, parent: str | None, number: str | None = None,
) -> CommandUnit:  # fmt: skip
    """The row of a new instance (deadlines opened while it starts refer to it) and its unit."""
    if not model.executable:
        raise NotFound(f"process {model.id!r} is not executable", process=model.id)
    row = InstanceRow(
        id=runtime.new_id(), version=0, process=model.id, process_version=definitions.version("process", model.id),
        definitions=definitions.digest, state="running", number=number, title=None, area=area, starter=starter, parent=parent,
        started_at=runtime.clock.now(), ended_at=None, ends=None, root="", incidents=0, next_seq=1, history_seq=0, history_chain=START,
    )  # fmt: skip
    instances.insert(connection, row)
    return CommandUnit(runtime, connection, row, Loaded(Snapshot(), entered=[]), definitions, actor)


def _start_data(
    unit: CommandUnit, model: Process, begin: Node | None, given: dict[str, Any], form: bool, identity: str
) -> tuple[dict[str, Any], dict[str, Any] | None, list[str]]:
    """Variables to begin with, the accepted submission of the start form and the files in it. `identity`: of the submission.

    Raises FormInvalid.
    """
    key = unit.definitions.form_of(begin)
    if not form or begin is None or key is None:
        return opening.read_free({k: v for k, v in given.items() if k not in _FACTS}, model, unit.actor.language), None, []
    compiled = unit.definitions.form(key)
    context = opening.form_context(unit.runtime, unit.connection, unit.instance, unit.actor, _known(unit, model), unit.now)
    accepted = opening.read_form(compiled, given, context)
    files = compiled.file_ids(accepted)
    attach_files(unit, files)
    unit.record("form_submitted", begin.id, {"task": identity, "form": accepted})
    return {}, accepted, files


def _known(unit: CommandUnit, model: Process) -> dict[str, Any]:
    """The variables a start form sees."""
    return {**dict.fromkeys(model.data), "area": unit.row.area, "starter": unit.row.starter, "number": None}


def _handed(
    unit: CommandUnit, begin: Node, name: str, value: Mapping[str, Any], files: Sequence[str] = (), seen: Mapping[str, Any] | None = None
) -> Submission:
    return Submission(process=unit.row.process, node=begin.id, token=unit.row.root, name=name, value=value, files=files, seen=seen)


def _run_start(unit: CommandUnit, begin: Node | None, data: dict[str, Any], submission: dict[str, Any] | None) -> Changes:
    """Run the kernel. Output mappings of the start event read the submission as ``form``; it is no variable afterwards."""
    maps = submission is not None and begin is not None and bool(begin.outputs)
    if maps:
        assert submission is not None
        data = {**data, _FORM: {**submission, "by": unit.actor.author, "at": unit.now}}
    elif submission is not None:
        data = {**data, **submission}
    changes = _kernel_start(unit, data, None, None)
    if maps:
        changes.variables = {key: value for key, value in changes.variables.items() if key != (unit.row.root, _FORM)}
    return changes


def begin_at(
    runtime: Runtime, connection: Connection, process: str, node: str, data: Mapping[str, Any], *, actor: Actor, sender: str | None,
    came: Came, taken: Taken | None = None,
) -> Receipt:  # fmt: skip
    """Start where a message, signal or timer comes in; `came`: its kind and name. An ``area`` in the data is the new instance's, and
    so is a ``number`` in a process whose records keep numbers from before."""
    definitions = runtime.library.current(connection)
    blocked.require_executable(definitions.entry("process", process), process, actor.language)
    model = definitions.process(process)
    number = _text(data.get("number")) if any(r.number for n in model.nodes.values() for r in n.records) else None
    unit = new_unit(runtime, connection, definitions, model, _text(data.get("area")), actor, actor.person, sender, number)
    if taken is not None:
        unit.record(TAKEN_OVER, node, {"reason": taken.note, "source": taken.source})
    if came.due is not None:
        unit.record("timer_fired", node, {"due": datetime.fromisoformat(came.due)})
    begin = model.nodes[node]
    changes = _kernel_start(unit, {}, node, data, came.index(begin))
    unit.apply(changes, handed=_handed(unit, begin, came.kind, data) if came.name is not None else None)
    return unit.finish()


def _kernel_start(
    unit: CommandUnit, data: Mapping[str, Any], node: str | None, message: Mapping[str, Any] | None, event: int = 0
) -> Changes:
    facts = {"starter": unit.row.starter, "number": unit.row.number, "area": unit.row.area}
    changes = unit.runtime.kernel.start(
        unit.definitions, unit.row.process, unit.environment, variables={**data, **facts}, start_event=node, message=message, event=event
    )
    unit.row = replace(unit.row, root=root_of(changes))
    return changes


def root_of(changes: Changes) -> str:
    """Token of the process scope: what the first event says."""
    return next(e.token for e in changes.events if e.scope is None and e.node is None)


def _starts(runtime: Runtime, connection: Connection, what: str, name: str) -> list[tuple[str, str]]:
    digest_ = sets.current_digest(connection)
    return runtime.library.bound(connection, digest_).starts(what, name) if digest_ else []


def _is_blocked(runtime: Runtime, connection: Connection, process: str) -> bool:
    return bool(runtime.library.current(connection).entry("process", process).get(blocked.CANNOT_RUN))


def _text(value: Any) -> str | None:
    return value if isinstance(value, str) and value else None
