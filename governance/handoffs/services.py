"""Services ``handoffs.*``. Inputs, results and errors: docs/reference/services.md."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from engine.errors import ServiceRefused
from engine.ids import uuid7
from engine.services import Call, service
from governance.handoffs import store


@service("handoffs.open")
def open_handoff(
    call: Call, to: str, title: str | None = None, payload: Mapping[str, Any] | None = None, reason: str | None = None
) -> dict[str, Any]:
    """Keep what goes to a procedure that is not bundled, or to a body outside. → {handoff, state}"""
    if not to:
        raise ServiceRefused("转办去向为空 / a hand-off needs a target")
    row = {
        "id": uuid7(int(call.now.timestamp() * 1000)),
        "instance": call.instance,
        "number": call.number,
        "area": call.area,
        "target": to,
        "title": title or to,
        "reason": reason or "",
        "payload": payload,
        "state": "open",
        "note": "",
        "opened": call.now,
        "closed": None,
        "person": call.actor.person,
    }
    store.insert(call.connection, row)
    return {"handoff": row["id"], "state": "open"}


@service("handoffs.close")
def close(call: Call, handoff: str, note: str | None = None) -> dict[str, Any]:
    """The target took it or it is settled; a closed one stays as it was. → {handoff, state}"""
    if store.get(call.connection, handoff) is None:
        raise ServiceRefused(f"没有转办 {handoff} / there is no hand-off {handoff}", handoff=handoff)
    store.close(call.connection, handoff, note or "", call.now)
    return {"handoff": handoff, "state": "closed"}


HANDLERS = (open_handoff, close)
