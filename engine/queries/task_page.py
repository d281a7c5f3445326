"""A task: open, done, and who may do it."""

from __future__ import annotations

from typing import Any

from engine.actor import Actor, Mandate
from engine.commands import opening
from engine.errors import NotFound
from engine.queries.reader import Reader, visible_at
from engine.queries.task_lines import DoneLine, TaskDetails, done_line, task_line
from engine.store import work


class TaskQueries(Reader):
    """One task."""

    def task(self, task_id: str) -> TaskDetails:
        """An open task. Raises NotFound (look at `done_task` then)."""
        with self._runtime.database.read() as connection:
            row = self._task(connection, task_id)
            instance = self._instance(connection, row.instance)
            definitions = self._runtime.library.bound(connection, instance.definitions)
            node = definitions.process(row.process).nodes[row.node]
            visible = visible_at(connection, instance, row.token)
        return TaskDetails(
            line=task_line(row), token=row.token, documentation=node.documentation, variables=visible, excluded=row.excluded_persons
        )

    def done_task(self, task_id: str) -> DoneLine:
        """A task that is not open any more. Raises NotFound."""
        with self._runtime.database.read() as connection:
            row = work.done_by_id(connection, task_id)
        if row is None:
            raise NotFound(f"there is no task {task_id}", task=task_id)
        return done_line(row)

    def may_complete(self, task_id: str, person: str) -> Mandate | None:
        """The mandate under which the person may do the task now; None when it is not offered to him. Raises NotFound."""
        with self._runtime.database.read() as connection:
            row = self._task(connection, task_id)
            if person in row.excluded_persons:
                return None
            offers = [*row.selectors, *row.offers()] if row.assignee == person else row.offers()
            actor = opening.permitted(self._runtime, connection, Actor(person=person), offers, self._runtime.clock.now())
        return actor.mandate if actor else None

    def draft(self, task_id: str, person: str) -> dict[str, Any] | None:
        """What the person has typed so far."""
        with self._runtime.database.read() as connection:
            return work.draft_of(connection, task_id, person)
