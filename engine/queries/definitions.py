"""Deployed processes and their files."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from engine.commands import blocked
from engine.definitions.model import Label, Process
from engine.errors import Finding, NotFound
from engine.queries.reader import Reader
from engine.store import definitions as sets
from engine.store.queries import definitions as deployed


@dataclass(frozen=True, slots=True, kw_only=True)
class DefinitionLine:
    id: str
    kind: str
    key: str
    version: int
    name: Label
    path: str
    deployment: str
    deployed_at: datetime
    deployed_by: str | None


class DefinitionQueries(Reader):
    """What is deployed."""

    def definitions(self, kind: str | None = "process", key: str | None = None) -> tuple[DefinitionLine, ...]:
        """All versions, the newest of each key first. Kinds: process decision form group codes register."""
        with self._runtime.database.read() as connection:
            rows = deployed.definitions(connection, kind, key)
        return tuple(
            DefinitionLine(
                id=r.id, kind=r.kind, key=r.key, version=r.version, name=Label(r.name_zh, r.name_en), path=r.path,
                deployment=r.deployment, deployed_at=r.at, deployed_by=r.actor,
            )
            for r in rows
        )  # fmt: skip

    def definition_xml(self, process: str, version: int | None = None) -> bytes:
        """The BPMN file of a process, the newest or this version. Raises NotFound."""
        return self.definition_file("process", process, version)

    def definition_file(self, kind: str, key: str, version: int | None = None) -> bytes:
        """The source file of any definition. Raises NotFound."""
        with self._runtime.database.read() as connection:
            if version is None:
                return self._runtime.library.current(connection).text(kind, key)
            row = sets.definition_row(connection, kind, key, version)
            if row is None:
                raise NotFound(f"{kind} {key!r} has no version {version}", kind=kind, key=key, version=version)
            return sets.resource_content(connection, row.resource)

    def instance_xml(self, instance_id: str, process: str | None = None) -> bytes:
        """The BPMN file the instance runs, or that of a process it calls, in its versions. Raises NotFound."""
        with self._runtime.database.read() as connection:
            row = self._instance(connection, instance_id)
            return self._runtime.library.bound(connection, row.definitions).text("process", process or row.process)

    def only_shown(self) -> frozenset[str]:
        """Processes whose newest version has parts that cannot run here: they can be looked at, not started."""
        with self._runtime.database.read() as connection:
            digest = sets.current_digest(connection)
            if digest is None:
                return frozenset()
            found = self._runtime.library.bound(connection, digest).content["definitions"].get("process", {})
        return frozenset(key for key, entry in found.items() if entry.get(blocked.CANNOT_RUN))

    def cannot_run(self, process: str, language: str, version: int | None = None) -> tuple[Finding, ...]:
        """What of a process, the newest or this version, cannot run here; () when it can be started. Raises NotFound."""
        with self._runtime.database.read() as connection:
            current = self._runtime.library.current(connection)
            if version is None or current.version("process", process) == version:
                return blocked.findings(current.entry("process", process).get(blocked.CANNOT_RUN), language)
            row = sets.definition_row(connection, "process", process, version)
            if row is None:
                raise NotFound(f"process {process!r} has no version {version}", process=process, version=version)
            return blocked.findings(blocked.of_version(connection, row.deployment, row.path), language)

    def process(self, key: str, version: int | None = None) -> Process:
        """The model of a process. Raises NotFound."""
        with self._runtime.database.read() as connection:
            return self._bound(connection, key, version).process(key)

    def process_of(self, instance_id: str, process: str | None = None) -> Process:
        """The model an instance runs, or one it calls, in its version. Raises NotFound."""
        with self._runtime.database.read() as connection:
            row = self._instance(connection, instance_id)
            return self._runtime.library.bound(connection, row.definitions).process(process or row.process)

    def codes(self) -> Mapping[str, Any]:
        """All code lists now: name → [{code, zh, en}]; empty before the first deployment."""
        with self._runtime.database.read() as connection:
            digest = sets.current_digest(connection)
            return self._runtime.library.bound(connection, digest).codes() if digest else {}

    def catalogue(self) -> tuple[tuple[Process, int], ...]:
        """The newest version of every process with its number, by key: one look at the definitions, however many there are."""
        with self._runtime.database.read() as connection:
            digest = sets.current_digest(connection)
            definitions = self._runtime.library.bound(connection, digest) if digest is not None else None
            keys = sorted(definitions.keys("process")) if definitions is not None else ()
            return tuple((definitions.process(key), definitions.version("process", key)) for key in keys if definitions is not None)

    def deployment_files(self, deployment: str) -> dict[str, bytes]:
        """The files of a deployment: path → content. Raises NotFound."""
        with self._runtime.database.read() as connection:
            digests = deployed.deployment_files(connection, deployment)
            if digests is None:
                raise NotFound(f"there is no deployment {deployment}", deployment=deployment)
            found = deployed.contents(connection, list(digests.values()))
        return {path: found[digest] for path, digest in sorted(digests.items())}

    def current_files(self) -> dict[str, bytes]:
        """The files of everything deployed now: path → content; for export."""
        with self._runtime.database.read() as connection:
            digest = sets.current_digest(connection)
            content = sets.set_content(connection, digest) if digest else {"definitions": {}}
            paths = {e["path"]: e["resource"] for found in content["definitions"].values() for e in found.values()}
            found = deployed.contents(connection, sorted(set(paths.values())))
        return {path: found[resource] for path, resource in sorted(paths.items())}
