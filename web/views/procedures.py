"""The library of procedures: what there is, and one with its picture and steps."""

from __future__ import annotations

from flask import Blueprint, Response, render_template, request
from flask_babel import gettext as _
from flask_login import login_required

from api.language import language
from governance.desk import procedures, starting
from governance.desk.designing import listing, rights
from web.reader import application
from web.session import actor

blueprint = Blueprint("procedures", __name__, url_prefix="/procedures")


@blueprint.get("")
@login_required
def page() -> str:
    """The library; for those who design procedures with versions, drafts and what can be done with them."""
    app, me, query = application(), actor(), request.args.get("q", "").strip()
    startable = {o.process for o in starting.options(app, me)}
    if rights.may_design(app, me):
        found = [p for p in listing.procedures(app, me) if _mentions(query, p["key"], *p["name"].values())]
        return render_template("designer_list.html", here="procedures", procedures=found, startable=startable, query=query)
    everything = procedures.library(app)
    library = [p for p in everything if _mentions(query, p.key, p.name.zh, p.name.en, p.description.zh, p.description.en)]
    groups = [
        (_("您可以发起"), [p for p in library if p.key in startable]),
        (_("其他流程"), [p for p in library if p.key not in startable and not p.shared]),
        (_("共用子流程"), [p for p in library if p.key not in startable and p.shared]),
    ]
    return render_template(
        "procedures.html", here="procedures", groups=[g for g in groups if g[1]], count=len(library), startable=startable, query=query
    )


def _mentions(query: str, *texts: str | None) -> bool:
    said = " ".join(t or "" for t in texts).casefold()
    return all(word in said for word in query.casefold().split())


@blueprint.get("/<process>")
@login_required
def show(process: str) -> str:
    app, me = application(), actor()
    can_start = any(o.process == process for o in starting.options(app, me))
    return render_template("procedure.html", here="procedures", p=procedures.procedure(app, process, language()), can_start=can_start)


@blueprint.get("/<process>/diagram.bpmn")
@login_required
def diagram(process: str) -> Response:
    return Response(procedures.diagram(application(), process), mimetype="application/xml")
