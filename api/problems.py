"""One table from errors to HTTP, one JSON shape (conventions 11, problem+json). Nothing below this layer knows status codes."""

from __future__ import annotations

from typing import Any
from uuid import uuid4

from flask import Response, g, json, request
from flask_babel import gettext as _
from werkzeug.exceptions import HTTPException

from api.language import language
from engine.errors import (
    AlreadyCompleted,
    CogovError,
    Conflict,
    DeployRefused,
    ExpressionFailed,
    Finding,
    Forbidden,
    FormInvalid,
    InstanceEnded,
    NotExecutable,
    NotExpected,
    NotFound,
    NotOffered,
    ServiceRefused,
    UnknownVariable,
)
from governance.accounts.sign_in import LoginRefused
from governance.papers.pdf import PdfUnavailable


class Unauthenticated(CogovError):
    """Log in, or send an API token."""

    code = "unauthenticated"


#: most special first; the first class that fits decides
STATUS: tuple[tuple[type[CogovError], int], ...] = (
    (Unauthenticated, 401),
    (LoginRefused, 401),
    (NotFound, 404),
    (Forbidden, 403),
    (Conflict, 409),
    (FormInvalid, 422),
    (DeployRefused, 422),
    (ServiceRefused, 422),
    (PdfUnavailable, 503),
    (UnknownVariable, 422),
    (ExpressionFailed, 422),
    # a rule of the domain refused the values given: accounts, deadlines, registers …
    (CogovError, 422),
)


def status_of(error: CogovError) -> int:
    return next(status for kind, status in STATUS if isinstance(error, kind))


def title_of(error: CogovError) -> str:
    """The sentence for the user, in the request's language."""
    if isinstance(error, FormInvalid):
        return str(_("表单有 %(n)s 处需要修改", n=len(error.errors)))
    known: dict[type[CogovError], str] = {
        NotOffered: _("这件任务不在您名下，或您此刻没有相应的岗位"),
        AlreadyCompleted: _("这件任务已经办过了"),
        InstanceEnded: _("这件事项已经结束"),
        NotExpected: _("现在不能做这一步，情况可能已经变了"),
        DeployRefused: _("部署没有通过检查，什么都没有改变"),
    }
    if type(error) in known:
        return known[type(error)]
    if type(error) is NotFound:
        return str(_("没有找到，或您不能看"))
    if type(error) is Forbidden and error.message == (Forbidden.__doc__ or ""):
        return str(_("您没有权限做这一步"))
    return _in_one_language(error.message)


def _in_one_language(message: str) -> str:
    """Refusals of governance are written "中文 / English"; the reader gets his half."""
    zh, _slash, en = message.partition(" / ")
    return (en or zh) if language() == "en" else zh


def request_id() -> str:
    """The id that ties an answer to the log line."""
    if "request_id" not in g:
        g.request_id = request.headers.get("X-Request-Id", "")[:64] or uuid4().hex
    return str(g.request_id)


def finding(f: Finding) -> dict[str, Any]:
    return {
        "file": f.file, "element": f.element, "line": f.line, "code": f.code, "severity": f.severity, "message": f.message, "hint": f.hint,
        "stored": f.stored,
    }  # fmt: skip


def problem_response(error: CogovError | HTTPException) -> Response:
    """problem+json for any error that may reach a client."""
    if isinstance(error, CogovError):
        status, code, title = status_of(error), error.code, title_of(error)
        body: dict[str, Any] = {"errors": error.details.get("errors", [])} if isinstance(error, FormInvalid) else {}
        if isinstance(error, DeployRefused | NotExecutable):
            body = {"errors": [finding(f) for f in error.report]}
        elif not isinstance(error, FormInvalid) and error.details:
            body = {"details": error.details}
    else:
        status, code, title = error.code or 500, (error.name or "error").lower().replace(" ", "_"), error.description or error.name
        body = _validation(error)
    shown = {"type": f"urn:cogov:error:{code}", "code": code, "status": status, "title": title, "request_id": request_id(), **body}
    return Response(json.dumps(shown, default=str, ensure_ascii=False), status=status, mimetype="application/problem+json")


def _validation(error: HTTPException) -> dict[str, Any]:
    """Field errors of request schemas, as pointers."""
    messages = (getattr(error, "data", None) or {}).get("messages")
    if not messages:
        return {}
    found: list[dict[str, str]] = []
    pending: list[tuple[str, Any]] = [("", part) for part in messages.values()]
    while pending:
        pointer, value = pending.pop()
        if isinstance(value, dict):
            pending += [(f"{pointer}/{key}", inner) for key, inner in value.items()]
        else:
            texts = value if isinstance(value, list) else [value]
            found += [{"pointer": pointer or "/", "code": "schema", "message": str(text)} for text in texts]
    return {"errors": found}
