"""One command in progress: an instance locked, run by the kernel, written back; all in one transaction.

The order is: lock → load → kernel → work rows → reactions → variables, instance, history, answer. Nothing is visible and no
job exists before the transaction commits.
"""

from __future__ import annotations

import secrets
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from functools import cached_property
from typing import Any

from engine import values
from engine.actor import Actor, mandate_text
from engine.commands import actions, arming, held_jobs, incidents, offering, sending, stores
from engine.commands.agenda import agenda
from engine.commands.environment import CommandEnvironment
from engine.commands.expressions import Evaluator
from engine.commands.job_names import SECOND_TRY
from engine.commands.library import BoundDefinitions
from engine.commands.offering import TITLE, TITLE_LENGTH
from engine.commands.receipt import Receipt
from engine.commands.runtime import Runtime
from engine.commands.scopes import Scopes
from engine.commands.submission import Submission, hand_in, protect_data
from engine.definitions.protection import rules_of
from engine.events import SubmissionCorrected
from engine.guards import Guard, evaluated
from engine.history import store as history
from engine.history.chain import Entry, seal
from engine.history.record import Record, records
from engine.ports import InstanceRef
from engine.runner.port import Changes, Snapshot
from engine.store import definitions as sets
from engine.store import finished, instances, work
from engine.store import guards as guard_store
from engine.store.instances import InstanceRow
from engine.store.loading import Loaded
from engine.store.work import TaskRow

Connection = Any


class CommandUnit:
    """Implements engine.ports.Unit for one command on one instance."""

    def __init__(
        self, runtime: Runtime, connection: Connection, row: InstanceRow, loaded: Loaded, definitions: BoundDefinitions, actor: Actor
    ) -> None:
        self.runtime = runtime
        self.connection = connection
        self.actor = actor
        self.now: datetime = runtime.clock.now()
        self.definitions = definitions
        definitions.running = True
        self.row = row
        self.read_version = row.version
        self.scopes = Scopes(loaded.snapshot, row.root)
        #: (person, author): who entered something for whom, when that was read with the instance
        self.entered = loaded.entered
        self._records: list[Record] = []
        self._relabel = False
        #: it ended in this command
        self._ended = False
        #: the number is taken last, after the kernel ran: what failed for want of it is tried again
        self._numbered = False
        #: incidents that this command opened
        self.raised: list[str] = []
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
        row = self.scopes.row(token)
        named = self.definitions.process(row.process if row is not None else self.row.process).stores
        return {name: self.environment.read_store(key) for name, key in named.items() if name in expression}

    def variables(self, token: str) -> Mapping[str, Any]:
        """The variables visible at a token, the innermost scope winning. A token that ended in this command still counts."""
        return self.scopes.variables(token)

    def enqueue(self, job: str, payload: Mapping[str, Any], *, at: datetime | None = None, key: str | None = None) -> None:
        self.runtime.jobs.enqueue(self.connection, job, payload, at=at, key=key)

    def set_number(self, number: str) -> None:
        """Give the instance its number: the variable ``number``, and what lists and inbox lines show."""
        self.row = replace(self.row, number=number)
        self.scopes.write(self.row.root, "number", number)
        self._relabel = self._numbered = True

    def set_title(self, title: str) -> None:
        """What lists and inbox lines call the instance, unless the process itself has a variable ``title``."""
        if title[:TITLE_LENGTH] != self.row.title and not isinstance(self.variables(self.row.root).get(TITLE), str):
            self.row = replace(self.row, title=title[:TITLE_LENGTH])
            self._relabel = True

    def record(self, kind: str, element: str | None = None, content: Mapping[str, Any] | None = None) -> None:
        """Add a row to the instance's history. `kind` is a short snake_case word."""
        self._records.append(Record(kind=kind, element=element, content=content or {}))

    # For commands -----------------------------------------------------------------------------------------------------

    @property
    def snapshot(self) -> Snapshot:
        """What the kernel runs on."""
        return self.scopes.snapshot

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

    def element(self, token: str, node: str) -> str:
        """The name of a token's node in history: ``process/node`` inside a called process."""
        process = self.process_of(token)
        return node if process == self.row.process else f"{process}/{node}"

    def process_of(self, token: str) -> str:
        """The process a live token belongs to: the instance's own or one that is called."""
        row = self.scopes.row(token)
        return row.process if row is not None else self.row.process

    def resolved(self, selectors: Sequence[str]) -> list[str]:
        """The selectors under which something is stored that these are asked for."""
        if not selectors:
            return []
        return list(dict.fromkeys(o.selector for o in self.runtime.directory.resolve(self.connection, selectors, self.now)))

    def guards(self, process: str, node: str, evaluate: Callable[[str], Any]) -> tuple[Guard, ...]:
        """Who may read what is handed in or made at this node now; `evaluate`: FEEL where it happens."""
        model = self.definitions.process(process)
        rules = rules_of(model, model.nodes[node]) if node in model.nodes else ()
        by = (self.actor.person, self.actor.mandate.on_behalf_of if self.actor.mandate else None)
        return evaluated(rules, evaluate, by)

    def protect(self, kind: str, refs: Iterable[str], guards: Sequence[Guard]) -> None:
        """Keep something of this case (engine.store.guards) for those who satisfy the guards."""
        guard_store.add(self.connection, self.runtime.new_id, self.row.id, kind, refs, guards)

    def apply(self, changes: Changes, completed: TaskRow | None = None, handed: Submission | None = None) -> None:
        """Write what the kernel changed and let the reactions answer. `completed` is the task this command completes, `handed` what
        came in with it; what came in otherwise was recorded last.

        Raises whatever a reaction raises: the whole command is refused.
        """
        plan = agenda(changes.events)
        self._keep_definitions()
        self.scopes.take_over(changes)
        self._retitle()
        kept = hand_in(self, handed) if handed is not None else {}
        offering.close(self, plan, changes, completed)
        instances.save_tokens(self.connection, self.row.id, changes)
        self.tasks.update(offering.offer(self, plan))
        arming.arm(self, plan, changes)
        sending.send(self, plan)
        incidents.note(self, plan, changes)
        self._record_run(changes, completed, kept)
        stores.save(self)
        for reaction in self.runtime.reactions:
            reaction(self, changes.events)
        actions.refresh(self, self.scopes.save(self.connection, self.row, changes), changes)
        if plan.ended is not None:
            self.row = replace(self.row, ends=list(plan.ended.ends))
        if changes.outcome is not None:
            self.row = replace(self.row, state=changes.outcome, ended_at=self.now)
            self._ended = True
        self.row = replace(self.row, next_seq=changes.next_seq)

    def write_correction(self, event: SubmissionCorrected, content: Mapping[str, Any], guards: Sequence[Guard]) -> None:
        """Keep a corrected submission for those who satisfy the guards; the reactions follow the corrected variables. Nothing runs.

        Raises whatever a reaction raises.
        """
        assert event.node is not None  # a task is a node
        protect_data(self, event.process, guards)
        name = event.node.id if event.process == self.row.process else f"{event.process}/{event.node.id}"
        kept = {"guards": [guard.plain() for guard in guards]} if guards else {}
        self.record("submission_corrected", name, {**content, **kept})
        for reaction in self.runtime.reactions:
            reaction(self, [event])
        self._retitle()
        nothing = Changes()
        actions.refresh(self, self.scopes.save(self.connection, self.row, nothing), nothing)

    def finish(self) -> Receipt:
        """Write history and the instance row; the command is done."""
        self._save_history()
        self.row = replace(self.row, version=self.read_version + 1)
        self._save_instance()
        if self._numbered and self.raised:
            self.enqueue(SECOND_TRY, {"incidents": self.raised}, key=f"{SECOND_TRY}:{self.raised[0]}")
        return Receipt(instance=self.row.id, outcome=self.row.state, number=self.row.number, tasks=tuple(t.id for t in self.tasks.values()))

    # Inside -----------------------------------------------------------------------------------------------------------

    def _retitle(self) -> None:
        title = self.scopes.written(self.row.root, TITLE)
        if isinstance(title, str) and title[:TITLE_LENGTH] != self.row.title:
            self.row = replace(self.row, title=title[:TITLE_LENGTH])
            self._relabel = True

    def _keep_definitions(self) -> None:
        """The run called a process in a version that the instance did not have yet."""
        if self.definitions.digest != self.row.definitions:
            sets.save_set(self.connection, self.definitions.digest, self.definitions.content, current=False)
            self.row = replace(self.row, definitions=self.definitions.digest)

    def _record_run(self, changes: Changes, completed: TaskRow | None, kept: Mapping[str, Any]) -> None:
        """What ran becomes history. What came in without a task was recorded last, and `kept` belongs to it."""
        facts = {token: offering.facts(task) for token, task in self.tasks.items()}
        before = self._records.pop() if self._records else None
        if before is not None and completed is None and kept:
            before = replace(before, content={**before.content, **kept})
        done = {completed.token: {"task": completed.id, **kept}} if completed is not None else {}
        self._records.extend(records(changes.events, self.row.process, facts, before, done))

    def _save_instance(self) -> None:
        """Where it belongs: one that has ended leaves the work tables."""
        if self.row.finished:
            outermost = self.variables(self.row.root) if self.scopes.corrected else None
            finished.update(self.connection, self.row, self.read_version, outermost)
        elif self.row.state != "running":
            held_jobs.let_go(self.runtime, self.connection, self.row.id)
            apart = instances.apart_of(self.snapshot) if self._ended else None
            finished.keep(self.connection, self.row, self.read_version, self.variables(self.row.root), apart)
        else:
            if self._relabel:
                work.relabel(self.connection, self.row.id, self.row.process, self.row.number, self.row.title)
            instances.update(self.connection, self.row, self.read_version)

    def _save_history(self) -> None:
        mandate = mandate_text(self.actor)
        actor = self.actor.person or ("system" if self.actor.system else "public")
        entries = [
            Entry(
                instance=self.row.id, seq=self.row.history_seq + n, at=self.now, kind=r.kind, element=r.element, actor=actor,
                mandate=mandate, salt=secrets.token_urlsafe(16), content=values.dumps(dict(r.content)),
            )
            for n, r in enumerate(self._records, start=1)
        ]  # fmt: skip
        sealed, head = seal(entries, self.row.history_chain)
        history.append(self.connection, sealed)
        self.row = replace(self.row, history_seq=self.row.history_seq + len(sealed), history_chain=head)
        self._records = []
