"""Reads and writes of notices."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from engine.definitions.model import Label
from governance.notices.tables import notice


@dataclass(frozen=True, slots=True, kw_only=True)
class Notice:
    """One notice to one person."""

    id: str
    person: str
    selector: str
    kind: str
    title: Label
    link: str | None
    instance: str | None
    at: datetime
    read_at: datetime | None


def told(connection: sa.Connection, people: Iterable[str], occasion: str) -> set[str]:
    """Which of these people were told about the occasion already."""
    query = sa.select(notice.c.person).where(notice.c.occasion == occasion, notice.c.person.in_(sorted(set(people))))
    return set(connection.execute(query).scalars())


def insert(connection: sa.Connection, rows: Sequence[Mapping[str, Any]]) -> None:
    if rows:
        connection.execute(notice.insert(), [dict(r) for r in rows])


def get(connection: sa.Connection, notice_id: str) -> Notice | None:
    return next(iter(_read(connection, notice.c.id == notice_id, 1)), None)


def of_person(connection: sa.Connection, person: str, *, unread: bool, before: str | None, limit: int) -> list[Notice]:
    """Newest first. `before`: id of the last one seen (ids order by time)."""
    condition = notice.c.person == person
    if unread:
        condition = sa.and_(condition, notice.c.read_at.is_(None))
    if before is not None:
        condition = sa.and_(condition, notice.c.id < before)
    return _read(connection, condition, limit)


def of_instance(connection: sa.Connection, instance: str) -> list[Notice]:
    return _read(connection, notice.c.instance == instance, None)


def count_unread(connection: sa.Connection, person: str) -> int:
    query = sa.select(sa.func.count()).select_from(notice).where(notice.c.person == person, notice.c.read_at.is_(None))
    return int(connection.execute(query).scalar_one())


def mark_read(connection: sa.Connection, person: str, ids: Sequence[str] | None, at: datetime) -> int:
    """All of the person's notices, or those with these ids. Returns how many were unread."""
    statement = notice.update().where(notice.c.person == person, notice.c.read_at.is_(None)).values(read_at=at)
    if ids is not None:
        statement = statement.where(notice.c.id.in_(ids))
    return connection.execute(statement).rowcount


def _read(connection: sa.Connection, condition: sa.ColumnElement[bool], limit: int | None) -> list[Notice]:
    query = sa.select(notice).where(condition).order_by(notice.c.at.desc(), notice.c.id.desc()).limit(limit)
    return [
        Notice(
            id=r.id,
            person=r.person,
            selector=r.selector,
            kind=r.kind,
            title=Label(r.title_zh, r.title_en),
            link=r.link,
            instance=r.instance,
            at=r.at,
            read_at=r.read_at,
        )
        for r in connection.execute(query)
    ]
