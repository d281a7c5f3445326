"""Retention: finished cases are kept as long as their class of archive says (setting ``archive.retention``), then removed by hand.

A case in the archive catalogue is due when every line of it has run out; one that was never archived when the class of the setting
``archive.unarchived`` has, counted from the end of the year in which it ended. Nothing is removed by itself: an administrator decides,
and says why.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from engine.clock import Clock
from engine.commands import batches, removal
from engine.commands.runtime import Runtime
from engine.errors import Conflict
from engine.files.filestore import FileStore
from engine.store.database import after_commit
from governance.papers.contents import Contents
from governance.registers.archive import declare
from governance.retention import store
from governance.settings.settings import Settings

Connection = Any
_SAFE = timedelta(days=1)


@dataclass(frozen=True, slots=True, kw_only=True)
class Due:
    """A finished case whose keeping time is over."""

    instance: str
    process: str
    number: str | None
    area: str | None
    ended_at: datetime
    retention: str
    keep_until: date


class Retention:
    """Which cases are due, and what governance forgets of one that is removed."""

    def __init__(self, settings: Settings, files: FileStore, papers: Contents, clock: Clock, zone: ZoneInfo) -> None:
        declare(settings)
        self._settings, self._files, self._papers = settings, files, papers
        self._clock, self._zone = clock, zone

    def due(self, connection: Connection, retention: str | None = None, *, only: str | None = None) -> list[Due]:
        """Cases that may be removed today, in all classes or in one, the oldest first; `only`: whether this case may."""
        today = self._clock.now().astimezone(self._zone).date()
        found = [_due(row) for row in store.archived_out(connection, today, only)] + self._unarchived(connection, today, only)
        return sorted((one for one in found if retention in (None, one.retention)), key=lambda one: one.instance)

    def _unarchived(self, connection: Connection, today: date, only: str | None) -> list[Due]:
        now = self._clock.now()
        name = str(self._settings.get(connection, "archive.unarchived", now))
        years = int(self._settings.get(connection, "archive.retention", now).get(name, {}).get("years", 0))
        if years == 0:  # for ever
            return []
        before = datetime.combine(date(today.year - years, 1, 1), time(), self._zone)
        return [
            _due({**row, "retention": name, "keep_until": date(row["ended_at"].astimezone(self._zone).year + years, 12, 31)})
            for row in store.never_archived(connection, before, only)
        ]

    def forget(self, connection: Connection, instance: str) -> None:
        """Everything of a case outside the engine: rows, uploads, frozen papers (their bytes after the commit). Raises StillUsed."""
        now = self._clock.now()
        frozen = store.paper_contents(connection, instance)
        store.forget(connection, instance, now)
        self._files.forget(connection, instance)
        after_commit(connection, lambda: self._papers.remove(frozen, unless_newer_than=now - _SAFE))

    def remove_item(self, runtime: Runtime, connection: Connection, task: batches.Task) -> None:
        """One case of a batch, if it is still due: it may have been archived in another class meanwhile."""
        if not self.due(connection, only=task.instance):
            raise Conflict("保管期限未到 / Its keeping time is not over", instance=task.instance)
        removal.remove_item(runtime, connection, task)


def _due(row: dict[str, Any]) -> Due:
    return Due(
        instance=row["id"], process=row["process"], number=row["number"], area=row["area"], ended_at=row["ended_at"],
        retention=row["retention"], keep_until=row["keep_until"],
    )  # fmt: skip
