"""Values of variables: short ones in their row, long ones apart, once for all scopes of an instance that share one."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from typing import Any

import sqlalchemy as sa

from engine import ids, values
from engine.store import rows
from engine.store.tables import content, variable

#: characters of typed JSON up to which a value lies in the row of its variable
_INLINE = 1024
_AT_ONCE = 500
_OF_INSTANCE = (
    sa.select(variable.c.content).distinct().where(variable.c.instance == sa.bindparam("instance_id"), variable.c.content.is_not(None))
)

#: (scope, name)
Key = tuple[str, str]


def put(connection: sa.Connection, instance_id: str, changed: Mapping[Key, Any], private: str) -> set[str]:
    """Write variables; names that begin with `private` are the kernel's own. → digests of the values that lie apart."""
    stored: list[dict[str, Any]] = []
    apart: dict[str, str] = {}
    for (scope, name), value in changed.items():
        text = values.dumps(value)
        # with the instance in it: what one command drops, no other can be about to use
        digest = ids.digest(f"{instance_id}\n{text}".encode()) if len(text) > _INLINE else None
        if digest is not None:
            apart[digest] = text
        row = {"scope": scope, "name": name, "instance": instance_id, "value": None if digest else text, "content": digest}
        stored.append({**row, "kernels": name.startswith(private)})
    rows.insert_missing(connection, content, [{"digest": d, "body": b} for d, b in sorted(apart.items())])
    rows.upsert(connection, variable, stored)
    return set(apart)


def drop_scopes(connection: sa.Connection, scopes: Collection[str]) -> set[str]:
    """Remove the variables of closed scopes. → digests of theirs that lie apart."""
    found: set[str] = set()
    rest = list(scopes)
    while rest:
        gone = sa.delete(variable).where(variable.c.scope.in_(rest[:_AT_ONCE])).returning(variable.c.content)
        found.update(digest for digest in connection.scalars(gone) if digest is not None)
        rest = rest[_AT_ONCE:]
    return found


def of_instance(connection: sa.Connection, instance_id: str) -> set[str]:
    """Digests of all values of an instance that lie apart."""
    return {str(digest) for digest in connection.scalars(_OF_INSTANCE, {"instance_id": instance_id})}


def drop_unused(connection: sa.Connection, digests: Iterable[str]) -> None:
    """Remove those of these values that no variable refers to any more."""
    rest = sorted(digests)
    while rest:
        used = sa.exists(sa.select(variable.c.scope).where(variable.c.content == content.c.digest))
        connection.execute(sa.delete(content).where(content.c.digest.in_(rest[:_AT_ONCE]), ~used))
        rest = rest[_AT_ONCE:]


def sweep(connection: sa.Connection) -> int:
    """Remove values that no variable refers to: releases before 0003 left them when a large value was written again. How many."""
    used = sa.exists(sa.select(variable.c.scope).where(variable.c.content == content.c.digest))
    return connection.execute(sa.delete(content).where(~used)).rowcount
