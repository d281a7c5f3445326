"""Publications in the database."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from governance.publicity.tables import publication, publication_objection, publication_photo, publication_version

P = publication.c
ON_SHOW = ("posted", "under_objection")


def get(connection: sa.Connection, publication_id: str) -> dict[str, Any] | None:
    """The publication, locked until the transaction ends where the database has row locks."""
    return _first(connection, sa.select(publication).where(P.id == publication_id).with_for_update())


def by_slug(connection: sa.Connection, slug: str) -> dict[str, Any] | None:
    return _first(connection, sa.select(publication).where(P.slug == slug))


def insert(connection: sa.Connection, values: Mapping[str, Any]) -> None:
    connection.execute(publication.insert(), dict(values))


def update(connection: sa.Connection, publication_id: str, values: Mapping[str, Any]) -> None:
    connection.execute(publication.update().where(P.id == publication_id).values(**values))


def insert_version(connection: sa.Connection, values: Mapping[str, Any]) -> None:
    connection.execute(publication_version.insert(), dict(values))


def versions(connection: sa.Connection, publication_id: str) -> list[dict[str, Any]]:
    """Every version that was on show, oldest first."""
    query = sa.select(publication_version).where(publication_version.c.publication == publication_id)
    return [dict(v._mapping) for v in connection.execute(query.order_by(publication_version.c.version))]


def add_photos(connection: sa.Connection, rows: Sequence[Mapping[str, Any]]) -> None:
    """Photos already there stay as they are."""
    for row in rows:
        known = photos(connection, row["publication"], row["version"])
        if row["file"] not in {p["file"] for p in known}:
            connection.execute(publication_photo.insert(), dict(row))


def photos(connection: sa.Connection, publication_id: str, version: int) -> list[dict[str, Any]]:
    query = sa.select(publication_photo).where(publication_photo.c.publication == publication_id, publication_photo.c.version == version)
    return [dict(p._mapping) for p in connection.execute(query.order_by(publication_photo.c.at, publication_photo.c.file))]


def objections(connection: sa.Connection, publication_id: str) -> list[dict[str, Any]]:
    """Objections to any version, oldest first."""
    query = sa.select(publication_objection).where(publication_objection.c.publication == publication_id)
    return [
        dict(o._mapping) for o in connection.execute(query.order_by(publication_objection.c.received, publication_objection.c.objection))
    ]


def insert_objection(connection: sa.Connection, values: Mapping[str, Any]) -> None:
    connection.execute(publication_objection.insert(), dict(values))


def decide_objection(connection: sa.Connection, publication_id: str, objection: str, outcome: str, at: datetime) -> None:
    which = (publication_objection.c.publication == publication_id, publication_objection.c.objection == objection)
    connection.execute(publication_objection.update().where(*which).values(outcome=outcome, decided=at))


def wall(connection: sa.Connection, now: datetime, *, area: Sequence[str] | None, ended: bool, limit: int) -> list[dict[str, Any]]:
    """What is on show now (soonest end first), or what has ended (newest first). Nothing that has not begun, nothing withdrawn."""
    query = sa.select(publication).where(P.start_at <= now)
    if area is not None:
        query = query.where(P.area.in_(list(area)))
    if ended:
        over = sa.or_(P.state.in_(("clean", "objection_upheld")), sa.and_(P.state.in_(ON_SHOW), P.end_at <= now))
        query = query.where(over).order_by(P.end_at.desc(), P.id.desc())
    else:
        query = query.where(P.state.in_(ON_SHOW), P.end_at > now).order_by(P.end_at, P.id)
    return [dict(p._mapping) for p in connection.execute(query.limit(limit))]


def of_instance(connection: sa.Connection, instance: str) -> list[dict[str, Any]]:
    """The case's publications, oldest first."""
    query = sa.select(publication).where(P.instance == instance).order_by(P.posted, P.id)
    return [dict(p._mapping) for p in connection.execute(query)]


def _first(connection: sa.Connection, query: sa.Select[Any]) -> dict[str, Any] | None:
    found = connection.execute(query).first()
    return None if found is None else dict(found._mapping)
