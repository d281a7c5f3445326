"""Boards, tables, record pages and exports, generic over registers (no page knows a procedure)."""

from __future__ import annotations

from flask import Blueprint, Response, render_template, request
from flask_login import login_required

from api.language import language
from governance.desk import cases, ledgers, papers
from governance.registers.ages import NAMES as AGE_BANDS
from web.gatherings import Gatherings, of_case
from web.reader import application
from web.session import actor

blueprint = Blueprint("registers", __name__, url_prefix="/registers")
_MEDIA = {
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "csv": "text/csv; charset=utf-8",
}


def _filters() -> dict[str, str]:
    return {k: v for k in ("q", "state", "stage", "area") if (v := request.args.get(k, "").strip())}


@blueprint.get("")
@login_required
def index() -> str:
    query = request.args.get("q", "").strip()
    groups = ledgers.groups(application(), actor(), query)
    entries = [entry for group in groups for entry in group.entries]
    return render_template(
        "registers.html", here="registers", groups=groups, query=query, count=len(entries), late=sum(e.overdue for e in entries)
    )


@blueprint.get("/<key>")
@login_required
def board(key: str) -> str:
    app, me = application(), actor()
    return render_template(
        "board.html", here=f"register:{key}", board=ledgers.board(app, me, key, _filters()), may_export=ledgers.may_export(app, me)
    )


@blueprint.get("/<key>/table")
@login_required
def table(key: str) -> str:
    app, me, filters = application(), actor(), _filters()
    shown = ledgers.table(app, me, key, filters, cursor=request.args.get("cursor"))
    return render_template("table.html", here=f"register:{key}", table=shown, filters=filters, may_export=ledgers.may_export(app, me))


@blueprint.get("/<key>/ages")
@login_required
def age(key: str) -> str:
    asked = request.args.get("band", "")
    band = int(asked) if asked in {str(i) for i in range(len(AGE_BANDS))} else None
    filters = _filters()
    shown = ledgers.ages(application(), actor(), key, filters, band)
    return render_template("ages.html", here=f"register:{key}", ages=shown, bands=AGE_BANDS, filters=filters, band=band)


@blueprint.get("/<key>/export.<format>")
@login_required
def export(key: str, format: str) -> Response:  # noqa: A002 - the word of the address
    content = ledgers.export(application(), actor(), key, _filters(), format, language())
    return Response(content, mimetype=_MEDIA[format], headers={"Content-Disposition": f'attachment; filename="{key}.{format}"'})


@blueprint.get("/<key>/<row>")
@login_required
def record(key: str, row: str) -> str:
    app, me = application(), actor()
    shown = ledgers.record(app, me, key, row)
    opens = cases.may_open(app, me, shown.line.instance)
    return render_template(
        "record.html",
        here=f"register:{key}",
        record=shown,
        opens=opens,
        gatherings=of_case(shown.line.instance) if opens else Gatherings(),
        papers=papers.of_record(app, me, shown.line.instance),
        instance=shown.line.instance,
    )
