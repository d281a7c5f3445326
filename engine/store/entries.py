"""Who entered what into a case on behalf of whom."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime

import sqlalchemy as sa

from engine.store.tables import entry


def add(connection: sa.Connection, identity: str, instance: str, person: str, author: str | None, at: datetime) -> None:
    connection.execute(sa.insert(entry).values(id=identity, instance=instance, person=person, author=author, at=at))


def entered_for(connection: sa.Connection, instance: str, authors: Collection[str]) -> list[str]:
    """Persons who entered something for one of these: what the author must not decide on, they must not either."""
    if not authors:
        return []
    rows = sa.select(entry.c.person).distinct().where(entry.c.instance == instance, entry.c.author.in_(list(authors)))
    return sorted(connection.scalars(rows))


def authors(connection: sa.Connection, instance: str) -> list[str]:
    """Persons and units in whose name something was entered."""
    rows = sa.select(entry.c.author).distinct().where(entry.c.instance == instance, entry.c.author.is_not(None))
    return sorted(author for author in connection.scalars(rows) if author is not None)
