"""Verifying a paper by the code printed on it. Open to everybody."""

from __future__ import annotations

from flask import Blueprint, Response, redirect, render_template, request, url_for
from werkzeug.wrappers import Response as AnyResponse

from api.language import language
from api.resources.papers import attachment
from engine.errors import NotFound
from governance.desk import verification
from web.reader import application

blueprint = Blueprint("verify", __name__, url_prefix="/verify")


@blueprint.get("")
def ask() -> str | AnyResponse:
    code = verification.normal(request.args.get("code", ""))
    if not code:
        return render_template("verify.html", paper=None, compared=None, asked="", here="verify")
    try:
        verification.paper(application(), code)
    except NotFound:
        return render_template("verify.html", paper=None, compared=None, asked=code, here="verify")
    return redirect(url_for("verify.page", code=code))


@blueprint.get("/<code>")
def page(code: str) -> str:
    return _page(code)


@blueprint.post("/<code>")
def compare(code: str) -> str:
    part = request.files.get("file")
    if part is None or not part.filename:
        return _page(code, missing=True)
    with part.stream:
        return _page(code, verification.compare(application(), code, part.filename, part.stream, language=language()))


@blueprint.get("/<code>.pdf")
def download(code: str) -> Response:
    return attachment(verification.download(application(), code))


def _page(code: str, compared: verification.Compared | None = None, *, missing: bool = False) -> str:
    return render_template(
        "verify.html",
        paper=verification.paper(application(), code),
        compared=compared,
        missing=missing,
        statement=verification.STATEMENT_OF_SEAL,
        asked="",
        here="verify",
    )
