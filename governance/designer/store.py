"""Drafts and their files in the database."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from engine.store.metadata import metadata
from governance.designer.tables import designer_draft, designer_file, designer_release
from governance.directory.tables import person
from governance.reference import store as reference

#: tables a trial gets a copy of
_REFERENCE = ("directory_", "governance_setting", "governance_calendar", "governance_reference")
_OF_PEOPLE = frozenset({"id", "name_zh", "name_en", "party_member", "status"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Draft:
    """A row of designer_draft; its columns say what each means."""

    id: str
    key: str
    title_zh: str
    title_en: str
    base: Mapping[str, str]
    base_version: int | None
    revision: int
    created_at: datetime
    created_by: str | None
    updated_at: datetime
    updated_by: str | None
    note: str
    checked_revision: int | None = None
    errors: int | None = None
    warnings: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Release:
    """What was said when a version was published."""

    note: str
    lowered: Sequence[Mapping[str, Any]]


#: of a version that was deployed as files
NO_RELEASE = Release(note="", lowered=())


@dataclass(frozen=True, slots=True, kw_only=True)
class File:
    """A file of a draft. `content` and `digest` are None for one that was taken away."""

    draft: str
    path: str
    content: bytes | None
    digest: str | None
    revision: int
    changed_at: datetime
    changed_by: str | None


def drafts(connection: sa.Connection) -> list[Draft]:
    """All drafts, by key."""
    return [_draft(row) for row in connection.execute(sa.select(designer_draft).order_by(designer_draft.c.key))]


def draft(connection: sa.Connection, identity: str, *, lock: bool = False) -> Draft | None:
    """One draft; with `lock` nobody else changes it until the transaction ends."""
    statement = sa.select(designer_draft).where(designer_draft.c.id == identity)
    row = connection.execute(statement.with_for_update() if lock else statement).one_or_none()
    return None if row is None else _draft(row)


def draft_of(connection: sa.Connection, key: str) -> Draft | None:
    """The draft of a procedure."""
    row = connection.execute(sa.select(designer_draft).where(designer_draft.c.key == key)).one_or_none()
    return None if row is None else _draft(row)


def insert(connection: sa.Connection, made: Draft, files: Iterable[File]) -> None:
    connection.execute(sa.insert(designer_draft).values(**{**asdict(made), "base": dict(made.base)}))
    rows = [asdict(file) for file in files]
    if rows:
        connection.execute(sa.insert(designer_file), rows)


def update(connection: sa.Connection, identity: str, **values: object) -> None:
    connection.execute(sa.update(designer_draft).where(designer_draft.c.id == identity).values(**values))


def delete(connection: sa.Connection, identity: str) -> None:
    connection.execute(sa.delete(designer_file).where(designer_file.c.draft == identity))
    connection.execute(sa.delete(designer_draft).where(designer_draft.c.id == identity))


def files(connection: sa.Connection, identity: str) -> list[File]:
    """All files of a draft by path, those taken away too."""
    statement = sa.select(designer_file).where(designer_file.c.draft == identity).order_by(designer_file.c.path)
    return [_file(row) for row in connection.execute(statement)]


def file(connection: sa.Connection, identity: str, path: str) -> File | None:
    statement = sa.select(designer_file).where(designer_file.c.draft == identity, designer_file.c.path == path)
    row = connection.execute(statement).one_or_none()
    return None if row is None else _file(row)


def put(connection: sa.Connection, changed: File) -> None:
    """Insert a file or replace what is there."""
    connection.execute(sa.delete(designer_file).where(designer_file.c.draft == changed.draft, designer_file.c.path == changed.path))
    connection.execute(sa.insert(designer_file).values(**asdict(changed)))


def release(
    connection: sa.Connection,
    deployment: str,
    key: str,
    version: int,
    *,
    note: str,
    lowered: Sequence[Mapping[str, Any]],
    at: datetime,
    by: str | None,
) -> None:
    """Write down what a publication was for, and which lowered protections (publishing.plain) were confirmed with it."""
    values = {"deployment": deployment, "key": key, "version": version, "note": note, "lowered": lowered, "at": at, "by": by}
    connection.execute(sa.insert(designer_release).values(**values))


def releases(connection: sa.Connection) -> dict[tuple[str, int], Release]:
    """(key, version) → why it was published, and what it opened to more readers."""
    columns = (designer_release.c.key, designer_release.c.version, designer_release.c.note, designer_release.c.lowered)
    found = connection.execute(sa.select(*columns))
    return {(key, version): Release(note=note, lowered=lowered or ()) for key, version, note, lowered in found}


def directory_stamp(connection: sa.Connection) -> str | None:
    """Changes whenever directory, settings or calendars do."""
    return reference.token(connection)


def copy_directory(source: sa.Connection, target: sa.Connection) -> None:
    """Places, people, posts, seats, settings and calendars for a trial. Of people only what names them and their part: no phone."""
    for table in metadata.sorted_tables:
        if not table.name.startswith(_REFERENCE):
            continue
        columns = [c for c in table.columns if table is not person or c.name in _OF_PEOPLE]
        rows = [dict(row) for row in source.execute(sa.select(*columns)).mappings()]
        for begin in range(0, len(rows), 500):
            target.execute(table.insert(), rows[begin : begin + 500])


def _draft(row: sa.Row[tuple[object, ...]]) -> Draft:
    return Draft(**{name: getattr(row, name) for name in Draft.__slots__})


def _file(row: sa.Row[tuple[object, ...]]) -> File:
    values = {name: getattr(row, name) for name in File.__slots__}
    content = values["content"]
    return File(**{**values, "content": None if content is None else bytes(content)})
