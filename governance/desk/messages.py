"""Messages from other systems."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from engine.actor import Actor
from governance.application import Application
from governance.desk.entering import entering
from governance.desk.histories import require
from governance.desk.reading import look, require_person
from governance.directory.may import Scope, decide


def send(
    app: Application, actor: Actor, name: str, variables: Mapping[str, Any], *, key: str | None = None, message_id: str | None = None,
    on_behalf_of: Mapping[str, Any] | None = None,
) -> dict[str, Any]:  # fmt: skip
    """Deliver a message. People use the actions of a case, which ask for a post; a message skips them, so it takes the right to
    administer the installation. Raises Forbidden, FormInvalid."""
    require_person(actor)
    with app.database.read() as connection:
        require(decide(look(app, actor, connection).reach, "admin.message", Scope(area=None)))
    actor = entering(app, actor, on_behalf_of, None)
    receipt = app.engine.send(name, variables, key=key, message_id=message_id, actor=actor)
    return {"instance": receipt.instance, "outcome": "buffered" if receipt.outcome == "buffered" else "delivered"}
