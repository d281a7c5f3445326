"""Search over all registers the reader may see."""

from __future__ import annotations

from flask import Blueprint, render_template, request
from flask_login import login_required

from governance.desk import ledgers
from web.reader import application
from web.session import actor

blueprint = Blueprint("search", __name__, url_prefix="/search")


@blueprint.get("")
@login_required
def page() -> str:
    query = request.args.get("q", "").strip()
    return render_template("search.html", query=query, hits=ledgers.search(application(), actor(), query) if query else [])
