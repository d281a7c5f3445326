"""Lists of tasks of a person."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from engine.queries.paging import MOST, Page, cursor_of, task_cursor
from engine.queries.reader import Reader
from engine.queries.task_lines import DoneLine, TaskLine, done_line, task_line
from engine.store.queries import tasks


class InboxQueries(Reader):
    """What a person has to do and has done."""

    def tasks_for(
        self,
        person: str,
        *,
        view: str = "candidate",
        processes: Sequence[str] | None = None,
        sort: str = "due_at",
        limit: int = 50,
        cursor: str | None = None,
    ) -> Page[TaskLine]:
        """Open tasks of a person: `view` mine (his alone), candidate (offered to several, him among them) or all; by `due_at`
        (without a due date last) or `created_at`. Raises BadCursor."""
        if view not in {"mine", "candidate", "all"} or sort not in {"due_at", "created_at"}:
            raise ValueError(f"view {view!r} or sort {sort!r} is unknown")
        limit = min(max(limit, 1), MOST)
        with self._runtime.database.read() as connection:
            selectors = self._selectors(connection, person, view)
            found = tasks.offered_tasks(
                connection, selectors, person=person, by_due=sort == "due_at", after=task_cursor(cursor), processes=processes,
                limit=limit + 1,
            )  # fmt: skip
            rows = {r.id: r for r in tasks.tasks_by_ids(connection, [t for t, _ in found[:limit]])} if found else {}
        lines = tuple(task_line(rows[t]) for t, _ in found[:limit] if t in rows)
        last = found[limit - 1] if len(found) > limit else None
        return Page(items=lines, next=cursor_of([last[1].isoformat(), last[0]]) if last else None)

    def count_tasks(self, person: str, *, view: str = "all", cap: int = 100) -> int:
        """How many open tasks there are, counted up to `cap`."""
        with self._runtime.database.read() as connection:
            return tasks.count_offered(connection, self._selectors(connection, person, view), person=person, cap=cap)

    def done_tasks(self, person: str, *, limit: int = 50, cursor: str | None = None) -> Page[DoneLine]:
        """Tasks the person completed, the newest first. Raises BadCursor."""
        limit = min(max(limit, 1), MOST)
        with self._runtime.database.read() as connection:
            rows = tasks.done_by_person(connection, person, after=task_cursor(cursor), limit=limit + 1)
        last = rows[limit - 1] if len(rows) > limit else None
        return Page(items=tuple(done_line(r) for r in rows[:limit]), next=cursor_of([last.at.isoformat(), last.id]) if last else None)

    def _selectors(self, connection: Any, person: str, view: str) -> list[str]:
        own = f"person:{person}"
        if view == "mine":
            return [own]
        held = self._runtime.directory.selectors_of(connection, person, self._runtime.clock.now())
        return sorted(held) if view == "all" else sorted(s for s in held if s != own)
