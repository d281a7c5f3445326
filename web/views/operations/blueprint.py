"""The blueprint its modules put their pages on."""

from __future__ import annotations

from typing import Any

from flask import Blueprint

from governance.desk import causes, overseeing
from web.reader import application
from web.session import actor

blueprint = Blueprint("operations", __name__, url_prefix="/operations")


@blueprint.context_processor
def rights() -> dict[str, Any]:
    """``rights(right)`` in a template: whether the reader has it for the whole installation; ``causes``: what codes mean."""
    return {"rights": lambda right: overseeing.may(application(), actor(), right), "causes": causes}
