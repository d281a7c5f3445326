"""Guards of what lies outside the history: variables, files, documents."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence

import sqlalchemy as sa

from engine.guards import Guard
from engine.store.tables import guard

#: kinds of guarded things
DATA, FILE, DOCUMENT = "data", "file", "document"

_GIVEN = {name: sa.bindparam(name, type_=guard.c[name].type) for name in ("id", "instance", "kind", "ref", "content")}
_SAME = sa.exists(sa.select(guard.c.id).where(*(guard.c[name] == one for name, one in _GIVEN.items() if name != "id")))
_ADD = sa.insert(guard).from_select(list(_GIVEN), sa.select(*_GIVEN.values()).where(~_SAME))


def add(
    connection: sa.Connection, new_id: Callable[[], str], instance: str, kind: str, refs: Iterable[str], guards: Sequence[Guard]
) -> None:
    """Protect things of a case. A thing that already has guards gets these, too: a reader must satisfy all of them. One that it has
    already is not written again, however often a loop comes by."""
    rows = [{"id": new_id(), "instance": instance, "kind": kind, "ref": ref, "content": g.plain()} for ref in refs for g in guards]
    if rows:
        connection.execute(_ADD, rows)


def of_instance(connection: sa.Connection, instance: str, kind: str) -> dict[str, tuple[Guard, ...]]:
    """Guards of everything of this kind in a case, by its reference."""
    found: dict[str, list[Guard]] = defaultdict(list)
    rows = sa.select(guard.c.ref, guard.c.content).where(guard.c.instance == instance, guard.c.kind == kind).order_by(guard.c.id)
    for ref, content in connection.execute(rows):
        found[ref].append(Guard.of_plain(content))
    return {ref: tuple(dict.fromkeys(guards)) for ref, guards in found.items()}
