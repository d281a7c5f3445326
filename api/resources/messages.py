"""Messages and signals from other systems."""

from __future__ import annotations

from typing import Any

from flask import request
from flask_smorest import Blueprint

from api.auth import application, caller, needs
from api.documented import IDEMPOTENT
from api.schemas import MessageBody, MessageReceipt, SignalBody, SignalReceipt
from governance.desk import messages

blueprint = Blueprint("messages", __name__, url_prefix="/api/v1", description="Messages and signals")


@blueprint.route("/messages", methods=["POST"])
@blueprint.arguments(MessageBody)
@blueprint.response(202, MessageReceipt)
@blueprint.doc(**IDEMPOTENT)
@needs("messages:write")
def send(body: dict[str, Any]) -> dict[str, Any]:
    """Send a message: to the one case that waits for it, else to a start event, else kept until it expires."""
    return messages.send(
        application(), caller(), body["name"], body["variables"], key=body["key"], message_id=body["id"],
        idempotency_key=request.headers.get("Idempotency-Key"), on_behalf_of=body["on_behalf_of"], ttl=body["ttl"],
    )  # fmt: skip


@blueprint.route("/signals", methods=["POST"])
@blueprint.arguments(SignalBody)
@blueprint.response(202, SignalReceipt)
@blueprint.doc(**IDEMPOTENT)
@needs("messages:write")
def signal(body: dict[str, Any]) -> dict[str, Any]:
    """Send a signal to all cases that wait for it now and to every process that it starts. It is not kept."""
    return messages.signal(
        application(), caller(), body["name"], body["variables"], signal_id=body["id"],
        idempotency_key=request.headers.get("Idempotency-Key"),
    )  # fmt: skip
