"""Registers (台账): rows one may read, and exports."""

from __future__ import annotations

from typing import Any

from flask import request
from flask_smorest import Blueprint

from api.auth import application, caller, needs
from api.schemas import RowPage
from governance.desk import ledgers

blueprint = Blueprint("registers_api", __name__, url_prefix="/api/v1/registers", description="Registers")


@blueprint.route("", methods=["GET"])
@blueprint.response(200)
@needs("registers:read")
def index() -> list[dict[str, Any]]:
    """The registers there are."""
    return [{"key": r.key, "name": {"zh": r.name.zh, "en": r.name.en}} for r in ledgers.menu(application(), caller())]


@blueprint.route("/<register>", methods=["GET"])
@blueprint.response(200, RowPage)
@needs("registers:read")
def rows(register: str) -> dict[str, Any]:
    """Rows of a register, filtered by q, state, stage, area; columns you may not read are left out."""
    filters = {k: v for k in ("q", "state", "stage", "area") if (v := request.args.get(k, ""))}
    table = ledgers.table(application(), caller(), register, filters, cursor=request.args.get("cursor"))
    return {"items": table.rows, "next": table.next}
