"""The library of procedures: what there is, and one with its picture and steps."""

from __future__ import annotations

from flask import Blueprint, Response, render_template
from flask_login import login_required

from governance.desk import designing, procedures, starting
from web.reader import application
from web.session import actor

blueprint = Blueprint("procedures", __name__, url_prefix="/procedures")


@blueprint.get("")
@login_required
def page() -> str:
    """The library; for those who design procedures with versions, drafts and what can be done with them."""
    app, me = application(), actor()
    if designing.may_design(app, me):
        return render_template("designer_list.html", here="procedures", procedures=designing.procedures(app, me))
    return render_template("procedures.html", here="procedures", procedures=procedures.library(app))


@blueprint.get("/<process>")
@login_required
def show(process: str) -> str:
    app, me = application(), actor()
    can_start = any(o.process == process for o in starting.options(app, me))
    return render_template("procedure.html", here="procedures", p=procedures.procedure(app, process), can_start=can_start)


@blueprint.get("/<process>/diagram.bpmn")
@login_required
def diagram(process: str) -> Response:
    return Response(procedures.diagram(application(), process), mimetype="application/xml")
