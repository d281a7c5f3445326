"""Under which of several fitting posts somebody acts: what he chose last for a procedure is proposed first (a cookie)."""

from __future__ import annotations

from collections.abc import Sequence

from flask import Response, request

from engine.actor import Mandate

_YEAR = 365 * 24 * 3600


def preferred(mandates: Sequence[Mandate], process: str) -> list[Mandate]:
    """The mandates, the one chosen last time first. A post that is over is not among them any more."""
    last = request.cookies.get(_name(process))
    return sorted(mandates, key=lambda m: m.selector != last)


def remember(response: Response, process: str, selector: object) -> Response:
    """Keep what was chosen."""
    if isinstance(selector, str) and selector:
        response.set_cookie(_name(process), selector, max_age=_YEAR, samesite="Lax", httponly=True)
    return response


def _name(process: str) -> str:
    return f"post-{process}"
