"""The read side: what inbox, task page, case page, boards and operators ask. Each call opens one read connection.

Permission to see is the caller's question; where a person is given, lists hold only what concerns that person.
"""

from __future__ import annotations

import base64
import binascii
import json
import re
from collections import Counter
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from functools import partial
from typing import Any, Generic, TypeVar

from engine import values
from engine.actor import Actor, Mandate
from engine.commands import blocked, correcting, opening, starting
from engine.commands.expressions import Evaluator
from engine.commands.library import BoundDefinitions
from engine.commands.runtime import Runtime
from engine.definitions.model import Label, Process
from engine.definitions.protection import PUBLIC, Rule, protected, rules_of
from engine.errors import CogovError, ExpressionFailed, Finding, NotFound, UnknownVariable
from engine.forms.compiled import CompiledForm
from engine.forms.rendering import Rendered
from engine.guards import Guard, evaluated, unevaluated
from engine.history import store as history
from engine.history.chain import Entry
from engine.history.record import LEFT, TAKEN
from engine.history.submissions import Version, without_seen
from engine.ports import InstanceRef
from engine.store import definitions as sets
from engine.store import entries, guards, instances, work
from engine.store import queries as store
from engine.store.instances import InstanceRow
from engine.store.live import PRIVATE, StoredRows
from engine.store.work import TaskRow

Item = TypeVar("Item")
_MOST = 200
#: parts of one statement: SQLite takes 500
_PARTS = 400
#: in the selectors of those who may start a process (engine.definitions.foreign.people)
_STARTER_ROLE = re.compile(r'role\("([^"]+)", area\)')
_STARTER_PERSON = re.compile(r'"(person:[^"]+)"')


class BadCursor(CogovError):
    """This page link is not valid any more; begin with the first page."""

    code = "bad_cursor"


@dataclass(frozen=True, slots=True, kw_only=True)
class Page(Generic[Item]):
    """Part of a list; `next` is the cursor of the following part, None at the end."""

    items: tuple[Item, ...]
    next: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class TaskLine:
    """An open task as the inbox shows it."""

    id: str
    token: str
    instance: str
    process: str
    process_version: int
    process_name: Label
    node: str
    name: Label
    form: str | None
    number: str | None
    title: str | None
    area: str | None
    created_at: datetime
    due_at: datetime | None
    deadline: str | None
    assignee: str | None
    selectors: tuple[str, ...]
    vacant: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class TaskDetails:
    """An open task with the variables it sees and its place in the model."""

    line: TaskLine
    token: str
    documentation: Label
    variables: Mapping[str, Any]
    excluded: frozenset[str]


@dataclass(frozen=True, slots=True, kw_only=True)
class DoneLine:
    """A task somebody completed (or that was withdrawn)."""

    id: str
    instance: str
    process: str
    node: str
    name: Label
    form: str | None
    person: str | None
    created_at: datetime
    at: datetime
    outcome: str
    number: str | None = None
    title: str | None = None
    state: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class InstanceLine:
    """An instance in a list."""

    id: str
    process: str
    process_version: int
    state: str
    number: str | None
    title: str | None
    area: str | None
    starter: str | None
    parent: str | None
    started_at: datetime
    ended_at: datetime | None
    ends: tuple[str, ...]
    incidents: int
    suspended_at: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class LiveToken:
    """Where the instance stands. `element` is as in history (``process/node`` inside a called process)."""

    id: str
    parent: str | None
    process: str
    node: str | None
    element: str | None
    state: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ActionLine:
    """A button of the case page. `token` is what Engine.act wants."""

    token: str
    node: str
    name: Label
    message: str
    #: correlation key of the message
    key: str | None
    form: str | None
    selectors: tuple[str, ...]
    public: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class TimerLine:
    instance: str
    token: str
    node: str
    event: int
    due_at: datetime
    generation: int


@dataclass(frozen=True, slots=True, kw_only=True)
class IncidentLine:
    id: str
    instance: str
    token: str
    process: str
    node: str | None
    code: str
    message: str
    details: Mapping[str, Any]
    at: datetime
    state: str
    closed_at: datetime | None
    closed_by: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class InstanceDetails:
    """An instance with what is open in it and the path it took (element and flow ids with how often, for the diagram)."""

    line: InstanceLine
    root: str
    tokens: tuple[LiveToken, ...]
    tasks: tuple[TaskLine, ...]
    done: tuple[DoneLine, ...]
    timers: tuple[TimerLine, ...]
    actions: tuple[ActionLine, ...]
    incidents: tuple[IncidentLine, ...]
    completed: Mapping[str, int] = field(default_factory=dict)
    flows: Mapping[str, int] = field(default_factory=dict)
    #: persons and units in whose name something was entered
    authors: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class HistoryLine:
    """One history row; `content` is None once erased."""

    seq: int
    at: datetime
    kind: str
    element: str | None
    actor: str | None
    mandate: Mapping[str, Any] | None
    content: Any
    digest: str
    #: who may read the content (engine.guards); empty: whoever reads the case
    guards: tuple[Guard, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Submitted:
    """A version of what was handed in with a task; `guards`: who may read it; empty: whoever reads the case."""

    version: Version
    guards: tuple[Guard, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class DefinitionLine:
    id: str
    kind: str
    key: str
    version: int
    name: Label
    path: str
    deployment: str
    deployed_at: datetime
    deployed_by: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Startable:
    """A process a person may start by hand. `areas` are those his roles name; empty = any."""

    process: str
    version: int
    name: Label
    documentation: Label
    form: str | None
    areas: tuple[str, ...]
    #: the roles that may start it; empty: anybody
    roles: tuple[str, ...] = ()


class Queries:
    """See the module."""

    def __init__(self, runtime: Runtime) -> None:
        self._runtime = runtime

    # Tasks ------------------------------------------------------------------------------------------------------------

    def tasks_for(
        self,
        person: str,
        *,
        view: str = "candidate",
        processes: Sequence[str] | None = None,
        sort: str = "due_at",
        limit: int = 50,
        cursor: str | None = None,
    ) -> Page[TaskLine]:
        """Open tasks of a person: `view` mine (his alone), candidate (offered to several, him among them) or all; by `due_at`
        (without a due date last) or `created_at`. Raises BadCursor."""
        if view not in {"mine", "candidate", "all"} or sort not in {"due_at", "created_at"}:
            raise ValueError(f"view {view!r} or sort {sort!r} is unknown")
        limit = min(max(limit, 1), _MOST)
        with self._runtime.database.read() as connection:
            selectors = self._selectors(connection, person, view)
            found = store.offered_tasks(
                connection, selectors, person=person, by_due=sort == "due_at", after=_task_cursor(cursor), processes=processes,
                limit=limit + 1,
            )  # fmt: skip
            rows = {r.id: r for r in store.tasks_by_ids(connection, [t for t, _ in found[:limit]])} if found else {}
        lines = tuple(_task_line(rows[t]) for t, _ in found[:limit] if t in rows)
        last = found[limit - 1] if len(found) > limit else None
        return Page(items=lines, next=_cursor([last[1].isoformat(), last[0]]) if last else None)

    def count_tasks(self, person: str, *, view: str = "all", cap: int = 100) -> int:
        """How many open tasks there are, counted up to `cap`."""
        with self._runtime.database.read() as connection:
            return store.count_offered(connection, self._selectors(connection, person, view), person=person, cap=cap)

    def done_tasks(self, person: str, *, limit: int = 50, cursor: str | None = None) -> Page[DoneLine]:
        """Tasks the person completed, the newest first. Raises BadCursor."""
        limit = min(max(limit, 1), _MOST)
        with self._runtime.database.read() as connection:
            rows = store.done_by_person(connection, person, after=_task_cursor(cursor), limit=limit + 1)
        last = rows[limit - 1] if len(rows) > limit else None
        return Page(items=tuple(_done_line(r) for r in rows[:limit]), next=_cursor([last.at.isoformat(), last.id]) if last else None)

    def task(self, task_id: str) -> TaskDetails:
        """An open task. Raises NotFound (look at `done_task` then)."""
        with self._runtime.database.read() as connection:
            row = self._task(connection, task_id)
            instance = self._instance(connection, row.instance)
            definitions = self._runtime.library.bound(connection, instance.definitions)
            node = definitions.process(row.process).nodes[row.node]
            visible = _visible(connection, instance, row.token)
        return TaskDetails(
            line=_task_line(row), token=row.token, documentation=node.documentation, variables=visible, excluded=row.excluded_persons
        )

    def done_task(self, task_id: str) -> DoneLine:
        """A task that is not open any more. Raises NotFound."""
        with self._runtime.database.read() as connection:
            row = work.done_by_id(connection, task_id)
        if row is None:
            raise NotFound(f"there is no task {task_id}", task=task_id)
        return _done_line(row)

    def may_complete(self, task_id: str, person: str) -> Mandate | None:
        """The mandate under which the person may do the task now; None when it is not offered to him. Raises NotFound."""
        with self._runtime.database.read() as connection:
            row = self._task(connection, task_id)
            if person in row.excluded_persons:
                return None
            offers = [*row.selectors, *row.offers()] if row.assignee == person else row.offers()
            actor = opening.permitted(self._runtime, connection, Actor(person=person), offers, self._runtime.clock.now())
        return actor.mandate if actor else None

    def draft(self, task_id: str, person: str) -> dict[str, Any] | None:
        """What the person has typed so far."""
        with self._runtime.database.read() as connection:
            return work.draft_of(connection, task_id, person)

    # Forms ------------------------------------------------------------------------------------------------------------

    def form(self, task_id: str) -> CompiledForm | None:
        """The compiled form of an open task, None when it has none. Raises NotFound."""
        with self._runtime.database.read() as connection:
            row = self._task(connection, task_id)
            instance = self._instance(connection, row.instance)
            return self._runtime.library.bound(connection, instance.definitions).form(row.form) if row.form else None

    def task_form(
        self, task_id: str, *, actor: Actor, data: Mapping[str, Any] | None = None, without: Collection[str] = ()
    ) -> Rendered | None:
        """The form of an open task for the browser, in the actor's language, with his draft (or `data`) filled in; variables
        `without` the actor's class of readers are not filled in.

        Raises NotFound.
        """
        with self._runtime.database.read() as connection:
            row = self._task(connection, task_id)
            if row.form is None:
                return None
            instance = self._instance(connection, row.instance)
            visible = _visible(connection, instance, row.token)
            if data is None and actor.person is not None:
                data = work.draft_of(connection, task_id, actor.person)
            return self._render(connection, instance.definitions, row.form, _blank(visible, without), actor, data)

    def start_form(
        self, process: str, *, actor: Actor, version: int | None = None, area: str | None = None, data: Mapping[str, Any] | None = None
    ) -> Rendered | None:
        """The form of a start by hand, None when it has none. Raises NotFound."""
        with self._runtime.database.read() as connection:
            definitions = self._bound(connection, process, version)
            model = definitions.process(process)
            node = starting.none_start(model)
            form = definitions.form_of(node)
            if form is None:
                return None
            known = {**dict.fromkeys(model.data), "area": area, "starter": actor.person, "number": None}
            return self._render(connection, definitions.digest, form, known, actor, data)

    def action_form(
        self, instance: str, token: str, *, actor: Actor, data: Mapping[str, Any] | None = None, without: Collection[str] = ()
    ) -> Rendered | None:
        """The form of a button of the case page, None when it has none; as `task_form`. Raises NotFound."""
        with self._runtime.database.read() as connection:
            row = self._instance(connection, instance)
            action = work.action_of(connection, token, None)
            if action is None or action.instance != instance:
                raise NotFound("this action is not available", instance=instance, action=token)
            if action.form is None:
                return None
            visible = _blank(_visible(connection, row, token), without)
            return self._render(connection, row.definitions, action.form, visible, actor, data)

    def submissions(self, task_id: str, connection: Any = None) -> tuple[Submitted, ...]:
        """The versions of what was handed in with a completed task, oldest first, with who may read each; in the caller's transaction
        when a connection is given. Raises NotFound, NothingToCorrect when no form was handed in or it is not kept any more."""
        if connection is None:
            with self._runtime.database.read() as own:
                return self.submissions(task_id, own)
        done = self._done(connection, task_id)
        row = self._instance(connection, done.instance)
        model = self._runtime.library.bound(connection, row.definitions).process(done.process)
        old = unevaluated(rules_of(model, model.nodes[done.node]))
        return tuple(
            Submitted(version=v, guards=old if v.guards is None else tuple(Guard.of_plain(g) for g in v.guards))
            for v in correcting.of_task(connection, done)
        )

    def correction_form(self, task_id: str, *, actor: Actor, data: Mapping[str, Any] | None = None) -> Rendered:
        """The form of a completed task with what was handed in last (or `data`) filled in, in the version the case runs and with the
        choices and variables of that day. Raises NotFound, NothingToCorrect."""
        with self._runtime.database.read() as connection:
            done = self._done(connection, task_id)
            row = self._instance(connection, done.instance)
            found = correcting.of_task(connection, done)
            visible = {**_visible(connection, row, found[0].seen.scope or row.root), **found[0].seen.values}
            shown = found[-1].form if data is None else data
            return self._render(connection, row.definitions, done.form, visible, actor, shown, at=found[0].at)

    def form_of(self, instance_id: str, form: str) -> CompiledForm:
        """A form in the version a case runs. Raises NotFound."""
        with self._runtime.database.read() as connection:
            return self.definitions_of(connection, instance_id).form(form)

    # Instances --------------------------------------------------------------------------------------------------------

    def instances(
        self,
        *,
        processes: Sequence[str] | None = None,
        state: str | None = None,
        starter: str | None = None,
        areas: Sequence[str] | None = None,
        number: str | None = None,
        parent: str | None = None,
        with_incidents: bool = False,
        limit: int = 50,
        cursor: str | None = None,
    ) -> Page[InstanceLine]:
        """Instances, the newest first. Raises BadCursor."""
        limit = min(max(limit, 1), _MOST)
        after = _id_cursor(cursor)
        with self._runtime.database.read() as connection:
            rows = store.instances(
                connection, processes=processes, state=state, starter=starter, areas=areas, number=number, parent=parent,
                with_incidents=with_incidents, after=after, limit=limit + 1,
            )  # fmt: skip
        return _by_id([_instance_line(r) for r in rows], limit)

    def instance(self, instance_id: str) -> InstanceDetails:
        """An instance with all that is open in it. Raises NotFound."""
        with self._runtime.database.read() as connection:
            row = self._instance(connection, instance_id)
            completed, flows = _path(connection, instance_id)
            return InstanceDetails(
                line=_instance_line(row),
                root=row.root,
                tokens=tuple(_live(t, row.process) for t in store.tokens(connection, instance_id)),
                tasks=tuple(_task_line(t) for t in work.tasks_of_instance(connection, instance_id)),
                done=tuple(_done_line(t) for t in store.done_by_instance(connection, instance_id)),
                timers=tuple(_timer_line(t) for t in store.timers(connection, instance_id, _MOST)),
                actions=tuple(_action_line(a) for a in store.actions(connection, instance_id)),
                incidents=tuple(
                    _incident_line(i) for i in store.incidents(connection, state=None, instance_id=instance_id, after=None, limit=_MOST)
                ),
                completed=completed,
                flows=flows,
                authors=tuple(entries.authors(connection, instance_id)),
            )

    def variables(self, instance_id: str, token: str | None = None) -> dict[str, Any]:
        """Variables of the outermost scope, or those that a token sees. Raises NotFound."""
        with self._runtime.database.read() as connection:
            row = self._instance(connection, instance_id)
            return _visible(connection, row, token or row.root)

    def history(self, instance_id: str, *, limit: int = 100, cursor: str | None = None, newest_first: bool = False) -> Page[HistoryLine]:
        """The instance's history in order, or the newest first. Raises BadCursor."""
        limit = min(max(limit, 1), 1000)
        after = int(_id_cursor(cursor) or 0)
        with self._runtime.database.read() as connection:
            rows = history.entries(connection, instance_id, after=after, limit=limit + 1, newest_first=newest_first)
            row = self._instance(connection, instance_id)
            definitions = self._runtime.library.bound(connection, row.definitions)
            # a process that nobody has asked for since the start is read from the database now
            lines = tuple(_history_line(e, definitions, row.process) for e in rows[:limit])
        return Page(items=lines, next=_cursor([str(lines[-1].seq)]) if len(rows) > limit else None)

    def root_variables(self, connection: Any, instance_id: str) -> dict[str, Any]:
        """Variables of the instance's outermost scope. Raises NotFound."""
        row = self._instance(connection, instance_id)
        return dict(instances.variables(connection, row.id).get(row.root, {}))

    def timers(self, instance_id: str | None = None, *, limit: int = 100) -> tuple[TimerLine, ...]:
        """Armed timers of an instance or of all, the next first."""
        with self._runtime.database.read() as connection:
            return tuple(_timer_line(t) for t in store.timers(connection, instance_id, min(limit, 1000)))

    def actions_for(self, instance_id: str, person: str | None) -> tuple[ActionLine, ...]:
        """The buttons of the case page this person may press (None: the public). Raises NotFound."""
        with self._runtime.database.read() as connection:
            self._instance(connection, instance_id)
            lines = [_action_line(a) for a in store.actions(connection, instance_id)]
            now = self._runtime.clock.now()
            held = set(self._runtime.directory.selectors_of(connection, person, now)) if person is not None else set()
        return tuple(a for a in lines if a.public or "public" in a.selectors or held & set(a.selectors))

    def public_actions(self, limit: int = 200) -> tuple[tuple[str, ActionLine], ...]:
        """(instance, button) of everything that people without an account may do now, the newest first."""
        with self._runtime.database.read() as connection:
            return tuple((a.instance, _action_line(a)) for a in store.public_actions(connection, limit))

    def open_incidents(self) -> int:
        """How many steps of cases stand in an incident."""
        with self._runtime.database.read() as connection:
            return store.count_open_incidents(connection)

    def incidents(
        self, *, state: str | None = "open", instance: str | None = None, limit: int = 50, cursor: str | None = None
    ) -> Page[IncidentLine]:
        """Incidents, the newest first. Raises BadCursor."""
        limit = min(max(limit, 1), _MOST)
        with self._runtime.database.read() as connection:
            rows = store.incidents(connection, state=state, instance_id=instance, after=_id_cursor(cursor), limit=limit + 1)
        return _by_id([_incident_line(r) for r in rows], limit)

    # Definitions ------------------------------------------------------------------------------------------------------

    def definitions(self, kind: str | None = "process", key: str | None = None) -> tuple[DefinitionLine, ...]:
        """All versions, the newest of each key first. Kinds: process decision form group codes register."""
        with self._runtime.database.read() as connection:
            rows = store.definitions(connection, kind, key)
        return tuple(
            DefinitionLine(
                id=r.id, kind=r.kind, key=r.key, version=r.version, name=Label(r.name_zh, r.name_en), path=r.path,
                deployment=r.deployment, deployed_at=r.at, deployed_by=r.actor,
            )
            for r in rows
        )  # fmt: skip

    def definition_xml(self, process: str, version: int | None = None) -> bytes:
        """The BPMN file of a process, the newest or this version. Raises NotFound."""
        return self.definition_file("process", process, version)

    def definition_file(self, kind: str, key: str, version: int | None = None) -> bytes:
        """The source file of any definition. Raises NotFound."""
        with self._runtime.database.read() as connection:
            if version is None:
                return self._runtime.library.current(connection).text(kind, key)
            row = sets.definition_row(connection, kind, key, version)
            if row is None:
                raise NotFound(f"{kind} {key!r} has no version {version}", kind=kind, key=key, version=version)
            return sets.resource_content(connection, row.resource)

    def instance_xml(self, instance_id: str, process: str | None = None) -> bytes:
        """The BPMN file the instance runs, or that of a process it calls, in its versions. Raises NotFound."""
        with self._runtime.database.read() as connection:
            row = self._instance(connection, instance_id)
            return self._runtime.library.bound(connection, row.definitions).text("process", process or row.process)

    def only_shown(self) -> frozenset[str]:
        """Processes whose newest version has parts that cannot run here: they can be looked at, not started."""
        with self._runtime.database.read() as connection:
            digest = sets.current_digest(connection)
            if digest is None:
                return frozenset()
            found = self._runtime.library.bound(connection, digest).content["definitions"].get("process", {})
        return frozenset(key for key, entry in found.items() if entry.get(blocked.CANNOT_RUN))

    def cannot_run(self, process: str, language: str, version: int | None = None) -> tuple[Finding, ...]:
        """What of a process, the newest or this version, cannot run here; () when it can be started. Raises NotFound."""
        with self._runtime.database.read() as connection:
            current = self._runtime.library.current(connection)
            if version is None or current.version("process", process) == version:
                return blocked.findings(current.entry("process", process).get(blocked.CANNOT_RUN), language)
            row = sets.definition_row(connection, "process", process, version)
            if row is None:
                raise NotFound(f"process {process!r} has no version {version}", process=process, version=version)
            return blocked.findings(blocked.of_version(connection, row.deployment, row.path), language)

    def process(self, key: str, version: int | None = None) -> Process:
        """The model of a process. Raises NotFound."""
        with self._runtime.database.read() as connection:
            return self._bound(connection, key, version).process(key)

    def process_of(self, instance_id: str, process: str | None = None) -> Process:
        """The model an instance runs, or one it calls, in its version. Raises NotFound."""
        with self._runtime.database.read() as connection:
            row = self._instance(connection, instance_id)
            return self._runtime.library.bound(connection, row.definitions).process(process or row.process)

    def codes(self) -> Mapping[str, Any]:
        """All code lists now: name → [{code, zh, en}]; empty before the first deployment."""
        with self._runtime.database.read() as connection:
            digest = sets.current_digest(connection)
            return self._runtime.library.bound(connection, digest).codes() if digest else {}

    def compiled_form(self, form: str) -> CompiledForm:
        """A form in its newest version. Raises NotFound."""
        with self._runtime.database.read() as connection:
            return self._runtime.library.current(connection).form(form)

    def catalogue(self) -> tuple[tuple[Process, int], ...]:
        """The newest version of every process with its number, by key: one look at the definitions, however many there are."""
        with self._runtime.database.read() as connection:
            digest = sets.current_digest(connection)
            definitions = self._runtime.library.bound(connection, digest) if digest is not None else None
            keys = sorted(definitions.keys("process")) if definitions is not None else ()
            return tuple((definitions.process(key), definitions.version("process", key)) for key in keys if definitions is not None)

    def running(self, processes: Sequence[str], most: int = 200) -> dict[str, int]:
        """How many instances of each process are running, counted up to `most`."""
        found: dict[str, int] = {}
        with self._runtime.database.read() as connection:
            for start in range(0, len(processes), _PARTS):
                found |= {r.process: r.number for r in store.running(connection, processes[start : start + _PARTS], most)}
        return found

    def startable(self, person: str) -> tuple[Startable, ...]:
        """Processes the person may start by hand, by the role of the start event's lane and those of the start event itself."""
        with self._runtime.database.read() as connection:
            digest = sets.current_digest(connection)
            if digest is None:
                return ()
            now = self._runtime.clock.now()
            held = self._runtime.directory.selectors_of(connection, person, now)
            definitions = self._runtime.library.bound(connection, digest)
            keys = [key for key in sorted(definitions.keys("process")) if not definitions.entry("process", key).get(blocked.CANNOT_RUN)]
            models = [(definitions.process(key), definitions.version("process", key)) for key in keys]
            area_of = partial(self._runtime.directory.area_path, connection, at=now)
            found = [_startable(model, version, held, area_of, definitions) for model, version in models if model.executable]
        return tuple(s for s in found if s is not None)

    def deployment_files(self, deployment: str) -> dict[str, bytes]:
        """The files of a deployment: path → content. Raises NotFound."""
        with self._runtime.database.read() as connection:
            digests = store.deployment_files(connection, deployment)
            if digests is None:
                raise NotFound(f"there is no deployment {deployment}", deployment=deployment)
            found = store.contents(connection, list(digests.values()))
        return {path: found[digest] for path, digest in sorted(digests.items())}

    def current_files(self) -> dict[str, bytes]:
        """The files of everything deployed now: path → content; for export."""
        with self._runtime.database.read() as connection:
            digest = sets.current_digest(connection)
            content = sets.set_content(connection, digest) if digest else {"definitions": {}}
            paths = {e["path"]: e["resource"] for found in content["definitions"].values() for e in found.values()}
            found = store.contents(connection, sorted(set(paths.values())))
        return {path: found[resource] for path, resource in sorted(paths.items())}

    # For parts outside the engine that read in the caller's transaction ------------------------------------------------

    def definitions_of(self, connection: Any, instance_id: str) -> BoundDefinitions:
        """The definitions an instance is bound to. Raises NotFound."""
        return self._runtime.library.bound(connection, self._instance(connection, instance_id).definitions)

    def evaluator(self, connection: Any, instance_id: str, token: str | None = None) -> Callable[[str], Any]:
        """FEEL as a token of the instance sees it (None: the outermost scope), as it is stored. It raises UnknownVariable and
        ExpressionFailed. Raises NotFound."""
        row, runtime = self._instance(connection, instance_id), self._runtime
        seen = _visible(connection, row, token or row.root)
        reference = InstanceRef(
            id=row.id, process=row.process, version=row.process_version, number=row.number, area=row.area, starter=row.starter
        )
        now = runtime.clock.now()
        evaluate = Evaluator(
            now=now,
            zone=runtime.zone,
            names=runtime.functions.names(),
            functions=lambda: runtime.functions.bind(connection, reference, now),
            codes=self.definitions_of(connection, instance_id).codes,
        )
        return lambda expression: evaluate(expression, seen)

    def variable_guards(self, connection: Any, instance_id: str, token: str | None = None) -> dict[str, tuple[Guard, ...]]:
        """Who may read the declared variables that a token sees (None: the outermost scope): those with a protection of their own.
        What the token's own element takes in as an input is a disclosure of the model's and not among them. Raises NotFound."""
        row = self._instance(connection, instance_id)
        live = StoredRows(connection, row.root).row(token) if token is not None else None
        model = self.definitions_of(connection, instance_id).process(live.process if live is not None else row.process)
        node = model.nodes.get(live.node or "") if live is not None else None
        taken = {m.target.partition(".")[0] for m in node.inputs} if node is not None else set()
        rules = {name: rule for name, rule in protected(model).items() if name not in taken}
        if not rules:
            return {}
        evaluate = self.evaluator(connection, instance_id, token)
        stored = guards.of_instance(connection, instance_id, guards.DATA)
        return {name: _now(rule, evaluate, stored.get(f"{model.id}/{name}", ())) for name, rule in rules.items()}

    def guards_of(self, connection: Any, instance_id: str, kind: str) -> dict[str, tuple[Guard, ...]]:
        """Guards of the files or documents (engine.store.guards) of an instance."""
        return guards.of_instance(connection, instance_id, kind)

    # Inside -----------------------------------------------------------------------------------------------------------

    def _selectors(self, connection: Any, person: str, view: str) -> list[str]:
        own = f"person:{person}"
        if view == "mine":
            return [own]
        held = self._runtime.directory.selectors_of(connection, person, self._runtime.clock.now())
        return sorted(held) if view == "all" else sorted(s for s in held if s != own)

    def _task(self, connection: Any, task_id: str) -> TaskRow:
        row = work.task_by_id(connection, task_id)
        if row is None:
            raise NotFound(f"there is no open task {task_id}", task=task_id)
        return row

    def _done(self, connection: Any, task_id: str) -> Any:
        row = work.done_by_id(connection, task_id)
        if row is None:
            raise NotFound(f"there is no completed task {task_id}", task=task_id)
        return row

    def _instance(self, connection: Any, instance_id: str) -> InstanceRow:
        row = instances.read(connection, instance_id)
        if row is None:
            raise NotFound(f"there is no case {instance_id}", instance=instance_id)
        return row

    def _bound(self, connection: Any, process: str, version: int | None) -> BoundDefinitions:
        """The newest definitions, or those with an older version of one process (kept for reading only)."""
        current = self._runtime.library.current(connection)
        if version is None or current.version("process", process) == version:
            return current
        row = sets.definition_row(connection, "process", process, version)
        if row is None:
            raise NotFound(f"process {process!r} has no version {version}", process=process, version=version)
        return current.replaced("process", process, {"id": row.id, "version": row.version, "path": row.path, "resource": row.resource})

    def _render(
        self, connection: Any, digest: str, form: str, visible: Mapping[str, Any], actor: Actor, data: Mapping[str, Any] | None,
        at: datetime | None = None,
    ) -> Rendered:  # fmt: skip
        runtime = self._runtime
        compiled = runtime.library.bound(connection, digest).form(form)
        context = opening.form_context(runtime, connection, None, actor, visible, at or runtime.clock.now())
        return compiled.render(actor.language, data=data, context=context)


def _visible(connection: Any, row: InstanceRow, token: str) -> dict[str, Any]:
    """Variables a live token sees; the kernel's own are left out."""
    scopes = instances.variables(connection, row.id)
    parents = {t.id: t.parent if t.node is not None else None for t in store.tokens(connection, row.id)}
    chain: list[str] = []
    scope: str | None = token
    while scope is not None:
        chain.append(scope)
        scope = parents.get(scope)
    facts = {k: v for k, v in scopes.get(row.root, {}).items() if k in {"starter", "number", "area"}}
    found = {**facts}
    for scope_id in reversed(chain):
        found.update(scopes.get(scope_id, {}))
    return {name: value for name, value in found.items() if not name.startswith(PRIVATE)}


def _blank(visible: Mapping[str, Any], without: Collection[str]) -> dict[str, Any]:
    """The names stay: an expression of the form that uses one reads null, as before it had a value."""
    return {name: None if name in without else value for name, value in visible.items()}


def _now(rule: Rule, evaluate: Callable[[str], Any], stored: tuple[Guard, ...]) -> tuple[Guard, ...]:
    """The rule as the variables stand now, for whoever handed in the value last, too. Where it names what only an inner scope knew
    (one participant of many), what was stored with each submission holds instead, all of it."""
    try:
        if rule.of is not None:
            evaluate(rule.of)
    except (UnknownVariable, ExpressionFailed):
        return stored or evaluated([rule], evaluate)
    return evaluated([rule], evaluate, stored[-1].by if stored else ())


def _history_line(entry: Entry, definitions: BoundDefinitions, process: str) -> HistoryLine:
    content = without_seen(values.loads(entry.content)) if entry.content is not None else None
    return HistoryLine(
        seq=entry.seq, at=entry.at, kind=entry.kind, element=entry.element, actor=entry.actor,
        mandate=json.loads(entry.mandate) if entry.mandate else None, content=content, digest=entry.digest,
        guards=_guards(entry, content, definitions, process),
    )  # fmt: skip


def _guards(entry: Entry, content: Any, definitions: BoundDefinitions, process: str) -> tuple[Guard, ...]:
    """As they were stored; rows from before there were any are judged by their element, and named nobody."""
    stored = content.get("guards") if isinstance(content, Mapping) else None
    if stored is not None:
        return tuple(Guard.of_plain(guard) for guard in stored)
    called, _, key = (entry.element or "").rpartition("/")
    model = definitions.process(called or process)
    node = model.nodes.get(key)
    if node is None:
        return ()
    # the designer's word that this is a redacted copy: also where the case as a whole is kept for some
    return (Guard(access=PUBLIC),) if node.access == PUBLIC else unevaluated(rules_of(model, node))


def _path(connection: Any, instance_id: str) -> tuple[dict[str, int], dict[str, int]]:
    """How often each element was completed and each flow taken, from the paths in the history."""
    completed: Counter[str] = Counter()
    flows: Counter[str] = Counter()
    for entry in history.entries(connection, instance_id):
        content = values.loads(entry.content) if entry.content is not None else {}
        for step in content.get("path", ()):
            if step[0] == LEFT:
                completed[step[1:]] += 1
            elif step[0] == TAKEN:
                flows[step[1:]] += 1
    return dict(completed), dict(flows)


def _startable(
    model: Process, version: int, held: Mapping[str, Mandate], area_of: Callable[[str], Sequence[str]], definitions: BoundDefinitions
) -> Startable | None:
    try:
        node = starting.none_start(model)
    except NotFound:
        return None
    lane = model.lanes.get(node.lane or "") if node is not None else None
    while lane is not None and lane.role is None and lane.source is None:
        lane = model.lanes.get(lane.parent or "")
    areas: tuple[str, ...] = ()
    roles: tuple[str, ...] = ()
    if model.starters is not None:
        roles = tuple(_STARTER_ROLE.findall(model.starters))
        areas = tuple(sorted({of for s in held if (of := starting.of_role(s, roles))}))
        if not areas and "public" not in held and not set(_STARTER_PERSON.findall(model.starters)) & set(held):
            return None
    elif lane is not None:
        if lane.role is None:
            return None  # started with selectors as input: not by hand
        roles = (lane.role, *(node.starters if node is not None else ()))
        own = sorted(of for s in held if (of := starting.of_role(s, (lane.role,))))
        others = sorted(a for s in held if node is not None and (of := starting.of_role(s, node.starters)) for a in area_of(of)[:1])
        areas = tuple(dict.fromkeys([*own, *others]))
        if not areas and "public" not in held:
            return None
    form = definitions.form_of(node)
    return Startable(
        process=model.id, version=version, name=model.name, documentation=model.documentation, form=form, areas=areas, roles=roles
    )  # fmt: skip


def _task_line(row: Any) -> TaskLine:
    return TaskLine(
        id=row.id, token=row.token, instance=row.instance, process=row.process, process_version=row.process_version,
        process_name=Label(row.process_zh, row.process_en), node=row.node, name=Label(row.name_zh, row.name_en), form=row.form,
        number=row.number, title=row.title, area=row.area, created_at=row.created_at, due_at=row.due_at, deadline=row.deadline,
        assignee=row.assignee, selectors=tuple(row.selectors), vacant=row.vacant,
    )  # fmt: skip


def _done_line(row: Any) -> DoneLine:
    return DoneLine(
        id=row.id, instance=row.instance, process=row.process, node=row.node, name=Label(row.name_zh, row.name_en), form=row.form,
        person=row.person, created_at=row.created_at, at=row.at, outcome=row.outcome, number=getattr(row, "number", None),
        title=getattr(row, "title", None), state=getattr(row, "state", None),
    )  # fmt: skip


def _instance_line(row: Any) -> InstanceLine:
    return InstanceLine(
        id=row.id, process=row.process, process_version=row.process_version, state=row.state, number=row.number, title=row.title,
        area=row.area, starter=row.starter, parent=row.parent, started_at=row.started_at, ended_at=row.ended_at,
        ends=tuple(row.ends or ()), incidents=row.incidents, suspended_at=row.suspended_at,
    )  # fmt: skip


def _live(row: Any, process: str) -> LiveToken:
    element = row.node if row.process == process else f"{row.process}/{row.node}"
    return LiveToken(
        id=row.id, parent=row.parent, process=row.process, node=row.node, element=element if row.node else None, state=row.state
    )


def _timer_line(row: Any) -> TimerLine:
    return TimerLine(instance=row.instance, token=row.token, node=row.node, event=row.event, due_at=row.due_at, generation=row.generation)


def _action_line(row: Any) -> ActionLine:
    return ActionLine(
        token=row.token, node=row.node, name=Label(row.name_zh, row.name_en), message=row.message, key=row.key,
        form=row.form, selectors=tuple(row.selectors), public=row.public,
    )  # fmt: skip


def _incident_line(row: Any) -> IncidentLine:
    return IncidentLine(**{name: getattr(row, name) for name in IncidentLine.__slots__})


def _by_id(items: list[Any], limit: int) -> Page[Any]:
    return Page(items=tuple(items[:limit]), next=_cursor([items[limit - 1].id]) if len(items) > limit else None)


def _cursor(parts: list[str]) -> str:
    return base64.urlsafe_b64encode(json.dumps(parts).encode()).decode()


def _parts(cursor: str, count: int) -> list[str]:
    try:
        parts = json.loads(base64.urlsafe_b64decode(cursor.encode()))
    except (ValueError, binascii.Error) as error:
        raise BadCursor() from error
    if not isinstance(parts, list) or len(parts) != count or not all(isinstance(p, str) for p in parts):
        raise BadCursor()
    return parts


def _id_cursor(cursor: str | None) -> str | None:
    return _parts(cursor, 1)[0] if cursor else None


def _task_cursor(cursor: str | None) -> tuple[datetime, str] | None:
    if not cursor:
        return None
    at, identity = _parts(cursor, 2)
    try:
        return datetime.fromisoformat(at), identity
    except ValueError as error:
        raise BadCursor() from error
