"""What an operator may do to instances and definitions, for `Engine`. Who may is the caller's question; every act needs a reason, is one
transaction, and stands in the history with its actor."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import partial
from typing import Any

from engine.actor import Actor
from engine.commands import (
    batches,
    changing,
    failed_jobs,
    holding,
    migrating,
    modifying,
    operations,
    removal,
    restarting,
    suspension,
    triggers,
)
from engine.commands.batches import Act, Progress
from engine.commands.job_names import SECOND_TRY
from engine.commands.migrating import Called, Draft, Migration
from engine.commands.modifying import Outlook
from engine.commands.receipt import Receipt
from engine.commands.removal import Removed
from engine.commands.runtime import Runtime
from engine.commands.suspension import Suspension
from engine.definitions.migration import Plan, Problem
from engine.ports import Jobs
from engine.runner.instructions import Instruction, Start

#: what the job ``batch`` does, by kind
ACTS: Mapping[str, Act] = {
    suspension.SUSPEND: suspension.suspend_item,
    suspension.RESUME: suspension.resume_item,
    migrating.MIGRATE: migrating.migrate_item,
    removal.REMOVE: removal.remove_item,
}


class Powers:
    """Part of `Engine`. A repeated idempotency key gets the first answer; every refusal leaves everything as it was.

    All raise NotFound, and ReasonMissing for a reason of fewer than 2 or more than 1000 characters.
    """

    runtime: Runtime
    #: what a batch does to each instance, by kind
    acts: dict[str, Act]

    def register_powers(self, jobs: Jobs) -> None:
        """The jobs behind them. Called once, when the engine is made."""
        self.acts = dict(ACTS)
        handlers = {
            "timer": triggers.timer_due,
            "service": triggers.call_service,
            "service_result": triggers.service_result,
            "deliver_message": triggers.deliver_message,
            "signal": triggers.deliver_signal,
            SECOND_TRY: operations.second_try,
        }
        held = {name: partial(handler, self.runtime) for name, handler in handlers.items()}
        jobs.register("service_result", held["service_result"])
        jobs.register(holding.JOB, lambda payload: holding.release(self.runtime, payload, held))
        jobs.register(batches.JOB, lambda payload: batches.work(self.runtime, payload, self.acts))

    # Suspend and resume -----------------------------------------------------------------------------------------------

    def suspend(self, instance: str, reason: str, *, actor: Actor, idempotency_key: str | None = None) -> Receipt:
        """Stop an instance: completing and acting are refused; alarms, messages, signals and results of services wait. Deadlines run
        on. Tasks may still be claimed, given away and drafted; the instance may be cancelled.

        Raises InstanceEnded, Conflict (it is suspended already).
        """
        return suspension.suspend(self.runtime, instance, reason, actor=actor, idempotency_key=idempotency_key)

    def resume(self, instance: str, reason: str, *, actor: Actor, idempotency_key: str | None = None) -> Receipt:
        """Let a suspended instance go on: conditions are looked at again, and what came meanwhile happens in order, by a job.

        Raises InstanceEnded, Conflict (it is not suspended).
        """
        return suspension.resume(self.runtime, instance, reason, actor=actor, idempotency_key=idempotency_key)

    def suspend_definition(
        self, process: str, reason: str, *, actor: Actor, version: int | None = None, instances: bool = False,
        idempotency_key: str | None = None,
    ) -> Suspension:  # fmt: skip
        """No new instance of the process begins, in `version` or (None) in any: starting is refused, messages that would start it are
        kept until their time is over, signals pass. With `instances` a batch suspends its running instances, too. Calls by other
        procedures go on: they belong to their caller.

        Raises Conflict (it is suspended already).
        """
        return suspension.suspend_definition(
            self.runtime, process, reason, actor=actor, version=version, instances_too=instances, idempotency_key=idempotency_key
        )

    def resume_definition(
        self, process: str, reason: str, *, actor: Actor, version: int | None = None, idempotency_key: str | None = None
    ) -> str | None:
        """Instances begin again. Those that were suspended with the definition are resumed by a batch (→ its id; None: there are none);
        one that was suspended for itself stays so.

        Raises Conflict (it is not suspended).
        """
        return suspension.resume_definition(
            self.runtime, process, reason, actor=actor, version=version, idempotency_key=idempotency_key
        )  # fmt: skip

    def suspended_definitions(self) -> list[Suspension]:
        """Every process that is suspended now."""
        return suspension.suspensions(self.runtime)

    # Variables --------------------------------------------------------------------------------------------------------

    def change_variables(
        self, instance: str, variables: Mapping[str, Any], reason: str, *, actor: Actor, expressions: Mapping[str, str] | None = None,
        scope: str | None = None, idempotency_key: str | None = None,
    ) -> Receipt:  # fmt: skip
        """Set variables of the case, or of the live token `scope`. A variable keeps its kind: text is read as the date, number or
        duration it is now; `expressions` are FEEL of literals and functions, e.g. ``date("2026-03-02")``. Protected data stay
        protected, register columns follow, conditional events are looked at again (in a suspended case when it goes on).

        Raises FormInvalid: a name the process does not declare, one the system sets, another kind of value.
        """
        return changing.change(
            self.runtime, instance, variables, reason, expressions=expressions or {}, scope=scope, actor=actor,
            idempotency_key=idempotency_key,
        )  # fmt: skip

    # Tokens -----------------------------------------------------------------------------------------------------------

    def modify(
        self, instance: str, instructions: Sequence[Instruction], reason: str, *, actor: Actor, dry_run: bool = False,
        idempotency_key: str | None = None,
    ) -> Outlook:  # fmt: skip
        """Take element instances away and begin others, in one transaction, then run. Sub-processes around what begins are found, or
        made with their input mappings, boundary events and deadlines. An instance of a multi-instance that is taken away counts as
        terminated; starting a parallel one with its body as scope adds one. A scope that is empty then is cancelled, too. Starting on
        a flow into a join counts as one arrival; starting before the join passes it. `dry_run` does it all and takes it back.

        Raises ModificationRefused (a scope that has ended, was interrupted or is ambiguous; a boundary or start event, an event
        sub-process or compensation handler as the place to begin; nothing would be left), InstanceEnded, InstanceSuspended.
        """
        return modifying.modify(self.runtime, instance, instructions, reason, actor=actor, dry_run=dry_run, idempotency_key=idempotency_key)

    # Restart ----------------------------------------------------------------------------------------------------------

    def restart(
        self, instance: str, starts: Sequence[Start], reason: str, *, actor: Actor, version: int | None = None, dry_run: bool = False,
        idempotency_key: str | None = None,
    ) -> Outlook:  # fmt: skip
        """Begin a finished instance again: a new one with its outermost variables and their protection, which begins at these elements
        (without scopes) and whose `parent` is the old one. Both histories say so; the old one stays as it ended. Without `version` it
        runs in the old one's. The receipt names the new instance.

        Raises Conflict (it still runs), ModificationRefused, DefinitionSuspended.
        """
        return restarting.restart(
            self.runtime, instance, starts, reason, version=version, actor=actor, dry_run=dry_run, idempotency_key=idempotency_key
        )

    # Versions ---------------------------------------------------------------------------------------------------------

    def migration_plan(self, process: str, before: int, after: int, called: Sequence[Called] = ()) -> Draft:
        """A plan from the models of two versions: every element to the one with its id, if kind, place, events and multi-instance are
        the same. `called`: procedures that its instances call, for which it is to hold plans, too. It may be edited as JSON
        (`Plan.plain`, `Plan.of_plain`)."""
        return migrating.draft(self.runtime, process, before, after, called)

    def check_migration(self, plan: Plan) -> list[Problem]:
        """Everything that keeps the plan from being used; empty: it may be."""
        return migrating.problems(self.runtime, plan)

    def migrate_instance(
        self, instance: str, plan: Plan, reason: str, *, actor: Actor, dry_run: bool = False, idempotency_key: str | None = None
    ) -> Outlook:
        """Move one instance, whole or not at all; also a suspended one, in which nothing runs. It is bound to what a new instance in
        that version would be; a procedure it calls right now stays in its version, unless the plan holds one for it. Tasks keep their
        id, drafts and who took them; timers keep their time unless the plan says ``rearm``; a deadline with the same id goes on.

        Raises PlanRefused, MigrationFailed (a token at an element without a step, something being undone), InstanceEnded.
        """
        return migrating.migrate_one(
            self.runtime, instance, plan, reason, actor=actor, dry_run=dry_run, idempotency_key=idempotency_key
        )  # fmt: skip

    def migrate(
        self, plan: Plan, reason: str, *, actor: Actor, instances: Sequence[str] | None = None, dry_run: bool = False,
        idempotency_key: str | None = None,
    ) -> Migration:  # fmt: skip
        """Put in a batch that moves these instances, or (None) all that run in the old version. A dry run tries up to 500 of them and
        lists what fails. Raises PlanRefused, Conflict (there is none)."""
        return migrating.migrate_many(
            self.runtime, plan, reason, chosen=instances, actor=actor, dry_run=dry_run, idempotency_key=idempotency_key
        )

    # Removal ----------------------------------------------------------------------------------------------------------

    def remove(
        self, instance: str, reason: str, *, actor: Actor, retention: str | None = None, dry_run: bool = False,
        idempotency_key: str | None = None,
    ) -> Receipt:  # fmt: skip
        """Remove a finished instance with its content. The chain of its history stays, and `history.verify` still proves it.
        Whether its keeping time is over is the caller's question. Raises Conflict (it runs, or what it began does)."""
        return removal.remove(
            self.runtime, instance, reason, retention=retention, actor=actor, dry_run=dry_run, idempotency_key=idempotency_key
        )

    def remove_many(
        self, instances: Mapping[str, str | None], reason: str, *, actor: Actor, idempotency_key: str | None = None
    ) -> str | None:
        """Put in a batch that removes instances (→ their retention class). → its id; None: there was nothing to do."""
        return removal.remove_many(self.runtime, instances, reason, actor=actor, idempotency_key=idempotency_key)

    def removed(self, *, after: str | None = None, limit: int = 50) -> list[Removed]:
        """What is left of removed instances, the newest first."""
        return removal.removed(self.runtime, after=after, limit=limit)

    # Failed jobs ------------------------------------------------------------------------------------------------------

    def retry_job(self, failure: str, reason: str, *, actor: Actor) -> None:
        """Try a job again that failed for good (`engine.jobs.failures`). Raises Conflict (it does not stand failed any more)."""
        failed_jobs.retry(self.runtime, failure, reason, actor=actor)

    def discard_job(self, failure: str, reason: str, *, actor: Actor) -> None:
        """Give a job up that failed for good: nobody does it any more. What waits for it in a case goes on by another power (moving its
        token, giving up its incident). Raises Conflict (it does not stand failed any more)."""
        failed_jobs.discard(self.runtime, failure, reason, actor=actor)

    # Batches ----------------------------------------------------------------------------------------------------------

    def batch(self, batch: str) -> Progress:
        """How far an act on many instances is, with what failed and why."""
        return batches.progress(self.runtime, batch)

    def batches(self, *, after: str | None = None, limit: int = 50) -> list[Progress]:
        """Acts on many instances, the newest first; `after`: the last id of the page before."""
        return batches.listed(self.runtime, after=after, limit=limit)
