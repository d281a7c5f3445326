"""A frozen text, and files handed in with forms."""

from __future__ import annotations

from flask import Blueprint, Response, render_template, request, send_file
from flask_login import login_required

from governance.desk import documents
from web.reader import application
from web.session import actor

blueprint = Blueprint("documents", __name__)


@blueprint.get("/documents/<document>")
@login_required
def page(document: str) -> str:
    return render_template("document.html", d=documents.read(application(), actor(), document, request.args.get("instance", "")))


@blueprint.get("/files/<file>")
@login_required
def download(file: str) -> Response:
    path, stored = documents.file(application(), actor(), file)
    return send_file(path, mimetype=stored.media_type, download_name=stored.name, as_attachment=True)
