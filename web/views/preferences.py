"""Language, theme and text size: cookies, for people with and without an account."""

from __future__ import annotations

from flask import Blueprint, redirect, request
from werkzeug.wrappers import Response

from web.session import own_path

blueprint = Blueprint("preferences", __name__)
_CHOICES = {"language": ("zh", "en"), "theme": ("light", "dark"), "size": ("normal", "large")}
_YEAR = 365 * 24 * 3600


@blueprint.post("/preferences")
def save() -> Response:
    response = redirect(own_path(request.form.get("back")) or "/")
    for name, choices in _CHOICES.items():
        if (value := request.form.get(name)) in choices:
            response.set_cookie(name, str(value), max_age=_YEAR, samesite="Lax", httponly=True)
    return response
