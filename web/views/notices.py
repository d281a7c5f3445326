"""Notices to me."""

from __future__ import annotations

from flask import Blueprint, redirect, render_template, url_for
from flask_login import login_required
from werkzeug.wrappers import Response

from governance.desk import notices
from web.reader import application
from web.session import actor

blueprint = Blueprint("notices", __name__, url_prefix="/notices")


@blueprint.get("")
@login_required
def page() -> str:
    return render_template("notices.html", here="notices", notices=notices.mine(application(), actor()))


@blueprint.get("/<notice>/open")
@login_required
def open(notice: str) -> Response:  # noqa: A001 - the verb of the page
    return redirect(notices.open_link(application(), actor(), notice) or url_for("notices.page"))


@blueprint.post("/read")
@login_required
def read_all() -> Response:
    notices.read_all(application(), actor())
    return redirect(url_for("notices.page"))
