"""Language, theme and text size: cookies, for people with and without an account."""

from __future__ import annotations

from flask import Blueprint, redirect, request
from werkzeug.wrappers import Response

blueprint = Blueprint("preferences", __name__)
_CHOICES = {"language": ("zh", "en"), "theme": ("light", "dark"), "size": ("normal", "large")}
_YEAR = 365 * 24 * 3600


@blueprint.post("/preferences")
def save() -> Response:
    back = request.form.get("back", "/")
    response = redirect(back if back.startswith("/") and not back.startswith(("//", "/\\")) else "/")
    for name, choices in _CHOICES.items():
        if (value := request.form.get(name)) in choices:
            response.set_cookie(name, str(value), max_age=_YEAR, samesite="Lax", httponly=True)
    return response
