"""Acts on many cases: how far they are, and what failed."""

from __future__ import annotations

from flask import g, render_template, request
from flask_login import login_required

from governance.desk import overseeing, powers
from web.reader import application
from web.session import actor
from web.views.operations.blueprint import blueprint

_PAGE = 30


@blueprint.get("/batches")
@login_required
def batches() -> str:
    found = powers.batches(application(), actor(), after=request.args.get("cursor"), limit=_PAGE)
    return render_template(
        "operations_batches.html", here="operations", tab="batches", rows=found, cursor=found[-1].id if len(found) == _PAGE else None,
        names=overseeing.names(application()), people=overseeing.people(application(), actor(), [one.actor for one in found]),
    )  # fmt: skip


@blueprint.get("/batches/<batch_id>")
@login_required
def batch(batch_id: str) -> str:
    """The page; asked by htmx, only how far it is."""
    found = powers.batch(application(), actor(), batch_id)
    part = "HX-Request" in request.headers
    if part:
        g.fragment = True
    template = "operations_batch_progress.html" if part else "operations_batch.html"
    people = overseeing.people(application(), actor(), [found.actor])
    return render_template(template, here="operations", batch=found, names=overseeing.names(application()), people=people)
