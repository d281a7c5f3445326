"""Corrections after completion: asking, both versions side by side, deciding."""

from __future__ import annotations

from flask import Blueprint, Response, flash, jsonify, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_login import login_required
from werkzeug.wrappers import Response as AnyResponse

from api.problems import status_of, title_of
from engine.errors import CogovError, FormInvalid
from governance.desk import corrections
from web.reader import application
from web.session import actor
from web.views.answers import on_behalf, submission

blueprint = Blueprint("corrections", __name__)


@blueprint.get("/tasks/<task>/correct")
@login_required
def ask(task: str) -> str:
    return render_template("correct.html", here="inbox", page=corrections.ask_page(application(), actor(), task))


@blueprint.post("/tasks/<task>/correct")
@login_required
def submit(task: str) -> Response:
    body, data = submission()
    made = corrections.ask(application(), actor(), task, data, str(body.get("reason") or ""), on_behalf_of=on_behalf(body))
    flash(_("已通知上级，批准后生效"))
    return jsonify({"redirect": url_for("corrections.page", made=made)})


@blueprint.get("/corrections/<made>")
@login_required
def page(made: str) -> str:
    return _page(made)


@blueprint.post("/corrections/<made>/<decision>")
@login_required
def decide(made: str, decision: str) -> AnyResponse | tuple[str, int]:
    app, me, reason = application(), actor(), request.form.get("reason", "")
    try:
        if decision == "approve":
            corrections.approve(app, me, made, reason)
        else:
            corrections.refuse(app, me, made, reason)
    except CogovError as refused:
        problem = refused.errors[0].message if isinstance(refused, FormInvalid) else title_of(refused)
        return _page(made, problem=problem, reason=reason), status_of(refused)
    flash(_("已批准更正") if decision == "approve" else _("已退回更正申请"))
    return redirect(url_for("corrections.page", made=made))


def _page(made: str, *, problem: str = "", reason: str = "") -> str:
    shown = corrections.page(application(), actor(), made)
    return render_template("correction.html", here="inbox", page=shown, problem=problem, given=reason)
