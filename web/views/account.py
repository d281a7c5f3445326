"""My account: the mandates I act under, my password."""

from __future__ import annotations

from flask import Blueprint, render_template, request, session
from flask_login import current_user, login_required

from api.language import language
from engine.errors import CogovError
from governance.desk import people
from web.reader import application
from web.session import actor, enter

blueprint = Blueprint("account", __name__, url_prefix="/account")


@blueprint.route("", methods=["GET", "POST"])
@login_required
def page() -> str | tuple[str, int]:
    app, me = application(), actor()
    shown = {"here": "account", "mandates": people.mandates(app, me), "account_name": app.sign_in.name_of(current_user.id)}
    if request.method == "GET":
        return render_template("account.html", **shown)
    try:
        known = app.sign_in.change_password(current_user.id, request.form.get("old", ""), request.form.get("new", ""), language())
    except CogovError as refused:
        return render_template("account.html", problem=refused.message, **shown), 422
    enter(known, remember=session.permanent)
    return render_template("account.html", saved=True, **shown)
