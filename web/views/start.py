"""Starting a procedure."""

from __future__ import annotations

from flask import Blueprint, Response, render_template, request, url_for
from flask_babel import gettext as _
from flask_login import login_required

from governance.desk import starting
from web.posts import preferred, remember
from web.reader import application, writer
from web.session import actor
from web.views.answers import accepted, on_behalf, onward, submission

blueprint = Blueprint("start", __name__, url_prefix="/start")


@blueprint.get("")
@login_required
def page() -> str:
    return render_template("start.html", here="start", options=starting.options(application(), actor()))


@blueprint.get("/<process>")
@login_required
def form(process: str) -> str:
    app, me, w = application(), actor(), writer()
    option, shown, areas = starting.form(app, me, process)
    return render_template(
        "form_page.html",
        here="start",
        title=w.label(option.name),
        description=w.label(option.description),
        form=shown,
        areas=areas if len(areas) > 1 else (),
        mandates=preferred(option.mandates, process),
        behalf=option.behalf,
        authors=option.authors,
        action=url_for("start.submit", process=process),
        submit=_("发起：%(name)s", name=w.label(option.name)),
        crumbs=[(_("发起事项"), url_for("start.page"))],
    )


@blueprint.post("/<process>")
@login_required
def submit(process: str) -> Response:
    body, data = submission()
    outcome = starting.start(
        application(), actor(), process, data, area=body.get("area"), key=request.headers.get("Idempotency-Key"),
        mandate=body.get("mandate"), on_behalf_of=on_behalf(body),
    )  # fmt: skip
    return remember(accepted(outcome, onward(outcome, url_for("cases.page", instance=outcome.instance))), process, body.get("mandate"))
