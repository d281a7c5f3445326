"""Reads and writes of the stamp."""

from __future__ import annotations

from uuid import uuid4

import sqlalchemy as sa

from engine.store import rows
from engine.store.along import Along, forget, keep, kept
from governance.reference.tables import stamp

_KEPT = "reference stamp"
_ONE = 1
_READ = sa.select(stamp.c.token).where(stamp.c.id == _ONE)

#: The token, read along with every instance that a command locks.
STAMP = Along(_READ, lambda connection, token: keep(connection, _KEPT, token))


def token(connection: sa.Connection) -> str | None:
    """The token, read once per transaction; None before the first change: then there is no reference data."""
    current: str | None = kept(connection, _KEPT, lambda: connection.execute(_READ).scalar_one_or_none())
    return current


def renew(connection: sa.Connection) -> None:
    """The reference data changed in this transaction: what is remembered under the old token holds no more."""
    rows.upsert(connection, stamp, [{"id": _ONE, "token": str(uuid4())}])
    forget(connection, _KEPT)
