"""Opinion rounds: answering (account, personal link, public, staff at the door), results, adoption table, exports of staff."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from flask import Blueprint, Response, redirect, render_template, request, session, url_for
from flask_login import login_required
from werkzeug.datastructures import MultiDict
from werkzeug.exceptions import NotFound
from werkzeug.wrappers import Response as AnyResponse

from api.language import language
from api.problems import title_of
from engine.definitions.model import Label
from engine.errors import FormInvalid
from governance.desk.opinions import answering, exporting, handing_out, rounds
from governance.desk.opinions.views import Page
from governance.opinions.answering import RoundClosed
from governance.registers.export import plain_cell, to_csv, to_xlsx
from web.qr import qr_svg
from web.reader import application
from web.session import actor

blueprint = Blueprint("opinions", __name__, url_prefix="/opinions")
_IDENTITY = ("name", "phone", "household", "unit", "group")
_MEDIA = {"csv": "text/csv; charset=utf-8", "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"}


@blueprint.get("/<slug>")
@blueprint.get("/<slug>/<uuid:token>")
def page(slug: str, token: object | None = None) -> str:
    return _shown(slug, _text(token))


@blueprint.post("/<slug>")
@blueprint.post("/<slug>/<uuid:token>")
def answer(slug: str, token: object | None = None) -> AnyResponse | tuple[str, int]:
    """A plain form: works without script. What was typed comes back with the errors."""
    link = _text(token)
    shown = rounds.page(application(), actor(), slug, token=link)
    form = request.form
    try:
        taken = answering.answer(
            application(),
            actor(),
            slug,
            _answers(shown, form),
            token=link,
            slot=form.get("slot") or None,
            identity=_identity(form),
            channel=form.get("channel") or None,
            device=f"{request.remote_addr}|{request.user_agent.string}",
        )
    except FormInvalid as wrong:
        return _shown(slug, link, {e.pointer: e.message for e in wrong.errors}), 422
    except RoundClosed as closed:
        return _shown(slug, link, {"": title_of(closed)}), 409
    session["opinion"] = {"slug": slug, "mark": taken.mark, "replaced": taken.replaced}
    enter = "1" if form.get("channel") else None
    return redirect(url_for("opinions.page", slug=slug, token=link, enter=enter), 303)


@blueprint.post("/<slug>/links")
@login_required
def links(slug: str) -> str:
    """Personal links to hand out, as text and as codes to print: this answer is the only place where they are ever shown."""
    handed = handing_out.hand_out(application(), actor(), slug, request.form.getlist("slot"))
    address = {line["token"]: url_for("opinions.page", slug=slug, token=line["token"], _external=True) for line in handed.links}
    codes = {token: qr_svg(url, title=handed.title) for token, url in address.items()}
    return render_template("opinion_links.html", h=handed, address=address, drawn=codes)


@blueprint.get("/<slug>/answers.<format>")
@login_required
def export(slug: str, format: str) -> Response:  # noqa: A002 - the word of the address
    if format not in _MEDIA:
        raise NotFound
    app, now_language = application(), language()
    head, rows = exporting.lines(app, actor(), slug)
    table = [[h.in_(now_language) for h in head], *([plain_cell(v, now_language, app.zone) for v in row] for row in rows)]
    content = to_csv(table) if format == "csv" else to_xlsx(Label("答卷", "Answers"), table, now_language)
    return Response(content, mimetype=_MEDIA[format], headers={"Content-Disposition": f'attachment; filename="opinions.{format}"'})


def _shown(slug: str, token: str | None, errors: Mapping[str, str] | None = None) -> str:
    kept = session.get("opinion")
    just_answered = kept is not None and kept["slug"] == slug
    shown = rounds.page(application(), actor(), slug, token=token, answered=just_answered)
    typed = request.form if errors is not None else MultiDict()
    slot = request.values.get("slot")
    behalf = shown.sheet is not None and shown.sheet.behalf
    asked = behalf or slot is not None or "enter" in request.values or bool(request.form.get("channel"))
    entering = shown.enters and shown.taking and asked
    taken = session.pop("opinion") if errors is None and just_answered else None
    address = url_for("opinions.page", slug=slug, _external=True)
    return render_template(
        "opinion_round.html",
        r=shown,
        token=token,
        errors=errors or {},
        typed=typed,
        before=None if errors is not None or entering else (shown.sheet.before if shown.sheet else None),
        entering=entering,
        behalf=behalf,
        entered_for=next((s for s in shown.waiting if s["id"] == slot), None) if entering else None,
        taken=taken,
        address=address,
        qr=qr_svg(address, title=shown.title) if shown.staff and shown.public and shown.taking else None,
    )


def _answers(shown: Page, form: MultiDict[str, str]) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for question in shown.questions:
        key = question["key"]
        if question["kind"] == "clause":
            found[key] = {"stance": form.get(f"a-{key}-stance"), "text": form.get(f"a-{key}-text", "")}
        else:
            found[key] = form.getlist(f"a-{key}") if question["multiple"] else form.get(f"a-{key}")
    return found


def _identity(form: MultiDict[str, str]) -> dict[str, Any]:
    said: dict[str, Any] = {name: form.get(f"i-{name}", "") for name in _IDENTITY}
    if form.get("i-resident") in ("yes", "no"):
        said["resident"] = form["i-resident"] == "yes"
    return said


def _text(token: object | None) -> str | None:
    return None if token is None else str(token)
