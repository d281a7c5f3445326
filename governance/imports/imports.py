"""The record of an import, and its undo."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from engine.errors import CogovError, Conflict, NotFound
from engine.ids import uuid7
from governance.imports import store
from governance.imports.store import Run, Use

#: sort of items that are cases
INSTANCE = "instance"
#: a refusal names so many uses; more help nobody
_NAMED_USES = 20


class ImportInUse(CogovError):
    """Something the import brought is in use: it cannot be taken back."""

    code = "import_in_use"

    def __init__(self, uses: Sequence[Use]) -> None:
        named = "; ".join(f"{u.ref} ← {u.table}.{u.column} ({u.rows})" for u in uses[:_NAMED_USES])
        more = f" … +{len(uses) - _NAMED_USES}" if len(uses) > _NAMED_USES else ""
        super().__init__(
            f"导入的内容已被使用，不能撤销；请改为停用或结束任期 / in use, cannot be undone: end its validity instead: {named}{more}",
            uses=[{"ref": u.ref, "table": u.table, "column": u.column, "rows": u.rows} for u in uses],
        )
        self.uses = tuple(uses)


def record(connection: Any, *, layout: str, file: str, digest: str, at: datetime, by: str | None, items: Sequence[tuple[str, str]]) -> Run:
    """Write down an import with everything it made: (sort, id), in order."""
    counts = dict(Counter(sort for sort, _ref in items))
    key = uuid7(int(at.timestamp() * 1000))
    run = Run(id=key, layout=layout, file=file, digest=digest, at=at, by=by, counts=counts, undone_at=None, undone_by=None)
    store.insert(connection, run, items)
    return run


def refuse_again(connection: Any, digest: str, *, hold: bool = False) -> None:
    """Raises Conflict when the very same file was imported and not undone. `hold`: nobody else imports until this transaction ends, so
    that the answer stays true; of two presses at once the second is refused."""
    if hold:
        store.hold(connection)
    earlier = store.same_content(connection, digest)
    if earlier is not None:
        raise Conflict(
            f"此文件已于 {earlier.at:%Y-%m-%d %H:%M} 导入（{earlier.id}） / this file was imported already ({earlier.id})", run=earlier.id
        )


def to_undo(connection: Any, run: str) -> tuple[Run, dict[str, list[str]]]:
    """The import and what it made, by sort. Raises NotFound, Conflict (undone already)."""
    found = store.get(connection, run)
    if found is None:
        raise NotFound(f"没有导入 {run} / there is no import {run}", run=run)
    if found.undone_at is not None:
        raise Conflict(f"导入 {run} 已撤销 / import {run} is undone already", run=run)
    made: dict[str, list[str]] = {}
    for sort, ref in store.items(connection, run):
        made.setdefault(sort, []).append(ref)
    return found, made


def undo_directory(connection: Any, run: str, at: datetime, by: str | None) -> Mapping[str, int]:
    """Take back what an import put into the directory. Raises ImportInUse when anything refers to it by now.

    The history of the installation keeps the import and its undo.
    """
    found, made = to_undo(connection, run)
    in_use = store.uses(connection, made)
    if in_use:
        raise ImportInUse(in_use)
    store.remove(connection, made)
    store.mark_undone(connection, run, at, by)
    return found.counts
