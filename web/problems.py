"""Errors on pages: a page for people, problem+json for the form element, from the same table as the API."""

from __future__ import annotations

from flask import Flask, Response, render_template, request, url_for
from flask_babel import gettext as _
from flask_login import current_user
from werkzeug.exceptions import HTTPException

from api.problems import problem_response, request_id, status_of, title_of
from engine.errors import CogovError


def install(app: Flask) -> None:
    """Answer errors: a page to a person, problem+json to programs and to our own browser code."""
    app.register_error_handler(CogovError, _refused)
    app.register_error_handler(HTTPException, _http)


def _wants_page() -> bool:
    if request.path.startswith("/api/"):
        return False
    return request.method == "GET" or request.mimetype == "application/x-www-form-urlencoded"


def _refused(error: CogovError) -> Response | tuple[str, int]:
    if not _wants_page():
        return problem_response(error)
    return _page(status_of(error), title_of(error))


def _http(error: HTTPException) -> Response | tuple[str, int] | HTTPException:
    if not _wants_page():
        return problem_response(error)
    return _page(error.code or 500, "")


def _page(status: int, text: str) -> tuple[str, int]:
    titles = {
        403: _("您没有权限看这一页"),
        404: _("没有找到"),
        409: _("情况已经变了"),
        413: _("文件太大"),
        429: _("操作太频繁"),
    }
    texts = {
        403: _("需要相应的岗位或席位。如有需要，请联系所在社区的管理员。"),
        404: _("地址可能写错了，或者事项不在您可以看的范围内。"),
        409: _("有人刚刚办过这一步。请返回查看最新情况。"),
    }
    back = url_for("inbox.page") if current_user.is_authenticated else url_for("public.wall")
    return render_template(
        "problem.html",
        title=titles.get(status, _("出了问题")),
        text=text or texts.get(status, _("已经记录下来。请稍后再试；如果一直这样，请把请求编号告诉管理员。")),
        request_id=request_id(),
        back=back,
    ), status
