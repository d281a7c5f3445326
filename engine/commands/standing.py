"""Processes that begin by themselves: timer and conditional start events of the newest version of each process.

A timer has a row, its job is only the alarm. The next occurrence does not depend on how the last one went, and what was missed
while the server stood still begins one instance, not many. A newer version takes the place of an older one.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime
from typing import Any

from engine.actor import SYSTEM
from engine.commands import opening, starting
from engine.commands.blocked import CANNOT_RUN
from engine.commands.expressions import Evaluator
from engine.commands.job_names import CONDITION
from engine.commands.library import BoundDefinitions
from engine.commands.runtime import Runtime
from engine.commands.starting import Came
from engine.commands.timing import resolve_timer
from engine.definitions.model import EventDefinition, Node, Process
from engine.definitions.report import Problem
from engine.errors import CogovError, DeployRefused
from engine.store import data, starts
from engine.store import definitions as sets

Connection = Any
Payload = Mapping[str, Any]
#: jobs: the alarm of a timer · begin one instance
ALARM, BEGIN = "start_timer", "start_instance"


def arrange(runtime: Runtime, connection: Connection, before: Mapping[str, Any], after: BoundDefinitions, language: str) -> None:
    """A deployment changed the set that is current: what begins by itself follows. Raises DeployRefused for a timer that cannot be
    evaluated."""
    old, new = before["definitions"].get("process", {}), after.content["definitions"].get("process", {})
    changed = sorted(key for key in {*old, *new} if _what(old.get(key)) != _what(new.get(key)))
    rows = [row for key in changed if key in after.runnable() for row in _rows(runtime, connection, after, key, language)]
    starts.replace(connection, changed, rows)
    for row in rows:
        if row["kind"] == "timer":
            _set_alarm(runtime, connection, row)
        else:
            payload = {name: row[name] for name in ("process", "node", "event")}
            runtime.jobs.enqueue(connection, CONDITION, payload, key=f"{CONDITION}:{runtime.new_id()}")


def _what(entry: Mapping[str, Any] | None) -> tuple[str, bool] | None:
    """The version, and whether it can run: what was missing may be there now."""
    return (entry["id"], bool(entry.get(CANNOT_RUN))) if entry is not None else None


def alarm(runtime: Runtime, payload: Payload) -> None:
    """Job: a timer is due. Does nothing when a newer version, or a later occurrence, has taken its place."""

    def command(connection: Connection) -> None:
        row = starts.one(connection, payload["process"], payload["node"], payload["event"])
        if row is None or (row.version, row.generation) != (payload["version"], payload["generation"]):
            return
        now = runtime.clock.now()
        if row.due_at > now:
            _set_alarm(runtime, connection, row._mapping, early=int(payload.get("early", 0)) + 1)
            return
        due, rest = _next(runtime, connection, row.rest, now)
        starts.arm(connection, row, due, rest)
        if due is not None:
            following = {**row._mapping, "due_at": due, "generation": row.generation + 1}
            _set_alarm(runtime, connection, following)
        _let_begin(runtime, connection, row, due=row.due_at.isoformat())

    opening.run(runtime, command)


def look(runtime: Runtime, payload: Payload) -> None:
    """Job: a data store was written, or the process deployed: begin an instance if the condition has become true.

    It sees the data stores its process refers to, settings, functions and codes; an instance, and its variables, are not there yet.
    """

    def command(connection: Connection) -> None:
        row = starts.one(connection, payload["process"], payload["node"], payload["event"])
        if row is None:
            return
        definitions = runtime.library.current(connection)
        process = definitions.process(row.process)
        condition = process.nodes[row.node].events[row.event].condition or "false"
        held = evaluator(runtime, connection, definitions, runtime.clock.now())(condition, _Stores(connection, process)) is True
        if held != row.held:
            starts.hold(connection, row, held)
        if held and not row.held:
            _let_begin(runtime, connection, row, due=None)

    opening.run(runtime, command)


class _Stores(Mapping[str, Any]):
    """The data stores a process refers to, by their variables."""

    def __init__(self, connection: Connection, process: Process) -> None:
        self._connection, self._keys = connection, process.stores

    def __getitem__(self, name: str) -> Any:
        return data.read(self._connection, self._keys[name])

    def __iter__(self) -> Iterator[str]:
        return iter(self._keys)

    def __len__(self) -> int:
        return len(self._keys)


def _let_begin(runtime: Runtime, connection: Connection, row: Any, due: str | None) -> None:
    begin = {"process": row.process, "node": row.node, "event": row.event, "kind": row.kind, "due": due}
    key = f"{BEGIN}:{row.process}:{row.version}:{row.node}:{row.event}:{row.generation}"
    runtime.jobs.enqueue(connection, BEGIN, {**begin, "memory": key}, key=key)


def begin(runtime: Runtime, payload: Payload) -> None:
    """Job: begin one instance, once, in the newest version, if that still has the event."""

    def command(connection: Connection) -> None:
        if opening.repeated(connection, payload["memory"]) is not None:
            return
        digest = sets.current_digest(connection)
        current = runtime.library.bound(connection, digest) if digest else None
        if current is None or payload["process"] not in current.runnable() or starting.suspended(runtime, connection, payload["process"]):
            return
        node = current.process(payload["process"]).nodes.get(payload["node"])
        if node is None or len(node.events) <= payload["event"] or node.events[payload["event"]].kind != payload["kind"]:
            return
        came = Came(kind=payload["kind"], event=payload["event"], due=payload.get("due"))
        receipt = starting.begin_at(runtime, connection, payload["process"], node.id, {}, actor=SYSTEM, sender=None, came=came)
        opening.remember(connection, payload["memory"], receipt, runtime.clock.now())

    opening.run(runtime, command)


def _rows(runtime: Runtime, connection: Connection, after: BoundDefinitions, key: str, language: str) -> Iterator[dict[str, Any]]:
    process = after.process(key)
    version, path = after.version("process", key), after.entry("process", key)["path"]
    for node, event, definition in _events(process):
        row: dict[str, Any] = {"process": key, "node": node.id, "event": event, "version": version, "generation": 1, "held": False}
        if definition.kind == "conditional":
            yield row | {"kind": "conditional", "due_at": None, "rest": None}
            continue
        try:
            due, rest = _first(runtime, connection, after, definition)
        except CogovError as error:
            text = f"{definition.timer}: {error.message}"
            problem = Problem(code="BPMN-069", file=path, element=node.id, line=node.line, facts={"text": text})
            raise DeployRefused([problem.finding(language)]) from error
        if due is not None:
            yield row | {"kind": "timer", "due_at": due, "rest": rest}


def _events(process: Process) -> Iterator[tuple[Node, int, EventDefinition]]:
    for node in process.children(process.id) if process.executable else ():
        for event, definition in enumerate(node.events if node.kind == "startEvent" else ()):
            if definition.kind in ("timer", "conditional"):
                yield node, event, definition


def _first(runtime: Runtime, connection: Connection, after: BoundDefinitions, definition: EventDefinition) -> tuple[Any, str | None]:
    """The first occurrence that is not past; (None, None) when there is none. There are no variables yet, only functions and codes."""
    now = runtime.clock.now()
    value: Any = definition.timer or ""
    if value.startswith("="):
        value = evaluator(runtime, connection, after, now)(value[1:], {})
    due, rest = _resolve(runtime, connection, definition.timer_kind or "date", value, now)
    return (due, rest) if due > now else _next(runtime, connection, rest, now)


def _next(runtime: Runtime, connection: Connection, rest: str | None, now: datetime) -> tuple[datetime | None, str | None]:
    """The next occurrence of a cycle; those that are past by now are passed over."""
    while rest is not None:
        due, rest = _resolve(runtime, connection, "cycle", rest, now)
        if due > now:
            return due, rest
    return None, None


def _resolve(runtime: Runtime, connection: Connection, kind: str, value: Any, now: datetime) -> tuple[datetime, str | None]:
    def working(limit: str, start: datetime) -> datetime:
        return runtime.deadlines.due_after(connection, None, limit, start)

    return resolve_timer(kind, value, now=now, zone=runtime.zone, working=working)


def evaluator(runtime: Runtime, connection: Connection, definitions: BoundDefinitions, now: datetime) -> Evaluator:
    """FEEL where no instance is: its functions know none."""
    return Evaluator(
        now=now,
        zone=runtime.zone,
        names=runtime.functions.names(),
        functions=lambda: runtime.functions.bind(connection, None, now),
        codes=definitions.codes,
    )


def _set_alarm(runtime: Runtime, connection: Connection, row: Mapping[str, Any], early: int = 0) -> None:
    names: Iterable[str] = ("process", "version", "node", "event", "generation")
    payload = {name: row[name] for name in names}
    key = ":".join(str(part) for part in (ALARM, *payload.values(), early))
    runtime.jobs.enqueue(connection, ALARM, {**payload, "early": early}, at=row["due_at"], key=key)
