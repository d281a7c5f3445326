"""An instance's history as people read it."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from engine import values
from engine.commands.library import BoundDefinitions
from engine.definitions.protection import PUBLIC, rules_of
from engine.errors import NotFound
from engine.guards import Guard, unevaluated
from engine.history import store as history
from engine.history.chain import Entry
from engine.history.submissions import without_seen
from engine.queries.paging import Page, cursor_of, id_cursor
from engine.queries.reader import Reader


@dataclass(frozen=True, slots=True, kw_only=True)
class HistoryLine:
    """One history row; `content` is None once erased."""

    seq: int
    at: datetime
    kind: str
    element: str | None
    actor: str | None
    mandate: Mapping[str, Any] | None
    content: Any
    digest: str
    #: who may read the content (engine.guards); empty: whoever reads the case
    guards: tuple[Guard, ...] = ()


class HistoryQueries(Reader):
    """History rows with who may read each."""

    def history(self, instance_id: str, *, limit: int = 100, cursor: str | None = None, newest_first: bool = False) -> Page[HistoryLine]:
        """The instance's history in order, or the newest first. Raises BadCursor."""
        limit = min(max(limit, 1), 1000)
        after = int(id_cursor(cursor) or 0)
        with self._runtime.database.read() as connection:
            rows = history.entries(connection, instance_id, after=after, limit=limit + 1, newest_first=newest_first)
            row = self._instance(connection, instance_id)
            definitions = self._runtime.library.bound(connection, row.definitions)
            # a process that nobody has asked for since the start is read from the database now
            lines = tuple(_history_line(e, definitions, row.process) for e in rows[:limit])
        return Page(items=lines, next=cursor_of([str(lines[-1].seq)]) if len(rows) > limit else None)

    def history_line(self, instance_id: str, seq: int) -> HistoryLine:
        """One row of the instance's history. Raises NotFound."""
        with self._runtime.database.read() as connection:
            row = self._instance(connection, instance_id)
            found = history.entries(connection, instance_id, after=seq - 1, limit=1)
            if not found or found[0].seq != seq:
                raise NotFound(f"there is no row {seq} in the history of {instance_id}", instance=instance_id, seq=seq)
            return _history_line(found[0], self._runtime.library.bound(connection, row.definitions), row.process)


def _history_line(entry: Entry, definitions: BoundDefinitions, process: str) -> HistoryLine:
    content = without_seen(values.loads(entry.content)) if entry.content is not None else None
    return HistoryLine(
        seq=entry.seq, at=entry.at, kind=entry.kind, element=entry.element, actor=entry.actor,
        mandate=json.loads(entry.mandate) if entry.mandate else None, content=content, digest=entry.digest,
        guards=_guards(entry, content, definitions, process),
    )  # fmt: skip


def _guards(entry: Entry, content: Any, definitions: BoundDefinitions, process: str) -> tuple[Guard, ...]:
    """As they were stored; rows from before there were any are judged by their element, and named nobody."""
    stored = content.get("guards") if isinstance(content, Mapping) else None
    if stored is not None:
        return tuple(Guard.of_plain(guard) for guard in stored)
    called, _, key = (entry.element or "").rpartition("/")
    model = definitions.process(called or process)
    node = model.nodes.get(key)
    if node is None:
        return ()
    # the designer's word that this is a redacted copy: also where the case as a whole is kept for some
    return (Guard(access=PUBLIC),) if node.access == PUBLIC else unevaluated(rules_of(model, node))
