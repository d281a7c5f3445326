"""Deployments and what they brought."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import sqlalchemy as sa

from engine.store.tables import (
    definition,
    deployment,
    resource,
)

Rows = list[Any]


def definitions(connection: sa.Connection, kind: str | None, key: str | None) -> Rows:
    """All versions, the newest of each key first."""
    columns = (definition, deployment.c.at, deployment.c.actor)
    statement = sa.select(*columns).join(deployment, deployment.c.id == definition.c.deployment)
    if kind is not None:
        statement = statement.where(definition.c.kind == kind)
    if key is not None:
        statement = statement.where(definition.c.key == key)
    return list(connection.execute(statement.order_by(definition.c.kind, definition.c.key, definition.c.version.desc())))


def deployments(connection: sa.Connection, *, after: str | None, limit: int) -> Rows:
    statement = sa.select(deployment.c.id, deployment.c.digest, deployment.c.at, deployment.c.actor, deployment.c.files)
    if after is not None:
        statement = statement.where(deployment.c.id < after)
    return list(connection.execute(statement.order_by(deployment.c.id.desc()).limit(limit)))


def deployment_files(connection: sa.Connection, deployment_id: str) -> dict[str, str] | None:
    """Path → digest of what a deployment brought; None: there is no such deployment. Files it took away are not in it."""
    found: dict[str, str | None] | None = connection.execute(
        sa.select(deployment.c.files).where(deployment.c.id == deployment_id)
    ).scalar_one_or_none()
    return found if found is None else {path: digest for path, digest in found.items() if digest is not None}


def deployments_until(connection: sa.Connection, deployment_id: str) -> list[dict[str, str | None]]:
    """Files of this deployment and all before it, in order: path → digest, None for a file that was taken away."""
    statement = sa.select(deployment.c.files).where(deployment.c.id <= deployment_id).order_by(deployment.c.id)
    return [dict(files) for (files,) in connection.execute(statement)]


def contents(connection: sa.Connection, digests: Sequence[str]) -> dict[str, bytes]:
    """Contents by digest."""
    statement = sa.select(resource.c.digest, resource.c.content).where(resource.c.digest.in_(list(digests)))
    return {row.digest: bytes(row.content) for row in connection.execute(statement)}


def versions(connection: sa.Connection, process: str, version: int | None = None) -> list[int]:
    """Versions of a process that were deployed, the newest first; with `version`, only that one."""
    statement = sa.select(definition.c.version).where(definition.c.kind == "process", definition.c.key == process)
    if version is not None:
        statement = statement.where(definition.c.version == version)
    return list(connection.scalars(statement.order_by(definition.c.version.desc())))
