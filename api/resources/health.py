"""Is the process alive, and may it get traffic."""

from __future__ import annotations

from typing import Any

from flask import Response, current_app
from flask_smorest import Blueprint
from prometheus_client import CONTENT_TYPE_LATEST, generate_latest

from api.auth import application
from api.documented import plain
from api.figures import operators_figures
from api.schemas import HealthSchema
from governance.desk import tools

blueprint = Blueprint("health", __name__, description="Health")


@blueprint.route("/healthz", methods=["GET"])
@blueprint.response(200, HealthSchema)
def healthz() -> dict[str, Any]:
    """The process answers."""
    return {"status": "ok", "checks": {}}


@blueprint.route("/readyz", methods=["GET"])
@blueprint.response(200, HealthSchema)
@blueprint.alt_response(503, schema=HealthSchema)
def readyz() -> dict[str, Any] | tuple[dict[str, Any], int]:
    """The database answers, its schema is current, procedures are deployed, a worker is alive."""
    checks = tools.readiness(application(), beat_within=current_app.config.get("COGOV_BEAT_WITHIN", 0))
    if checks["database"] == "ok" and (schema_is_current := current_app.extensions.get("cogov_schema_is_current")):
        checks["schema"] = "ok" if schema_is_current() else "older than this release: run cogov upgrade"
    ready = all(value == "ok" for value in checks.values())
    answer = {"status": "ok" if ready else "not ready", "checks": checks}
    return answer if ready else (answer, 503)


@blueprint.route("/metrics", methods=["GET"])
@blueprint.doc(**plain("text/plain", "Prometheus text format"))
def metrics() -> Response:
    """Prometheus metrics: this process, and the jobs of the whole installation."""
    own = generate_latest() + generate_latest(operators_figures(application()))
    return Response(own, mimetype=CONTENT_TYPE_LATEST.split(";")[0])
