"""What an operator watches: who works on jobs, what is suspended, messages nobody has taken yet."""

from __future__ import annotations

from flask import render_template, request
from flask_login import login_required

from governance.desk import operations, overseeing, powers
from governance.desk.overseeing import Wanted
from web.reader import application
from web.session import actor
from web.views.operations.blueprint import blueprint


@blueprint.get("/workers")
@login_required
def workers() -> str:
    figures, found = operations.figures(application(), actor())
    return render_template("operations_workers.html", here="operations", tab="workers", figures=figures, workers=found)


@blueprint.get("/suspended")
@login_required
def suspended() -> str:
    app, who = application(), actor()
    rows, cursor = overseeing.cases(app, who, Wanted(suspended=True, state="running"), after=request.args.get("cursor"))
    whole = overseeing.may(app, who, "suspend")
    return render_template(
        "operations_suspended.html", here="operations", tab="suspended", rows=rows, cursor=cursor, whole=whole,
        definitions=powers.suspended(app, who) if whole else [], names=overseeing.names(app),
    )  # fmt: skip


@blueprint.get("/messages")
@login_required
def messages() -> str:
    rows, cursor = overseeing.kept_messages(application(), actor(), after=request.args.get("cursor"))
    expired = overseeing.expired_messages(application(), actor())
    return render_template("operations_messages.html", here="operations", tab="messages", rows=rows, cursor=cursor, expired=expired)
