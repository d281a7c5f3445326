"""Deployments and definitions."""

from __future__ import annotations

from contextlib import closing
from typing import Any

from flask import Response, request
from flask_smorest import Blueprint

from api.auth import application, caller, needs
from api.documented import plain, upload
from api.schemas import DefinitionDetailsSchema, DefinitionSchema, DeploymentSchema, DeployQuery
from governance.desk import procedures

blueprint = Blueprint("deployments", __name__, url_prefix="/api/v1", description="Deployments and definitions")


@blueprint.route("/deployments", methods=["POST"])
@blueprint.arguments(DeployQuery, location="query")
@blueprint.response(201, DeploymentSchema)
@blueprint.doc(**upload("package", description="one zip, or any number of files named by their paths"))
@needs("admin")
def deploy(query: dict[str, Any]) -> dict[str, Any]:
    """Deploy a folder of procedures: one zip, or files named by their paths. With ``?dry_run=true`` only the report."""
    files = {}
    for _field, part in request.files.items(multi=True):
        with closing(part):
            if part.filename:
                files[part.filename] = part.read()
    return procedures.deploy(application(), caller(), files, dry_run=query["dry_run"])


@blueprint.route("/definitions", methods=["GET"])
@blueprint.response(200, DefinitionSchema(many=True))
@needs("definitions:read")
def definitions() -> list[dict[str, Any]]:
    """Newest version of every definition."""
    return procedures.definitions(application())


@blueprint.route("/definitions/<process>", methods=["GET"])
@blueprint.response(200, DefinitionDetailsSchema)
@needs("definitions:read")
def definition(process: str) -> dict[str, Any]:
    """One process: its newest version, its tasks, and, if it came from another tool, what of it cannot run here."""
    return procedures.definition(application(), process, caller().language)


@blueprint.route("/definitions/<process>/xml", methods=["GET"])
@blueprint.doc(**plain("application/xml", "BPMN 2.0 with a picture"))
@needs("definitions:read")
def xml(process: str) -> Response:
    """The BPMN file of the newest version."""
    return Response(procedures.diagram(application(), process), mimetype="application/xml")
