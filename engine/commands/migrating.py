"""Instances move to another version of their process: a plan from the two models, checked, tried, carried out one by one."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

from engine.actor import Actor
from engine.commands import batches, blocked, offering, opening, operating, starting
from engine.commands.library import BoundDefinitions
from engine.commands.modifying import Outlook, outlook
from engine.commands.receipt import Receipt
from engine.commands.runtime import Runtime
from engine.definitions.migration import Plan, PlanRefused, Problem, check, generate
from engine.errors import CogovError, Conflict
from engine.events import ElementMigrated, TaskMigrated
from engine.runner.migration import MigrationFailed
from engine.store import definitions as sets
from engine.store import instances, operations, work

Connection = Any
MIGRATE = "migrate"
#: a dry run tries so many instances
_TRIED = 500
#: a called procedure, the version it is called in, and the one it is to go on in
Called = tuple[str, int, int]


@dataclass(frozen=True, slots=True, kw_only=True)
class Draft:
    """A plan made from the models, and the elements that found no counterpart, with the reason."""

    plan: Plan
    unmapped: tuple[Problem, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Migration:
    """A batch that was put in, or (dry run) what it would come to. `total`: instances; `tried` of them by a dry run."""

    batch: str | None
    total: int
    tried: int = 0
    failures: tuple[batches.Failure, ...] = ()


def draft(runtime: Runtime, process: str, before: int, after: int, called: Sequence[Called]) -> Draft:
    """See Engine.migration_plan."""
    with runtime.database.read() as connection:
        plan, missing = _generated(runtime, connection, (process, before, after))
        inner = [_generated(runtime, connection, one) for one in called]
        unmapped = [*missing, *(_of_called(problem, found) for found, problems in inner for problem in problems)]
        return Draft(plan=replace(plan, called=tuple(found for found, _ in inner)), unmapped=tuple(unmapped))


def _generated(runtime: Runtime, connection: Connection, wanted: Called) -> tuple[Plan, list[Problem]]:
    process, before, after = wanted
    old, new = (starting.in_version(runtime, connection, process, version) for version in (before, after))
    return generate(old.process(process), new.process(process), before, after)


def _of_called(problem: Problem, plan: Plan) -> Problem:
    """A problem of a called procedure's plan, its element written as ``procedure/element``."""
    return replace(problem, element=f"{plan.process}/{problem.element}" if problem.element else plan.process)


def problems(runtime: Runtime, plan: Plan) -> list[Problem]:
    """See Engine.check_migration."""
    with runtime.database.read() as connection:
        return _problems(runtime, connection, plan)


def _problems(runtime: Runtime, connection: Connection, plan: Plan) -> list[Problem]:
    found = _of_one(runtime, connection, plan)
    if plan.before == plan.after and not plan.called:
        found.append(Problem(element="", zh="是同一个版本", en="it is the same version"))
    known: set[tuple[str, int]] = set()
    for inner in plan.called:
        found += [_of_called(problem, inner) for problem in _of_one(runtime, connection, inner)]
        if inner.process == plan.process or (inner.process, inner.before) in known:
            found.append(Problem(element=inner.process, zh="这一版已经有方案", en="there is a plan for this version already"))
        if any(other.process == inner.process and other.after != inner.after for other in plan.called):
            found.append(Problem(element=inner.process, zh="几个方案换到不同的版本", en="its plans lead to different versions"))
        known.add((inner.process, inner.before))
    return found


def _of_one(runtime: Runtime, connection: Connection, plan: Plan) -> list[Problem]:
    """Of one procedure, without those it calls."""
    old, new = (starting.in_version(runtime, connection, plan.process, version) for version in (plan.before, plan.after))
    source, target = old.process(plan.process), new.process(plan.process)
    found = check(source, target, plan)
    if new.entry("process", plan.process).get(blocked.CANNOT_RUN):
        found.append(Problem(element="", zh="新版本有不能执行的部分", en="the new version has parts that cannot run"))
    for step in plan.steps:
        node = target.nodes.get(step.target)
        form = node.form if node is not None else None
        if form is not None and form not in new.keys("form"):
            found.append(Problem(element=step.target, zh=f"没有表单 {form}", en=f"there is no form {form}"))
    return found


def _sound(runtime: Runtime, connection: Connection, plan: Plan) -> None:
    found = _problems(runtime, connection, plan)
    if found:
        raise PlanRefused(found)


# One instance ------------------------------------------------------------------------------------------------------


def migrate_one(
    runtime: Runtime, instance: str, plan: Plan, reason: str, *, actor: Actor, dry_run: bool, idempotency_key: str | None
) -> Outlook:
    """See Engine.migrate_instance."""
    why = operating.needed(reason)
    key = opening.scoped_key(MIGRATE, actor, None if dry_run else idempotency_key)

    def command(connection: Connection) -> Outlook:
        row = instances.lock(connection, instance)
        first = opening.repeated(connection, key)
        if first is not None:
            return outlook(first, (), row.process, dry_run=False)
        _sound(runtime, connection, plan)
        receipt, events = _carry_out(runtime, connection, instance, plan, why, actor)
        opening.remember(connection, key, receipt, runtime.clock.now())
        return outlook(receipt, events, row.process, dry_run=dry_run)

    return operating.run(runtime, command, dry_run=dry_run)


def _carry_out(
    runtime: Runtime, connection: Connection, instance: str, plan: Plan, reason: str, actor: Actor
) -> tuple[Receipt, Sequence[Any]]:
    """Migrate a locked instance. The plan is sound."""
    row = instances.lock(connection, instance)
    unit = opening.open_unit(runtime, connection, row, actor, whole=True, moving=False)
    if (row.process, row.process_version) != (plan.process, plan.before):
        zh, en = f"不是 {plan.process} 的第 {plan.before} 版", f"This is not a case of version {plan.before} of {plan.process}"
        raise MigrationFailed(zh, en, process=row.process, version=row.process_version)
    old = unit.definitions
    plan = _meant(old, plan, {token.process for token in unit.snapshot.tokens})
    target = _target(runtime, connection, old, plan, {token.process for token in unit.snapshot.tokens})
    for one in (plan, *plan.called):
        blocked.require_executable(target.entry("process", one.process), one.process, actor.language)
    unit.definitions = target
    unit.row = replace(row, process_version=plan.after, definitions=target.digest)
    unit.record("migrated", None, {"reason": reason, **plan.plain()})
    changes = runtime.kernel.migrate(old, target, unit.snapshot, unit.environment, plan, run=row.suspended_at is None)
    events = tuple(changes.events)
    for event in events:
        if isinstance(event, ElementMigrated) and event.node is not None and event.node.id != event.before.id:
            runtime.deadlines.follow(connection, event.token, event.node.id)
            work.move_incidents(connection, event.token, event.node.id)
    offering.follow(unit, [event for event in events if isinstance(event, TaskMigrated)])
    unit.apply(changes)
    return unit.finish(), events


def _meant(old: BoundDefinitions, plan: Plan, live: set[str]) -> Plan:
    """The plan with those for procedures that the instance calls now, in the version it calls them in."""
    meant = [one for one in plan.called if one.process in live and old.version("process", one.process) == one.before]
    return replace(plan, called=tuple(meant))


def _target(runtime: Runtime, connection: Connection, old: BoundDefinitions, plan: Plan, live: set[str]) -> BoundDefinitions:
    """What the instance is bound to now: as a new one in that version, but a process that is being called stays in its version, unless
    the plan holds one for it."""
    target = starting.bound(runtime, connection, plan.process, plan.after)
    moved = {one.process: one.after for one in plan.called}
    for process in sorted(live - {plan.process}):
        if process in moved:
            entry = starting.in_version(runtime, connection, process, moved[process]).entry("process", process)
        else:
            entry = old.entry("process", process)
        if process not in target.keys("process") or target.entry("process", process)["id"] != entry["id"]:
            target = target.replaced("process", process, entry)
    target = target.with_called(old)
    sets.save_set(connection, target.digest, target.content, current=False)
    return target


# Many --------------------------------------------------------------------------------------------------------------


def migrate_many(
    runtime: Runtime, plan: Plan, reason: str, *, chosen: Sequence[str] | None, actor: Actor, dry_run: bool, idempotency_key: str | None
) -> Migration:
    """See Engine.migrate."""
    why = operating.needed(reason)
    if dry_run:
        return _try(runtime, plan, why, chosen, actor)
    key = opening.scoped_key("migrate_many", actor, idempotency_key)

    def command(connection: Connection) -> Migration:
        first = opening.repeated(connection, key)
        if first is not None:
            total = sum(operations.counts(connection, first.outcome).values())
            return Migration(batch=first.outcome, total=total)
        _sound(runtime, connection, plan)
        found = _chosen(connection, plan, chosen)
        if not found:
            raise Conflict("没有要迁移的事项 / There is no case to migrate", process=plan.process, version=plan.before)
        batch = batches.create(runtime, connection, MIGRATE, found, actor=actor, reason=why, plan=plan.plain())
        opening.remember(connection, key, Receipt(instance=None, outcome=batch), runtime.clock.now())
        return Migration(batch=batch, total=len(found))

    return opening.run(runtime, command)


def _chosen(connection: Connection, plan: Plan, chosen: Sequence[str] | None) -> list[str]:
    return list(chosen) if chosen is not None else operations.running_in(connection, plan.process, plan.before)


def _try(runtime: Runtime, plan: Plan, reason: str, chosen: Sequence[str] | None, actor: Actor) -> Migration:
    """Each instance is migrated and rolled back; what fails is listed."""
    with runtime.database.read() as connection:
        _sound(runtime, connection, plan)
        found = _chosen(connection, plan, chosen)
    failures = []
    for instance in found[:_TRIED]:

        def command(connection: Connection, instance: str = instance) -> None:
            _carry_out(runtime, connection, instance, plan, reason, actor)

        try:
            operating.run(runtime, command, dry_run=True)
        except CogovError as error:
            failures.append(batches.Failure(instance=instance, code=error.code, message=error.message))
    return Migration(batch=None, total=len(found), tried=min(len(found), _TRIED), failures=tuple(failures))


def migrate_item(runtime: Runtime, connection: Connection, task: batches.Task) -> None:
    """One instance of a batch. One that was migrated by hand meanwhile is left as it is."""
    plan = Plan.of_plain(task.plan)
    row = instances.read(connection, task.instance)
    if row is not None and plan.before != plan.after == row.process_version and row.process == plan.process:
        return
    _carry_out(runtime, connection, task.instance, plan, task.reason, task.actor)
