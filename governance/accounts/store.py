"""Reads and writes of accounts and tokens."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from governance.accounts.tables import account, api_token
from governance.directory.tables import person


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    id: str
    person: str
    login: str
    password_hash: str
    failures: int
    locked_until: datetime | None
    locks: int
    disabled: bool
    created_at: datetime
    password_changed_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Token:
    """An API token as its owner sees it: everything but the secret."""

    id: str
    account: str
    name: str
    scopes: tuple[str, ...]
    created_at: datetime
    expires_at: datetime
    revoked_at: datetime | None
    used_at: datetime | None


def insert(connection: sa.Connection, values: Mapping[str, Any]) -> None:
    connection.execute(account.insert().values(**values))


def update(connection: sa.Connection, account_id: str, values: Mapping[str, Any]) -> None:
    connection.execute(account.update().where(account.c.id == account_id).values(**values))


def by_login(connection: sa.Connection, login: str) -> Row | None:
    """The account, locked: two failures at once count as two."""
    return _one(connection, sa.select(account).where(account.c.login == login).with_for_update())


def by_person(connection: sa.Connection, person: str) -> Row | None:
    return _one(connection, sa.select(account).where(account.c.person == person))


def by_id(connection: sa.Connection, account_id: str) -> Row | None:
    return _one(connection, sa.select(account).where(account.c.id == account_id))


def insert_token(connection: sa.Connection, values: Mapping[str, Any]) -> None:
    connection.execute(api_token.insert().values(**values))


def token_by_digest(connection: sa.Connection, digest: str) -> Token | None:
    row = connection.execute(sa.select(api_token).where(api_token.c.digest == digest)).first()
    return _token(row) if row else None


_OWNER = ("person", "login", "disabled", "password_changed_at")
_OF_TOKEN = (
    sa.select(*(api_token.c[f] for f in Token.__slots__), *(account.c[f].label(f"account_{f}") for f in _OWNER), person.c.name_zh)
    .join(account, account.c.id == api_token.c.account)
    .outerjoin(person, person.c.id == account.c.person)
    .where(api_token.c.digest == sa.bindparam("digest"))
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Owner:
    """What a call with a token needs to know of its account; `name` is the person's."""

    person: str
    login: str
    disabled: bool
    password_changed_at: datetime
    name: str | None


def account_of_token(connection: sa.Connection, digest: str) -> tuple[Token, Owner] | None:
    """A token with its owner, in one statement."""
    row = connection.execute(_OF_TOKEN, {"digest": digest}).first()
    if row is None:
        return None
    return _token(row), Owner(**{f: getattr(row, f"account_{f}") for f in _OWNER}, name=row.name_zh)


def tokens_of(connection: sa.Connection, account_id: str) -> list[Token]:
    query = sa.select(api_token).where(api_token.c.account == account_id).order_by(api_token.c.created_at.desc(), api_token.c.id.desc())
    return [_token(r) for r in connection.execute(query)]


def update_token(connection: sa.Connection, account_id: str, token_id: str, values: Mapping[str, Any]) -> bool:
    mine = sa.and_(api_token.c.id == token_id, api_token.c.account == account_id)
    return connection.execute(api_token.update().where(mine).values(**values)).rowcount > 0


def _one(connection: sa.Connection, query: sa.Select[Any]) -> Row | None:
    row = connection.execute(query).first()
    return Row(**{f: getattr(row, f) for f in Row.__slots__}) if row else None


def _token(row: Any) -> Token:
    facts = {f: getattr(row, f) for f in Token.__slots__}
    return Token(**{**facts, "scopes": tuple(row.scopes)})
