"""One vote: the ballot, its record, the recount."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, Response, flash, jsonify, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_login import login_required
from werkzeug.wrappers import Response as AnyResponse

from governance.desk import votes
from governance.desk.meeting_views import CERTIFIED
from web import meeting_page
from web.reader import application
from web.session import actor
from web.views.answers import small_values

blueprint = Blueprint("votes", __name__, url_prefix="/votes")


@blueprint.get("/<vote>")
@login_required
def page(vote: str) -> str:
    return _page(vote)


@blueprint.post("/<vote>/ballots")
@login_required
def cast(vote: str) -> AnyResponse:
    """Cast for a seat. A seat counts once: sent again it changes nothing."""
    values = small_values() if request.is_json else request.form.to_dict()
    receipt = votes.cast(application(), actor(), vote, values.get("option", ""), seat=values.get("seat") or None)
    # the same words whatever was chosen the second time: they tell nothing of the first ballot
    said = _("这一席此前已经投票，以先投的为准；这次提交没有改变任何东西") if receipt.already else _("已投票")
    if request.is_json:
        return jsonify({"done": said})
    flash(said)
    return redirect(url_for("votes.page", vote=vote))


@blueprint.post("/<vote>/withdraw")
@login_required
def withdraw(vote: str) -> Response:
    votes.withdraw(application(), actor(), vote, seat=small_values().get("seat") or None)
    return jsonify({"done": _("已撤回，可以重投")})


@blueprint.post("/<vote>/recount")
@login_required
def recount(vote: str) -> str:
    """Counted again before the reader's eyes; nothing is stored. Everybody who may see the record may do it."""
    return _page(vote, recounted=votes.printable(application(), actor(), vote))


def _page(vote: str, **more: Any) -> str:
    app, me = application(), actor()
    shown = votes.paper(app, me, vote)
    printed = votes.printable(app, me, vote) if shown.vote.state in CERTIFIED else None
    return render_template("vote.html", here="meetings", printed=printed, **meeting_page.vote_context(shown), **more)
