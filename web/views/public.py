"""What anyone may read without an account, and the objection form."""

from __future__ import annotations

from flask import Blueprint, Response, jsonify, render_template, request, send_file, session, url_for

from governance.desk import public, public_calls
from governance.desk.opinions import rounds
from web.reader import application
from web.session import actor
from web.views.answers import submission

blueprint = Blueprint("public", __name__, url_prefix="/public")


@blueprint.get("")
def wall() -> str:
    found = public.wall(application(), query=request.args.get("q", "").strip())
    return render_template(
        "public_wall.html",
        publications=found,
        open_count=sum(1 for p in found if p.open),
        rounds=rounds.public_rounds(application()),
        calls=public_calls.open_calls(application()),
    )


@blueprint.get("/calls/<token>")
def call(token: str) -> str:
    shown, form = public_calls.call(application(), actor(), token)
    return render_template("public_call.html", c=shown, form=form, received=session.pop("answered", None) == token)


@blueprint.post("/calls/<token>")
def answer(token: str) -> Response:
    _, data = submission()
    public_calls.answer(application(), actor(), token, data, key=request.headers.get("Idempotency-Key"))
    session["answered"] = token
    return jsonify({"redirect": url_for("public.call", token=token)})


@blueprint.get("/<slug>")
def publication(slug: str) -> str:
    app = application()
    shown = public.publication(app, slug)
    received = session.pop("objection", None)
    return render_template("publication.html", p=shown, form=public.objection_form(app, actor(), slug), received=received)


@blueprint.post("/<slug>/objections")
def object(slug: str) -> Response:  # noqa: A001 - the word of the procedure
    _, data = submission()
    receipt = public.object_to(application(), actor(), slug, data, key=request.headers.get("Idempotency-Key"))
    # shown once, from the session: an address anyone can write must not put words on our page
    session["objection"] = receipt or ""
    return jsonify({"redirect": url_for("public.publication", slug=slug)})


@blueprint.get("/<slug>/photos/<file>")
def photo(slug: str, file: str) -> Response:
    path, stored = public.photo(application(), slug, file)
    return send_file(path, mimetype=stored.media_type, download_name=stored.name)
