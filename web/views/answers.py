"""How a command's answer travels: JSON to the form element, and the outcome shown once on the next page."""

from __future__ import annotations

from typing import Any

from flask import Response, jsonify, request, session, url_for
from werkzeug.exceptions import BadRequest

from governance.desk.views import Outcome
from web.reader import application


def submission() -> tuple[dict[str, Any], dict[str, Any]]:
    """What the form element sent: the body, and the values in it. Raises BadRequest when it is no such thing."""
    body = request.get_json()
    data = body.get("data") if isinstance(body, dict) else None
    if not isinstance(body, dict) or not isinstance(data, (dict, type(None))):
        raise BadRequest('the body is {"data": {…}}')
    return body, data or {}


def on_behalf(body: dict[str, Any]) -> dict[str, Any] | None:
    """Whose words were entered, from the fields ``behalf_…`` of the page (forms that were opened for another only)."""
    given = {key.removeprefix("behalf_"): value for key, value in body.items() if key.startswith("behalf_") and value}
    return given if given.get("channel") else None


def small_values() -> dict[str, str]:
    """What a small form of a page sent as JSON: texts, trimmed. Raises BadRequest when it is anything else."""
    body = request.get_json()
    if not isinstance(body, dict) or not all(isinstance(value, str) for value in body.values()):
        raise BadRequest("the body is a JSON object of texts")
    return {key: value.strip() for key, value in body.items()}


def accepted(outcome: Outcome, redirect: str) -> Response:
    """200 with the page to go to; that page shows what was done and who acts next."""
    keep(outcome)
    return jsonify({"redirect": redirect, "instance": outcome.instance})


def onward(outcome: Outcome, otherwise: str) -> str:
    """The next task when it is the reader's own, so that a case need not be looked for again."""
    mine = next((t for t in outcome.next_tasks if t.mine), None)
    return url_for("tasks.page", task=mine.id) if mine else otherwise


def keep(outcome: Outcome) -> None:
    """Remember for the next page; only ids go into the cookie."""
    session["outcome"] = {"instance": outcome.instance, "zh": outcome.done.zh, "en": outcome.done.en}


def take() -> Outcome | None:
    """The outcome to show now, with the next tasks as they stand at this moment."""
    from governance.desk import cases
    from web.session import actor

    stored: dict[str, Any] | None = session.pop("outcome", None)
    if stored is None:
        return None
    return cases.outcome(application(), actor(), stored["instance"], stored["zh"], stored["en"])
