"""Login for programs: name and password give a scoped token."""

from __future__ import annotations

from typing import Any

from flask_smorest import Blueprint

from api.auth import application
from api.schemas import LoginBody, TokenAnswer
from governance.desk import sessions

blueprint = Blueprint("session_api", __name__, url_prefix="/api/v1/tokens", description="Tokens")


@blueprint.route("", methods=["POST"])
@blueprint.arguments(LoginBody)
@blueprint.response(201, TokenAnswer)
def login(body: dict[str, Any]) -> dict[str, Any]:
    """Trade name and password for a token; it is shown once and kept only as a hash."""
    known = sessions.login(application(), body["name"], body["password"], "en")
    secret, expires = sessions.issue_token(application(), known.account, body["scopes"], body["days"])
    return {"token": secret, "expires": expires}
