"""Expressions and services: what a designer tries out and looks up."""

from __future__ import annotations

from typing import Any

from flask_smorest import Blueprint

from api.auth import application, needs
from api.schemas import ExpressionAnswer, ExpressionBody, ServiceSchema
from governance.desk import tools

blueprint = Blueprint("tools", __name__, url_prefix="/api/v1", description="Expressions and services")


@blueprint.route("/expressions", methods=["POST"])
@blueprint.arguments(ExpressionBody)
@blueprint.response(200, ExpressionAnswer)
@needs("definitions:read")
def evaluate(body: dict[str, Any]) -> dict[str, Any]:
    """Evaluate FEEL with the given variables, by the same evaluator that runs processes."""
    return tools.evaluate(application(), body["expression"], body["variables"])


@blueprint.route("/services", methods=["GET"])
@blueprint.response(200, ServiceSchema(many=True))
@needs("definitions:read")
def services() -> list[dict[str, Any]]:
    """The services a process may call, with their inputs."""
    return tools.services(application())
