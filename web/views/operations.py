"""For operators: what has failed, and letting it go on."""

from __future__ import annotations

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_login import login_required
from werkzeug.wrappers import Response

from governance.desk import cases, operations
from web.reader import application
from web.session import actor

blueprint = Blueprint("operations", __name__, url_prefix="/operations")


@blueprint.get("")
@login_required
def page() -> str:
    return render_template(
        "operations.html",
        here="operations",
        incidents=operations.incidents(application(), actor()),
        failures=operations.job_failures(application(), actor()),
    )


@blueprint.post("/jobs")
@login_required
def retry_job() -> Response:
    operations.retry_job(application(), actor(), request.form["failure"])
    flash(_("已重新排队；如果还是失败，会留在这里"))
    return redirect(url_for("operations.page"))


@blueprint.post("/<instance>/<incident>/retry")
@login_required
def retry(instance: str, incident: str) -> Response:
    cases.retry(application(), actor(), instance, incident)
    flash(_("已重试；如果还是失败，会留在这里"))
    return redirect(url_for("operations.page"))
