"""What all questions share: rows that must exist, the definitions they are bound to, the variables a token sees."""

from __future__ import annotations

from typing import Any

from engine.commands.library import BoundDefinitions
from engine.commands.runtime import Runtime
from engine.errors import NotFound
from engine.store import definitions as sets
from engine.store import instances, work
from engine.store.instances import InstanceRow
from engine.store.live import PRIVATE
from engine.store.queries import waiting
from engine.store.work import TaskRow


class Reader:
    """Base of the parts of Queries."""

    def __init__(self, runtime: Runtime) -> None:
        self._runtime = runtime

    def _task(self, connection: Any, task_id: str) -> TaskRow:
        row = work.task_by_id(connection, task_id)
        if row is None:
            raise NotFound(f"there is no open task {task_id}", task=task_id)
        return row

    def _done(self, connection: Any, task_id: str) -> Any:
        row = work.done_by_id(connection, task_id)
        if row is None:
            raise NotFound(f"there is no completed task {task_id}", task=task_id)
        return row

    def _instance(self, connection: Any, instance_id: str) -> InstanceRow:
        row = instances.read(connection, instance_id)
        if row is None:
            raise NotFound(f"there is no case {instance_id}", instance=instance_id)
        return row

    def _bound(self, connection: Any, process: str, version: int | None) -> BoundDefinitions:
        """The newest definitions, or those with an older version of one process (kept for reading only)."""
        current = self._runtime.library.current(connection)
        if version is None or current.version("process", process) == version:
            return current
        row = sets.definition_row(connection, "process", process, version)
        if row is None:
            raise NotFound(f"process {process!r} has no version {version}", process=process, version=version)
        return current.replaced("process", process, {"id": row.id, "version": row.version, "path": row.path, "resource": row.resource})

    def definitions_of(self, connection: Any, instance_id: str) -> BoundDefinitions:
        """The definitions an instance is bound to. Raises NotFound."""
        return self._runtime.library.bound(connection, self._instance(connection, instance_id).definitions)


def visible_at(connection: Any, row: InstanceRow, token: str) -> dict[str, Any]:
    """Variables a live token sees; the kernel's own are left out."""
    scopes = instances.variables(connection, row)
    parents = {t.id: t.parent if t.node is not None else None for t in waiting.tokens(connection, row.id)}
    chain: list[str] = []
    scope: str | None = token
    while scope is not None:
        chain.append(scope)
        scope = parents.get(scope)
    facts = {k: v for k, v in scopes.get(row.root, {}).items() if k in {"starter", "number", "area"}}
    found = {**facts}
    for scope_id in reversed(chain):
        found.update(scopes.get(scope_id, {}))
    return {name: value for name, value in found.items() if not name.startswith(PRIVATE)}
