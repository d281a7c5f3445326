"""One task: its form, its clock, the case around it."""

from __future__ import annotations

from flask import Blueprint, Response, jsonify, redirect, render_template, request, url_for
from flask_login import login_required
from werkzeug.wrappers import Response as AnyResponse

from governance.desk import tasks
from web.reader import application
from web.session import actor
from web.views.answers import accepted

blueprint = Blueprint("tasks", __name__, url_prefix="/tasks")


@blueprint.get("/<task>")
@login_required
def page(task: str) -> str:
    return render_template("task.html", here="inbox", page=tasks.page(application(), actor(), task))


@blueprint.post("/<task>/complete")
@login_required
def complete(task: str) -> Response:
    body = request.get_json()
    outcome = tasks.complete(
        application(), actor(), task, body.get("data") or {}, mandate=body.get("mandate"), key=request.headers.get("Idempotency-Key")
    )
    return accepted(outcome, url_for("inbox.page"))


@blueprint.put("/<task>/draft")
@login_required
def draft(task: str) -> Response:
    saved = tasks.save_draft(application(), actor(), task, request.get_json().get("data") or {})
    return jsonify({"saved": saved.isoformat()})


@blueprint.post("/<task>/claim")
@login_required
def claim(task: str) -> AnyResponse:
    tasks.claim(application(), actor(), task)
    return redirect(url_for("tasks.page", task=task))


@blueprint.post("/<task>/release")
@login_required
def release(task: str) -> AnyResponse:
    tasks.release(application(), actor(), task)
    return redirect(url_for("tasks.page", task=task))
