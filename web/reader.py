"""The reader of a page: how moments, values and codes are written for him."""

from __future__ import annotations

from flask import current_app, g
from flask_babel import Babel

from api.language import language
from governance.application import Application
from web.presentation import Writer


def application() -> Application:
    """The application this Flask app serves."""
    return current_app.extensions["cogov"]  # type: ignore[no-any-return]


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
