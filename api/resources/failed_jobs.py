"""Background jobs that failed."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from flask_smorest import Blueprint

from api.auth import application, caller, needs
from api.power_schemas import FailedJobSchema, Reasoned
from engine.jobs.failures import JobFailure
from governance.desk import failed_jobs

blueprint = Blueprint("failed_jobs", __name__, url_prefix="/api/v1/failed-jobs", description="Background jobs that failed")


@blueprint.route("", methods=["GET"])
@blueprint.response(200, FailedJobSchema(many=True))
@needs("admin")
def listed() -> Sequence[JobFailure]:
    """Jobs that failed for good, then those that are tried again by themselves, the newest first; at most 200. Of the areas the caller
    administers; words that may quote a case are kept back."""
    return failed_jobs.listed(application(), caller())


@blueprint.route("/<path:failure>/retry", methods=["POST"])
@blueprint.arguments(Reasoned)
@blueprint.response(204)
@needs("admin")
def retry(body: dict[str, Any], failure: str) -> None:
    """Put a job in again that failed for good. 409 when it does not stand failed any more."""
    failed_jobs.retry(application(), caller(), failure, body["reason"])


@blueprint.route("/<path:failure>/discard", methods=["POST"])
@blueprint.arguments(Reasoned)
@blueprint.response(204)
@needs("admin")
def discard(body: dict[str, Any], failure: str) -> None:
    """Give a job up that failed for good: nobody does it any more. 409 when it does not stand failed any more."""
    failed_jobs.discard(application(), caller(), failure, body["reason"])
