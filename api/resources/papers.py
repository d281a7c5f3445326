"""Papers (文书) of a case: the list, files, issuing."""

from __future__ import annotations

from typing import Any
from urllib.parse import quote

from flask import Response
from flask_smorest import Blueprint

from api.auth import application, caller, needs
from api.paper_schemas import IssueBody, PaperQuery, PaperSchema, PaperVersionSchema
from governance.desk import papers
from governance.desk.papers import DOCX, PDF, Download

blueprint = Blueprint("papers_api", __name__, url_prefix="/api/v1/instances/<instance>/papers", description="Papers")

_FILE = {
    "responses": {
        "200": {"description": "the file", "content": {media: {"schema": {"type": "string", "format": "binary"}} for media in (DOCX, PDF)}}
    }
}


def attachment(download: Download) -> Response:
    """The file as an attachment; its Chinese name travels by RFC 5987, old programs get a plain one."""
    plain = f"paper.{download.name.rpartition('.')[2]}"
    disposition = f"attachment; filename=\"{plain}\"; filename*=UTF-8''{quote(download.name, safe='')}"
    return Response(download.content, mimetype=download.media_type, headers={"Content-Disposition": disposition})


@blueprint.route("", methods=["GET"])
@blueprint.response(200, PaperSchema(many=True))
@needs("instances:read")
def index(instance: str) -> list[papers.PaperLine]:
    """The papers of a case that you may see: those offered now, and every issued version."""
    return papers.listed(application(), caller(), instance)


@blueprint.route("/<paper>.<any(docx, pdf):form>", methods=["GET"])
@blueprint.arguments(PaperQuery, location="query")
@blueprint.doc(**_FILE)
@needs("instances:read")
def download(query: dict[str, Any], instance: str, paper: str, form: str) -> Response:
    """An issued version (the newest, or `version`) as docx or PDF; with `preview` the paper as it would be issued now."""
    app, me = application(), caller()
    scope, language = query["scope"], query["language"]
    if query["preview"]:
        return attachment(papers.preview(app, me, instance, paper, scope=scope, language=language, form=form))
    read = papers.pdf if form == "pdf" else papers.docx
    return attachment(read(app, me, instance, paper, scope=scope, language=language, version=query["version"]))


@blueprint.route("/<paper>/issue", methods=["POST"])
@blueprint.arguments(IssueBody)
@blueprint.response(200, PaperVersionSchema(many=True))
@needs("instances:write")
def issue(body: dict[str, Any], instance: str, paper: str) -> list[dict[str, Any]]:
    """Number and freeze the paper in one language or in all. The same content as the newest version changes nothing."""
    return papers.issue(application(), caller(), instance, paper, scope=body["scope"], language=body["language"])
