"""Lists of cases, the case page and its buttons."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from typing import Any

from engine import values
from engine.history import store as history
from engine.history.record import LEFT, TAKEN
from engine.queries.case_lines import (
    ActionLine,
    InstanceDetails,
    InstanceLine,
    action_line,
    incident_line,
    instance_line,
    live_token,
    timer_line,
)
from engine.queries.paging import MOST, Page, by_id, id_cursor
from engine.queries.reader import Reader, visible_at
from engine.queries.task_lines import done_line, task_line
from engine.store import entries, instances, work
from engine.store.queries import incidents as incident_rows
from engine.store.queries import instances as lists
from engine.store.queries import tasks, waiting

#: parts of one statement: SQLite takes 500
_PARTS = 400


class CaseQueries(Reader):
    """Instances and what is open in them."""

    def instances(
        self,
        *,
        processes: Sequence[str] | None = None,
        state: str | None = None,
        starter: str | None = None,
        areas: Sequence[str] | None = None,
        number: str | None = None,
        parent: str | None = None,
        with_incidents: bool = False,
        limit: int = 50,
        cursor: str | None = None,
    ) -> Page[InstanceLine]:
        """Instances, the newest first. Raises BadCursor."""
        limit = min(max(limit, 1), MOST)
        after = id_cursor(cursor)
        with self._runtime.database.read() as connection:
            rows = lists.instances(
                connection, processes=processes, state=state, starter=starter, areas=areas, number=number, parent=parent,
                with_incidents=with_incidents, after=after, limit=limit + 1,
            )  # fmt: skip
        return by_id([instance_line(r) for r in rows], limit)

    def instance(self, instance_id: str) -> InstanceDetails:
        """An instance with all that is open in it. Raises NotFound."""
        with self._runtime.database.read() as connection:
            row = self._instance(connection, instance_id)
            completed, flows = _path(connection, instance_id)
            return InstanceDetails(
                line=instance_line(row),
                root=row.root,
                tokens=tuple(live_token(t, row.process) for t in waiting.tokens(connection, instance_id)),
                tasks=tuple(task_line(t) for t in work.tasks_of_instance(connection, instance_id)),
                done=tuple(done_line(t) for t in tasks.done_by_instance(connection, instance_id)),
                timers=tuple(timer_line(t) for t in waiting.timers(connection, instance_id, MOST)),
                actions=tuple(action_line(a) for a in waiting.actions(connection, instance_id)),
                incidents=tuple(
                    incident_line(i)
                    for i in incident_rows.incidents(connection, state=None, instance_id=instance_id, after=None, limit=MOST)
                ),
                completed=completed,
                flows=flows,
                authors=tuple(entries.authors(connection, instance_id)),
            )

    def variables(self, instance_id: str, token: str | None = None) -> dict[str, Any]:
        """Variables of the outermost scope, or those that a token sees. Raises NotFound."""
        with self._runtime.database.read() as connection:
            row = self._instance(connection, instance_id)
            return visible_at(connection, row, token or row.root)

    def root_variables(self, connection: Any, instance_id: str) -> dict[str, Any]:
        """Variables of the instance's outermost scope. Raises NotFound."""
        row = self._instance(connection, instance_id)
        return dict(instances.variables(connection, row).get(row.root, {}))

    def actions_for(self, instance_id: str, person: str | None) -> tuple[ActionLine, ...]:
        """The buttons of the case page this person may press (None: the public). Raises NotFound."""
        with self._runtime.database.read() as connection:
            self._instance(connection, instance_id)
            lines = [action_line(a) for a in waiting.actions(connection, instance_id)]
            now = self._runtime.clock.now()
            held = set(self._runtime.directory.selectors_of(connection, person, now)) if person is not None else set()
        return tuple(a for a in lines if a.public or "public" in a.selectors or held & set(a.selectors))

    def public_actions(self, limit: int = 200) -> tuple[tuple[str, ActionLine], ...]:
        """(instance, button) of everything that people without an account may do now, the newest first."""
        with self._runtime.database.read() as connection:
            return tuple((a.instance, action_line(a)) for a in waiting.public_actions(connection, limit))

    def running(self, processes: Sequence[str], most: int = 200) -> dict[str, int]:
        """How many instances of each process are running, counted up to `most`."""
        found: dict[str, int] = {}
        with self._runtime.database.read() as connection:
            for start in range(0, len(processes), _PARTS):
                found |= {r.process: r.number for r in lists.running(connection, processes[start : start + _PARTS], most)}
        return found


def _path(connection: Any, instance_id: str) -> tuple[dict[str, int], dict[str, int]]:
    """How often each element was completed and each flow taken, from the paths in the history."""
    completed: Counter[str] = Counter()
    flows: Counter[str] = Counter()
    for entry in history.entries(connection, instance_id):
        content = values.loads(entry.content) if entry.content is not None else {}
        for step in content.get("path", ()):
            if step[0] == LEFT:
                completed[step[1:]] += 1
            elif step[0] == TAKEN:
                flows[step[1:]] += 1
    return dict(completed), dict(flows)
