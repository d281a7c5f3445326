"""Login for programs: name and password give a scoped token."""

from __future__ import annotations

from typing import Any

from flask_smorest import Blueprint

from api.auth import application
from api.language import language
from api.schemas import LoginBody, TokenAnswer

blueprint = Blueprint("session_api", __name__, url_prefix="/api/v1/tokens", description="Tokens")


@blueprint.route("", methods=["POST"])
@blueprint.arguments(LoginBody)
@blueprint.response(201, TokenAnswer)
def login(body: dict[str, Any]) -> dict[str, Any]:
    """Trade name and password for a token; it is shown once and kept only as a hash."""
    sign_in = application().sign_in
    known = sign_in.login(body["name"], body["password"], language())
    secret, expires = sign_in.issue_token(known.id, body["scopes"], body["days"])
    return {"token": secret, "expires": expires}
