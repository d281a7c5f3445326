"""Instances: start one, read where it stands."""

from __future__ import annotations

from typing import Any

from flask import request
from flask_smorest import Blueprint

from api.auth import application, caller, needs
from api.documented import IDEMPOTENT
from api.schemas import (
    ActionBody,
    CursorQuery,
    HistoryPage,
    InstanceDetail,
    OutcomeSchema,
    ReasonBody,
    StartBody,
    VariablesSchema,
)
from governance.desk import cases, contents, starting
from governance.desk.views import Outcome

blueprint = Blueprint("instances", __name__, url_prefix="/api/v1/instances", description="Instances")


@blueprint.route("", methods=["POST"])
@blueprint.arguments(StartBody)
@blueprint.response(201, OutcomeSchema)
@blueprint.doc(**IDEMPOTENT)
@needs("instances:write")
def start(body: dict[str, Any]) -> Outcome:
    """Start a procedure; its start form is checked like any other."""
    return starting.start(
        application(), caller(), body["process"], body["variables"], area=body["area"], version=body["version"],
        key=request.headers.get("Idempotency-Key"), mandate=body["mandate"], on_behalf_of=body["on_behalf_of"],
    )  # fmt: skip


@blueprint.route("/<instance>", methods=["GET"])
@blueprint.response(200, InstanceDetail)
@needs("instances:read")
def show(instance: str) -> dict[str, Any]:
    """Where a case stands: tokens by element, and its history as far as you may read it."""
    page, _ = cases.page(application(), caller(), instance)
    head = page.head
    return {
        "id": head.instance, "process": head.process, "version": head.version, "number": head.number, "title": head.title,
        "status": head.status, "suspended": head.suspended, "started": head.started, "ended": head.ended,
        "tokens": page.tokens, "history": page.history,
        "actions": [{"token": b.token, "name": b.name} for b in page.buttons],
        "incidents": [{"id": i.id, "name": i.name, "message": i.entry.text.zh} for i in page.incidents],
    }  # fmt: skip


@blueprint.route("/<instance>/variables", methods=["GET"])
@blueprint.response(200, VariablesSchema)
@needs("instances:read")
def variables(instance: str) -> dict[str, Any]:
    """The case's declared data, each shown to readers of its class only."""
    return {"variables": contents.variables(application(), caller(), instance)}


@blueprint.route("/<instance>/history", methods=["GET"])
@blueprint.arguments(CursorQuery, location="query")
@blueprint.response(200, HistoryPage)
@needs("instances:read")
def history(query: dict[str, Any], instance: str) -> dict[str, Any]:
    """The chained history, oldest first. What was handed in is shown to readers of its class; `refused` says why not."""
    items, following = contents.history(application(), caller(), instance, cursor=query["cursor"])
    return {"items": items, "next": following}


@blueprint.route("/<instance>/cancel", methods=["POST"])
@blueprint.arguments(ReasonBody)
@blueprint.response(204)
@needs("admin")
def cancel(body: dict[str, Any], instance: str) -> None:
    """Cancel a case. Administrators only; people withdraw by the case's own action."""
    cases.cancel(application(), caller(), instance, body["reason"])


@blueprint.route("/<instance>/actions/<action>", methods=["POST"])
@blueprint.arguments(ActionBody)
@blueprint.response(200, OutcomeSchema)
@blueprint.doc(**IDEMPOTENT)
@needs("instances:write")
def act(body: dict[str, Any], instance: str, action: str) -> Outcome:
    """Use an action of the case (withdraw, amend, object …); `action` is one of its `actions`."""
    return cases.act(
        application(), caller(), instance, action, body["form"], key=request.headers.get("Idempotency-Key"), mandate=body["mandate"],
        on_behalf_of=body["on_behalf_of"],
    )  # fmt: skip


@blueprint.route("/<instance>/incidents/<incident>/retry", methods=["POST"])
@blueprint.response(204)
@needs("admin")
def retry(instance: str, incident: str) -> None:
    """Let what failed go on. Administrators of the case's area only."""
    cases.retry(application(), caller(), instance, incident)
