"""Pickers of the form element: people, units, areas … by a few letters."""

from __future__ import annotations

from typing import Any

from flask_smorest import Blueprint

from api.auth import application, caller, needs
from api.schemas import LookupAnswer, LookupQuery
from governance.desk import people

blueprint = Blueprint("lookup", __name__, url_prefix="/api/v1/lookup", description="Lookups for form fields")


@blueprint.route("/<kind>", methods=["GET"])
@blueprint.arguments(LookupQuery, location="query")
@blueprint.response(200, LookupAnswer(many=True))
@needs("directory:read")
def find(query: dict[str, Any], kind: str) -> list[dict[str, Any]]:
    """At most 20 entries of `kind` (person, unit, area, committee, post) that match ``q`` and the form field's ``filter``."""
    return people.lookup(application(), caller(), kind, query["q"], query["filter"], query["value"])
