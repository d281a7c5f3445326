"""History in the database: append, read, erase, verify."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import Any

import sqlalchemy as sa

from engine.history.chain import Entry, Problem, check
from engine.store.tables import chain_head, event, event_content, finished_instance, instance

_BATCH = 500
#: where the ends of chains stand, by what; an instance only ever moves on to a later one
_ENDS = ((instance, instance.c.id), (finished_instance, finished_instance.c.id), (chain_head, chain_head.c.instance))


def append(connection: sa.Connection, entries: Sequence[Entry]) -> None:
    """Write sealed entries: two statements, however many there are."""
    if not entries:
        return
    connection.execute(
        sa.insert(event),
        [
            {
                "instance": e.instance,
                "seq": e.seq,
                "at": e.at,
                "kind": e.kind,
                "element": e.element,
                "actor": e.actor,
                "mandate": e.mandate,
                "digest": e.digest,
                "chain": e.chain,
            }
            for e in entries
        ],
    )
    connection.execute(
        sa.insert(event_content),
        [{"instance": e.instance, "seq": e.seq, "salt": e.salt, "content": e.content} for e in entries],
    )


def entries(
    connection: sa.Connection,
    instance_id: str,
    *,
    after: int = 0,
    limit: int | None = None,
    kind: str | None = None,
    newest_first: bool = False,
) -> list[Entry]:
    """Rows of one instance in order (all, or of one kind), content included (None where erased).

    With `newest_first` the order is turned and `after` means before (0 = from the end).
    """
    statement = (
        sa.select(event, event_content.c.salt, event_content.c.content)
        .outerjoin(event_content, sa.and_(event.c.instance == event_content.c.instance, event.c.seq == event_content.c.seq))
        .where(event.c.instance == instance_id)
        .order_by(event.c.seq.desc() if newest_first else event.c.seq)
    )
    if after or not newest_first:
        statement = statement.where(event.c.seq < after if newest_first else event.c.seq > after)
    if kind is not None:
        statement = statement.where(event.c.kind == kind)
    if limit is not None:
        statement = statement.limit(limit)
    return [Entry(**row._mapping) for row in connection.execute(statement)]


def erase(connection: sa.Connection, instance_id: str, seqs: Iterable[int] | None = None) -> int:
    """Remove the content of an instance's history (all of it, or these rows); the chain stays valid. Returns how many rows."""
    statement = sa.update(event_content).where(event_content.c.instance == instance_id, event_content.c.salt.is_not(None))
    if seqs is not None:
        statement = statement.where(event_content.c.seq.in_(list(seqs)))
    return connection.execute(statement.values(salt=None, content=None)).rowcount


def verify(connection: sa.Connection, instance_id: str | None = None) -> list[Problem]:
    """Every place where the history of one instance, or of all, is not what was written. Empty = nothing was altered."""
    problems: list[Problem] = []
    for row in _heads(connection, instance_id):
        chain = entries(connection, row.id)
        problems += check(chain, instance=row.id, count=row.history_seq, head=row.history_chain)
    return problems + _without_instance(connection, instance_id)


def _without_instance(connection: sa.Connection, instance_id: str | None) -> list[Problem]:
    """Histories whose instance was removed behind the engine's back: nothing says any more how long they were."""
    known = [sa.exists(sa.select(key).where(key == event.c.instance)) for _, key in _ENDS]
    statement = sa.select(event.c.instance).distinct().where(*(~one for one in known))
    if instance_id is not None:
        statement = statement.where(event.c.instance == instance_id)
    found = connection.scalars(statement.order_by(event.c.instance))
    return [Problem(instance=one, seq=0, kind="orphaned", message="there is history of a case, and no case") for one in found]


def _heads(connection: sa.Connection, instance_id: str | None) -> Iterator[Any]:
    """Ends of chains: of instances that run and that have ended, then of those that were removed and of the installation."""
    for table, key in _ENDS:
        columns = sa.select(key.label("id"), table.c.history_seq, table.c.history_chain)
        if instance_id is not None:
            yield from connection.execute(columns.where(key == instance_id)).all()
            continue
        last = ""
        while rows := connection.execute(columns.where(key > last).order_by(key).limit(_BATCH)).all():
            yield from rows
            last = rows[-1].id
