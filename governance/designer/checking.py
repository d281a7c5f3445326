"""The engine's own checks over a draft, as a deployment would make them."""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from engine.definitions.check import check as check_package
from engine.definitions.package import Package
from engine.definitions.report import Problem
from engine.definitions.scope.services import service_shapes
from engine.errors import Finding
from engine.ids import digest
from governance.application import Application
from governance.designer.files import of_procedure
from governance.directory.catalogue import roles, staff_roles
from governance.settings.declared import fault


@dataclass(frozen=True, slots=True, kw_only=True)
class Report:
    """What is wrong: in the draft, and what it would break elsewhere."""

    problems: tuple[Finding, ...]

    @property
    def errors(self) -> int:
        return sum(p.severity == "error" for p in self.problems)

    @property
    def refuses(self) -> bool:
        """Whether it cannot be published: parts that cannot run, in a file of another tool, do not stand against that."""
        return any(p.refuses for p in self.problems)

    @property
    def warnings(self) -> int:
        return sum(p.severity == "warning" for p in self.problems)


def content_of(files: Mapping[str, bytes]) -> str:
    """Content address of a set of files."""
    return digest("\n".join(f"{digest(content)} {path}" for path, content in sorted(files.items())).encode())


class _Memory:
    """The last reports by content: checking the same files twice costs nothing."""

    def __init__(self, size: int) -> None:
        self._size, self._lock = size, threading.Lock()
        self._found: OrderedDict[tuple[str, str, int], tuple[Finding, ...]] = OrderedDict()

    def findings(self, app: Application, files: Mapping[str, bytes], language: str) -> tuple[Finding, ...]:
        key = (content_of(files), language, id(app.services))
        with self._lock:
            known = self._found.get(key)
        if known is None:
            known = tuple(_checked(app, Package.from_files(files), language))
            with self._lock:
                self._found[key] = known
                while len(self._found) > self._size:
                    self._found.popitem(last=False)
        return known


_memory = _Memory(32)


def check(
    app: Application,
    files: Mapping[str, bytes],
    key: str,
    own: Mapping[str, bytes],
    before: Callable[[], Mapping[str, bytes]],
    language: str,
) -> Report:
    """The findings of `files` (everything that would be deployed) that concern a draft of procedure `key`: those in its own files
    `own`, and those elsewhere that `before` (everything deployed now) does not have."""
    found = _memory.findings(app, files, language)
    mine = [f for f in found if f.file in own or of_procedure(f.file, key)]
    others = [f for f in found if f not in mine]
    if others:
        known = {(f.file, f.code, f.element, f.message) for f in _memory.findings(app, before(), language)}
        others = [f for f in others if (f.file, f.code, f.element, f.message) not in known]
    order = {"error": 0, "warning": 1, "info": 2}
    return Report(problems=tuple(sorted([*mine, *others], key=lambda f: order[f.severity])))


def _checked(app: Application, package: Package, language: str) -> list[Finding]:
    found = [
        Problem(code="FILE-006", file=path, facts={"where": "/", "reason": wrong}).finding(language)
        for path, content in package.files.items()
        if path.endswith(".settings.yaml") and path in package.located and (wrong := fault(content.decode())) is not None
    ]
    services = [service.name for service in app.services]
    settings = {declared.key for declared in app.settings.declared()}
    found += check_package(
        package, services=services, roles=set(roles()), settings=settings, staff=staff_roles(), more=app.engine.runtime.checks,
        service_shapes=service_shapes(app.services), language=language,
    )  # fmt: skip
    return found
