"""Deployments, definitions and the sets of them that instances are bound to."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import Any

import sqlalchemy as sa

from engine.store import rows
from engine.store.along import Along, keep, kept
from engine.store.tables import definition, definition_set, deployment, resource

_DEPLOY_LOCK = 0x436F67
_AT_ONCE = 500


def hold(connection: sa.Connection) -> None:
    """One deployment at a time: versions are numbered without gaps or doubles."""
    if connection.dialect.name == "postgresql":
        connection.execute(sa.select(sa.func.pg_advisory_xact_lock(_DEPLOY_LOCK)))


_CURRENT = (
    sa.select(definition_set.c.digest).where(definition_set.c.position.is_not(None)).order_by(definition_set.c.position.desc()).limit(1)
)


def current_digest(connection: sa.Connection) -> str | None:
    """The set of all newest definitions; None before the first deployment."""
    digest: str | None = connection.execute(_CURRENT).scalar_one_or_none()
    return digest


_KEPT = "newest definitions"

#: The newest set, read along with every instance: what was derived from it is valid as long as it is the same.
CURRENT = Along(_CURRENT, lambda connection, digest: keep(connection, _KEPT, digest))


def known_digest(connection: sa.Connection) -> str | None:
    """Like `current_digest`, read once per transaction: a deployment of this very transaction is not seen."""
    digest: str | None = kept(connection, _KEPT, lambda: current_digest(connection))
    return digest


def set_content(connection: sa.Connection, digest: str) -> dict[str, Any]:
    found: dict[str, Any] = connection.execute(sa.select(definition_set.c.content).where(definition_set.c.digest == digest)).scalar_one()
    return found


def save_set(connection: sa.Connection, digest: str, content: Mapping[str, Any], *, current: bool) -> None:
    """Keep a set; `current` makes it the one new instances are bound to (also when it was so before)."""
    rows.insert_missing(connection, definition_set, [{"digest": digest, "position": None, "content": dict(content)}])
    if current:
        last = connection.execute(sa.select(sa.func.max(definition_set.c.position))).scalar_one() or 0
        connection.execute(sa.update(definition_set).where(definition_set.c.digest == digest).values(position=last + 1))


def resource_content(connection: sa.Connection, digest: str) -> bytes:
    content: bytes = connection.execute(sa.select(resource.c.content).where(resource.c.digest == digest)).scalar_one()
    return bytes(content)


def resource_contents(connection: sa.Connection, digests: Iterable[str]) -> dict[str, bytes]:
    """Contents of several files by digest."""
    found: dict[str, bytes] = {}
    rest = sorted(set(digests))
    while rest:
        statement = sa.select(resource.c.digest, resource.c.content).where(resource.c.digest.in_(rest[:_AT_ONCE]))
        found |= {row.digest: bytes(row.content) for row in connection.execute(statement)}
        rest = rest[_AT_ONCE:]
    return found


def save_resources(connection: sa.Connection, contents: Mapping[str, bytes]) -> None:
    rows.insert_missing(connection, resource, [{"digest": d, "content": c} for d, c in contents.items()])


def save_deployment(connection: sa.Connection, row: Mapping[str, Any], definitions: Sequence[Mapping[str, Any]]) -> None:
    rows.insert(connection, deployment, [row])
    rows.insert(connection, definition, definitions)


def newest_deployment(connection: sa.Connection, digest: str) -> str | None:
    statement = sa.select(deployment.c.id).where(deployment.c.digest == digest).order_by(deployment.c.id.desc()).limit(1)
    return connection.execute(statement).scalar_one_or_none()


def deployment_report(connection: sa.Connection, deployment_id: str) -> list[dict[str, Any]]:
    """What a deployment's checks said."""
    found: list[dict[str, Any]] = connection.execute(sa.select(deployment.c.report).where(deployment.c.id == deployment_id)).scalar_one()
    return found


def newest_version(connection: sa.Connection, kind: str, key: str) -> int:
    """The highest version number given so far, 0 when there is none."""
    statement = sa.select(sa.func.max(definition.c.version)).where(definition.c.kind == kind, definition.c.key == key)
    return connection.execute(statement).scalar_one() or 0


def versions_of(connection: sa.Connection, wanted: Collection[tuple[str, str]]) -> dict[tuple[str, str], int]:
    """(kind, key) → highest version, of these."""
    found: dict[tuple[str, str], int] = {}
    for kind in sorted({kind for kind, _ in wanted}):
        rest = sorted(key for one, key in wanted if one == kind)
        while rest:
            statement = (
                sa.select(definition.c.key, sa.func.max(definition.c.version))
                .where(definition.c.kind == kind, definition.c.key.in_(rest[:_AT_ONCE]))
                .group_by(definition.c.key)
            )
            found |= {(kind, key): version for key, version in connection.execute(statement)}
            rest = rest[_AT_ONCE:]
    return found


def definition_row(connection: sa.Connection, kind: str, key: str, version: int) -> Any | None:
    statement = sa.select(definition).where(definition.c.kind == kind, definition.c.key == key, definition.c.version == version)
    return connection.execute(statement).one_or_none()


def versions(connection: sa.Connection, kind: str, key: str) -> list[Any]:
    """All versions of a definition, the newest first."""
    statement = sa.select(definition).where(definition.c.kind == kind, definition.c.key == key)
    return list(connection.execute(statement.order_by(definition.c.version.desc())))


def set_with(connection: sa.Connection, kind: str, key: str, definition_id: str) -> dict[str, Any] | None:
    """The newest set that was current with this very version in it."""
    statement = sa.select(definition_set.c.content).where(definition_set.c.position.is_not(None))
    for content in connection.execute(statement.order_by(definition_set.c.position.desc())).scalars():
        if content["definitions"].get(kind, {}).get(key, {}).get("id") == definition_id:
            return dict(content)
    return None
