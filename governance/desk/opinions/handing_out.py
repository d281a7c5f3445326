"""Personal links, shown once to whoever hands them out."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from engine.actor import Actor
from governance.application import Application
from governance.desk.opinions.readers import require_entering, round_of
from governance.desk.opinions.views import Handed
from governance.opinions import store


def hand_out(app: Application, actor: Actor, slug: str, slots: Sequence[str]) -> Handed:
    """Make the personal links of these slots, for the one who hands them out (empty: of everybody who has not answered and has none).
    They are shown this once; who made them and when is kept. Raises NotFound, Forbidden, ServiceRefused."""

    def command(connection: Any) -> Handed:
        seen, row = round_of(app, actor, connection, slug)
        require_entering(seen, row)
        invited = {s["id"]: s for s in store.slots(connection, row["id"], invited=True)}
        wanted = list(slots) or [s["id"] for s in invited.values() if not s["answered"] and s["handed_at"] is None]
        made = app.opinions.hand_out(connection, row["id"], wanted, seen.actor.person, seen.now)
        links = [{"name": invited[s]["name"], "group": invited[s]["group"], "token": token} for s, token in made.items()]
        return Handed(title=row["title"], slug=slug, closes_at=row["closes_at"], links=links)

    return app.database.run(command)
