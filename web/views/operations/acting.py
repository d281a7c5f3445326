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


def version_named(field: str) -> int | None:
    """The version that the address or form names; None when it names none. Raises NotFound for what is no version or none that a
    database can hold: an act on one version never becomes an act on all of them."""
    text = request.values.get(field, "").strip()
    if not text:
        return None
    try:
        number = int(text)
    except ValueError:
        raise NotFound from None
    if not 0 < number < 2**31:
        raise NotFound
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
