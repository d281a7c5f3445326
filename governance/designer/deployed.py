"""What is deployed, as the designer sees it: the files of now and of each version of a procedure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from engine.commands.blocked import CANNOT_RUN
from engine.definitions.model import Label
from engine.errors import NotFound
from engine.store import definitions as sets
from engine.store.queries import definitions as deployed
from engine.store.queries import instances as lists
from governance.designer.files import of_procedure

Connection = Any


@dataclass(frozen=True, slots=True, kw_only=True)
class Version:
    """One version of a procedure. `running`: cases that work in it now."""

    version: int
    name: Label
    deployment: str
    at: datetime
    by: str | None
    running: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Deployed:
    """The set of definitions that new cases get: path → digest of its files, and the versions of its processes."""

    digest: str | None
    paths: Mapping[str, str]
    versions: Mapping[str, int]
    #: processes with parts that cannot run: they are only looked at
    blocked: frozenset[str] = frozenset()


def current(connection: Connection) -> Deployed:
    """What is deployed now; nothing before the first deployment."""
    digest = sets.current_digest(connection)
    return Deployed(digest=None, paths={}, versions={}) if digest is None else of_content(digest, sets.set_content(connection, digest))


def of_content(digest: str | None, content: Mapping[str, Any]) -> Deployed:
    """The same of the content of a definition set."""
    definitions = content["definitions"]
    paths = {entry["path"]: entry["resource"] for found in definitions.values() for entry in found.values()}
    processes = definitions.get("process", {})
    return Deployed(
        digest=digest,
        paths=paths,
        versions={key: e["version"] for key, e in processes.items()},
        blocked=frozenset(key for key, e in processes.items() if e.get(CANNOT_RUN)),
    )


def contents(connection: Connection, paths: Mapping[str, str]) -> dict[str, bytes]:
    """Path → content of files given by path → digest."""
    found: dict[str, bytes] = {}
    digests = sorted(set(paths.values()))
    for begin in range(0, len(digests), 500):
        found |= deployed.contents(connection, digests[begin : begin + 500])
    return {path: found[digest] for path, digest in sorted(paths.items())}


def procedures(connection: Connection, key: str | None = None) -> dict[str, list[Version]]:
    """Every procedure, or just this one, with its versions, the newest first."""
    running = lists.running_by_version(connection, key)
    found: dict[str, list[Version]] = {}
    for row in deployed.definitions(connection, "process", key):
        found.setdefault(row.key, []).append(
            Version(
                version=row.version, name=Label(row.name_zh, row.name_en), deployment=row.deployment, at=row.at, by=row.actor,
                running=running.get((row.key, row.version), 0),
            )
        )  # fmt: skip
    return found


def files_of_version(connection: Connection, key: str, version: int) -> dict[str, bytes]:
    """The files of a procedure as they were when this version was deployed. Raises NotFound."""
    row = sets.definition_row(connection, "process", key, version)
    if row is None:
        raise NotFound(f"流程 {key} 没有第 {version} 版 / {key} has no version {version}", key=key, version=version)
    return contents(connection, _paths_at(deployed.deployments_until(connection, row.deployment), key))


def _paths_at(deployments: Iterable[Mapping[str, str | None]], key: str) -> dict[str, str]:
    """Path → digest after these deployments, in order; a file without a digest was taken away."""
    found: dict[str, str | None] = {}
    for files in deployments:
        found |= {path: digest for path, digest in files.items() if of_procedure(path, key)}
    return {path: digest for path, digest in found.items() if digest is not None}


def files_now(connection: Connection, key: str) -> dict[str, bytes]:
    """The files of a procedure that are deployed now."""
    return contents(connection, {path: digest for path, digest in current(connection).paths.items() if of_procedure(path, key)})
