"""The engine's facade: every command and query on one object, usable without Flask and without governance.

A command is one transaction: state, tasks, history and jobs commit together or not at all. It raises errors of
`engine.errors`; then nothing was changed.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from datetime import timedelta
from typing import Any
from zoneinfo import ZoneInfo

from engine.actor import SYSTEM, Actor
from engine.clock import Clock
from engine.commands import correcting, deploying, operations, standing, starting, tasks, triggers
from engine.commands.correcting import Corrected, Correction
from engine.commands.deploying import Change, Deployment
from engine.commands.job_names import CONDITION, LOOK, SECOND_TRY
from engine.commands.library import Library
from engine.commands.receipt import Receipt
from engine.commands.runtime import Runtime
from engine.commands.starting import Taken
from engine.definitions.check import PackageCheck
from engine.forms.rules import RuleRegistry
from engine.forms.standard_rules import STANDARD_RULES
from engine.guards import Guard
from engine.history.submissions import Version
from engine.jobs.retry import RetryPolicy
from engine.oversight import Oversight
from engine.ports import Deadlines, Directory, Files, Functions, Jobs, People, Reaction
from engine.powers import Powers
from engine.queries import Queries
from engine.runner.kernel import SpiffKernel
from engine.runner.port import Kernel
from engine.services import Services
from engine.standalone import NaturalDeadlines, PlainDirectory, PlainFunctions
from engine.store import guards as guard_store
from engine.store.along import Along
from engine.store.database import Database
from engine.store.definitions import CURRENT
from engine.values import Key

__all__ = ["Change", "Deployment", "Engine", "Receipt", "Taken"]


class Engine(Powers):
    """Deploys and runs BPMN procedures.

    `database` is a Database or its URL. Left out, `directory`, `deadlines` and `functions` are the plain ones of
    `engine.standalone`. `zone` is the installation's, for dates without one. `message_ttl`: how long a message nobody waits for
    is kept. `roles`: codes that lanes may name, checked at deploy (None: not checked). `resources` are handed to services
    (`Call.resources`). `checks` are rules of packages besides the engine's own. `library`: definitions
    read already, by content, shared by engines that come and go (the sandbox). `removals` are called with the open connection and an
    instance that is removed. Call `jobs.launch()` afterwards to let jobs run.
    """

    def __init__(
        self,
        database: Database | str,
        *,
        clock: Clock,
        jobs: Jobs,
        services: Services | None = None,
        directory: Directory | None = None,
        deadlines: Deadlines | None = None,
        functions: Functions | None = None,
        people: People | None = None,
        files: Files | None = None,
        reactions: Sequence[Reaction] = (),
        rules: RuleRegistry = STANDARD_RULES,
        kernel: Kernel | None = None,
        zone: str = "Asia/Shanghai",
        message_ttl: timedelta = timedelta(days=30),
        retry: RetryPolicy | None = None,
        roles: Collection[str] | None = None,
        resources: Mapping[str, Any] | None = None,
        checks: Sequence[PackageCheck] = (),
        library: Library | None = None,
        removals: Sequence[Callable[[Any, str], None]] = (),
        along: Sequence[Along] = (),
    ) -> None:
        self.database = Database(database) if isinstance(database, str) else database
        self.runtime = Runtime(
            database=self.database,
            clock=clock,
            jobs=jobs,
            services=services or Services(),
            kernel=kernel or SpiffKernel(),
            library=library or Library(rules),
            directory=directory or PlainDirectory(),
            deadlines=deadlines or NaturalDeadlines(ZoneInfo(zone)),
            functions=functions or PlainFunctions(),
            people=people,
            files=files,
            reactions=tuple(reactions),
            zone=ZoneInfo(zone),
            message_ttl=message_ttl,
            retry=retry or RetryPolicy(),
            roles=roles,
            resources=resources or {},
            checks=tuple(checks),
            removals=tuple(removals),
            along=(CURRENT, *along),
        )
        self.queries = Queries(self.runtime)
        self.oversight = Oversight(self.runtime)
        jobs.register("timer", lambda payload: triggers.timer_due(self.runtime, payload))
        jobs.register("service", lambda payload: triggers.call_service(self.runtime, payload))
        jobs.register("deliver_message", lambda payload: triggers.deliver_message(self.runtime, payload))
        jobs.register(standing.ALARM, lambda payload: standing.alarm(self.runtime, payload))
        jobs.register(LOOK, lambda payload: triggers.look_again(self.runtime, payload))
        jobs.register(CONDITION, lambda payload: standing.look(self.runtime, payload))
        jobs.register(standing.BEGIN, lambda payload: standing.begin(self.runtime, payload))
        jobs.register(SECOND_TRY, lambda payload: operations.second_try(self.runtime, payload))
        jobs.register("signal", lambda payload: triggers.deliver_signal(self.runtime, payload))
        self.register_powers(jobs)

    def create_schema(self) -> None:
        """Create all tables (library use; the product migrates with Alembic)."""
        self.database.create_all()

    # Definitions ------------------------------------------------------------------------------------------------------

    def deploy(
        self, files: Mapping[str, bytes], *, actor: Actor, dry_run: bool = False, language: str = "zh", change: Change | None = None
    ) -> Deployment:
        """Deploy a package (relative path → content, conventions 1) as a whole.

        It is checked together with what is deployed already; findings are in `language`. Content that is newest already gets no
        new version. `dry_run` checks only and never raises DeployRefused: read its report. `change` takes files away and takes part
        in the transaction.

        Raises DeployRefused with the whole report when it has an error; then nothing was deployed.
        """
        return deploying.deploy(self.runtime, files, actor=actor, dry_run=dry_run, language=language, change=change or Change())

    # Instances --------------------------------------------------------------------------------------------------------

    def start(
        self,
        process: str,
        variables: Mapping[str, Any] | None = None,
        *,
        actor: Actor,
        version: int | None = None,
        area: str | None = None,
        form: bool = False,
        idempotency_key: str | None = None,
    ) -> Receipt:
        """Start an instance by hand, in the newest version or in `version`.

        With `form`, `variables` are a submission of the start event's form. `area` (else the variable ``area``) is where it
        belongs. The lane of the start event says who may.

        Raises NotFound, NotOffered, FormInvalid.
        """
        return starting.start(
            self.runtime, process, variables, actor=actor, version=version, area=area, form=form, idempotency_key=idempotency_key
        )

    def cancel(self, instance: str, reason: str, *, actor: Actor) -> Receipt:
        """End an instance before its time; nothing of it stays open. Who may is the caller's question.

        Raises NotFound, InstanceEnded.
        """
        return operations.cancel(self.runtime, instance, reason, actor=actor)

    def rearm(self, instance: str, *, actor: Actor = SYSTEM) -> None:
        """A deadline of the instance moved: timers that read it and the due dates of its tasks follow. Raises NotFound."""
        triggers.rearm(self.runtime, instance, actor=actor)

    # Tasks ------------------------------------------------------------------------------------------------------------

    def complete(self, task: str, form: Mapping[str, Any] | None = None, *, actor: Actor, idempotency_key: str | None = None) -> Receipt:
        """Complete an open task with a submission of its form.

        A repeated idempotency key, or the same submission by the same person, gets the first answer again.
        `actor.mandate.selector` may name under which of his selectors the person acts; otherwise it is the first that fits.

        Raises NotFound, NotOffered, FormInvalid (a kept draft stays), AlreadyCompleted, NotExpected (withdrawn).
        """
        return tasks.complete(self.runtime, task, form, actor=actor, idempotency_key=idempotency_key)

    def claim(self, task: str, *, actor: Actor) -> None:
        """Take a task that is offered to several. Claiming one's own again changes nothing.

        Raises NotFound, NotOffered, Conflict (someone else has it).
        """
        tasks.claim(self.runtime, task, actor=actor)

    def release(self, task: str, *, actor: Actor) -> None:
        """Give a task back to all it was offered to. Raises NotFound, NotOffered."""
        tasks.release(self.runtime, task, actor=actor)

    def assign(self, task: str, person: str, *, actor: Actor) -> None:
        """Give a task to a person. Who may is the caller's question. Raises NotFound, NotOffered (the person is excluded)."""
        tasks.assign(self.runtime, task, person, actor=actor)

    def reoffer(self, task: str) -> None:
        """Resolve again whom the model asks, after posts were filled or left. Raises NotFound."""
        tasks.reoffer(self.runtime, task)

    def save_draft(self, task: str, data: Mapping[str, Any], *, actor: Actor) -> None:
        """Keep what the person has typed so far. Raises NotFound, NotOffered."""
        tasks.save_draft(self.runtime, task, data, actor=actor)

    def draft(self, task: str, person: str) -> dict[str, Any] | None:
        """The person's draft as it was saved, or None."""
        return self.queries.draft(task, person)

    def act(
        self,
        instance: str,
        action: str,
        form: Mapping[str, Any] | None = None,
        *,
        actor: Actor,
        idempotency_key: str | None = None,
    ) -> Receipt:
        """Press a button of the case page (cogov:action). `action` is the token `queries.actions_for` names.

        Raises NotFound, NotOffered, NotExpected (not available any more), FormInvalid, InstanceEnded.
        """
        return triggers.act(self.runtime, instance, action, form, actor=actor, idempotency_key=idempotency_key)

    def propose_correction(
        self, task: str, form: Mapping[str, Any], *, actor: Actor, also: Callable[[Any, Version, dict[str, Any]], None]
    ) -> None:
        """Check a corrected submission of a completed task, by the form, rules, choices and moment of the first one, and keep its new
        files with the case. `also` gets the open connection, the version it corrects and the accepted submission, and keeps the
        request. Who may is the caller's question.

        Raises NotFound, NothingToCorrect, FormInvalid, NothingChanged.
        """
        correcting.propose(self.runtime, task, form, actor=actor, also=also)

    def correct(
        self, task: str, correction: Correction, *, actor: Actor, before: Callable[[Any], None], after: Callable[[Any, Corrected], None]
    ) -> Corrected:
        """Make an approved correction the newest version of what was handed in with a completed task; `actor` approves.

        Its output mappings are evaluated anew and written where the variables still hold what the last version gave. Nothing runs
        again. `before` and `after` take part in the transaction, under the lock of the case; raising in `before` refuses all of it.

        Raises NotFound, NothingToCorrect, CorrectedMeanwhile, FormInvalid, and what the reactions refuse.
        """
        return correcting.correct(self.runtime, task, correction, actor=actor, before=before, after=after)

    def protect(self, connection: Any, instance: str, kind: str, refs: Iterable[str], guards: Sequence[Guard]) -> None:
        """Keep files or documents (engine.store.guards) of a case for those who satisfy the guards, in the caller's transaction."""
        guard_store.add(connection, self.runtime.new_id, instance, kind, refs, guards)

    # Messages ---------------------------------------------------------------------------------------------------------

    def send(
        self,
        name: str,
        variables: Mapping[str, Any] | None = None,
        *,
        key: Key | None = None,
        message_id: str | None = None,
        ttl: timedelta | None = None,
        actor: Actor,
    ) -> Receipt:
        """Deliver a message to ONE receiver: the oldest open subscription with this name and key (or without a key), else the
        newest version of the process it starts, else it is kept until someone waits or its time is over (outcome ``buffered``):
        `ttl`, or as long as the engine keeps messages. With no time at all it is not kept (outcome ``dropped``).

        A repeated `message_id` gets the first answer, also when the message was used or has expired meanwhile; ids are known for as
        long as `tidy` keeps them. Keys are compared as text: numbers without trailing zeros, moments in UTC. Raises MessageIdUsed (the
        id was that of a message with another name or key), ValueRefused (name over 255, key over 500, id over 255 characters).
        """
        return triggers.send(self.runtime, name, variables or {}, key=key, message_id=message_id, actor=actor, ttl=ttl)

    def take_over(
        self,
        message: str,
        cases: Sequence[Taken],
        *,
        actor: Actor,
        also: Callable[[Any, list[Receipt]], None] | None = None,
    ) -> list[Receipt]:
        """Go on here with cases that began elsewhere: each starts the process of this message start event, which leads it on by
        its variables. One transaction: all of them or none, and what `also` writes with the open connection. Their note is the
        first row of their history.

        Raises NotFound (no process is started by this message), and what the model or a reaction refuses.
        """
        return starting.take_over(self.runtime, message, cases, actor=actor, also=also)

    def signal(self, name: str, variables: Mapping[str, Any] | None = None, *, actor: Actor, signal_id: str | None = None) -> None:
        """Broadcast a signal to all who wait for it now and all processes it starts; each gets it by a job, once. A repeated
        `signal_id` does nothing. Raises MessageIdUsed, ValueRefused like `send`."""
        triggers.signal(self.runtime, name, variables or {}, actor=actor, signal_id=signal_id)

    # Incidents --------------------------------------------------------------------------------------------------------

    def retry(self, incident: str, *, actor: Actor, reason: str | None = None) -> Receipt:
        """Let the token go on as it is. Raises NotFound, Conflict (closed already), ReasonMissing (for a reason that says nothing)."""
        return operations.retry(self.runtime, incident, actor=actor, reason=reason)

    def resolve(self, incident: str, variables: Mapping[str, Any], *, actor: Actor) -> Receipt:
        """Correct these variables, then let the token go on. Raises NotFound, Conflict."""
        return operations.retry(self.runtime, incident, actor=actor, variables=variables)

    def abandon(self, incident: str, code: str, *, actor: Actor) -> Receipt:
        """Give a failed service up: the model's error event for `code` takes over. Raises NotFound, Conflict."""
        return operations.abandon(self.runtime, incident, actor=actor, code=code)

    # Upkeep -----------------------------------------------------------------------------------------------------------

    def tidy(self, *, keys: timedelta = timedelta(days=90)) -> dict[str, int]:
        """Delete kept messages whose time is over and idempotency keys and message ids older than `keys`, but none younger than a
        message may be kept; move instances to the finished ones that an older release left among those that run. To be run daily.
        Returns how many. The history of the installation tells of each message that expired (``message_expired``: id, key, when it
        came; the first 100 of a name)."""
        return operations.tidy(self.runtime, keys)
