"""Taking in workbooks: templates, check, report, take in, take back."""

from __future__ import annotations

from io import BytesIO

from flask import Blueprint, Response, flash, make_response, redirect, render_template, request, send_file, url_for
from flask_babel import gettext as _
from flask_login import login_required
from werkzeug.wrappers import Response as AnyResponse

from api.problems import title_of
from engine.errors import CogovError
from governance.desk import importing
from web.reader import application
from web.session import actor

blueprint = Blueprint("imports", __name__, url_prefix="/imports")

_XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
#: a page with more lines of a report helps nobody
MOST_LINES = 200


@blueprint.get("")
@login_required
def page() -> str:
    return _list()


@blueprint.get("/templates/<key>.xlsx")
@login_required
def template(key: str) -> Response:
    name, content = importing.template(application(), actor(), key)
    return send_file(BytesIO(content), mimetype=_XLSX, as_attachment=True, download_name=name)


@blueprint.post("")
@login_required
def upload() -> AnyResponse | tuple[str, int]:
    part = request.files.get("file")
    if part is None or not part.filename:
        return _list(_("请先选择一个 .xlsx 文件")), 422
    try:
        file = importing.upload(application(), actor(), part.filename, part.stream)
    except CogovError as refused:
        return _list(title_of(refused)), 422
    return redirect(url_for("imports.report", file=file))


@blueprint.get("/<uuid:file>")
@login_required
def report(file: object) -> str:
    return _report(importing.check(application(), actor(), str(file)))


@blueprint.post("/<uuid:file>/take")
@login_required
def take_in(file: object) -> Response | tuple[str, int]:
    done = importing.take_in(application(), actor(), str(file))
    if done.run is None:
        return _report(done), 422
    response = make_response(_report(done))
    if done.passwords:  # told once: no copy stays in the browser
        response.headers["Cache-Control"] = "no-store"
    return response


@blueprint.post("/runs/<run>/undo")
@login_required
def undo(run: str) -> AnyResponse | tuple[str, int]:
    try:
        importing.undo(application(), actor(), run)
    except CogovError as refused:
        return _list(title_of(refused)), 409
    flash(_("已撤销这次导入"))
    return redirect(url_for("imports.page"))


def _list(problem: str = "") -> str:
    kinds, runs = importing.page(application(), actor())
    return render_template("imports.html", here="imports", kinds=kinds, runs=runs, problem=problem)


def _report(shown: importing.Report) -> str:
    return render_template("import_report.html", here="imports", r=shown, most=MOST_LINES)
