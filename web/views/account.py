"""My account: the mandates I act under, my password."""

from __future__ import annotations

from flask import Blueprint, render_template, request, session
from flask_login import current_user, login_required

from engine.errors import CogovError
from governance.desk import people, sessions
from web.reader import application
from web.session import actor, enter

blueprint = Blueprint("account", __name__, url_prefix="/account")


@blueprint.route("", methods=["GET", "POST"])
@login_required
def page() -> str | tuple[str, int]:
    app, me = application(), actor()
    shown = {"here": "account", "mandates": people.mandates(app, me), "account_name": current_user.login}
    if request.method == "GET":
        return render_template("account.html", **shown)
    try:
        sessions.change_password(app, current_user.id, request.form.get("old", ""), request.form.get("new", ""))
    except CogovError as refused:
        return render_template("account.html", problem=refused.message, **shown), 422
    known = sessions.active(app, current_user.id)
    if known is not None:
        enter(known, remember=session.permanent)
    return render_template("account.html", saved=True, **shown)
