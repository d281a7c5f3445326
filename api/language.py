"""The reader's language: chosen by ``?lang=``, else the cookie of the preferences, else Accept-Language, else Chinese."""

from __future__ import annotations

from flask import Request, g, request

LANGUAGES = ("zh", "en")


def language_of(req: Request) -> str:
    """zh-CN matches zh; the first language we have wins."""
    for wish in (req.args.get("lang"), req.cookies.get("language")):
        if wish in LANGUAGES:
            return str(wish)
    for wish, _quality in req.accept_languages:
        if wish.split("-")[0].lower() in LANGUAGES:
            return wish.split("-")[0].lower()
    return "zh"


def language() -> str:
    """Of this request."""
    if "language" not in g:
        g.language = language_of(request)
    return str(g.language)
