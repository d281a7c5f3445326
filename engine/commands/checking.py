"""The checks of a deployment: of what is given, over what is there."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import asdict
from functools import cached_property
from typing import Any

from engine.commands.blocked import CANNOT_RUN, LANGUAGES, Said
from engine.commands.runtime import Runtime
from engine.definitions.check import check
from engine.definitions.package import Package
from engine.definitions.scope.services import service_shapes
from engine.errors import Finding

Connection = Any


class Checking:
    """The checks of a deployment: what is given over what is there."""

    def __init__(self, runtime: Runtime, connection: Connection, before: Mapping[str, Any], given: Package) -> None:
        self._runtime = runtime
        self._given = given
        resources = {
            entry["path"]: entry["resource"]
            for found in before["definitions"].values()
            for entry in found.values()
            if entry["path"] not in given.files
        }
        paths = sorted(resources)
        self._deployed = dict(zip(paths, runtime.library.files(connection, resources), strict=True))
        marked = {key: e["path"] for key, e in before["definitions"].get("process", {}).items() if e.get(CANNOT_RUN)}
        self._blocked = {key: path for key, path in marked.items() if path in self._deployed}

    @cached_property
    def _rest(self) -> Package:
        return Package.joined(self._deployed.values())

    def report(self, language: str) -> list[Finding]:
        """Findings about what is given; it may refer to what is deployed already."""
        return self._check(self._given, self._rest, self._blocked, language)

    def cannot_run(self, report: Sequence[Finding]) -> dict[str, Said]:
        """Process → what of it cannot run: of those that are given (`report` is their report) and of those that could not run before."""
        found = _by_process(self._given, report, self._said_of_given)
        if self._blocked:
            found |= self._again()
        return found

    def _said_of_given(self, path: str) -> Said:
        return {language: _stored(self.report(language), path) for language in LANGUAGES}

    def _again(self) -> dict[str, Said]:
        paths = set(self._blocked.values())
        mine = Package.from_files({path: self._deployed[path].files[path] for path in paths})
        rest = Package.joined([self._given, *(part for path, part in self._deployed.items() if path not in paths)])
        reports = {language: self._check(mine, rest, (), language) for language in LANGUAGES}
        return _by_process(mine, reports["zh"], lambda path: {language: _stored(reports[language], path) for language in LANGUAGES})

    def _check(self, package: Package, deployed: Package | None, blocked: Collection[str], language: str) -> list[Finding]:
        runtime = self._runtime
        services = [service.name for service in runtime.services]
        return check(
            package, services=services, roles=runtime.roles, deployed=deployed, more=runtime.checks, blocked=blocked,
            service_shapes=service_shapes(runtime.services), language=language,
        )  # fmt: skip


def _by_process(package: Package, report: Sequence[Finding], said: Callable[[str], Said]) -> dict[str, Said]:
    paths = {finding.file for finding in report if finding.stored}
    lists = {path: said(path) for path in paths}
    return {key: lists[path] for key, path in package.process_files.items() if path in paths and key in package.processes}


def _stored(report: Sequence[Finding], path: str) -> list[dict[str, Any]]:
    return [asdict(finding) for finding in report if finding.stored and finding.file == path]
