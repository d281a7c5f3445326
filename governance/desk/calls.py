"""What waits for a person and is no task: ballots, opinions, corrections to decide. A section of the inbox."""

from __future__ import annotations

from engine.actor import Actor
from governance.application import Application
from governance.desk import corrections
from governance.desk.meeting_views import CallLine
from governance.desk.reading import Look, look, require_person
from governance.votes import store as votes


def waiting(app: Application, actor: Actor) -> list[CallLine]:
    """Open votes and opinion rounds in which the reader has not answered, the next to close first; then corrections he may decide.
    Raises Forbidden for the public."""
    require_person(actor)
    with app.database.read() as connection:
        return lines(look(app, actor, connection))


def lines(seen: Look) -> list[CallLine]:
    """As `waiting`, on an open connection: two statements."""
    person, now = require_person(seen.actor), seen.now
    ballots = [
        CallLine(
            kind="vote", id=v["id"], title=v["title"], name=v["seat_name"], closes_at=v["closes_at"], instance=v["instance"],
            href=f"/meetings/{v['meeting']}" if v["meeting"] else f"/votes/{v['id']}",
        )
        for v in votes.waiting_for(seen.connection, person, now)
    ]  # fmt: skip
    rounds = [
        CallLine(
            kind="opinion", id=r["id"], title=r["title"], name="", closes_at=r["closes_at"], instance=r["instance"],
            href=f"/opinions/{r['slug']}",
        )
        for r in seen.app.opinions.waiting_for(seen.connection, person, now)
    ]  # fmt: skip
    asked = [
        CallLine(
            kind="correction", id=c.id, title=f"{c.name.in_(seen.actor.language)} · {c.title}", name=c.asked_by_name, closes_at=None,
            instance=c.instance, href=f"/corrections/{c.id}",
        )
        for c in corrections.lines_waiting(seen)
    ]  # fmt: skip
    # a vote in the room has no end of its own: it comes first
    return [*sorted(ballots + rounds, key=lambda line: (line.closes_at is not None, line.closes_at or now, line.id)), *asked]
