"""Rows of uploaded files."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from engine.files.tables import file
from engine.ports import StoredFile


def insert(connection: sa.Connection, stored: StoredFile, source_digest: str, at: datetime) -> None:
    connection.execute(
        file.insert().values(
            id=stored.id, name=stored.name, size=stored.size, media_type=stored.media_type, digest=stored.digest,
            source_digest=source_digest, uploaded_by=stored.uploaded_by, at=at,
        )
    )  # fmt: skip


def find(connection: sa.Connection, identity: str) -> StoredFile | None:
    row = connection.execute(sa.select(file).where(file.c.id == identity)).one_or_none()
    return _stored(row) if row is not None else None


def of_instance(connection: sa.Connection, instance: str) -> list[StoredFile]:
    rows = connection.execute(sa.select(file).where(file.c.instance == instance).order_by(file.c.at, file.c.id))
    return [_stored(row) for row in rows]


def attach(connection: sa.Connection, identities: Iterable[str], instance: str) -> list[str]:
    """Attach what is free; gives the ids that are not (any more) free nor of this instance."""
    wanted = list(dict.fromkeys(identities))
    if not wanted:
        return []
    connection.execute(file.update().where(file.c.id.in_(wanted), file.c.instance.is_(None)).values(instance=instance))
    ours = set(connection.scalars(sa.select(file.c.id).where(file.c.id.in_(wanted), file.c.instance == instance)))
    return [identity for identity in wanted if identity not in ours]


def with_content(connection: sa.Connection, digests: Sequence[str]) -> list[StoredFile]:
    """Submitted files of the same content, oldest first."""
    same = sa.or_(file.c.digest.in_(digests), file.c.source_digest.in_(digests))
    rows = connection.execute(sa.select(file).where(same, file.c.instance.is_not(None)).order_by(file.c.at, file.c.id))
    return [_stored(row) for row in rows]


def source_digest(connection: sa.Connection, identity: str) -> str | None:
    return connection.scalar(sa.select(file.c.source_digest).where(file.c.id == identity))


def count_loose(connection: sa.Connection, person: str) -> int:
    """Files of the person that no form was submitted with yet."""
    loose = sa.select(sa.func.count()).select_from(file).where(file.c.uploaded_by == person, file.c.instance.is_(None))
    return connection.scalar(loose) or 0


def delete_one(connection: sa.Connection, identity: str, person: str | None) -> bool:
    """Remove the row of a person's file that was not submitted; whether there was one."""
    owner = file.c.uploaded_by.is_(None) if person is None else file.c.uploaded_by == person
    return connection.execute(file.delete().where(file.c.id == identity, owner, file.c.instance.is_(None))).rowcount == 1


def delete_loose(connection: sa.Connection, before: datetime) -> list[str]:
    """Remove rows never submitted; gives digests that no row uses any more."""
    old = sa.and_(file.c.instance.is_(None), file.c.at < before)
    digests = set(connection.scalars(sa.select(file.c.digest).where(old)))
    connection.execute(file.delete().where(old))
    if not digests:
        return []
    used = set(connection.scalars(sa.select(file.c.digest).where(file.c.digest.in_(digests))))
    return sorted(digests - used)


def delete_of_instance(connection: sa.Connection, instance: str) -> list[str]:
    """Remove the rows of an instance; gives digests that no row uses any more."""
    digests = set(connection.scalars(sa.select(file.c.digest).where(file.c.instance == instance)))
    connection.execute(file.delete().where(file.c.instance == instance))
    used = set(connection.scalars(sa.select(file.c.digest).where(file.c.digest.in_(digests)))) if digests else set()
    return sorted(digests - used)


def _stored(row: Any) -> StoredFile:
    return StoredFile(
        id=row.id,
        name=row.name,
        size=row.size,
        media_type=row.media_type,
        digest=row.digest,
        uploaded_by=row.uploaded_by,
        instance=row.instance,
    )
