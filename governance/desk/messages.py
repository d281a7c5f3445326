"""Messages from other systems."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from engine.actor import Actor
from governance.application import Application
from governance.desk.reading import require_person


def send(
    app: Application, actor: Actor, name: str, variables: Mapping[str, Any], *, key: str | None = None, message_id: str | None = None
) -> dict[str, Any]:
    """Deliver a message; the caller's token scope said that he may send any."""
    require_person(actor)
    receipt = app.engine.send(name, variables, key=key, message_id=message_id, actor=actor)
    return {"instance": receipt.instance, "outcome": "buffered" if receipt.outcome == "buffered" else "delivered"}
