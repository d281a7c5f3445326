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


def buffered(connection: sa.Connection, wanted: Iterable[tuple[str, str | None]], now: datetime) -> list[str]:
    """Ids of kept messages that fit these (name, key) subscriptions, oldest first; a subscription without a key takes any."""
    fits = [
        buffered_message.c.name == name if key is None else sa.and_(buffered_message.c.name == name, buffered_message.c.key == key)
        for name, key in sorted(set(wanted), key=str)
    ]
    statement = sa.select(buffered_message.c.id).where(sa.or_(*fits), buffered_message.c.expires_at > now)
    return list(connection.execute(statement.order_by(buffered_message.c.id)).scalars())


def take_buffered(connection: sa.Connection, message: str) -> Any | None:
    """Remove a kept message and return it; None when it was taken or has expired meanwhile."""
    statement = sa.select(buffered_message).where(buffered_message.c.id == message).with_for_update()
    row = connection.execute(statement).one_or_none()
    if row is not None:
        connection.execute(sa.delete(buffered_message).where(buffered_message.c.id == message))
    return row


def drop_expired(connection: sa.Connection, now: datetime) -> int:
    """Delete kept messages whose time is over. Returns how many."""
    return connection.execute(sa.delete(buffered_message).where(buffered_message.c.expires_at <= now)).rowcount


def kept(connection: sa.Connection, message: str) -> Any | None:
    """A kept message, still there."""
    return connection.execute(sa.select(buffered_message).where(buffered_message.c.id == message)).one_or_none()


def signal_place(connection: sa.Connection, token: str, name: str) -> tuple[str, int] | None:
    """(node, event) at which a token waits for a signal, or None."""
    statement = sa.select(subscription.c.node, subscription.c.event).where(
        subscription.c.token == token, subscription.c.kind == "signal", subscription.c.name == name
    )
    row = connection.execute(statement.order_by(subscription.c.event).limit(1)).one_or_none()
    return (row.node, row.event) if row is not None else None
