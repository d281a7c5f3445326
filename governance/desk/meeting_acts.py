"""What people do with a meeting beside its record: reading its papers, reminding those who have not voted."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from engine.actor import Actor
from engine.errors import NotFound, ServiceRefused
from engine.ports import StoredFile
from governance.application import Application
from governance.desk.gatherings import enter
from governance.desk.reading import look, require_person
from governance.directory import selectors
from governance.votes import casting, counting
from governance.votes import store as votes


def material(app: Application, actor: Actor, meeting: str, file: str) -> tuple[Path, StoredFile]:
    """A paper of the meeting, for everybody the meeting is open to; naming a file of another case opens nothing. Raises NotFound."""
    with app.database.read() as connection:
        room = enter(look(app, actor, connection), meeting)
        stored = app.files.get(connection, file) if file in room.meeting["materials"] else None
    if stored is None or stored.instance != room.meeting["instance"]:
        raise NotFound
    return app.files.path(stored), stored


def remind(app: Application, actor: Actor, meeting: str, vote: str) -> int:
    """Tell those who may vote and have not that it waits for them; of a secret vote, too: that somebody has voted is no secret, what
    is. Returns how many people were told. Raises NotFound, Forbidden, ServiceRefused (closed, or counted by hands)."""
    require_person(actor)

    def command(connection: Any) -> int:
        seen = look(app, actor, connection)
        room = enter(seen, meeting)
        room.require_manager()
        row = votes.get(connection, vote)
        if row is None or row["meeting"] != meeting:
            raise NotFound
        if row["state"] != "open" or row["method"] == counting.HANDS:
            raise ServiceRefused("现在没有票可催 / there are no ballots to wait for", state=row["state"])
        electors = votes.electors(connection, vote)
        sitters = casting.sitters_of(room.work, electors)
        waiting = [e for e in electors if e["status"] == "eligible" and not e["voted"]]
        people = [e["proxy_by"] or sitters.get(e["membership"] or "") or e["person"] for e in waiting]
        told = app.notices.send(
            connection, [selectors.person(p) for p in dict.fromkeys(people) if p], kind="reminder", at=seen.now, subject=row["title"],
            link=f"/votes/{vote}", instance=row["instance"],
        )  # fmt: skip
        return len(told)

    return app.database.run(command)
