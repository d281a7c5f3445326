"""Registers (台账): rows one may read, and exports."""

from __future__ import annotations

from typing import Any

from flask_smorest import Blueprint

from api.auth import application, caller, needs
from api.schemas import RegisterSchema, RowPage, RowQuery
from governance.desk import ledgers

blueprint = Blueprint("registers_api", __name__, url_prefix="/api/v1/registers", description="Registers")


@blueprint.route("", methods=["GET"])
@blueprint.response(200, RegisterSchema(many=True))
@needs("registers:read")
def index() -> list[dict[str, Any]]:
    """The registers there are."""
    return [{"key": r.key, "name": r.name} for r in ledgers.readable(application(), caller())]


@blueprint.route("/<register>", methods=["GET"])
@blueprint.arguments(RowQuery, location="query")
@blueprint.response(200, RowPage)
@needs("registers:read")
def rows(query: dict[str, Any], register: str) -> dict[str, Any]:
    """Rows of a register, filtered by q, state, stage, area; columns you may not read are left out."""
    cursor = query.pop("cursor")
    table = ledgers.table(application(), caller(), register, {k: v for k, v in query.items() if v}, cursor=cursor)
    return {"items": table.rows, "next": table.next}
