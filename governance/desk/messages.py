"""Messages and signals from other systems."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from engine.actor import Actor
from engine.ids import digest
from engine.message_ttl import ttl_of
from governance.application import Application
from governance.desk.entering import entering
from governance.desk.histories import require
from governance.desk.reading import look, require_person
from governance.directory.may import Scope, decide


def send(
    app: Application, actor: Actor, name: str, variables: Mapping[str, Any], *, key: str | None = None, message_id: str | None = None,
    idempotency_key: str | None = None, on_behalf_of: Mapping[str, Any] | None = None, ttl: str | None = None,
) -> dict[str, Any]:  # fmt: skip
    """Deliver a message. People use the actions of a case, which ask for a post; a message skips them, so it takes the right to
    administer the installation. `ttl`: how long it is kept if nobody waits, as an ISO 8601 duration.
    Raises Forbidden, FormInvalid, MessageIdUsed, ValueRefused."""
    _require_right(app, actor)
    actor = entering(app, actor, on_behalf_of, None)
    kept = None if ttl is None else ttl_of(ttl)
    receipt = app.engine.send(name, variables, key=key, message_id=message_id or _own(actor, idempotency_key), actor=actor, ttl=kept)
    outcome = receipt.outcome if receipt.outcome in ("buffered", "dropped") else "delivered"
    return {"instance": receipt.instance, "outcome": outcome, "repeated": receipt.repeated}


def signal(
    app: Application, actor: Actor, name: str, variables: Mapping[str, Any], *, signal_id: str | None = None,
    idempotency_key: str | None = None,
) -> dict[str, Any]:  # fmt: skip
    """Broadcast a signal, with the right that a message takes. Raises Forbidden, MessageIdUsed, ValueRefused."""
    _require_right(app, actor)
    app.engine.signal(name, variables, actor=actor, signal_id=signal_id or _own(actor, idempotency_key))
    return {"outcome": "sent"}


def _require_right(app: Application, actor: Actor) -> None:
    require_person(actor)
    with app.database.read() as connection:
        require(decide(look(app, actor, connection).reach, "admin.message", Scope(area=None)))


def _own(actor: Actor, idempotency_key: str | None) -> str | None:
    """An idempotency key belongs to its caller; the id of a message is everybody's."""
    return None if idempotency_key is None else digest(f"{actor.person}:{idempotency_key}".encode())
