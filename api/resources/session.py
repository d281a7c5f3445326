"""Login for programs: name and password give a scoped token."""

from __future__ import annotations

from typing import Any

from flask_smorest import Blueprint

from api.auth import application
from api.schemas import LoginBody, TokenAnswer

blueprint = Blueprint("session_api", __name__, url_prefix="/api/v1/tokens", description="Tokens")


@blueprint.route("", methods=["POST"])
@blueprint.arguments(LoginBody)
@blueprint.response(201, TokenAnswer)
def login(body: dict[str, Any]) -> dict[str, Any]:
    """Trade name and password for a token; it is shown once and kept only as a hash."""
    accounts = application().accounts
    account = accounts.login(body["name"], body["password"], "en")
    secret, expires = accounts.issue_token(account.id, body["scopes"], body["days"])
    return {"token": secret, "expires": expires}
