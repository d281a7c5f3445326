"""What administrators do to cases and procedures."""

from __future__ import annotations

from typing import Any

from flask import request
from flask_smorest import Blueprint

from api.auth import application, caller, needs
from api.documented import IDEMPOTENT
from api.power_schemas import (
    ActDone,
    BatchPage,
    BatchQuery,
    BatchRef,
    BatchSchema,
    ChangeVariablesBody,
    DueSchemaOfCase,
    MigrateBody,
    MigrateInstanceBody,
    MigrationSchema,
    ModifyBody,
    OutlookSchema,
    PlanBody,
    PlanDraft,
    PlanProblems,
    PlanQuery,
    Reasoned,
    RemovalSchema,
    RemoveBody,
    RemovedPage,
    RestartBody,
    ResumeDefinitionBody,
    RetentionQuery,
    SuspendDefinitionBody,
    SuspensionSchema,
    TokenSchema,
)
from engine.commands.batches import Progress
from engine.commands.migrating import Migration
from engine.commands.receipt import Receipt
from engine.commands.suspension import Suspension
from governance.desk import powers
from governance.retention.retention import Due

blueprint = Blueprint("powers", __name__, url_prefix="/api/v1", description="Administration of cases and procedures")


def _key() -> str | None:
    return request.headers.get("Idempotency-Key")


@blueprint.route("/instances/<instance>/tokens", methods=["GET"])
@blueprint.response(200, TokenSchema(many=True))
@needs("admin")
def tokens(instance: str) -> list[dict[str, Any]]:
    """Where a case stands, token by token, without content."""
    return powers.tokens(application(), caller(), instance)


@blueprint.route("/instances/<instance>/suspend", methods=["POST"])
@blueprint.arguments(Reasoned)
@blueprint.response(200, ActDone)
@blueprint.doc(**IDEMPOTENT)
@needs("admin")
def suspend(body: dict[str, Any], instance: str) -> Receipt:
    """Stop a case: nothing in it moves until it is resumed; what comes waits. Deadlines run on."""
    return powers.suspend(application(), caller(), instance, body["reason"], key=_key())


@blueprint.route("/instances/<instance>/resume", methods=["POST"])
@blueprint.arguments(Reasoned)
@blueprint.response(200, ActDone)
@blueprint.doc(**IDEMPOTENT)
@needs("admin")
def resume(body: dict[str, Any], instance: str) -> Receipt:
    """Let a case go on; what came meanwhile happens in order."""
    return powers.resume(application(), caller(), instance, body["reason"], key=_key())


@blueprint.route("/instances/<instance>/variables", methods=["POST"])
@blueprint.arguments(ChangeVariablesBody)
@blueprint.response(200, ActDone)
@blueprint.doc(**IDEMPOTENT)
@needs("admin")
def change_variables(body: dict[str, Any], instance: str) -> Receipt:
    """Change variables of a case or of a scope in it; protected data stay protected."""
    return powers.change_variables(
        application(), caller(), instance, body["variables"], body["reason"], expressions=body["expressions"], scope=body["scope"],
        key=_key(),
    )  # fmt: skip


@blueprint.route("/instances/<instance>/modify", methods=["POST"])
@blueprint.arguments(ModifyBody)
@blueprint.response(200, OutlookSchema)
@blueprint.doc(**IDEMPOTENT)
@needs("admin")
def modify(body: dict[str, Any], instance: str) -> dict[str, Any]:
    """Move, add or cancel tokens of a case; with `dry_run` only tell what would happen."""
    return powers.modify(
        application(), caller(), instance, body["instructions"], body["reason"], dry_run=body["dry_run"], key=_key()
    )  # fmt: skip


@blueprint.route("/definitions/suspended", methods=["GET"])
@blueprint.response(200, SuspensionSchema(many=True))
@needs("admin")
def suspended() -> list[Suspension]:
    """Procedures of which no new case begins."""
    return powers.suspended(application(), caller())


@blueprint.route("/definitions/<process>/suspend", methods=["POST"])
@blueprint.arguments(SuspendDefinitionBody)
@blueprint.response(200, SuspensionSchema)
@blueprint.doc(**IDEMPOTENT)
@needs("admin")
def suspend_definition(body: dict[str, Any], process: str) -> Suspension:
    """No new case of the procedure begins; with `instances` its running cases stop, too."""
    return powers.suspend_definition(
        application(), caller(), process, body["reason"], version=body["version"], instances=body["instances"], key=_key()
    )


@blueprint.route("/definitions/<process>/resume", methods=["POST"])
@blueprint.arguments(ResumeDefinitionBody)
@blueprint.response(200, BatchRef)
@blueprint.doc(**IDEMPOTENT)
@needs("admin")
def resume_definition(body: dict[str, Any], process: str) -> dict[str, str | None]:
    """Cases begin again; those that were suspended with the procedure go on."""
    return {
        "batch": powers.resume_definition(application(), caller(), process, body["reason"], version=body["version"], key=_key())
    }  # fmt: skip


@blueprint.route("/instances/<instance>/restart", methods=["POST"])
@blueprint.arguments(RestartBody)
@blueprint.response(201, OutlookSchema)
@blueprint.doc(**IDEMPOTENT)
@needs("admin")
def restart(body: dict[str, Any], instance: str) -> dict[str, Any]:
    """Begin a finished case again at some elements, as a new case with its data; `instance` of the answer is the new one."""
    return powers.restart(
        application(), caller(), instance, body["at"], body["reason"], version=body["version"], dry_run=body["dry_run"], key=_key()
    )  # fmt: skip


@blueprint.route("/instances/<instance>/migrate", methods=["POST"])
@blueprint.arguments(MigrateInstanceBody)
@blueprint.response(200, OutlookSchema)
@blueprint.doc(**IDEMPOTENT)
@needs("admin")
def migrate_instance(body: dict[str, Any], instance: str) -> dict[str, Any]:
    """Move one case to another version of its procedure, by a plan."""
    return powers.migrate_instance(
        application(), caller(), instance, body["plan"], body["reason"], dry_run=body["dry_run"], key=_key()
    )  # fmt: skip


@blueprint.route("/migrations/plan", methods=["POST"])
@blueprint.arguments(PlanQuery)
@blueprint.response(200, PlanDraft)
@needs("admin")
def migration_plan(body: dict[str, Any]) -> dict[str, Any]:
    """A migration plan made from the models of two versions, to be edited."""
    called = [(one["process"], one["from"], one["to"]) for one in body["called"]]
    draft = powers.migration_plan(application(), caller(), body["process"], body["from"], body["to"], called)
    return {"plan": draft.plan.plain(), "unmapped": draft.unmapped}


@blueprint.route("/migrations/check", methods=["POST"])
@blueprint.arguments(PlanBody)
@blueprint.response(200, PlanProblems)
@needs("admin")
def check_migration(body: dict[str, Any]) -> dict[str, Any]:
    """Everything that keeps a plan from being used."""
    return {"problems": powers.check_migration(application(), caller(), body["plan"])}


@blueprint.route("/migrations", methods=["POST"])
@blueprint.arguments(MigrateBody)
@blueprint.response(202, MigrationSchema)
@blueprint.doc(**IDEMPOTENT)
@needs("admin")
def migrate(body: dict[str, Any]) -> Migration:
    """Move cases to another version as a batch; with `dry_run` only try each and list what fails."""
    return powers.migrate(
        application(), caller(), body["plan"], body["reason"], instances=body["instances"], dry_run=body["dry_run"], key=_key()
    )  # fmt: skip


@blueprint.route("/batches", methods=["GET"])
@blueprint.arguments(BatchQuery, location="query")
@blueprint.response(200, BatchPage)
@needs("admin")
def batches(query: dict[str, Any]) -> dict[str, Any]:
    """Acts on many cases, the newest first."""
    found = powers.batches(application(), caller(), after=query["cursor"], limit=query["limit"])
    return {"items": found, "next": found[-1].id if len(found) == query["limit"] else None}


@blueprint.route("/batches/<batch>", methods=["GET"])
@blueprint.response(200, BatchSchema)
@needs("admin")
def batch(batch: str) -> Progress:
    """How far an act on many cases is, and what failed."""
    return powers.batch(application(), caller(), batch)


@blueprint.route("/retention/due", methods=["GET"])
@blueprint.arguments(RetentionQuery, location="query")
@blueprint.response(200, DueSchemaOfCase(many=True))
@needs("admin")
def due_for_removal(query: dict[str, Any]) -> list[Due]:
    """Finished cases whose keeping time is over, in all classes or in one: what a removal would take."""
    return powers.due_for_removal(application(), caller(), query["retention"])


@blueprint.route("/retention/remove", methods=["POST"])
@blueprint.arguments(RemoveBody)
@blueprint.response(202, RemovalSchema)
@blueprint.doc(**IDEMPOTENT)
@needs("admin")
def remove(body: dict[str, Any]) -> dict[str, Any]:
    """Remove them with their content, as a batch. The chains of their histories stay and prove themselves."""
    return powers.remove(application(), caller(), body["reason"], body["retention"], key=_key())


@blueprint.route("/retention/removed", methods=["GET"])
@blueprint.arguments(BatchQuery, location="query")
@blueprint.response(200, RemovedPage)
@needs("admin")
def removed(query: dict[str, Any]) -> dict[str, Any]:
    """What is left of removed cases, the newest first."""
    found = powers.removed(application(), caller(), after=query["cursor"], limit=query["limit"])
    return {"items": found, "next": found[-1].instance if len(found) == query["limit"] else None}
