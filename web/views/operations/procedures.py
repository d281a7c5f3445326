"""Procedures under administration: versions and what runs in them, no longer accepting cases, accepting them again."""

from __future__ import annotations

from secrets import token_hex

from flask import render_template, request, url_for
from flask_babel import gettext as _
from flask_login import login_required

from governance.desk import overseeing, powers
from web.reader import application
from web.session import actor
from web.views.operations.acting import Answer, carried_out, key, reason, version_named
from web.views.operations.blueprint import blueprint


@blueprint.get("/procedures")
@login_required
def procedures() -> str:
    return render_template(
        "operations_procedures.html", here="operations", tab="procedures", rows=overseeing.procedures(application(), actor())
    )


@blueprint.get("/procedures/<process>")
@login_required
def procedure(process: str) -> str:
    name, rows = overseeing.versions(application(), actor(), process)
    return render_template("operations_procedure.html", here="operations", key=process, name=name, rows=rows)


@blueprint.route("/procedures/<process>/suspend", methods=["GET", "POST"])
@login_required
def suspend_procedure(process: str) -> Answer:
    version, too = version_named("version"), "instances" in request.form

    def act() -> str:
        found = powers.suspend_definition(application(), actor(), process, reason(), version=version, instances=too, key=key())
        return url_for("operations.batch", batch_id=found.batch) if found.batch else url_for("operations.procedure", process=process)

    return _act(process, version, "suspend", too, act, _("已暂停受理"))


@blueprint.route("/procedures/<process>/resume", methods=["GET", "POST"])
@login_required
def resume_procedure(process: str) -> Answer:
    version = version_named("version")

    def act() -> str:
        batch = powers.resume_definition(application(), actor(), process, reason(), version=version, key=key())
        return url_for("operations.batch", batch_id=batch) if batch else url_for("operations.procedure", process=process)

    return _act(process, version, "resume", False, act, _("已恢复受理"))


def _act(process: str, version: int | None, act: str, too: bool, do: object, done: str) -> Answer:
    name, rows = overseeing.versions(application(), actor(), process)

    def page(problem: str | None) -> str:
        return render_template(
            "operations_procedure_act.html", here="operations", process=process, name=name, rows=rows, version=version, act=act, too=too,
            problem=problem, reason=reason(), key=key() or token_hex(16),
        )  # fmt: skip

    if request.method == "GET":
        return page(None)
    assert callable(do)
    return carried_out(do, page, done)
