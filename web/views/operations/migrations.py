"""Moving cases to another version: the plan as a table, tried, then carried out for one case or many."""

from __future__ import annotations

from secrets import token_hex
from typing import Any

from flask import g, render_template, request, url_for
from flask_babel import gettext as _
from flask_login import login_required

from api.problems import status_of, title_of
from engine.errors import CogovError, Forbidden, NotFound
from governance.desk import migrating, operator_case, overseeing, powers
from governance.desk.migrating import Table
from web.reader import application
from web.session import actor
from web.views.operations.acting import Answer, carried_out, key, reason, version_named
from web.views.operations.blueprint import blueprint
from web.views.operations.tokens import TRIAL


@blueprint.route("/cases/<instance>/migrate", methods=["GET", "POST"])
@login_required
def migrate_case(instance: str) -> Answer:
    """One case. ``do``: check (the plan as edited), try, run."""
    shown = operator_case.page(application(), actor(), instance)
    after = version_named("to") or shown.newest
    table = _table(shown.process, shown.version, after, instance)

    def page(problem: str | None, outlook: dict[str, Any] | None = None) -> str:
        names = operator_case.element_names(application(), instance, after) if outlook else {}
        return _page(table, problem, case=shown, outlook=outlook, names=names, cases=[])

    def attempt(why: str, *, dry_run: bool) -> dict[str, Any]:
        return powers.migrate_instance(
            application(), actor(), instance, table.plan.plain(), why, dry_run=dry_run, key=None if dry_run else key()
        )  # fmt: skip

    def act() -> str:
        attempt(reason(), dry_run=False)
        return url_for("operations.case", instance=instance)

    return _step(page, lambda: page(None, attempt(reason() or TRIAL, dry_run=True)), lambda: carried_out(act, page, _("已改用新版本")))


@blueprint.route("/procedures/<process>/migrate", methods=["GET", "POST"])
@login_required
def migrate(process: str) -> Answer:
    """Many cases: all that run in the version, or those that are chosen. ``do``: check, try, run."""
    known = [row.version for row in overseeing.versions(application(), actor(), process)[1]]
    before = version_named("from") or known[-1]
    after = version_named("to") or known[0]
    table = _table(process, before, after, None)
    cases = overseeing.running_in(application(), actor(), process, before)
    chosen = request.form.getlist("case") if request.form.get("who") == "some" else None

    def page(problem: str | None, trial: Any = None) -> str:
        return _page(table, problem, case=None, trial=trial, cases=cases, chosen=chosen)

    def attempt(why: str, *, dry_run: bool) -> Any:
        return powers.migrate(
            application(), actor(), table.plan.plain(), why, instances=chosen, dry_run=dry_run, key=None if dry_run else key()
        )  # fmt: skip

    def act() -> str:
        return url_for("operations.batch", batch_id=attempt(reason(), dry_run=False).batch)

    return _step(
        page, lambda: page(None, attempt(reason() or TRIAL, dry_run=True)), lambda: carried_out(act, page, _("已放入批次，正在逐件迁移"))
    )


def _step(page: Any, trial: Any, run: Any) -> Answer:
    """What the pressed button asks for."""
    doing = request.form.get("do", "check")
    if request.method == "POST" and doing == "run":
        answer: Answer = run()
        return answer
    if request.method == "POST" and doing == "try":
        try:
            return str(trial())
        except (Forbidden, NotFound):
            raise
        except CogovError as refused:
            g.refusal = refused
            return page(title_of(refused)), status_of(refused)
    return str(page(None))


def _table(process: str, before: int, after: int, case: str | None) -> Table:
    """The generated plan, or what was typed for these very versions: fields ``to:<part>:<element>`` and ``timers:<part>:<element>``."""
    typed: dict[str, dict[str, tuple[str, str]]] | None = None
    if request.method == "POST" and request.form.get("planned") == f"{before}-{after}":
        typed = {}
        for name in request.form:
            what, _colon, rest = name.partition(":")
            part, _colon, element = rest.partition(":")
            if what == "to":
                typed.setdefault(part, {})[element] = (request.form[name], request.form.get(f"timers:{rest}", "keep"))
    return migrating.table(application(), actor(), (process, before, after), case=case, typed=typed)


def _page(table: Table, problem: str | None, **more: Any) -> str:
    return render_template(
        "operations_migrate.html", here="operations", table=table, problem=problem, reason=reason(), key=key() or token_hex(16),
        **{"outlook": None, "trial": None, "chosen": None, "names": {}, **more},
    )  # fmt: skip
