"""Which sequence flows the runs of a cases.yaml take."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from engine.definitions.package import Package
from governance.designer.files import of_procedure


class Coverage:
    """Flows taken so far, by process."""

    def __init__(self) -> None:
        self._taken: dict[str, set[str]] = {}

    def add(self, flows: Mapping[str, set[str]]) -> None:
        for process, found in flows.items():
            self._taken.setdefault(process, set()).update(found)

    def of(self, files: Mapping[str, bytes], key: str, not_covered: Mapping[str, str]) -> list[dict[str, Any]]:
        """Each process of the procedure: how many flows it has, how many were taken, and which were not (without a stated reason)."""
        own = Package.from_files({path: content for path, content in files.items() if of_procedure(path, key) and path.endswith(".bpmn")})
        lines = []
        for process in own.processes.values():
            taken = self._taken.get(process.id, set()) & set(process.flows)
            missing = sorted(set(process.flows) - taken - set(not_covered))
            lines.append({"process": process.id, "flows": len(process.flows), "taken": sorted(taken), "missing": missing})
        return lines
