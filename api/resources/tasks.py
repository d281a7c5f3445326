"""Tasks: lists and the commands on one."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

from flask import request
from flask.views import MethodView
from flask_smorest import Blueprint

from api.auth import application, caller, needs
from api.documented import IDEMPOTENT
from api.schemas import CompleteBody, OutcomeSchema, TaskDetail, TaskPage, TaskQuery
from governance.desk import completing, inbox, tasks
from governance.desk.completing import Completed

blueprint = Blueprint("tasks_api", __name__, url_prefix="/api/v1/tasks", description="Tasks")


@blueprint.route("")
class Tasks(MethodView):
    @blueprint.arguments(TaskQuery, location="query")
    @blueprint.response(200, TaskPage)
    @needs("tasks:read")
    def get(self, query: dict[str, Any]) -> dict[str, Any]:
        """Tasks that are mine, that I may take, that I did, or of cases I started; by due time."""
        items, cursor = inbox.lines(application(), caller(), query["view"], cursor=query["cursor"], limit=query["limit"])
        return {"items": items, "next": cursor}


@blueprint.route("/<task>")
class Task(MethodView):
    @blueprint.response(200, TaskDetail)
    @needs("tasks:read")
    def get(self, task: str) -> dict[str, Any]:
        """One task with its form."""
        page = tasks.page(application(), caller(), task)
        return {**asdict(page.line), "form": page.form.payload if page.form else None}


@blueprint.route("/<task>/complete", methods=["POST"])
@blueprint.arguments(CompleteBody)
@blueprint.response(200, OutcomeSchema)
@blueprint.doc(**IDEMPOTENT)
@needs("tasks:write")
def complete(body: dict[str, Any], task: str) -> Completed:
    """Complete a task with its form. Sent again with the same data it gives the first answer."""
    return completing.complete(
        application(),
        caller(),
        task,
        body["form"],
        mandate=body["mandate"],
        key=request.headers.get("Idempotency-Key"),
        on_behalf_of=body["on_behalf_of"],
    )


@blueprint.route("/<task>/claim", methods=["POST"])
@blueprint.response(204)
@needs("tasks:write")
def claim(task: str) -> None:
    """Take a task that is offered to several people."""
    tasks.claim(application(), caller(), task)


@blueprint.route("/<task>/release", methods=["POST"])
@blueprint.response(204)
@needs("tasks:write")
def release(task: str) -> None:
    """Put a claimed task back."""
    tasks.release(application(), caller(), task)
