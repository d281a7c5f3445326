"""Notices to a person."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from engine.actor import Actor
from governance.application import Application
from governance.desk.reading import require_person


def mine(app: Application, actor: Actor) -> Sequence[Any]:
    """The newest 50."""
    with app.database.read() as connection:
        return app.notices.list(connection, require_person(actor))


def unread(app: Application, actor: Actor) -> int:
    with app.database.read() as connection:
        return app.notices.unread(connection, require_person(actor))


def open_link(app: Application, actor: Actor, notice: str) -> str | None:
    """Mark one as read; where it leads."""
    person = require_person(actor)
    with app.database.write() as connection:
        app.notices.mark_read(connection, person, app.clock.now(), [notice])
        found = [n for n in app.notices.list(connection, person, limit=200) if n.id == notice]
    return found[0].link if found else None


def read_all(app: Application, actor: Actor) -> None:
    with app.database.write() as connection:
        app.notices.mark_read(connection, require_person(actor), app.clock.now())
