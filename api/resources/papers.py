"""Papers (文书) of a case: the list, files, issuing."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any
from urllib.parse import quote

from flask import Response
from flask_smorest import Blueprint

from api.auth import application, caller, needs
from api.paper_schemas import CasePaperSchema, IssueBody, PaperQuery, PaperVersionSchema
from governance.desk import papers
from governance.desk.papers import DOCX, PDF, Download

blueprint = Blueprint("papers_api", __name__, url_prefix="/api/v1/instances/<instance>/papers", description="Papers")


def _file(media: str) -> dict[str, Any]:
    """OpenAPI of a file."""
    return {"responses": {"200": {"description": "the file", "content": {media: {"schema": {"type": "string", "format": "binary"}}}}}}


def attachment(download: Download) -> Response:
    """The file as an attachment; its Chinese name travels by RFC 5987, old programs get a plain one."""
    plain = f"paper.{download.name.rpartition('.')[2]}"
    disposition = f"attachment; filename=\"{plain}\"; filename*=UTF-8''{quote(download.name, safe='')}"
    return Response(download.content, mimetype=download.media_type, headers={"Content-Disposition": disposition})


@blueprint.route("", methods=["GET"])
@blueprint.response(200, CasePaperSchema(many=True))
@needs("instances:read")
def index(instance: str) -> list[papers.PaperLine]:
    """The papers of a case that you may see: those offered now, and every issued version."""
    return papers.listed(application(), caller(), instance)


@blueprint.route("/<paper>.docx", methods=["GET"])
@blueprint.arguments(PaperQuery, location="query")
@blueprint.doc(**_file(DOCX))
@needs("instances:read")
def as_docx(query: dict[str, Any], instance: str, paper: str) -> Response:
    """An issued version (the newest, or `version`) as docx; with `preview` the paper as it would be issued now."""
    return _download(query, instance, paper, "docx", papers.docx)


@blueprint.route("/<paper>.pdf", methods=["GET"])
@blueprint.arguments(PaperQuery, location="query")
@blueprint.doc(**_file(PDF))
@needs("instances:read")
def as_pdf(query: dict[str, Any], instance: str, paper: str) -> Response:
    """As docx. 503 when this machine cannot make PDFs."""
    return _download(query, instance, paper, "pdf", papers.pdf)


def _download(query: Mapping[str, Any], instance: str, paper: str, form: str, issued: Callable[..., Download]) -> Response:
    app, me = application(), caller()
    scope, language = query["scope"], query["language"]
    if query["preview"]:
        return attachment(papers.preview(app, me, instance, paper, scope=scope, language=language, form=form))
    return attachment(issued(app, me, instance, paper, scope=scope, language=language, version=query["version"]))


@blueprint.route("/<paper>/issue", methods=["POST"])
@blueprint.arguments(IssueBody)
@blueprint.response(200, PaperVersionSchema(many=True))
@needs("instances:write")
def issue(body: dict[str, Any], instance: str, paper: str) -> list[dict[str, Any]]:
    """Number and freeze the paper in one language or in all. The same content as the newest version changes nothing."""
    return papers.issue(application(), caller(), instance, paper, scope=body["scope"], language=body["language"])
