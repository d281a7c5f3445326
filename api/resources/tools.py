"""Expressions and services: what a designer tries out and looks up."""

from __future__ import annotations

from typing import Any

from flask_smorest import Blueprint

from api.auth import application, caller, needs
from api.designer_schemas import EvaluateAnswer, EvaluateBody, ScopeAnswer, ScopeQuery
from api.schemas import ExpressionAnswer, ExpressionBody, ServiceSchema
from governance.desk import tools
from governance.desk.designing import scoping
from governance.desk.designing.scoping import At, Trial

blueprint = Blueprint("tools", __name__, url_prefix="/api/v1", description="Expressions and services")


@blueprint.route("/expressions", methods=["POST"])
@blueprint.arguments(ExpressionBody)
@blueprint.response(200, ExpressionAnswer)
@needs("definitions:read")
def evaluate(body: dict[str, Any]) -> dict[str, Any]:
    """Evaluate FEEL with the given variables, by the same evaluator that runs processes."""
    return tools.evaluate(application(), body["expression"], body["variables"])


@blueprint.route("/expressions/scope", methods=["GET"])
@blueprint.arguments(ScopeQuery, location="query")
@blueprint.response(200, ScopeAnswer)
@needs("design")
def scope(query: dict[str, Any]) -> dict[str, Any]:
    """Completion data for an expression of an element or form: names with kinds, labels and where they come from, functions,
    code lists, and the expressions that stand there with what is wrong with them."""
    return scoping.scope(application(), caller(), At(**query))


@blueprint.route("/expressions/evaluate", methods=["POST"])
@blueprint.arguments(EvaluateBody)
@blueprint.response(200, EvaluateAnswer)
@needs("design")
def try_out(body: dict[str, Any]) -> dict[str, Any]:
    """What an expression gives with sample data, and what is wrong or doubtful in it with its position. Nothing is written."""
    place, wanted = body.pop("at"), tuple(body.pop("wanted"))
    return scoping.evaluate(application(), caller(), Trial(**body, wanted=wanted, at=At(**place) if place is not None else None))


@blueprint.route("/services", methods=["GET"])
@blueprint.response(200, ServiceSchema(many=True))
@needs("definitions:read")
def services() -> list[dict[str, Any]]:
    """The services a process may call, with their inputs."""
    return tools.services(application())
