"""Headers of every answer, and the check that a browser's POST comes from our own page."""

from __future__ import annotations

from flask import Flask, Response, g, request
from flask_login import current_user
from flask_wtf.csrf import CSRFProtect  # maintained, and used for forms and X-CSRF-Token alike

#: bpmn-js and form-js set style attributes from script; nothing else may be inline (design 10).
_STYLES = "style-src-elem 'self'; style-src-attr 'unsafe-inline'; style-src 'self' 'unsafe-inline'; "
_POLICY = (
    f"default-src 'self'; script-src 'self'; {_STYLES}"
    "img-src 'self' data: blob:; font-src 'self' data:; connect-src 'self'; "
    "object-src 'none'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'"
)
#: the form editor's property panel puts <style> elements into the page; scripts stay as strict as everywhere
FORM_EDITOR = _POLICY.replace(_STYLES, "style-src 'self' 'unsafe-inline'; ")


def protect(app: Flask) -> None:
    """CSRF for every unsafe request that a session cookie could authorise; requests with an API token are not such."""
    app.config.update(WTF_CSRF_CHECK_DEFAULT=False, WTF_CSRF_TIME_LIMIT=None)
    csrf = CSRFProtect(app)

    @app.before_request
    def check_origin() -> None:
        if request.method in ("GET", "HEAD", "OPTIONS", "TRACE") or g.get("token_scopes"):
            return
        # a program without a session has nothing a foreign page could misuse; it logs in by token or is refused
        if not request.path.startswith("/api/") or current_user.is_authenticated:
            csrf.protect()

    @app.after_request
    def headers(response: Response) -> Response:
        response.headers.setdefault("Content-Security-Policy", _POLICY)
        response.headers["X-Content-Type-Options"] = "nosniff"
        response.headers["Referrer-Policy"] = "same-origin"
        response.headers["X-Frame-Options"] = "DENY"
        response.headers.setdefault("Cache-Control", "no-store")
        return response
