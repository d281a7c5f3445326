"""Moving a case by hand, and beginning a finished one again: tried first, with what would happen, then done."""

from __future__ import annotations

from collections.abc import Callable
from secrets import token_hex
from typing import Any

from flask import g, render_template, request, url_for
from flask_babel import gettext as _
from flask_login import login_required
from werkzeug.wrappers import Response

from api.problems import status_of, title_of
from engine.errors import CogovError, Forbidden, NotFound
from governance.desk import operator_case, powers
from web.reader import application
from web.session import actor
from web.views.operations.acting import Answer, carried_out, key, reason, version_named
from web.views.operations.blueprint import blueprint

_DOES = ("move", "start", "cancel")
_MOST_ROWS = 20
#: the reason of a trial that has none yet; a trial leaves nothing in the history
TRIAL = "预演 / dry run"


@blueprint.route("/cases/<instance>/move", methods=["GET", "POST"])
@login_required
def move(instance: str) -> Answer:
    """``do``: more (another step), try (what would happen), run."""
    shown = operator_case.page(application(), actor(), instance)
    steps = _steps()
    doing = request.form.get("do", "")
    if doing == "more" and len(steps) < _MOST_ROWS:
        steps.append(dict(_BLANK))

    def page(problem: str | None, outlook: dict[str, Any] | None = None) -> str:
        return render_template(
            "operations_move.html", here="operations", case=shown, steps=steps, places=operator_case.places(application(), instance),
            problem=problem, outlook=_named(instance, outlook), reason=reason(), key=key() or token_hex(16),
        )  # fmt: skip

    def attempt(why: str, *, dry_run: bool) -> dict[str, Any]:
        wanted = [found for step in steps if (found := _instruction(step))]
        return powers.modify(application(), actor(), instance, wanted, why, dry_run=dry_run, key=None if dry_run else key())

    if request.method == "GET" or doing not in ("try", "run"):
        return page(None)
    if doing == "try":
        return _tried(lambda: attempt(reason() or TRIAL, dry_run=True), page)

    def act() -> str:
        attempt(reason(), dry_run=False)
        return url_for("operations.case", instance=instance)

    return carried_out(act, page, _("已移动"))


@blueprint.route("/cases/<instance>/restart", methods=["GET", "POST"])
@login_required
def restart(instance: str) -> Answer:
    """``do``: try (what would happen), run."""
    shown = operator_case.page(application(), actor(), instance)
    chosen, where = request.form.getlist("at"), request.form.get("where", "before")
    version = version_named("version") or shown.version
    model = application().engine.queries.process(shown.process, version)

    def page(problem: str | None, outlook: dict[str, Any] | None = None) -> str:
        return render_template(
            "operations_restart.html", here="operations", case=shown, places=operator_case.places_in(model), chosen=chosen, where=where,
            version=version, problem=problem, outlook=_named(instance, outlook, version), reason=reason(), key=key() or token_hex(16),
        )  # fmt: skip

    def attempt(why: str, *, dry_run: bool) -> dict[str, Any]:
        at = [{"element": element, "where": where if where in ("before", "after") else "before"} for element in chosen]
        of = None if version == shown.version else version
        return powers.restart(application(), actor(), instance, at, why, version=of, dry_run=dry_run, key=None if dry_run else key())

    if request.method == "GET":
        return page(None)
    if request.form.get("do") != "run":
        return _tried(lambda: attempt(reason() or TRIAL, dry_run=True), page)

    def act() -> str:
        return url_for("operations.case", instance=attempt(reason(), dry_run=False)["instance"])

    return carried_out(act, page, _("已另起一件，从所选环节开始"))


def _tried(trial: Callable[[], dict[str, Any]], page: Callable[..., str]) -> Response | str | tuple[str, int]:
    """The page with what would happen, or why it cannot."""
    try:
        return page(None, trial())
    except (Forbidden, NotFound):
        raise
    except CogovError as refused:
        g.refusal = refused
        return page(title_of(refused)), status_of(refused)


_BLANK = {"does": "move", "token": "", "to": "", "where": "before", "scope": ""}


def _steps() -> list[dict[str, str]]:
    """The steps typed so far; at first one, with what the address already chose."""
    if request.method == "GET":
        asked = {name: request.args.get(name, "") for name in ("token", "to")}
        return [{**_BLANK, **asked, "where": request.args.get("where", "before")}]
    count = min(request.form.get("rows", type=int) or 1, _MOST_ROWS)
    return [{name: request.form.get(f"{name}-{n}", blank) for name, blank in _BLANK.items()} for n in range(count)]


def _instruction(step: dict[str, str]) -> dict[str, Any] | None:
    """A step as the API takes it; None for a row that was left empty."""
    does = step["does"] if step["does"] in _DOES else "move"
    process, _slash, element = step["to"].rpartition("/")
    begins = {"where": step["where"] or "before", "scope": step["scope"] or None, "process": process or None}
    if does == "cancel":
        return {"do": "cancel", "token": step["token"]} if step["token"] else None
    if not step["to"] and not (does == "move" and step["token"]):
        return None
    found = {"do": does, **({"token": step["token"] or None, "to": element} if does == "move" else {"element": element}), **begins}
    return {name: value for name, value in found.items() if value is not None}


def _named(instance: str, outlook: dict[str, Any] | None, version: int | None = None) -> dict[str, Any] | None:
    """An outlook with the names of its elements."""
    if outlook is None:
        return None
    names = operator_case.element_names(application(), instance, version)
    words = {name: [names.get(one, one) for one in outlook[name]] for name in ("started", "completed", "cancelled", "offered")}
    incidents = [{"name": names.get(one["element"], one["element"]), "code": one["code"]} for one in outlook["incidents"]]
    return {**outlook, **words, "incidents": incidents}
