"""The process designer's pages: drafts begun, a file edited, a draft tried, compared and published.

What the editors read and write goes over /api/v1/designer; these views hand over the page and the draft.
"""

from __future__ import annotations

from typing import Any

from flask import Blueprint, g, make_response, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_login import login_required
from marshmallow import ValidationError
from werkzeug.exceptions import BadRequest, UnprocessableEntity
from werkzeug.wrappers import Response as Answer

from api.designer_schemas import TrialAnswer, TrialBody
from api.problems import title_of
from api.resources.drafts import trials
from engine.errors import CogovError, Forbidden, NotFound
from governance.desk import form_preview
from governance.desk.designing import drafting, filing, listing, rights, zips
from governance.desk.meeting_views import MeetingPage
from web import meeting_page
from web.reader import application
from web.security import FORM_EDITOR
from web.session import actor

blueprint = Blueprint("designer", __name__, url_prefix="/designer")

#: kind of a file → the browser code that edits it; everything else is text
EDITORS = {"bpmn": "designer", "dmn": "dmn", "form": "form-editor"}


@blueprint.get("/new")
@login_required
def new() -> str:
    """A procedure begun from nothing, from a copy (``copy``) or from a zip."""
    rights.require_designer(application(), actor())
    return _begin(request.args.to_dict())


@blueprint.post("/edit")
@login_required
def edit() -> Answer:
    """Open the draft of a deployed procedure, or make it."""
    return _to(drafting.edit(application(), actor(), request.form.get("key", "")))


@blueprint.post("/new")
@login_required
def create() -> Answer | tuple[str, int]:
    """Begin the draft that the form describes; what was typed stays when it is refused."""
    typed = {name: value.strip() for name, value in request.form.items()}
    try:
        if typed.get("copy"):
            return _to(drafting.copy(application(), actor(), typed["copy"], typed.get("key", "")))
        return _to(drafting.new(application(), actor(), typed.get("key", ""), typed.get("zh", ""), typed.get("en", "")))
    except (Forbidden, NotFound):
        raise
    except CogovError as refused:
        return _begin(typed, refused), 422


@blueprint.post("/import")
@login_required
def import_() -> Answer | tuple[str, int]:
    """Drafts from a zip: the list when it held several, else the draft."""
    files = {part.filename: part.read() for part in request.files.getlist("package") if part.filename}
    try:
        made = zips.import_(application(), actor(), files)
    except Forbidden:
        raise
    except CogovError as refused:
        return _begin({}, refused), 422
    return _to(made[0]) if len(made) == 1 else redirect(url_for("procedures.page"))


@blueprint.post("/<draft>/discard")
@login_required
def discard(draft: str) -> Answer:
    """Throw the draft away as it was seen."""
    drafting.discard(application(), actor(), draft, request.form.get("revision", type=int) or 0)
    return redirect(url_for("procedures.page"))


@blueprint.get("/<draft>")
@login_required
def page(draft: str) -> Answer:
    """The editor of one file; without ``path`` that of the diagram."""
    found = drafting.show(application(), actor(), draft)
    path = request.args.get("path") or _diagram(found)
    line = next((f for f in found["files"] if f["path"] == path), None)
    if line is None and (path is None or not filing.read(application(), actor(), draft, path)[0].content):
        raise NotFound(path=path)
    kind = line["kind"] if line is not None else "form" if path.endswith(".form.json") else "text"
    # a file that its editor cannot read is mended as text
    editor = "text-editor" if request.args.get("as") == "text" else EDITORS.get(kind, "text-editor")
    shown = make_response(_frame("designer_edit.html", found, path=path, kind=kind, editor=editor))
    if editor == "form-editor":
        shown.headers["Content-Security-Policy"] = FORM_EDITOR
    return shown


@blueprint.get("/<draft>/try")
@login_required
def sandbox(draft: str) -> str:
    """A trial run: on the real engine, in memory, with a clock that is moved."""
    found = drafting.show(application(), actor(), draft)
    return _frame("designer_try.html", found, path=_diagram(found))


@blueprint.post("/<draft>/try")
@login_required
def trial(draft: str) -> dict[str, Any]:
    """A run of a case document, as the API answers it, with its meetings as their pages show them. Nothing is kept or sent.

    Raises BadRequest, FormInvalid (the document is no case), DeployRefused, TooLong.
    """
    try:
        document = TrialBody().load(request.get_json())
    except ValidationError as wrong:
        raise BadRequest(str(wrong.messages)) from wrong
    g.fragment = True
    stand = trials().play(application(), actor(), draft, document)
    held: list[MeetingPage] = stand["meetings"]
    shown = [
        render_template("designer_try_meeting.html", newest=meeting is held[-1], **meeting_page.context(meeting)) for meeting in held
    ]  # fmt: skip
    answer: dict[str, Any] = TrialAnswer(exclude=["meetings"]).dump(stand)
    return {**answer, "meetings": shown}


@blueprint.post("/<draft>/preview")
@login_required
def preview(draft: str) -> dict[str, Any]:
    """A form that is being edited, rendered for the form element. Raises BadRequest, UnprocessableEntity (it cannot be shown yet)."""
    body = request.get_json()
    schema = body.get("schema") if isinstance(body, dict) else None
    if not isinstance(schema, dict) or not isinstance(schema.get("components"), list):
        raise BadRequest('the body is {"schema": {…}, "language": "zh"}')
    try:
        return form_preview.preview(application(), actor(), draft, schema, "en" if body.get("language") == "en" else "zh")
    except (KeyError, TypeError, ValueError) as half:
        raise UnprocessableEntity(_("表单还不完整，现在不能预览：%(what)s", what=half)) from half


@blueprint.get("/<draft>/compare")
@login_required
def compare(draft: str) -> str:
    """What the draft changes, and publishing it."""
    found = drafting.show(application(), actor(), draft)
    return _frame("designer_compare.html", found, path=_diagram(found))


def _to(draft: dict[str, Any]) -> Answer:
    return redirect(url_for("designer.page", draft=draft["id"]))


def _begin(typed: dict[str, str], refused: CogovError | None = None) -> str:
    lines = listing.procedures(application(), actor())
    return render_template(
        "designer_new.html", here="procedures", typed=typed, problem=title_of(refused) if refused else None,
        originals=[line for line in lines if line["versions"]],
    )  # fmt: skip


def _diagram(draft: dict[str, Any]) -> str:
    """The diagram that bears the procedure's key, else the first there is."""
    paths = [f["path"] for f in draft["files"] if f["kind"] == "bpmn"]
    return next((path for path in paths if path.endswith(f"/{draft['key']}.bpmn")), next(iter(paths), ""))


def _frame(template: str, draft: dict[str, Any], **more: Any) -> str:
    """`handed` is what the browser code reads from the page."""
    handed = {
        "draft": draft["id"], "key": draft["key"], "name": draft["name"], "revision": draft["revision"], "path": more["path"],
        "base": draft["base_version"], "current": draft["current_version"],
        "pages": {"edit": url_for("designer.page", draft=draft["id"]), "list": url_for("procedures.page")},
    }  # fmt: skip
    return render_template(template, here="procedures", draft=draft, handed=handed, **more)
