"""Pages. Thin: a view asks a use case of governance.desk and renders a template."""

from __future__ import annotations

from typing import Any

from flask import Flask, g, redirect, request, send_from_directory, url_for
from flask import session as browser_session
from flask_login import current_user
from werkzeug.local import LocalProxy
from werkzeug.wrappers import Response

from api.language import language
from web import problems, security
from web import session as login
from web.assets import STATIC, entry
from web.reader import application, babel, codes, writer
from web.surroundings import surroundings
from web.views import (
    account,
    agenda,
    answers,
    cases,
    corrections,
    designer,
    documents,
    imports,
    inbox,
    meetings,
    notices,
    operations,
    opinions,
    papers,
    preferences,
    procedures,
    public,
    registers,
    search,
    start,
    tasks,
    verify,
    votes,
)

BLUEPRINTS = tuple(
    module.blueprint
    for module in (
        login,
        inbox,
        agenda,
        tasks,
        start,
        cases,
        corrections,
        registers,
        public,
        procedures,
        designer,
        notices,
        account,
        search,
        documents,
        papers,
        verify,
        preferences,
        operations,
        opinions,
        imports,
        meetings,
        votes,
    )
)


def install(app: Flask) -> None:
    """Add pages, login, languages and security headers to the Flask app."""
    babel.init_app(app, locale_selector=language, default_locale="zh", default_domain="messages")
    login.install(app)
    security.protect(app)
    for blueprint in BLUEPRINTS:
        app.register_blueprint(blueprint)
    problems.install(app)
    app.context_processor(_context)
    app.add_url_rule("/", "home", _home)
    app.add_url_rule("/favicon.ico", "favicon", lambda: _static("mark.svg"))
    app.add_url_rule("/static/<path:name>", "static_file", _static)


def _home() -> Response:
    return redirect(url_for("inbox.page" if current_user.is_authenticated else "public.wall"))


def _static(name: str) -> Response:
    response = send_from_directory(STATIC, name)
    # Vite names files in dist/assets by their content
    response.headers["Cache-Control"] = "public, max-age=31536000, immutable" if name.startswith("dist/assets/") else "public, max-age=3600"
    return response


def _context() -> dict[str, Any]:
    """What every template may use."""
    app, known = application(), current_user.is_authenticated
    return {
        "w": writer(),
        "codes": LocalProxy(codes),
        "language": language(),
        "theme": request.cookies.get("theme"),
        "large_text": request.cookies.get("size") == "large",
        "entry": entry,
        "place": app.place.in_(language()),
        "me": current_user if known else None,
        # read when a page with the menu asks for it: open pages and fragments do not
        "frame": LocalProxy(surroundings),
        "outcome": answers.take() if known and not g.get("fragment") and "outcome" in browser_session else None,
    }
