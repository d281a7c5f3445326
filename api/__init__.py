"""REST API /api/v1. Thin: the contract stands above the view, the view calls a use case of governance.desk."""

from __future__ import annotations

from flask import Flask, request
from flask_smorest import Api
from werkzeug.exceptions import BadRequest, HTTPException

from api import auth
from api.problems import problem_response
from api.resources import (
    corrections,
    decisions,
    deployments,
    drafts,
    failed_jobs,
    files,
    health,
    instances,
    lookup,
    meetings,
    messages,
    papers,
    powers,
    registers,
    session,
    tasks,
    tools,
)
from api.schemas import ProblemSchema
from engine.errors import CogovError

RESOURCES = (
    tasks,
    corrections,
    decisions,
    instances,
    meetings,
    papers,
    powers,
    failed_jobs,
    messages,
    deployments,
    registers,
    tools,
    drafts,
    lookup,
    files,
    session,
    health,
)


class _Api(Api):  # type: ignore[misc]
    """flask-smorest with our error shape."""

    ERROR_SCHEMA = ProblemSchema

    def _register_error_handlers(self) -> None:
        """Errors are answered as problem+json by `install`."""


def install(app: Flask) -> None:
    """Add the API and its OpenAPI document at /api/v1/openapi.json."""
    app.config.update(
        API_TITLE="Cogov",
        API_VERSION="1.0",
        OPENAPI_VERSION="3.1.0",
        OPENAPI_URL_PREFIX="/api/v1",
        OPENAPI_JSON_PATH="openapi.json",
    )
    app.before_request(_refuse_unreadable)
    auth.install(app)
    api = _Api(app)
    api.spec.components.security_scheme("token", {"type": "http", "scheme": "bearer", "description": "POST /api/v1/tokens"})
    api.spec.components.security_scheme(
        "session",
        {"type": "apiKey", "in": "cookie", "name": "session", "description": "the pages' own login; writing needs X-CSRF-Token, too"},
    )
    api.spec.options["security"] = [{"token": []}, {"session": []}]
    for resource in RESOURCES:
        api.register_blueprint(resource.blueprint)
    # pages put their own handlers over these
    app.register_error_handler(CogovError, problem_response)
    app.register_error_handler(HTTPException, problem_response)


def _refuse_unreadable() -> None:
    """JSON that no parser should be asked to read (nested thousands deep, numbers of thousands of digits) is a bad request."""
    if request.is_json and request.content_length:
        try:
            request.get_json()
        except (RecursionError, ValueError) as unreadable:
            raise BadRequest("the JSON of the request cannot be read") from unreadable
