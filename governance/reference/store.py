"""Reads and writes of the stamp."""

from __future__ import annotations

from uuid import uuid4

import sqlalchemy as sa

from engine.store import rows
from governance.reference.tables import stamp

_CACHE = "cogov.reference"
_ONE = 1
_READ = sa.select(stamp.c.token).where(stamp.c.id == _ONE)


def token(connection: sa.Connection) -> str | None:
    """The token, read once per transaction; None before the first change: then there is no reference data."""
    transaction = connection.get_transaction()
    known = connection.info.get(_CACHE)
    if transaction is None or known is None or known[0] is not transaction:
        found = connection.execute(_READ).scalar_one_or_none()
        # the first statement begins the transaction, so ask for it again
        known = (connection.get_transaction(), found)
        connection.info[_CACHE] = known
    current: str | None = known[1]
    return current


def renew(connection: sa.Connection) -> None:
    """The reference data changed in this transaction: what is remembered under the old token holds no more."""
    rows.upsert(connection, stamp, [{"id": _ONE, "token": str(uuid4())}])
    connection.info.pop(_CACHE, None)
