"""Who waits for a message or signal, and messages nobody waits for yet."""

from __future__ import annotations

import zlib
from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from engine.store import rows
from engine.store.tables import buffered_message, instance, subscription

_WAITING = (
    sa.select(subscription)
    .where(subscription.c.kind == "message", subscription.c.name == sa.bindparam("message"))
    .order_by(subscription.c.id)
    .limit(1)
)
#: of instances that are not suspended
_MOVES = ~sa.exists(sa.select(instance.c.id).where(instance.c.id == subscription.c.instance, instance.c.suspended_at.is_not(None)))
_WAITING_ANY = _WAITING.where(subscription.c.key.is_(None))
_WAITING_KEY = _WAITING.where(sa.or_(subscription.c.key == sa.bindparam("correlation"), subscription.c.key.is_(None)))


def waiting(connection: sa.Connection, name: str, key: str | None, *, moving: bool = False) -> Any | None:
    """The oldest open message subscription with this name and this key (or without a key); `moving`: of an instance that is not
    suspended."""
    statement = _WAITING_ANY if key is None else _WAITING_KEY
    if moving:
        statement = statement.where(_MOVES)
    return connection.execute(statement, {"message": name} if key is None else {"message": name, "correlation": key}).one_or_none()


def still_open(connection: sa.Connection, subscription_id: str) -> bool:
    statement = sa.select(subscription.c.id).where(subscription.c.id == subscription_id)
    return connection.execute(statement).one_or_none() is not None


def signal_waiters(connection: sa.Connection, name: str) -> list[dict[str, Any]]:
    """Every open subscription of a signal: instance, subscription id, token, node, event."""
    columns = (subscription.c.id, subscription.c.instance, subscription.c.token, subscription.c.node, subscription.c.event)
    statement = sa.select(*columns).where(subscription.c.kind == "signal", subscription.c.name == name).order_by(subscription.c.id)
    return [dict(r._mapping) for r in connection.execute(statement)]


def store_readers(connection: sa.Connection) -> list[str]:
    """The instances in which a condition waits that reads a data store."""
    statement = sa.select(subscription.c.instance).where(subscription.c.kind == "store", subscription.c.name == "*")
    return list(connection.execute(statement.distinct().order_by(subscription.c.instance)).scalars())


def hold_names(connection: sa.Connection, names: Iterable[str]) -> None:
    """Until the transaction ends, nobody else opens a subscription to, or buffers, a message of these names.

    Without it a message could be buffered in the moment its subscription opens, and neither would see the other. SQLite has
    one writer anyway. Names are held in one order, so that two holders cannot wait for each other.
    """
    if connection.dialect.name != "postgresql":
        return
    for name in sorted(set(names)):
        connection.execute(sa.select(sa.func.pg_advisory_xact_lock(_LOCK_SPACE, zlib.crc32(name.encode()) - 2**31)))


_LOCK_SPACE = 0x436F


def buffer(connection: sa.Connection, row: Mapping[str, Any]) -> None:
    rows.insert(connection, buffered_message, [row])


def kept_of(connection: sa.Connection, names: Iterable[str], now: datetime) -> list[str]:
    """Ids of the kept messages of these names, oldest first."""
    statement = sa.select(buffered_message.c.id).where(buffered_message.c.name.in_(sorted(set(names))), buffered_message.c.expires_at > now)
    return list(connection.execute(statement.order_by(buffered_message.c.id)).scalars())


def kept_addresses(connection: sa.Connection, wanted: Iterable[tuple[str, str | None]], now: datetime) -> set[tuple[str, str | None]]:
    """Those of these (name, key) subscriptions that a kept message fits; one without a key takes any."""
    asked = set(wanted)
    fits = [_fits(name, key) for name, key in sorted(asked, key=str)]
    statement = sa.select(buffered_message.c.name, buffered_message.c.key).where(sa.or_(*fits), buffered_message.c.expires_at > now)
    found = {(row.name, row.key) for row in connection.execute(statement.distinct())}
    return asked & (found | {(name, None) for name, _ in found})


def _fits(name: str, key: str | None) -> sa.ColumnElement[bool]:
    named = buffered_message.c.name == name
    return named if key is None else sa.and_(named, buffered_message.c.key == key)


def next_kept(connection: sa.Connection, subscription_id: str, now: datetime, without: Iterable[str]) -> str | None:
    """Id of the oldest kept message that fits a subscription, `without` these; None when there is none or the subscription is gone."""
    wanted = connection.execute(
        sa.select(subscription.c.name, subscription.c.key).where(subscription.c.id == subscription_id)
    ).one_or_none()
    if wanted is None:
        return None
    statement = sa.select(buffered_message.c.id).where(
        _fits(wanted.name, wanted.key), buffered_message.c.expires_at > now, buffered_message.c.id.not_in(list(without))
    )
    return connection.execute(statement.order_by(buffered_message.c.id).limit(1)).scalar_one_or_none()


def hold_kept(connection: sa.Connection, message: str, now: datetime) -> Any | None:
    """A kept message, locked until the transaction ends; None when it was taken or its time is over."""
    statement = sa.select(buffered_message).where(buffered_message.c.id == message, buffered_message.c.expires_at > now)
    return connection.execute(statement.with_for_update()).one_or_none()


def drop_kept(connection: sa.Connection, message: str) -> None:
    """It was delivered."""
    connection.execute(sa.delete(buffered_message).where(buffered_message.c.id == message))


def drop_expired(connection: sa.Connection, now: datetime) -> list[Any]:
    """Delete kept messages whose time is over. Returns what is told of them: name, key, message_id, at; oldest first."""
    c = buffered_message.c
    statement = sa.delete(buffered_message).where(c.expires_at <= now).returning(c.id, c.name, c.key, c.message_id, c.at)
    return sorted(connection.execute(statement), key=lambda row: str(row.id))


def signal_place(connection: sa.Connection, token: str, name: str) -> tuple[str, int] | None:
    """(node, event) at which a token waits for a signal, or None."""
    statement = sa.select(subscription.c.node, subscription.c.event).where(
        subscription.c.token == token, subscription.c.kind == "signal", subscription.c.name == name
    )
    row = connection.execute(statement.order_by(subscription.c.event).limit(1)).one_or_none()
    return (row.node, row.event) if row is not None else None
