"""What operators watch: armed timers and incidents."""

from __future__ import annotations

from collections.abc import Collection

from engine.queries.case_lines import (
    IncidentLine,
    TimerLine,
    incident_line,
    timer_line,
)
from engine.queries.paging import MOST, Page, by_id, id_cursor
from engine.queries.reader import Reader
from engine.store.queries import incidents as incident_rows
from engine.store.queries import waiting


class OperatingQueries(Reader):
    """Timers and incidents."""

    def timers(self, instance_id: str | None = None, *, limit: int = 100) -> tuple[TimerLine, ...]:
        """Armed timers of an instance or of all, the next first."""
        with self._runtime.database.read() as connection:
            return tuple(timer_line(t) for t in waiting.timers(connection, instance_id, min(limit, 1000)))

    def open_incidents(self) -> int:
        """How many steps of cases stand in an incident."""
        with self._runtime.database.read() as connection:
            return incident_rows.count_open_incidents(connection)

    def incidents(
        self,
        *,
        state: str | None = "open",
        instance: str | None = None,
        limit: int = 50,
        cursor: str | None = None,
        areas: Collection[str | None] | None = None,
    ) -> Page[IncidentLine]:
        """Incidents, the newest first. Raises BadCursor."""
        limit = min(max(limit, 1), MOST)
        with self._runtime.database.read() as connection:
            rows = incident_rows.incidents(
                connection, state=state, instance_id=instance, after=id_cursor(cursor), limit=limit + 1, areas=areas
            )
        return by_id([incident_line(r) for r in rows], limit)
