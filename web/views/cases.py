"""A case: where it stands, the path, the history, and what I may do."""

from __future__ import annotations

from flask import Blueprint, Response, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_login import login_required
from werkzeug.wrappers import Response as AnyResponse

from governance.desk import cases, decisions, ledgers, papers
from web.gatherings import of_case
from web.posts import preferred, remember
from web.reader import application, writer
from web.session import actor
from web.views.answers import accepted, on_behalf, onward, submission

blueprint = Blueprint("cases", __name__, url_prefix="/cases")


@blueprint.get("/<instance>")
@login_required
def page(instance: str) -> str:
    app, me = application(), actor()
    shown, cursor = cases.page(app, me, instance, cursor=request.args.get("cursor"))
    register = shown.head.register
    return render_template(
        "case.html",
        here=f"register:{register}" if register else "inbox",
        page=shown,
        history_cursor=cursor,
        register_name=ledgers.name(app, register) if register else "",
        papers=papers.listed(app, me, instance),
        gatherings=of_case(instance),
        instance=instance,
    )


@blueprint.get("/<instance>/diagram.bpmn")
@login_required
def diagram(instance: str) -> Response:
    return Response(cases.diagram(application(), actor(), instance), mimetype="application/xml")


@blueprint.get("/<instance>/decisions/<int(max=2147483647):seq>")
@login_required
def decision(instance: str, seq: int) -> str:
    """Which rule of a decision fired and why, and whether it gives the same today."""
    found = decisions.of_case(application(), actor(), instance, seq, again=True)
    return render_template("decision.html", here="inbox", found=found, instance=instance)


@blueprint.post("/<instance>/incidents/<incident>/retry")
@login_required
def retry(instance: str, incident: str) -> AnyResponse:
    cases.retry(application(), actor(), instance, incident)
    return redirect(url_for("cases.page", instance=instance))


@blueprint.get("/<instance>/actions/<token>")
@login_required
def action(instance: str, token: str) -> str:
    app, me, w = application(), actor(), writer()
    button, form, head = cases.action(app, me, instance, token)
    return render_template(
        "form_page.html",
        here="inbox",
        title=w.label(button.name),
        description=w.label(button.description),
        form=form,
        mandates=preferred(button.mandates, head.process),
        behalf=button.behalf,
        authors=button.authors,
        action=url_for("cases.act", instance=instance, token=token),
        submit=w.label(button.name),
        crumbs=[(head.number or head.title or _("事项"), url_for("cases.page", instance=instance))],
    )


@blueprint.post("/<instance>/actions/<token>")
@login_required
def act(instance: str, token: str) -> Response:
    body, data = submission()
    outcome = cases.act(
        application(), actor(), instance, token, data, key=request.headers.get("Idempotency-Key"), mandate=body.get("mandate"),
        on_behalf_of=on_behalf(body),
    )  # fmt: skip
    process = application().engine.queries.instance(instance).line.process
    return remember(accepted(outcome, onward(outcome, url_for("cases.page", instance=instance))), process, body.get("mandate"))
