"""Papers of a case: previews, issuing, downloads."""

from __future__ import annotations

from flask import Blueprint, Response, redirect, request, url_for
from flask_login import login_required
from werkzeug.exceptions import BadRequest
from werkzeug.wrappers import Response as AnyResponse

from api.resources.papers import attachment
from governance.desk import cases, papers
from web.reader import application
from web.session import actor
from web.views.answers import keep

blueprint = Blueprint("papers", __name__, url_prefix="/cases/<instance>/papers")


def version_asked() -> int | None:
    """The version in the address; None: the newest. Raises BadRequest."""
    text = request.args.get("version", "")
    if text and not (text.isdigit() and len(text) < 6):
        raise BadRequest("version is a number")
    return int(text) if text else None


@blueprint.get("/<paper>.<any(docx, pdf):form>")
@login_required
def download(instance: str, paper: str, form: str) -> Response:
    app, me = application(), actor()
    scope, language = request.args.get("scope", ""), request.args.get("language", "zh")
    if "preview" in request.args:
        return attachment(papers.preview(app, me, instance, paper, scope=scope, language=language, form=form))
    read = papers.pdf if form == "pdf" else papers.docx
    return attachment(read(app, me, instance, paper, scope=scope, language=language, version=version_asked()))


@blueprint.post("/<paper>/issue")
@login_required
def issue(instance: str, paper: str) -> AnyResponse:
    app, me = application(), actor()
    made = papers.issue(app, me, instance, paper, scope=request.form.get("scope", ""))
    number = f" {made[0]['number']}" if made[0]["number"] else ""
    if any(row["changed"] for row in made):
        zh, en = f"已签发：{made[0]['title_zh']}{number}", f"Issued: {made[0]['title_en']}{number}"
    else:
        zh, en = f"内容没有变化，仍是第 {made[0]['version']} 版", f"Nothing has changed: it is still version {made[0]['version']}"
    keep(cases.outcome(app, me, instance, zh, en))
    return redirect(url_for("cases.page", instance=instance) + "#papers")
