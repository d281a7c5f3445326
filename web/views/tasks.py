"""One task: its form, its clock, the case around it."""

from __future__ import annotations

from dataclasses import replace

from flask import Blueprint, Response, flash, jsonify, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_login import login_required
from werkzeug.wrappers import Response as AnyResponse

from api.problems import status_of, title_of
from engine.errors import CogovError
from governance.desk import clocks, tasks
from web.posts import preferred, remember
from web.reader import application
from web.session import actor
from web.views.answers import accepted, on_behalf, onward, submission

blueprint = Blueprint("tasks", __name__, url_prefix="/tasks")


@blueprint.get("/<task>")
@login_required
def page(task: str) -> str:
    shown = tasks.page(application(), actor(), task)
    return render_template("task.html", here="inbox", page=replace(shown, mandates=preferred(shown.mandates, shown.head.process)))


@blueprint.post("/<task>/complete")
@login_required
def complete(task: str) -> Response:
    body, data = submission()
    outcome = tasks.complete(
        application(), actor(), task, data, mandate=body.get("mandate"), key=request.headers.get("Idempotency-Key"),
        on_behalf_of=on_behalf(body),
    )  # fmt: skip
    process = application().engine.queries.instance(outcome.instance).line.process
    return remember(accepted(outcome, onward(outcome, url_for("inbox.page"))), process, body.get("mandate"))


@blueprint.get("/<task>/clock/<change>")
@login_required
def clock(task: str, change: str) -> str:
    wish = clocks.Wish(amount=request.args.get("amount", ""), reason=request.args.get("reason", ""), note=request.args.get("note", ""))
    return _clock(task, change, request.args.get("for"), wish)


@blueprint.post("/<task>/clock/<change>")
@login_required
def change_clock(task: str, change: str) -> AnyResponse | tuple[str, int] | str:
    wish = clocks.Wish(**{name: request.form.get(name, "").strip() for name in ("amount", "reason", "note")})
    holder = request.form.get("for") or None
    try:
        done = clocks.submit(application(), actor(), task, change, wish, holder=holder)
    except CogovError as refused:
        return _clock(task, change, holder, wish, problem=title_of(refused)), status_of(refused)
    flash(_("时限已更改") if done else _("已通知上级，批准后会更改时限"))
    return redirect(url_for("tasks.page", task=task))


def _clock(task: str, change: str, holder: str | None, wish: clocks.Wish, problem: str = "") -> str:
    shown = clocks.page(application(), actor(), task, change, holder=holder, wish=wish)
    titles = {"extend": (_("申请延期"), _("批准延期")), "pause": (_("申请暂停计时"), _("批准暂停计时")), "resume": (_("恢复计时"),) * 2}
    return render_template("clock.html", here="inbox", page=shown, problem=problem, title=titles[change][shown.decides])


@blueprint.put("/<task>/draft")
@login_required
def draft(task: str) -> Response:
    saved = tasks.save_draft(application(), actor(), task, submission()[1])
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
