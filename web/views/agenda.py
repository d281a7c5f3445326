"""The reader's days."""

from __future__ import annotations

from datetime import date, timedelta

from flask import Blueprint, render_template, request
from flask_login import login_required

from governance.desk import agenda
from web.reader import application
from web.session import actor

blueprint = Blueprint("agenda", __name__, url_prefix="/agenda")
DAYS = 28


@blueprint.get("")
@login_required
def page() -> str:
    shown = agenda.agenda(application(), actor(), _since(), days=DAYS)
    step = timedelta(days=DAYS)
    return render_template("agenda.html", here="agenda", agenda=shown, earlier=shown.since - step, later=shown.since + step)


def _since() -> date | None:
    """The asked first day; an unreadable one means today."""
    try:
        return date.fromisoformat(request.args.get("from", ""))
    except ValueError:
        return None
