"""Small helpers over Core statements: upsert and delete many rows, one statement each."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from functools import lru_cache
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql, sqlite

_CHUNK = 500


@lru_cache(maxsize=64)
def _upsert_statement(table: sa.Table, dialect: str, keep: bool) -> Any:
    insert = postgresql.insert(table) if dialect == "postgresql" else sqlite.insert(table)
    if keep:
        return insert.on_conflict_do_nothing()
    keys = [c.name for c in table.primary_key]
    changed = {c.name: insert.excluded[c.name] for c in table.columns if c.name not in keys}
    return insert.on_conflict_do_update(index_elements=keys, set_=changed)


def upsert(connection: sa.Connection, table: sa.Table, rows: Sequence[Mapping[str, Any]]) -> None:
    """Insert rows, or replace every column of those that exist. Never deletes first: that would cascade."""
    if rows:
        connection.execute(_upsert_statement(table, connection.dialect.name, False), list(rows))


def insert_missing(connection: sa.Connection, table: sa.Table, rows: Sequence[Mapping[str, Any]]) -> None:
    """Insert those rows that do not exist yet."""
    if rows:
        connection.execute(_upsert_statement(table, connection.dialect.name, True), list(rows))


def insert(connection: sa.Connection, table: sa.Table, rows: Sequence[Mapping[str, Any]]) -> None:
    if rows:
        connection.execute(sa.insert(table), list(rows))


def delete_in(connection: sa.Connection, column: sa.ColumnElement[Any], values: Iterable[Any]) -> None:
    """Delete the rows whose `column` has one of the values."""
    rest = list(values)
    while rest:
        connection.execute(_delete_in(column), {"chosen": rest[:_CHUNK]})
        rest = rest[_CHUNK:]


@lru_cache(maxsize=64)
def _delete_in(column: sa.ColumnElement[Any]) -> Any:
    return sa.delete(column.table).where(column.in_(sa.bindparam("chosen", expanding=True)))


def delete_keys(connection: sa.Connection, table: sa.Table, keys: Sequence[Mapping[str, Any]]) -> None:
    """Delete rows by several columns at once: one statement, executed for each key."""
    if keys:
        where = [table.c[name] == sa.bindparam(f"key_{name}") for name in keys[0]]
        connection.execute(sa.delete(table).where(*where), [{f"key_{n}": v for n, v in key.items()} for key in keys])
