"""The process designer: drafts of procedures, their files, checks and zips. Everything needs the grant ``admin.design``."""

from __future__ import annotations

import base64
import binascii
from contextlib import closing
from typing import Any

from flask import Response, current_app, request
from flask.views import MethodView
from flask_smorest import Blueprint
from werkzeug.exceptions import BadRequest, UnprocessableEntity
from werkzeug.http import parse_etags

from api.auth import application, caller, needs
from api.designer_schemas import (
    CasesAnswer,
    CatalogueAnswer,
    CatalogueQuery,
    CheckAnswer,
    DiffAnswer,
    DiffQuery,
    DraftDetail,
    ExportQuery,
    ExpressionCheck,
    ExpressionCheckBody,
    FileAnswer,
    LayoutAnswer,
    LayoutBody,
    OpenBody,
    ProcedureLine,
    PublishBody,
    PublishedAnswer,
    RefreshAnswer,
    RefreshBody,
    RenameBody,
    RevisionQuery,
    SaveBody,
    Saved,
    TrialAnswer,
    TrialBody,
    TrialSaveBody,
)
from api.documented import upload
from api.resources.meetings import shown
from governance.designer.catalogue import Catalogue
from governance.designer.drafts import text_of
from governance.designer.files import CODES, kind_of
from governance.designer.publishing import Published
from governance.designer.store import Draft
from governance.desk.designing import checking, drafting, editing, expressions, filing, listing, publishing, zips
from governance.desk.trials import Trials

blueprint = Blueprint("designer_api", __name__, url_prefix="/api/v1/designer", description="Process designer")
_ZIP: dict[str, Any] = {
    "responses": {"200": {"description": "a zip of processes/ and forms/", "content": {"application/zip": {"schema": {"type": "string"}}}}}
}


@blueprint.route("/procedures", methods=["GET"])
@blueprint.response(200, ProcedureLine(many=True))
@needs("design")
def procedures() -> list[dict[str, Any]]:
    """Every procedure with its versions, how many cases run in each, and its draft."""
    return listing.procedures(application(), caller())


@blueprint.route("/procedures/<key>/versions/<int:version>/export.zip", methods=["GET"])
@blueprint.doc(**_ZIP)
@needs("design")
def export_version(key: str, version: int) -> Response:
    """The files of a procedure as they were in this version."""
    return _zip(*zips.export_version(application(), caller(), key, version))


@blueprint.route("/drafts", methods=["POST"])
@blueprint.arguments(OpenBody)
@blueprint.response(201, DraftDetail)
@needs("design")
def open_(body: dict[str, Any]) -> dict[str, Any]:
    """Open the draft of a procedure (``key``; made if there is none), begin a ``new`` one, or ``copy`` one ``as`` another key."""
    app, actor = application(), caller()
    match sorted(body):
        case ["key"]:
            return drafting.edit(app, actor, body["key"])
        case ["new"]:
            return drafting.new(app, actor, **body["new"])
        case ["as_", "copy"]:
            return drafting.copy(app, actor, body["copy"], body["as_"])
    raise UnprocessableEntity("give key, or new, or copy with as")


@blueprint.route("/drafts/import", methods=["POST"])
@blueprint.response(201, DraftDetail(many=True))
@blueprint.doc(**upload("package", description="one zip (multipart, or the body itself), or files named by their paths"))
@needs("design")
def import_() -> list[dict[str, Any]]:
    """Drafts from a zip: one for each procedure in it."""
    files = {}
    for _field, part in request.files.items(multi=True):
        with closing(part):
            if part.filename:
                files[part.filename] = part.read()
    if not files and request.mimetype in ("application/zip", "application/octet-stream"):
        files = {"package.zip": request.get_data()}
    return zips.import_(application(), caller(), files)


@blueprint.route("/drafts/<draft>")
class OneDraft(MethodView):
    @blueprint.response(200, DraftDetail)
    @needs("design")
    def get(self, draft: str) -> dict[str, Any]:
        """A draft with the list of its files."""
        return drafting.show(application(), caller(), draft)

    @blueprint.arguments(RevisionQuery, location="query")
    @blueprint.response(204)
    @needs("design")
    def delete(self, query: dict[str, Any], draft: str) -> None:
        """Throw a draft away; what is deployed stays as it is."""
        drafting.discard(application(), caller(), draft, _revision(query))


@blueprint.route("/drafts/<draft>/files/<path:path>")
class OneFile(MethodView):
    @blueprint.response(200, FileAnswer)
    @needs("design")
    def get(self, draft: str, path: str) -> dict[str, Any]:
        """A file of the draft. Shared forms and codes are there too, with revision 0 until the draft changes them."""
        file, found = filing.read(application(), caller(), draft, path)
        content = file.content or b""
        text = text_of(content)
        return {
            "path": path,
            "kind": "codes" if path == CODES else kind_of(path),
            "text": text,
            "base64": base64.b64encode(content).decode() if text is None else None,
            "revision": file.revision,
            "draft_revision": found.revision,
        }

    @blueprint.arguments(SaveBody)
    @blueprint.response(200, Saved)
    @needs("design")
    def put(self, body: dict[str, Any], draft: str, path: str) -> dict[str, Any]:
        """Save a file. 409 when somebody else changed it after the revision you read: the answer has both versions."""
        return _saved(filing.save(application(), caller(), draft, path, _content(body), _revision(body)))

    @blueprint.arguments(RevisionQuery, location="query")
    @blueprint.response(200, Saved)
    @needs("design")
    def delete(self, query: dict[str, Any], draft: str, path: str) -> dict[str, Any]:
        """Take a file away."""
        return _saved(filing.remove(application(), caller(), draft, path, _revision(query)))


@blueprint.route("/drafts/<draft>/rename", methods=["POST"])
@blueprint.arguments(RenameBody)
@blueprint.response(200, Saved)
@needs("design")
def rename(body: dict[str, Any], draft: str) -> dict[str, Any]:
    """Give a file another path."""
    return _saved(filing.rename(application(), caller(), draft, body["from_"], body["to"], body["revision"]))


@blueprint.route("/drafts/<draft>/check", methods=["POST"])
@blueprint.response(200, CheckAnswer)
@needs("design")
def check(draft: str) -> dict[str, Any]:
    """What a deployment of the draft would say: findings in its files, and those it would cause elsewhere."""
    report = checking.check(application(), caller(), draft)
    return {"ok": report.errors == 0, "errors": report.errors, "warnings": report.warnings, "problems": report.problems}


@blueprint.route("/drafts/<draft>/layout", methods=["POST"])
@blueprint.arguments(LayoutBody)
@blueprint.response(200, LayoutAnswer)
@needs("design")
def layout(body: dict[str, Any], draft: str) -> dict[str, Any]:
    """The BPMN with its picture drawn anew ("tidy up"); nothing is saved."""
    if sorted(body) not in (["path"], ["xml"]):
        raise UnprocessableEntity("give path or xml")
    return {"xml": editing.laid_out(application(), caller(), draft, **body).decode()}


@blueprint.route("/drafts/<draft>/refresh", methods=["POST"])
@blueprint.arguments(RefreshBody)
@blueprint.response(200, RefreshAnswer)
@needs("design")
def refresh(body: dict[str, Any], draft: str) -> dict[str, Any]:
    """Take over what was deployed since the draft was made; files that both sides changed must be decided."""
    clashes = drafting.refresh(application(), caller(), draft, body["keep"])
    return {"clashes": clashes, "draft": drafting.show(application(), caller(), draft)}


@blueprint.route("/drafts/<draft>/diff", methods=["GET"])
@blueprint.arguments(DiffQuery, location="query")
@blueprint.response(200, DiffAnswer)
@needs("design")
def diff(query: dict[str, Any], draft: str) -> dict[str, Any]:
    """What the draft changes: files with both texts, and elements of diagrams in words."""
    return publishing.diff(application(), caller(), draft, version=query["version"])


@blueprint.route("/drafts/<draft>/publish", methods=["POST"])
@blueprint.arguments(PublishBody)
@blueprint.response(201, PublishedAnswer)
@needs("design")
def publish(body: dict[str, Any], draft: str) -> Published:
    """Make the draft the newest version. 422 with the report when the check finds errors, 409 when something
    it opens to more readers is not confirmed. Running cases keep their version."""
    return publishing.publish(application(), caller(), draft, body["revision"], body["note"], body["confirmed"])


@blueprint.route("/drafts/<draft>/sandbox", methods=["POST"])
@blueprint.arguments(TrialBody)
@blueprint.response(200, TrialAnswer)
@needs("design")
def sandbox(body: dict[str, Any], draft: str) -> dict[str, Any]:
    """Replay a case document over the draft, in memory and with a clock of its own, and say where it stands. Nothing is kept or sent."""
    stand = trials().play(application(), caller(), draft, body)
    return {**stand, "meetings": [shown(meeting) for meeting in stand["meetings"]]}


@blueprint.route("/drafts/<draft>/sandbox/save", methods=["POST"])
@blueprint.arguments(TrialSaveBody)
@blueprint.response(200, Saved)
@needs("design")
def save_sandbox(body: dict[str, Any], draft: str) -> dict[str, Any]:
    """Append the run as a case to the draft's cases.yaml; where it stands becomes what it must bring about."""
    return _saved(trials().save(application(), caller(), draft, body["case"], body["name"], body["revision"]))


@blueprint.route("/drafts/<draft>/cases", methods=["POST"])
@blueprint.response(200, CasesAnswer)
@needs("design")
def cases(draft: str) -> dict[str, Any]:
    """Run the draft's example runs: each passed, or the step that failed in words; and the flows no run takes."""
    return trials().cases(application(), caller(), draft)


@blueprint.route("/drafts/<draft>/export.zip", methods=["GET"])
@blueprint.arguments(ExportQuery, location="query")
@blueprint.doc(**_ZIP)
@needs("design")
def export(query: dict[str, Any], draft: str) -> Response:
    """The draft's files; with ``?all=true`` everything deployed, the draft over it."""
    return _zip(*zips.export(application(), caller(), draft, everything=query["all"]))


@blueprint.route("/catalogue", methods=["GET"])
@blueprint.arguments(CatalogueQuery, location="query")
@blueprint.response(200, CatalogueAnswer)
@needs("design")
def catalogue(query: dict[str, Any]) -> Catalogue:
    """What property panels offer: roles, services, forms, processes, decisions, registers, codes, committees, areas, ladders, settings,
    field kinds, field rules, access classes, messages, functions."""
    return editing.catalogue(application(), caller(), query["draft"])


@blueprint.route("/expressions/check", methods=["POST"])
@blueprint.arguments(ExpressionCheckBody)
@blueprint.response(200, ExpressionCheck)
@needs("design")
def check_expression(body: dict[str, Any]) -> dict[str, Any]:
    """Whether a FEEL expression can be read, and its value."""
    return expressions.check_expression(application(), caller(), body["expression"], body["names"], body["variables"])


def trials() -> Trials:
    return current_app.extensions["cogov_trials"]  # type: ignore[no-any-return]


def _saved(draft: Draft) -> dict[str, Any]:
    return {"revision": draft.revision, "saved_at": draft.updated_at}


def _content(body: dict[str, Any]) -> bytes:
    if ("text" in body) == ("base64" in body):
        raise UnprocessableEntity("give text or base64")
    if "text" in body:
        return str(body["text"]).encode()
    try:
        return base64.b64decode(body["base64"], validate=True)
    except binascii.Error as wrong:
        raise BadRequest("base64 cannot be read") from wrong


def _revision(given: dict[str, Any]) -> int:
    """The revision that was read: given, or the header If-Match (conventions 11)."""
    if "revision" in given:
        return int(given["revision"])
    tags = parse_etags(request.headers.get("If-Match")).as_set(include_weak=True)
    if len(tags) != 1 or not (tag := next(iter(tags))).isdigit():
        raise UnprocessableEntity("give the revision you have read, as revision or as If-Match")
    return int(tag)


def _zip(name: str, content: bytes) -> Response:
    return Response(content, mimetype="application/zip", headers={"Content-Disposition": f'attachment; filename="{name}"'})
