"""The reader of a page: language, theme, text size (cookies), zone and moment."""

from __future__ import annotations

from flask import Request, current_app, g, request
from flask_babel import Babel

from governance.application import Application
from web.presentation import Writer

LANGUAGES = ("zh", "en")


def application() -> Application:
    """The application this Flask app serves."""
    return current_app.extensions["cogov"]  # type: ignore[no-any-return]


def language_of(req: Request) -> str:
    """Chosen by ``?lang=``, else the cookie, else Accept-Language (zh-CN matches zh), else Chinese."""
    for wish in (req.args.get("lang"), req.cookies.get("language")):
        if wish in LANGUAGES:
            return str(wish)
    for wish, _quality in req.accept_languages:
        if wish.split("-")[0].lower() in LANGUAGES:
            return wish.split("-")[0].lower()
    return "zh"


def language() -> str:
    if "language" not in g:
        g.language = language_of(request)
    return str(g.language)


def writer() -> Writer:
    """Writes moments and values for this request's reader."""
    if "writer" not in g:
        app = application()
        g.writer = Writer(language(), app.zone, app.clock.now())
    return g.writer  # type: ignore[no-any-return]


class Codes:
    """Names of codes in the reader's language, read once for a page."""

    def __init__(self) -> None:
        self._lists = application().engine.queries.codes()

    def of(self, name: str, code: str | None) -> str:
        """The code's name in the list `name`; the code itself when the list does not have it."""
        found = next((c for c in self._lists.get(name, ()) if c["code"] == code), None)
        return str(found[language()]) if found else code or ""


def codes() -> Codes:
    """The code lists, for this request."""
    if "codes" not in g:
        g.codes = Codes()
    return g.codes  # type: ignore[no-any-return]


babel = Babel()
