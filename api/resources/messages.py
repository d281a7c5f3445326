"""Messages from other systems."""

from __future__ import annotations

from typing import Any

from flask_smorest import Blueprint

from api.auth import application, caller, needs
from api.schemas import MessageBody, MessageReceipt
from governance.desk import messages

blueprint = Blueprint("messages", __name__, url_prefix="/api/v1/messages", description="Messages")


@blueprint.route("", methods=["POST"])
@blueprint.arguments(MessageBody)
@blueprint.response(202, MessageReceipt)
@needs("messages:write")
def send(body: dict[str, Any]) -> dict[str, Any]:
    """Send a message: to the one case that waits for it, else to a start event, else kept until it expires."""
    return messages.send(
        application(),
        caller(),
        body["name"],
        body["variables"],
        key=body["key"],
        message_id=body["id"],
        on_behalf_of=body["on_behalf_of"],
    )
