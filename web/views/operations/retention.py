"""Finished cases whose keeping time is over: what is due, by class; removing it; what was removed."""

from __future__ import annotations

from collections import Counter
from secrets import token_hex

from flask import render_template, request, url_for
from flask_babel import gettext as _
from flask_login import login_required

from governance.desk import overseeing, powers
from web.reader import application
from web.session import actor
from web.views.operations.acting import Answer, carried_out, key, reason
from web.views.operations.blueprint import blueprint


@blueprint.get("/retention")
@login_required
def retention() -> str:
    chosen = request.args.get("class") or None
    due = powers.due_for_removal(application(), actor(), None)
    classes = sorted(Counter(one.retention for one in due).items())
    removed = powers.removed(application(), actor(), after=request.args.get("cursor"), limit=30)
    return render_template(
        "operations_retention.html", here="operations", tab="retention", classes=classes, chosen=chosen,
        due=[one for one in due if chosen in (None, one.retention)], removed=removed, names=overseeing.names(application()),
        cursor=removed[-1].instance if len(removed) == 30 else None,
    )  # fmt: skip


@blueprint.route("/retention/remove", methods=["GET", "POST"])
@login_required
def remove() -> Answer:
    chosen = request.values.get("class") or None
    due = powers.due_for_removal(application(), actor(), chosen)

    def page(problem: str | None) -> str:
        return render_template(
            "operations_remove.html", here="operations", due=due, chosen=chosen, problem=problem, reason=reason(),
            key=key() or token_hex(16), understood="understood" in request.form, names=overseeing.names(application()),
        )  # fmt: skip

    if request.method == "GET":
        return page(None)
    if "understood" not in request.form:
        return page(_("请确认：销毁以后不能恢复")), 422

    def act() -> str:
        batch = powers.remove(application(), actor(), reason(), chosen, key=key())["batch"]
        return url_for("operations.batch", batch_id=batch) if batch else url_for("operations.retention")

    return carried_out(act, page, _("已放入批次，正在逐件销毁"))
