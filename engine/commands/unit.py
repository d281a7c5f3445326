"""One command in progress: an instance locked, run by the kernel, written back; all in one transaction.

The order is: lock → load → kernel → work rows → reactions → variables, instance, history, answer. Nothing is visible and no
job exists before the transaction commits.
"""

from __future__ import annotations

import secrets
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from functools import cached_property
from typing import Any

from engine import values
from engine.actor import Actor, Entered, mandate_text
from engine.commands import actions
from engine.commands.agenda import Agenda, agenda
from engine.commands.environment import CommandEnvironment
from engine.commands.expressions import Evaluator
from engine.commands.library import BoundDefinitions
from engine.commands.receipt import Receipt
from engine.commands.runtime import Runtime
from engine.definitions.model import Label
from engine.definitions.protection import protected, rules_of
from engine.errors import NotFound
from engine.events import ActionOpened, MessageSent, SubmissionCorrected, TaskMigrated, TaskOffered
from engine.guards import Guard, evaluated
from engine.history import store as history
from engine.history.chain import Entry, seal
from engine.history.record import Record, records
from engine.history.submissions import SEEN
from engine.ports import InstanceRef
from engine.runner.loaded import LoadedRows
from engine.runner.port import Changes, LiveRows, Snapshot, TokenRow
from engine.runner.token import INSTANCE
from engine.store import data, entries, instances, messages, starts, work
from engine.store import definitions as sets
from engine.store import guards as guard_store
from engine.store.instances import InstanceRow
from engine.store.live import PRIVATE, own_names
from engine.store.work import TaskRow

Connection = Any
#: job that retries incidents of a command that gave the instance its number
SECOND_TRY = "second_try"
#: job that looks again at a conditional start event
CONDITION = "start_condition"
#: job that lets instances look again at their conditions
LOOK = "look_again"
_TITLE = "title"
_TITLE_LENGTH = 200


@dataclass(frozen=True, slots=True, kw_only=True)
class Submission:
    """What a person or a message hands in at a node. `name`: what output mappings call it (form, message, signal)."""

    process: str
    node: str
    token: str
    name: str
    value: Mapping[str, Any]
    files: Sequence[str] = ()
    #: what a later correction needs to know of this moment (history.submissions)
    seen: Mapping[str, Any] | None = None


class CommandUnit:
    """Implements engine.ports.Unit for one command on one instance."""

    def __init__(
        self, runtime: Runtime, connection: Connection, row: InstanceRow, snapshot: Snapshot, definitions: BoundDefinitions, actor: Actor
    ) -> None:
        self.runtime = runtime
        self.connection = connection
        self.actor = actor
        self.now: datetime = runtime.clock.now()
        self.definitions = definitions
        definitions.running = True
        self.snapshot = snapshot
        self.row = row
        self._read_version = row.version
        self._rows: LiveRows = snapshot.rows or LoadedRows(snapshot)
        #: parents of tokens of this command; None where a process ends the view
        self._parents: dict[str, str | None] = {}
        #: variables changed by this command, by scope
        self._scopes: dict[str, dict[str, Any]] = {}
        self._changed: dict[tuple[str, str], Any] = {}
        self._records: list[Record] = []
        self._relabel = False
        #: the number is taken last, after the kernel ran: what failed for want of it is tried again
        self._numbered = False
        self._raised: list[str] = []
        self.environment = CommandEnvironment(self)
        definitions.environment = lambda: self.evaluator.environment
        #: tasks offered by this command, by token
        self.tasks: dict[str, TaskRow] = {}

    # Port -------------------------------------------------------------------------------------------------------------

    @property
    def instance(self) -> InstanceRef:
        row = self.row
        return InstanceRef(
            id=row.id, process=row.process, version=row.process_version, number=row.number, area=row.area, starter=row.starter
        )

    def evaluate(self, expression: str, token: str, extra: Mapping[str, Any] | None = None) -> Any:
        """Evaluate FEEL in the variable scope of a token. Raises UnknownVariable or ExpressionFailed."""
        return self.evaluator(expression, {**self._stores(expression, token), **self.variables(token), **(extra or {})})

    def _stores(self, expression: str, token: str) -> dict[str, Any]:
        """The data stores of the token's process that an expression names."""
        row = self._rows.row(token)
        stores = self.definitions.process(row.process if row is not None else self.row.process).stores
        return {name: self.environment.read_store(key) for name, key in stores.items() if name in expression}

    def variables(self, token: str) -> Mapping[str, Any]:
        """The variables visible at a token, the innermost scope winning. A token that ended in this command still counts.

        A called process sees its own only.
        """
        chain: list[str] = []
        scope: str | None = token
        while scope is not None:
            chain.append(scope)
            scope = self._parent(scope)
        found: dict[str, Any] = {}
        for scope_id in reversed(chain):
            stored = self._rows.variables(scope_id)
            found.update((name, stored[name]) for name in own_names(stored))
            found.update((name, value) for name, value in self._scopes.get(scope_id, {}).items() if not name.startswith(PRIVATE))
        return found

    def _parent(self, token: str) -> str | None:
        """The scope around a token that it sees into; a token nobody knows any more sees the outermost variables."""
        if token not in self._parents:
            row = self._rows.row(token)
            if row is None:
                return self.row.root if token != self.row.root else None
            self._parents[token] = row.parent if row.node is not None else None
        return self._parents[token]

    def enqueue(self, job: str, payload: Mapping[str, Any], *, at: datetime | None = None, key: str | None = None) -> None:
        self.runtime.jobs.enqueue(self.connection, job, payload, at=at, key=key)

    def set_number(self, number: str) -> None:
        """Give the instance its number: the variable ``number``, and what lists and inbox lines show."""
        self.row = replace(self.row, number=number)
        self.set_variable(self.row.root, "number", number)
        self._relabel = self._numbered = True

    def set_title(self, title: str) -> None:
        """What lists and inbox lines call the instance, unless the process itself has a variable ``title``."""
        if title[:_TITLE_LENGTH] != self.row.title and not isinstance(self.variables(self.row.root).get(_TITLE), str):
            self.row = replace(self.row, title=title[:_TITLE_LENGTH])
            self._relabel = True

    def record(self, kind: str, element: str | None = None, content: Mapping[str, Any] | None = None) -> None:
        """Add a row to the instance's history. `kind` is a short snake_case word."""
        self._records.append(Record(kind=kind, element=element, content=content or {}))

    def element(self, token: str, node: str) -> str:
        """The name of a token's node in history: ``process/node`` inside a called process."""
        process = instances.process_of_token(self.connection, token)
        return node if process in (None, self.row.process) else f"{process}/{node}"

    # For commands -----------------------------------------------------------------------------------------------------

    @cached_property
    def evaluator(self) -> Evaluator:
        functions = self.runtime.functions
        return Evaluator(
            now=self.now,
            zone=self.runtime.zone,
            names=functions.names(),
            functions=lambda: functions.bind(self.connection, self.instance, self.now),
            codes=self.definitions.codes,
        )

    def set_variable(self, scope: str, name: str, value: Any) -> None:
        self._scopes.setdefault(scope, {})[name] = value
        self._changed[(scope, name)] = value

    def guards(self, process: str, node: str, evaluate: Callable[[str], Any]) -> tuple[Guard, ...]:
        """Who may read what is handed in or made at this node now; `evaluate`: FEEL where it happens."""
        model = self.definitions.process(process)
        rules = rules_of(model, model.nodes[node]) if node in model.nodes else ()
        by = (self.actor.person, self.actor.mandate.on_behalf_of if self.actor.mandate else None)
        return evaluated(rules, evaluate, by)

    def protect(self, kind: str, refs: Iterable[str], guards: Sequence[Guard]) -> None:
        """Keep something of this case (engine.store.guards) for those who satisfy the guards."""
        guard_store.add(self.connection, self.runtime.new_id, self.row.id, kind, refs, guards)

    def process_of(self, token: str) -> str:
        """The process a live token belongs to: the instance's own or one that is called."""
        return instances.process_of_token(self.connection, token) or self.row.process

    def _hand_in(self, handed: Submission) -> dict[str, Any]:
        """Files and variables of a submission get its guards, by what the variables say now that its outputs are written.
        → what history keeps of them."""
        extra = {handed.name: handed.value}
        found = self.guards(handed.process, handed.node, lambda text: self.evaluate(text, handed.token, extra))
        if not found:
            return {}
        self.protect(guard_store.FILE, handed.files, found)
        own = protected(self.definitions.process(handed.process))
        for guard in found:
            if guard.data in own:
                self.protect(guard_store.DATA, [f"{handed.process}/{guard.data}"], [guard])
        return {"guards": [guard.plain() for guard in found]}

    def _keep_entry(self, entered: Entered, kept: Mapping[str, Any]) -> None:
        """The paper belongs to the case, for the readers of what was entered; who entered shares the exclusions of the author."""
        if entered.file is not None and self.runtime.files is not None:
            self.runtime.files.attach(self.connection, [entered.file], self.row.id)
            self.protect(guard_store.FILE, [entered.file], [Guard.of_plain(g) for g in kept.get("guards", ())])
        if self.actor.person is not None:
            entries.add(self.connection, self.runtime.new_id(), self.row.id, self.actor.person, entered.behalf, self.now)

    def apply(self, changes: Changes, completed: TaskRow | None = None, handed: Submission | None = None) -> None:
        """Write what the kernel changed and let the reactions answer. `completed` is the task this command completes, `handed` what
        came in with it; what came in otherwise was recorded last.

        Raises whatever a reaction raises: the whole command is refused.
        """
        plan = agenda(changes.events)
        self._keep_definitions()
        self._take_over(changes)
        kept = self._hand_in(handed) if handed is not None else {}
        if handed is not None and self.actor.entered is not None:
            kept = {**kept, "entered": self.actor.entered.plain()}
            self._keep_entry(self.actor.entered, kept)
        if handed is not None and handed.seen is not None:
            kept = {**kept, SEEN: handed.seen}
        self._close_tasks(plan, changes, completed)
        instances.save_tokens(self.connection, self.row.id, changes)
        self._offer(plan)
        self._save_waiting(plan, changes)
        self._send(plan)
        self._incidents(plan, changes)
        facts = {token: _offered_facts(task) for token, task in self.tasks.items()}
        before = self._records.pop() if self._records else None
        if before is not None and completed is None and kept:
            before = replace(before, content={**before.content, **kept})
        done = {completed.token: {"task": completed.id, **kept}} if completed is not None else {}
        self._records.extend(records(changes.events, self.row.process, facts, before, done))
        self._save_stores()
        for reaction in self.runtime.reactions:
            reaction(self, changes.events)
        actions.refresh(self, self._save_variables(changes), changes)
        if plan.ended is not None:
            self.row = replace(self.row, ends=list(plan.ended.ends))
        if changes.outcome is not None:
            self.row = replace(self.row, state=changes.outcome, ended_at=self.now)
        self.row = replace(self.row, next_seq=changes.next_seq)

    def scope_of(self, token: str) -> tuple[str | None, bool, frozenset[str]]:
        """The scope around a live token, whether the token is one of many (a multi-instance), and its own variables."""
        row = self.token_row(token)
        return row.parent, INSTANCE in row.internal, self.own_names(token)

    def follow_tasks(self, moved: Sequence[TaskMigrated]) -> None:
        """Open tasks belong to another version now: name, form, deadline, and whom it asks. Who has taken one keeps it; what was typed
        stays."""
        events = {event.token: event for event in moved}
        for task in work.tasks_of_tokens(self.connection, list(events)) if events else ():
            event = events[task.token]
            assert event.node is not None  # a task is a node
            asked = event.selectors or ((f"person:{self.row.starter}",) if self.row.starter else ())
            offers = self.runtime.directory.resolve(self.connection, asked, self.now) if asked else []
            deadline = event.node.deadline.id if event.node.deadline is not None else None
            opened = self.environment.deadlines.get(task.token)
            view = self.runtime.deadlines.view(self.connection, self.row.id, deadline) if deadline is not None else None
            same = tuple(task.asked) == tuple(asked)
            work.rewrite(self.connection, replace(
                task, process_version=self.definitions.version("process", event.process), node=event.node.id,
                name_zh=event.node.name.in_("zh") or event.node.id, name_en=event.node.name.in_("en") or event.node.id, form=event.form,
                deadline=deadline, due_at=opened[1] if opened is not None else view.due if view is not None else None,
                assignee=task.assignee or event.assignee, asked=list(asked),
                selectors=task.selectors if same else list(dict.fromkeys(o.selector for o in offers)),
                vacant=task.vacant if same else all(o.vacant for o in offers),
            ))  # fmt: skip

    def token_row(self, token: str) -> TokenRow:
        """The row of a live token of this instance. Raises NotFound."""
        row = self._rows.row(token)
        if row is None:
            raise NotFound(f"the token {token} is not live", token=token)
        return row

    def own_names(self, scope: str) -> frozenset[str]:
        """The variables of this very scope."""
        return frozenset(own_names(self._rows.variables(scope)))

    def live_row(self, token: str) -> TokenRow | None:
        """A token as it was before this command."""
        return self._rows.row(token)

    def holder(self, scope: str, name: str) -> str | None:
        """The nearest scope outwards, of those that are still there, that has the variable; None: there is none any more."""
        at: str | None = scope
        while at is not None and (at == self.row.root or self._rows.row(at) is not None):
            if name in self._rows.variables(at):
                return at
            at = self._parent(at)
        return None

    def value(self, scope: str, name: str) -> Any:
        """The variable of this very scope, as this command left it."""
        return self._scopes.get(scope, {}).get(name, self._rows.variables(scope).get(name))

    def write_correction(self, event: SubmissionCorrected, content: Mapping[str, Any], guards: Sequence[Guard]) -> None:
        """Keep a corrected submission for those who satisfy the guards; the reactions follow the corrected variables. Nothing runs.

        Raises whatever a reaction raises.
        """
        assert event.node is not None  # a task is a node
        own = protected(self.definitions.process(event.process))
        for guard in guards:
            if guard.data in own:
                self.protect(guard_store.DATA, [f"{event.process}/{guard.data}"], [guard])
        name = event.node.id if event.process == self.row.process else f"{event.process}/{event.node.id}"
        kept = {"guards": [guard.plain() for guard in guards]} if guards else {}
        self.record("submission_corrected", name, {**content, **kept})
        for reaction in self.runtime.reactions:
            reaction(self, [event])
        self._retitle()
        nothing = Changes()
        actions.refresh(self, self._save_variables(nothing), nothing)

    def finish(self) -> Receipt:
        """Write history and the instance row; the command is done."""
        self._save_history()
        if self._relabel:
            work.relabel(self.connection, self.row.id, self.row.process, self.row.number, self.row.title)
        self.row = replace(self.row, version=self._read_version + 1)
        instances.update(self.connection, self.row, self._read_version)
        if self._numbered and self._raised:
            self.enqueue(SECOND_TRY, {"incidents": self._raised}, key=f"{SECOND_TRY}:{self._raised[0]}")
        return Receipt(instance=self.row.id, outcome=self.row.state, number=self.row.number, tasks=tuple(t.id for t in self.tasks.values()))

    # Inside -----------------------------------------------------------------------------------------------------------

    def _take_over(self, changes: Changes) -> None:
        """Bring the view that reactions have up to date. What is gone stays readable until the command ends."""
        for event in changes.events:
            self._parents.setdefault(event.token, event.scope if event.node is not None else None)
        for token in changes.tokens:
            self._parents[token.id] = token.parent if token.node is not None else None
        for scope, last in changes.last_variables.items():
            self._scopes.setdefault(scope, {}).update(last)
        for (scope, name), value in changes.variables.items():
            self._scopes.setdefault(scope, {})[name] = value
        for scope, last in changes.last_variables.items():
            self._scopes.setdefault(scope, {}).update(last)
        self._retitle()

    def _retitle(self) -> None:
        title = self._scopes.get(self.row.root, {}).get(_TITLE)
        if isinstance(title, str) and title[:_TITLE_LENGTH] != self.row.title:
            self.row = replace(self.row, title=title[:_TITLE_LENGTH])
            self._relabel = True

    def _close_tasks(self, plan: Agenda, changes: Changes, completed: TaskRow | None) -> None:
        gone = set(changes.gone_tokens)
        tasks = [(t, "withdrawn") for t in work.tasks_of_tokens(self.connection, plan.withdrawn)] if plan.withdrawn else []
        if completed is not None:
            tasks.append((completed, "completed"))
        work.remove_tasks(self.connection, [t.id for t, _ in tasks if t.token not in gone])
        work.add_done(self.connection, [_done(t, self.row.id, self.now) for t, outcome in tasks if outcome == "withdrawn"])

    def _offer(self, plan: Agenda) -> None:
        offers: dict[tuple[str, ...], tuple[list[str], bool]] = {}
        for token, event in plan.offered.items():
            asked = self._asked(event)
            if asked not in offers:
                resolved = self.runtime.directory.resolve(self.connection, asked, self.now) if asked else []
                offers[asked] = [o.selector for o in resolved], all(o.vacant for o in resolved)
            self.tasks[token] = self._task(token, event, asked, *offers[asked])
        work.add_tasks(self.connection, list(self.tasks.values()))

    def _asked(self, event: TaskOffered) -> tuple[str, ...]:
        """Whom the model asks; a task with neither lane nor assignment is the starter's (conventions 5)."""
        if event.selectors or event.assignee:
            return event.selectors or (f"person:{event.assignee}",)
        return (f"person:{self.row.starter}",) if self.row.starter else ()

    def _title_of(self, token: str, event: TaskOffered) -> str | None:
        """What an inbox line calls the matter: in a called procedure its own ``title`` (a meeting, a text to sign), else the case's."""
        if event.process == self.row.process:
            return self.row.title
        own = self.variables(token).get(_TITLE)
        return own[:_TITLE_LENGTH] if isinstance(own, str) and own else self.row.title

    def _task(self, token: str, event: TaskOffered, asked: tuple[str, ...], selectors: list[str], vacant: bool) -> TaskRow:
        assert event.node is not None  # a task is a node
        process = self.definitions.process(event.process)
        deadline, due = self.environment.deadlines.get(token, (None, None))
        return TaskRow(
            id=self.runtime.new_id(),
            token=token,
            instance=self.row.id,
            process=event.process,
            process_version=self.definitions.version("process", event.process),
            process_zh=process.name.in_("zh"),
            process_en=process.name.in_("en"),
            node=event.node.id,
            name_zh=event.node.name.in_("zh") or event.node.id,
            name_en=event.node.name.in_("en") or event.node.id,
            form=self.definitions.form_of(event.node),
            number=self.row.number,
            title=self._title_of(token, event),
            area=self.row.area,
            created_at=self.now,
            due_at=due,
            deadline=deadline,
            assignee=event.assignee,
            selectors=selectors,
            asked=list(asked),
            excluded=work.excluded_text([*event.excluded, *entries.entered_for(self.connection, self.row.id, event.excluded)]),
            vacant=vacant,
        )

    def _save_waiting(self, plan: Agenda, changes: Changes) -> None:
        gone, instance = set(changes.gone_tokens), self.row.id
        armed = [
            {"token": k[0], "node": k[1], "event": k[2], "instance": instance, "due_at": e.due, "generation": e.generation}
            for k, e in plan.timers.items()
            if k[0] not in gone
        ]
        work.save_timers(self.connection, armed, [_key(k) for k in plan.disarmed if k[0] not in gone])
        for timer in armed:
            self._set_alarm(timer)
        opened = [
            {
                "id": self.runtime.new_id(), "token": k[0], "node": k[1], "event": k[2], "instance": instance,
                "kind": e.kind, "name": e.name, "key": e.key,
            }
            for k, e in plan.subscriptions.items()
            if k[0] not in gone
        ]  # fmt: skip
        work.save_subscriptions(self.connection, opened, [_key(k) for k in plan.closed if k[0] not in gone])
        self._fetch_kept([row for row in opened if row["kind"] == "message"])
        opened_actions = [
            {
                "token": k[0], "node": k[1], "instance": instance, "message": e.message, "key": e.key, "form": e.form,
                "selectors": self.resolved(e.selectors), "public": e.public,
                "name_zh": _label(e).in_("zh"), "name_en": _label(e).in_("en"),
            }
            for k, e in plan.actions.items()
            if k[0] not in gone
        ]  # fmt: skip
        closed = [{"token": t, "node": n} for t, n in plan.closed_actions if t not in gone]
        work.save_actions(self.connection, opened_actions, closed)

    def resolved(self, selectors: Sequence[str]) -> list[str]:
        """The selectors under which something is stored that these are asked for."""
        if not selectors:
            return []
        return list(dict.fromkeys(o.selector for o in self.runtime.directory.resolve(self.connection, selectors, self.now)))

    def _set_alarm(self, timer: Mapping[str, Any]) -> None:
        key = f"timer:{timer['token']}:{timer['node']}:{timer['event']}:{timer['generation']}"
        payload = {name: timer[name] for name in ("instance", "token", "node", "event", "generation")}
        self.enqueue("timer", payload, at=timer["due_at"], key=key)

    def _fetch_kept(self, opened: Sequence[Mapping[str, Any]]) -> None:
        """Messages that came before anyone waited for them are delivered now, by one job for each subscription that they fit."""
        if not opened:
            return
        messages.hold_names(self.connection, [row["name"] for row in opened])
        fitting = messages.kept_addresses(self.connection, [(row["name"], row["key"]) for row in opened], self.now)
        for row in opened:
            if (row["name"], row["key"]) in fitting:
                self.enqueue("deliver_message", {"subscription": row["id"]}, key=f"fetch:{row['id']}")

    def _send(self, plan: Agenda) -> None:
        for message in plan.messages:
            self.send_message(message)
        for signal in plan.signals:
            broadcast(self, signal.name, signal.variables)
        for token, request in plan.services.items():
            inputs = values.dumps(dict(request.inputs))
            node = request.node.id if request.node else ""
            guards = self.guards(request.process, node, lambda text, at=token: self.evaluate(text, at))  # type: ignore[misc]
            call = {
                "instance": self.row.id, "token": token, "process": request.process, "element": node,
                "service": request.service, "inputs": inputs, "call": f"{token}:{self._read_version}",
                "guards": [guard.plain() for guard in guards],
            }  # fmt: skip
            self.enqueue("service", {**call, "attempt": 1}, key=f"service:{call['call']}:1")

    def send_message(self, event: MessageSent) -> None:
        """A message from this instance to another is a job of the same transaction."""
        message_id = self.runtime.new_id()
        payload = {
            "name": event.name, "key": event.key, "variables": values.dumps(dict(event.variables)), "id": message_id, "from": self.row.id,
        }  # fmt: skip
        self.enqueue("deliver_message", payload, key=f"message:{message_id}")

    def _keep_definitions(self) -> None:
        """The run called a process in a version that the instance did not have yet."""
        if self.definitions.digest != self.row.definitions:
            sets.save_set(self.connection, self.definitions.digest, self.definitions.content, current=False)
            self.row = replace(self.row, definitions=self.definitions.digest)

    def _save_stores(self) -> None:
        """Data stores that the command wrote. History says that, not what: others may read it than may read the case."""
        written, self.environment.stored = self.environment.stored, {}
        if not written:
            return
        data.write(self.connection, written, self.row.id, self.now)
        for name in sorted(written):
            self.record("data_stored", None, {"store": name})
        for row in starts.of_kind(self.connection, "conditional"):
            payload = {"process": row.process, "node": row.node, "event": row.event}
            self.enqueue(CONDITION, payload, key=f"{CONDITION}:{self.runtime.new_id()}")
        readers = [reader for reader in messages.store_readers(self.connection) if reader != self.row.id]
        for start in range(0, len(readers), _PER_JOB):
            self.enqueue(LOOK, {"instances": readers[start : start + _PER_JOB]}, key=f"{LOOK}:{self.runtime.new_id()}")

    def _incidents(self, plan: Agenda, changes: Changes) -> None:
        if self.row.incidents and changes.gone_tokens:
            closed = work.close_incidents_of(self.connection, changes.gone_tokens, self.now)
            self.row = replace(self.row, incidents=self.row.incidents - closed)
        gone = set(changes.gone_tokens)
        for incident in plan.incidents:
            if incident.token not in gone:
                node = incident.node.id if incident.node else None
                self.raise_incident(incident.token, incident.process, node, incident.code, incident.message, incident.details)

    def raise_incident(
        self, token: str, process: str, node: str | None, code: str, message: str,
        details: Mapping[str, Any],
    ) -> None:  # fmt: skip
        """The token needs a person's help."""
        row = {
            "id": self.runtime.new_id(), "instance": self.row.id, "token": token, "process": process, "node": node, "code": code,
            "message": message, "details": values.plain(values.normalise(details)), "at": self.now, "state": "open",
            "closed_at": None, "closed_by": None,
        }  # fmt: skip
        work.add_incidents(self.connection, [row])
        self._raised.append(row["id"])
        self.row = replace(self.row, incidents=self.row.incidents + 1)

    def close_incident(self, incident: str, state: str) -> None:
        """`state`: retried | resolved."""
        work.close_incident(self.connection, incident, state, self.now, self.actor.person)
        self.row = replace(self.row, incidents=self.row.incidents - 1)

    def correct(self, token: str, corrected: Mapping[str, Any]) -> None:
        """Overwrite variables where the token sees them (the nearest scope that has the name, else the outermost).

        The kernel reads the corrected snapshot; the store gets the values with the rest of the command.
        """
        for name, value in corrected.items():
            self.set_variable(self._holder(token, name), name, value)
        scopes = {scope: {**found, **self._scopes.get(scope, {})} for scope, found in self.snapshot.variables.items()}
        self.snapshot = replace(self.snapshot, variables={**self._scopes, **scopes})

    def _holder(self, token: str, name: str) -> str:
        scope: str | None = token
        while scope is not None:
            if name in self._rows.variables(scope):
                return scope
            scope = self._parent(scope)
        return self.row.root

    def _save_variables(self, changes: Changes) -> set[str]:
        """Write what changed; returns the names of the variables in scopes that are still there."""
        changed = {**changes.variables, **self._changed}
        # a whole snapshot knows every scope that has rows; of a large instance any token may have some
        known = self.snapshot.variables if self.snapshot.rows is None else changes.gone_tokens
        gone_scopes = {t for t in changes.gone_tokens if t in known and t != self.row.root}
        stays = {self.row.root} & set(changes.gone_tokens)  # an ended instance keeps its outermost variables
        gone = [(s, n) for s, n in changes.gone_variables if s not in gone_scopes and (s not in stays or n.startswith(PRIVATE))]
        dead = set(changes.gone_tokens) - {self.row.root}
        changed = {key: value for key, value in changed.items() if key[0] not in dead}
        instances.save_variables(self.connection, self.row.id, changed, gone, sorted(gone_scopes))
        self._changed = {}
        return {name for _, name in changed} | {name for scope, name in gone if scope not in dead}

    def _save_history(self) -> None:
        mandate = mandate_text(self.actor)
        actor = self.actor.person or ("system" if self.actor.system else "public")
        entries = [
            Entry(
                instance=self.row.id, seq=self.row.history_seq + n, at=self.now, kind=r.kind, element=r.element, actor=actor,
                mandate=mandate, salt=secrets.token_hex(16), content=values.dumps(dict(r.content)),
            )
            for n, r in enumerate(self._records, start=1)
        ]  # fmt: skip
        sealed, head = seal(entries, self.row.history_chain)
        history.append(self.connection, sealed)
        self.row = replace(self.row, history_seq=self.row.history_seq + len(sealed), history_chain=head)
        self._records = []


_PER_JOB = 100


def broadcast(unit: CommandUnit, name: str, variables: Mapping[str, Any]) -> None:
    """Put in jobs that bring a signal to everyone who waits for it now, and to the processes it starts."""
    signal_id = unit.runtime.new_id()
    text = values.dumps(dict(variables))
    enqueue_signal(unit.runtime, unit.connection, signal_id, name, text, from_=unit.row.id)


def enqueue_signal(runtime: Runtime, connection: Connection, signal_id: str, name: str, variables: str, from_: str | None) -> None:
    """`variables` is typed JSON text. Those who start to wait later do not get the signal."""
    waiters = messages.signal_waiters(connection, name)
    common = {"id": signal_id, "name": name, "variables": variables, "from": from_}
    for part, start in enumerate(range(0, len(waiters), _PER_JOB)):
        payload = {**common, "waiters": waiters[start : start + _PER_JOB], "starts": False}
        runtime.jobs.enqueue(connection, "signal", payload, key=f"signal:{signal_id}:{part}")
    runtime.jobs.enqueue(connection, "signal", {**common, "waiters": [], "starts": True}, key=f"signal:{signal_id}:starts")


def _label(action: ActionOpened) -> Label:
    return action.label or (action.node.name if action.node is not None else Label())


def _key(key: tuple[str, str, int]) -> dict[str, Any]:
    return {"token": key[0], "node": key[1], "event": key[2]}


def _offered_facts(task: TaskRow) -> dict[str, Any]:
    facts: dict[str, Any] = {"task": task.id, "selectors": task.selectors}
    if task.assignee:
        facts["assignee"] = task.assignee
    if task.due_at:
        facts["due"] = task.due_at
    return facts


def _done(task: TaskRow, instance: str, at: datetime) -> dict[str, Any]:
    return done_row(task, instance, at, outcome="withdrawn")


def done_row(
    task: TaskRow, instance: str, at: datetime, *, outcome: str, person: str | None = None,
    salt: str | None = None, digest: str | None = None, answer: Mapping[str, Any] | None = None,
) -> dict[str, Any]:  # fmt: skip
    """The small row that stays of a task that is no longer open."""
    return {
        "id": task.id, "instance": instance, "process": task.process, "node": task.node, "name_zh": task.name_zh, "name_en": task.name_en,
        "form": task.form, "person": person, "created_at": task.created_at, "at": at, "outcome": outcome, "salt": salt,
        "digest": digest, "answer": answer,
    }  # fmt: skip
