"""One act of an operator: its page is shown, refused with everything typed still there, or carried out."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

from flask import flash, g, redirect, request
from werkzeug.wrappers import Response

from api.problems import status_of, title_of
from engine.errors import CogovError, Forbidden, NotFound

Result = TypeVar("Result")
Answer = Response | str | tuple[str, int]
#: the page, with the sentence that says why the act was refused
Page = Callable[[str | None], str]


def reason() -> str:
    """What was typed as the reason."""
    return request.form.get("reason", "").strip()


def key() -> str | None:
    """The key of this form, so that a form sent twice acts once."""
    return request.form.get("key") or None


def a_version(text: str) -> int:
    """The number of a version as an address or form names it, one that a database can hold. Raises ValueError."""
    if not 0 < (number := int(text)) < 2**31:
        raise ValueError(text)
    return number


def carried_out(act: Callable[[], str], page: Page, done: str | Callable[[], str]) -> Answer:
    """Do it and go where `act` says; a refusal shows the page again, with the reason. Raises Forbidden, NotFound."""
    try:
        target = act()
    except (Forbidden, NotFound):
        raise
    except CogovError as refused:
        g.refusal = refused
        return page(title_of(refused)), status_of(refused)
    flash(done if isinstance(done, str) else done())
    return redirect(target)
