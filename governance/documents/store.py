"""Documents in the database."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import sqlalchemy as sa

from governance.documents.tables import document, document_seal, document_text, document_version


def insert_document(connection: sa.Connection, values: Mapping[str, Any]) -> None:
    connection.execute(document.insert(), dict(values))


def keep_text(connection: sa.Connection, text_hash: str, body: str) -> None:
    """Store a text under its hash unless it is there."""
    if connection.execute(sa.select(document_text.c.hash).where(document_text.c.hash == text_hash)).first() is None:
        connection.execute(document_text.insert(), {"hash": text_hash, "body": body})


def insert_version(connection: sa.Connection, values: Mapping[str, Any]) -> None:
    connection.execute(document_version.insert(), dict(values))


def newest(connection: sa.Connection, document_id: str) -> dict[str, Any] | None:
    """The newest version with its body and the document's instance and kind."""
    return _first(connection, _versions().where(document_version.c.document == document_id).order_by(document_version.c.version.desc()))


def version(connection: sa.Connection, document_id: str, number: int) -> dict[str, Any] | None:
    return _first(connection, _versions().where(document_version.c.document == document_id, document_version.c.version == number))


def of_instance(connection: sa.Connection, instance: str) -> list[dict[str, Any]]:
    """Every version of every document of a case, without bodies, newest first."""
    query = _versions().with_only_columns(*document_version.c, document.c.kind).where(document.c.instance == instance)
    return [dict(r._mapping) for r in connection.execute(query.order_by(document_version.c.at.desc(), document_version.c.version.desc()))]


def seal_of(connection: sa.Connection, document_id: str, text_hash: str) -> dict[str, Any] | None:
    return _first(connection, sa.select(document_seal).where(document_seal.c.document == document_id, document_seal.c.hash == text_hash))


def insert_seal(connection: sa.Connection, values: Mapping[str, Any]) -> None:
    connection.execute(document_seal.insert(), dict(values))


def _versions() -> sa.Select[Any]:
    columns = (*document_version.c, document_text.c.body, document.c.instance, document.c.kind)
    source = document_version.join(document, document.c.id == document_version.c.document)
    return sa.select(*columns).select_from(source.join(document_text, document_text.c.hash == document_version.c.hash))


def _first(connection: sa.Connection, query: sa.Select[Any]) -> dict[str, Any] | None:
    found = connection.execute(query.limit(1)).first()
    return None if found is None else dict(found._mapping)
