"""Corrections of what was handed in with a completed task."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

from flask.views import MethodView
from flask_smorest import Blueprint

from api.auth import application, caller, needs
from api.schemas import CorrectionBody, CorrectionDecision, CorrectionDetail, CorrectionList, CorrectionQuery
from engine import values
from engine.definitions.model import Label
from governance.corrections.differences import Line
from governance.desk import corrections
from governance.desk.correction_views import RequestPage

blueprint = Blueprint("corrections_api", __name__, url_prefix="/api/v1", description="Corrections after completion")


@blueprint.route("/tasks/<task>/corrections", methods=["POST"])
@blueprint.arguments(CorrectionBody)
@blueprint.response(201, CorrectionDetail)
@needs("tasks:write")
def ask(body: dict[str, Any], task: str) -> dict[str, Any]:
    """Ask for a correction of what was handed in with a completed task, at a start or with an action; somebody above decides."""
    app, me = application(), caller()
    request = corrections.ask(app, me, task, body["form"], body["reason"], on_behalf_of=body["on_behalf_of"])
    return _detail(corrections.page(app, me, request))


@blueprint.route("/corrections")
class Corrections(MethodView):
    @blueprint.arguments(CorrectionQuery, location="query")
    @blueprint.response(200, CorrectionList)
    @needs("tasks:read")
    def get(self, query: dict[str, Any]) -> dict[str, Any]:
        """Requests that wait for the caller's decision, or that he asked for himself."""
        found = corrections.waiting if query["view"] == "waiting" else corrections.asked
        return {"items": found(application(), caller())}


@blueprint.route("/corrections/<request>")
class Correction(MethodView):
    @blueprint.response(200, CorrectionDetail)
    @needs("tasks:read")
    def get(self, request: str) -> dict[str, Any]:
        """Both versions, field by field."""
        return _detail(corrections.page(application(), caller(), request))


@blueprint.route("/corrections/<request>/approve", methods=["POST"])
@blueprint.arguments(CorrectionDecision)
@blueprint.response(200, CorrectionDetail)
@needs("tasks:write")
def approve(body: dict[str, Any], request: str) -> dict[str, Any]:
    """Make it the newest version. Sent again by the same person it gives the first answer."""
    return _detail(corrections.approve(application(), caller(), request, body["reason"]))


@blueprint.route("/corrections/<request>/refuse", methods=["POST"])
@blueprint.arguments(CorrectionDecision)
@blueprint.response(200, CorrectionDetail)
@needs("tasks:write")
def refuse(body: dict[str, Any], request: str) -> dict[str, Any]:
    """Turn it down, with the reason."""
    return _detail(corrections.refuse(application(), caller(), request, body["reason"]))


def _detail(page: RequestPage) -> dict[str, Any]:
    facts = {name: getattr(page, name) for name in ("reason", "version", "why_not", "decided_at", "decision_reason", "written", "left")}
    return {**asdict(page.line), **facts, "lines": [_line(line) for line in page.lines]}


def _line(line: Line) -> dict[str, Any]:
    return {"label": line.label, "before": _plain(line.before), "after": _plain(line.after), "changed": line.changed}


def _plain(value: Any) -> Any:
    """Names of codes and people as {zh, en}."""
    if isinstance(value, Label):
        return {"zh": value.zh, "en": value.en}
    return [_plain(v) for v in value] if isinstance(value, list) else values.plain(value)
