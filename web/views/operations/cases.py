"""A case under its administrator: where it stands, stopping it and letting it go on, ending it, changing its data."""

from __future__ import annotations

from collections.abc import Callable
from secrets import token_hex
from typing import Any

from flask import Response, g, render_template, request, url_for
from flask_babel import gettext as _
from flask_login import login_required

from engine.commands.operating import needed
from engine.errors import FormInvalid
from governance.desk import cases as desk_cases
from governance.desk import operator_case, operator_data, overseeing, powers
from governance.desk.operator_case import OperatorCase
from governance.desk.overseeing import Wanted
from web.reader import application
from web.session import actor
from web.views.operations.acting import Answer, carried_out, key, reason
from web.views.operations.blueprint import blueprint


@blueprint.get("/cases")
@login_required
def cases() -> str:
    wanted = Wanted(
        text=request.args.get("q", "").strip(), process=request.args.get("process", ""), state=request.args.get("state", ""),
        suspended="suspended" in request.args, failing="failing" in request.args,
    )  # fmt: skip
    rows, cursor = overseeing.cases(application(), actor(), wanted, after=request.args.get("cursor"))
    return render_template(
        "operations_cases.html",
        here="operations",
        tab="cases",
        rows=rows,
        cursor=cursor,
        wanted=wanted,
        names=overseeing.names(application()),
    )


@blueprint.get("/cases/<instance>")
@login_required
def case(instance: str) -> str:
    return render_template("operations_case.html", here="operations", case=operator_case.page(application(), actor(), instance))


@blueprint.get("/cases/<instance>/diagram.bpmn")
@login_required
def diagram(instance: str) -> Response:
    return Response(operator_case.diagram(application(), actor(), instance), mimetype="application/xml")


@blueprint.route("/cases/<instance>/suspend", methods=["GET", "POST"])
@login_required
def suspend(instance: str) -> Answer:
    return _plain(instance, "suspend", powers.suspend, _("已暂停"))


@blueprint.route("/cases/<instance>/resume", methods=["GET", "POST"])
@login_required
def resume(instance: str) -> Answer:
    return _plain(instance, "resume", powers.resume, _("已恢复；期间收到的会依次办理"))


@blueprint.route("/cases/<instance>/cancel", methods=["GET", "POST"])
@login_required
def cancel(instance: str) -> Answer:
    def act(app: Any, who: Any, case: str, why: str, **_more: Any) -> None:
        desk_cases.cancel(app, who, case, needed(why))

    return _plain(instance, "cancel", act, _("已取消这件事项"))


@blueprint.route("/cases/<instance>/data", methods=["GET", "POST"])
@login_required
def data(instance: str) -> Answer:
    """Changing variables: first what would change, then doing it."""
    typed = {name.removeprefix("value:"): text for name, text in request.form.items() if name.startswith("value:") and text.strip()}
    shown = operator_case.page(application(), actor(), instance)
    scope = request.values.get("scope") or None
    rows = operator_data.rows(application(), actor(), instance, scope)

    def page(problem: str | None, *, ready: bool = False) -> str:
        return render_template(
            "operations_data.html", here="operations", case=shown, rows=rows, typed=typed, scope=scope, problem=problem, ready=ready,
            wrong=_wrong(), reason=reason(), key=key() or token_hex(16), scopes=[t for t in shown.tokens if t.scope and t.depth],
        )  # fmt: skip

    if request.method == "GET":
        return page(None)
    if request.form.get("do") != "run":
        return page(None if typed else _("没有要修改的内容"), ready=bool(typed))

    def act() -> str:
        operator_data.change(application(), actor(), instance, rows, typed, reason(), scope=scope, key=key())
        return url_for("operations.case", instance=instance)

    return carried_out(act, page, _("已修改"))


def _wrong() -> dict[str, str]:
    """Name → what is wrong with its new value, of the refusal of this request."""
    refusal = g.get("refusal")
    return {e.pointer.lstrip("/"): e.message for e in refusal.errors} if isinstance(refusal, FormInvalid) else {}


def _plain(instance: str, act: str, do: Callable[..., object], done: str) -> Answer:
    """An act that needs nothing but a reason."""
    shown: OperatorCase = operator_case.page(application(), actor(), instance)

    def page(problem: str | None) -> str:
        return render_template(
            "operations_act.html", here="operations", case=shown, act=act, problem=problem, reason=reason(), key=key() or token_hex(16)
        )

    if request.method == "GET":
        return page(None)

    def run() -> str:
        do(application(), actor(), instance, reason(), key=key())
        return url_for("operations.case", instance=instance)

    return carried_out(run, page, done)
