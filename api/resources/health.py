"""Is the process alive, and may it get traffic."""

from __future__ import annotations

from typing import Any

from flask import Response
from flask_smorest import Blueprint
from prometheus_client import CONTENT_TYPE_LATEST, generate_latest

from api.auth import application
from api.documented import plain
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
    """The database answers and its schema is current."""
    checks = tools.readiness(application())
    ready = all(value == "ok" for value in checks.values())
    answer = {"status": "ok" if ready else "not ready", "checks": checks}
    return answer if ready else (answer, 503)


@blueprint.route("/metrics", methods=["GET"])
@blueprint.doc(**plain("text/plain", "Prometheus text format"))
def metrics() -> Response:
    """Prometheus metrics."""
    return Response(generate_latest(), mimetype=CONTENT_TYPE_LATEST.split(";")[0])
