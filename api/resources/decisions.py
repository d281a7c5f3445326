"""Decisions: which there are, what they give for some inputs, and evaluations of cases worked out again."""

from __future__ import annotations

from typing import Any

from flask_smorest import Blueprint

from api.auth import application, caller, needs
from api.decision_schemas import DecisionBody, DecisionLine, EvaluationSchema, ReproducedSchema
from engine import values
from governance.desk import decisions

blueprint = Blueprint("decisions", __name__, url_prefix="/api/v1", description="Decisions")


@blueprint.route("/decisions", methods=["GET"])
@blueprint.response(200, DecisionLine(many=True))
@needs("definitions:read")
def listed() -> list[dict[str, Any]]:
    """Every deployed decision in its newest version, with the variables it reads."""
    return decisions.listed(application())


@blueprint.route("/decisions/<key>/evaluate", methods=["POST"])
@blueprint.arguments(DecisionBody)
@blueprint.response(200, EvaluationSchema)
@needs("definitions:read")
def evaluate(body: dict[str, Any], key: str) -> dict[str, Any]:
    """Evaluate a decision, the newest version or the one given. Nothing is written unless `keep`, which needs the grant to design:
    then it stands in the history of the installation."""
    return decisions.evaluate(application(), caller(), key, body["variables"], version=body["version"], keep=body["keep"])


@blueprint.route("/instances/<instance>/decisions/<int(max=2147483647):seq>/reproduce", methods=["POST"])
@blueprint.response(200, ReproducedSchema)
@needs("instances:read")
def reproduce(instance: str, seq: int) -> dict[str, Any]:
    """Work out an evaluation of a case again with the version, the inputs, the moment and the settings of then. `seq`: its number in
    the history (kind `decision_evaluated`). Nothing is written."""
    found = decisions.of_case(application(), caller(), instance, seq, again=True)
    return {"same": found.same, "value": values.plain(found.value), "error": found.error, "kept": decisions.shown(found.kept)}
