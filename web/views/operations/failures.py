"""What has failed: steps of cases and jobs in the background, tried again or given up, one or many."""

from __future__ import annotations

from flask import flash, render_template, request, url_for
from flask_babel import gettext as _
from flask_login import login_required

from api.problems import title_of
from engine.commands.operating import ReasonMissing
from engine.errors import CogovError
from governance.desk import failed_jobs, operations
from web.reader import application
from web.session import actor
from web.views.operations.acting import Answer, carried_out, reason
from web.views.operations.blueprint import blueprint


@blueprint.get("")
@login_required
def page() -> str:
    return render_template(
        "operations.html", here="operations", tab="failures", incidents=operations.incidents(application(), actor()),
        jobs=failed_jobs.listed(application(), actor()),
    )  # fmt: skip


@blueprint.get("/incidents")
@login_required
def incidents() -> str | Answer:
    """The chosen incidents (``id``, several), before they are tried again."""
    return _incidents(request.args.getlist("id"), None)


@blueprint.post("/incidents")
@login_required
def retry_incidents() -> Answer:
    chosen = request.form.getlist("id")
    mine = {i.id: i for i in operations.incidents(application(), actor())}
    rows = [mine[one] for one in chosen if one in mine]
    went: list[str] = []

    def act() -> str:
        refused = operations.retry_incidents(application(), actor(), [(row.instance, row.id) for row in rows], reason())
        for one, error in refused:
            flash(_("%(name)s 没有重试：%(why)s", name=mine[one].element.in_(actor().language), why=title_of(error)))
        went.extend(row.id for row in rows[len(refused) :])
        return url_for("operations.page")

    done = _("已重试；如果还是失败，会留在这里")
    return carried_out(act, lambda problem: _incidents(chosen, problem), lambda: done if went else _("没有选中故障"))


def _incidents(chosen: list[str], problem: str | None) -> str:
    rows = [row for row in operations.incidents(application(), actor()) if row.id in chosen]
    return render_template("operations_retry.html", here="operations", incidents=rows, jobs=(), discard=False, problem=problem)


@blueprint.get("/jobs")
@login_required
def jobs() -> str:
    """The chosen jobs (``id``, several), before they are tried again or given up (``do=discard``)."""
    return _jobs(request.args.getlist("id"), request.args.get("do") == "discard", None)


@blueprint.post("/jobs")
@login_required
def act_on_jobs() -> Answer:
    chosen, discard = request.form.getlist("id"), request.form.get("do") == "discard"
    went: list[str] = []
    one_by_one = failed_jobs.discard if discard else failed_jobs.retry

    def act() -> str:
        for failure in chosen:
            try:
                one_by_one(application(), actor(), failure, reason())
                went.append(failure)
            except ReasonMissing:
                raise
            except CogovError as error:
                flash(f"{failure}：{title_of(error)}")
        return url_for("operations.page")

    done = _("不再执行这些任务") if discard else _("已重新排队；如果还是失败，会留在这里")
    return carried_out(act, lambda problem: _jobs(chosen, discard, problem), lambda: done if went else _("没有选中故障"))


def _jobs(chosen: list[str], discard: bool, problem: str | None) -> str:
    rows = [job for job in failed_jobs.listed(application(), actor()) if job.id in chosen and job.state == "failed"]
    return render_template("operations_retry.html", here="operations", incidents=(), jobs=rows, discard=discard, problem=problem)
