"""Signings in the database."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import sqlalchemy as sa

from governance.signing.tables import signature, signing


def insert(connection: sa.Connection, opened: Mapping[str, Any], slots: Sequence[Mapping[str, Any]]) -> None:
    connection.execute(signing.insert(), dict(opened))
    connection.execute(signature.insert(), [dict(slot) for slot in slots])


def get(connection: sa.Connection, signing_id: str) -> dict[str, Any] | None:
    """The signing, locked until the transaction ends where the database has row locks."""
    found = connection.execute(sa.select(signing).where(signing.c.id == signing_id).with_for_update()).first()
    return None if found is None else dict(found._mapping)


def slots(connection: sa.Connection, signing_id: str) -> list[dict[str, Any]]:
    query = sa.select(signature).where(signature.c.signing == signing_id).order_by(signature.c.slot)
    return [dict(s._mapping) for s in connection.execute(query)]


def update(connection: sa.Connection, signing_id: str, values: Mapping[str, Any]) -> None:
    connection.execute(signing.update().where(signing.c.id == signing_id).values(**values))


def update_slot(connection: sa.Connection, signing_id: str, slot: int, values: Mapping[str, Any]) -> None:
    connection.execute(signature.update().where(signature.c.signing == signing_id, signature.c.slot == slot).values(**values))


def void_slots(connection: sa.Connection, signing_id: str) -> int:
    """Void what was signed; how many signatures that were."""
    done = connection.execute(
        signature.update().where(signature.c.signing == signing_id, signature.c.state == "signed").values(state="void")
    )
    return int(done.rowcount)


def of_instance(connection: sa.Connection, instance: str) -> list[str]:
    """Ids of the case's signings, oldest first."""
    return list(
        connection.execute(sa.select(signing.c.id).where(signing.c.instance == instance).order_by(signing.c.opened, signing.c.id)).scalars()
    )
