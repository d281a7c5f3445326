"""What administrators do to cases and procedures: suspend, change, move, migrate, remove. A right, a reason, and a row in the history;
the right to administer opens no content."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from engine.actor import Actor
from engine.commands import modifying
from engine.commands.batches import Progress
from engine.commands.migrating import Draft, Migration
from engine.commands.modifying import Outlook
from engine.commands.receipt import Receipt
from engine.commands.removal import Removed
from engine.commands.suspension import Suspension
from engine.definitions.migration import Plan, Problem
from engine.runner.instructions import BEFORE, Start
from governance.application import Application
from governance.desk.histories import require
from governance.desk.reading import look, require_person
from governance.directory.may import Scope, decide
from governance.retention.retention import Due


def administering(app: Application, actor: Actor, right: str, area: str | None) -> Actor:
    """The actor with the mandate his right gives him in the area (None: in the whole installation). Raises Forbidden."""
    require_person(actor)
    with app.database.read() as connection:
        decision = decide(look(app, actor, connection).reach, f"admin.{right}", Scope(area=area))
    require(decision)
    return replace(actor, mandate=decision.mandate)


def of_case(app: Application, actor: Actor, right: str, instance: str) -> Actor:
    """As `administering`, in the area of a case. Raises NotFound, Forbidden."""
    return administering(app, actor, right, app.engine.queries.instance(instance).line.area)


def tokens(app: Application, actor: Actor, instance: str) -> list[dict[str, Any]]:
    """Where the case stands, token by token, without any content: what the other acts name. Raises NotFound, Forbidden."""
    of_case(app, actor, "operate", instance)
    details = app.engine.queries.instance(instance)
    return [
        {"id": t.id, "scope": t.parent, "process": t.process, "element": t.node, "state": t.state, "root": t.id == details.root}
        for t in details.tokens
    ]


def suspend(app: Application, actor: Actor, instance: str, reason: str, *, key: str | None) -> Receipt:
    """Raises NotFound, Forbidden, InstanceEnded, Conflict, ReasonMissing; so do the others on a case."""
    by = of_case(app, actor, "suspend", instance)
    return app.engine.suspend(instance, reason, actor=by, idempotency_key=key)


def resume(app: Application, actor: Actor, instance: str, reason: str, *, key: str | None) -> Receipt:
    by = of_case(app, actor, "suspend", instance)
    return app.engine.resume(instance, reason, actor=by, idempotency_key=key)


def change_variables(
    app: Application, actor: Actor, instance: str, variables: Mapping[str, Any], reason: str, *, expressions: Mapping[str, str],
    scope: str | None, key: str | None,
) -> Receipt:  # fmt: skip
    """Raises FormInvalid, too. Nothing that is there already is shown."""
    by = of_case(app, actor, "change", instance)
    return app.engine.change_variables(
        instance, variables, reason, actor=by, expressions=expressions, scope=scope, idempotency_key=key
    )  # fmt: skip


def modify(
    app: Application, actor: Actor, instance: str, instructions: Sequence[Mapping[str, Any]], reason: str, *, dry_run: bool, key: str | None
) -> dict[str, Any]:
    """Raises ModificationRefused, too."""
    by = of_case(app, actor, "move", instance)
    steps = modifying.instructions_of(instructions)
    return told(app.engine.modify(instance, steps, reason, actor=by, dry_run=dry_run, idempotency_key=key))


def restart(
    app: Application, actor: Actor, instance: str, starts: Sequence[Mapping[str, Any]], reason: str, *, version: int | None, dry_run: bool,
    key: str | None,
) -> dict[str, Any]:  # fmt: skip
    """Raises ModificationRefused, DefinitionSuspended, too."""
    by = of_case(app, actor, "restart", instance)
    places = [Start(element=one["element"], where=one.get("where", BEFORE), variables=one.get("variables", {})) for one in starts]
    return told(app.engine.restart(instance, places, reason, actor=by, version=version, dry_run=dry_run, idempotency_key=key))


def migration_plan(
    app: Application, actor: Actor, process: str, before: int, after: int, called: Sequence[tuple[str, int, int]] = ()
) -> Draft:
    """Migrating goes over areas: for those who administer the installation. Raises NotFound, Forbidden."""
    administering(app, actor, "migrate", None)
    return app.engine.migration_plan(process, before, after, called)


def check_migration(app: Application, actor: Actor, plan: Mapping[str, Any]) -> list[Problem]:
    """Raises NotFound, Forbidden, PlanRefused for what is no plan at all."""
    administering(app, actor, "migrate", None)
    return app.engine.check_migration(Plan.of_plain(plan))


def migrate(
    app: Application, actor: Actor, plan: Mapping[str, Any], reason: str, *, instances: Sequence[str] | None, dry_run: bool, key: str | None
) -> Migration:
    """Raises NotFound, Forbidden, PlanRefused, Conflict, ReasonMissing."""
    by = administering(app, actor, "migrate", None)
    return app.engine.migrate(Plan.of_plain(plan), reason, actor=by, instances=instances, dry_run=dry_run, idempotency_key=key)


def migrate_instance(
    app: Application, actor: Actor, instance: str, plan: Mapping[str, Any], reason: str, *, dry_run: bool, key: str | None
) -> dict[str, Any]:
    """Raises PlanRefused, MigrationFailed, too."""
    by = of_case(app, actor, "migrate", instance)
    return told(
        app.engine.migrate_instance(instance, Plan.of_plain(plan), reason, actor=by, dry_run=dry_run, idempotency_key=key)
    )  # fmt: skip


def told(outlook: Outlook) -> dict[str, Any]:
    """What an act did, or would do."""
    return {
        "instance": outlook.receipt.instance, "state": outlook.receipt.outcome, "repeated": outlook.receipt.repeated,
        "dry_run": outlook.dry_run, "started": outlook.started, "completed": outlook.completed, "cancelled": outlook.cancelled,
        "flows": outlook.flows, "offered": outlook.offered,
        "incidents": [{"element": element, "code": code} for element, code in outlook.incidents],
    }  # fmt: skip


def suspend_definition(
    app: Application, actor: Actor, process: str, reason: str, *, version: int | None, instances: bool, key: str | None
) -> Suspension:
    """A procedure is everybody's: it takes the right for the whole installation. Raises NotFound, Forbidden, Conflict, ReasonMissing."""
    by = administering(app, actor, "suspend", None)
    return app.engine.suspend_definition(process, reason, actor=by, version=version, instances=instances, idempotency_key=key)


def resume_definition(app: Application, actor: Actor, process: str, reason: str, *, version: int | None, key: str | None) -> str | None:
    by = administering(app, actor, "suspend", None)
    return app.engine.resume_definition(process, reason, actor=by, version=version, idempotency_key=key)


def suspended(app: Application, actor: Actor) -> list[Suspension]:
    administering(app, actor, "suspend", None)
    return app.engine.suspended_definitions()


def batch(app: Application, actor: Actor, batch_id: str) -> Progress:
    """Batches go over areas: for those who administer the installation. Raises NotFound, Forbidden."""
    administering(app, actor, "operate", None)
    return app.engine.batch(batch_id)


def batches(app: Application, actor: Actor, *, after: str | None, limit: int) -> list[Progress]:
    administering(app, actor, "operate", None)
    return app.engine.batches(after=after, limit=limit)


def due_for_removal(app: Application, actor: Actor, retention: str | None) -> list[Due]:
    """Finished cases whose keeping time is over. For those who administer the installation. Raises Forbidden."""
    administering(app, actor, "remove", None)
    with app.database.read() as connection:
        return app.retention.due(connection, retention)


def remove(app: Application, actor: Actor, reason: str, retention: str | None, *, key: str | None) -> dict[str, Any]:
    """Put in the batch that removes them. Raises Forbidden, ReasonMissing."""
    by = administering(app, actor, "remove", None)
    found = due_for_removal(app, actor, retention)
    batch = app.engine.remove_many({one.instance: one.retention for one in found}, reason, actor=by, idempotency_key=key)
    return {"batch": batch, "total": len(found)}


def removed(app: Application, actor: Actor, *, after: str | None, limit: int) -> list[Removed]:
    """What is left of removed cases. Raises Forbidden."""
    administering(app, actor, "remove", None)
    return app.engine.removed(after=after, limit=limit)
