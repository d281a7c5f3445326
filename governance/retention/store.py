"""Rows of finished cases: which are due, and everything governance keeps of one."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime
from typing import Any

import sqlalchemy as sa

from engine.errors import CogovError
from engine.store.metadata import metadata
from engine.store.tables import data_store, finished_instance, instance
from governance.papers.tables import paper_issue
from governance.registers.tables import archive_line

#: what outlives a removed case: the catalogue of archives says what there was, a data store belongs to all cases; uploads and history
#: have ways of their own
_KEPT = frozenset({"archive_line", "data_store", "file", "event", "event_content", "chain_head", "batch_item"})


class StillUsed(CogovError):
    """另一事项还引用它的记录 / Another case still refers to a record of this one"""

    code = "still_used"


def archived_out(connection: sa.Connection, on: date, only: str | None = None) -> list[dict[str, Any]]:
    """Finished cases in the catalogue all of whose lines have run out on that day, the oldest first; `only`: whether this one is."""
    lines = (
        sa.select(
            archive_line.c.instance, sa.func.max(archive_line.c.keep_until).label("keep_until"),
            sa.func.min(archive_line.c.retention).label("retention"),
        )
        .group_by(archive_line.c.instance)
        .having(sa.func.max(archive_line.c.keep_until) < on, sa.func.count() == sa.func.count(archive_line.c.keep_until))
        .subquery()
    )  # fmt: skip
    ended = _ended(only)
    statement = sa.select(ended, lines.c.keep_until, lines.c.retention).join(lines, lines.c.instance == ended.c.id)
    found = connection.execute(statement.order_by(ended.c.id))
    return [dict(row._mapping) for row in found]


def never_archived(connection: sa.Connection, before: datetime, only: str | None = None) -> list[dict[str, Any]]:
    """Finished cases that are not in the catalogue and ended before a moment, the oldest first; `only`: whether this one is."""
    ended = _ended(only, before)
    listed = sa.exists(sa.select(archive_line.c.id).where(archive_line.c.instance == ended.c.id))
    return [dict(row._mapping) for row in connection.execute(sa.select(ended).where(~listed).order_by(ended.c.id))]


def _ended(only: str | None, before: datetime | None = None) -> sa.Subquery:
    """Cases that have ended, wherever they lie; `only` this one, or those that ended `before`."""

    def part(table: sa.Table) -> sa.Select[Any]:
        c = table.c
        found = sa.select(c.id, c.process, c.number, c.area, c.ended_at).where(c.state != "running")
        if only is not None:
            found = found.where(c.id == only)
        return found if before is None else found.where(c.ended_at < before)

    return sa.union_all(part(finished_instance), part(instance)).subquery()


def paper_contents(connection: sa.Connection, instance_id: str) -> set[str]:
    """Digests of the frozen files of the case's papers that no other case has."""
    columns = (paper_issue.c.docx, paper_issue.c.pdf, paper_issue.c.sealed)

    def of(where: sa.ColumnElement[bool]) -> set[str]:
        return {digest for row in connection.execute(sa.select(*columns).where(where)) for digest in row if digest}

    return of(paper_issue.c.instance == instance_id) - of(paper_issue.c.instance != instance_id)


def forget(connection: sa.Connection, instance_id: str, at: datetime) -> None:
    """Delete everything governance keeps of a case but its lines in the catalogue, which are marked. Raises StillUsed."""
    connection.execute(sa.update(archive_line).where(archive_line.c.instance == instance_id).values(row=None, removed=at))
    connection.execute(sa.update(data_store).where(data_store.c.instance == instance_id).values(instance=None))
    found = conditions(instance_id)
    for table in reversed(list(found)):
        _let_go(connection, table, found, instance_id)
        connection.execute(sa.delete(table).where(found[table]))


def conditions(instance_id: str) -> dict[sa.Table, sa.ColumnElement[bool]]:
    """Every table with rows of the case → which rows; parents first. A row belongs to it by its column ``instance``, or by what it
    belongs to."""
    found: dict[sa.Table, sa.ColumnElement[bool]] = {}
    for table in metadata.sorted_tables:
        if table.name in _KEPT:
            continue
        if _own(table):
            found[table] = table.c["instance"] == instance_id
            continue
        ways = [
            key.parent.in_(sa.select(key.column).where(found[key.column.table]))
            for key in table.foreign_keys
            if key.column.table in found and key.column.table is not table
        ]
        if ways:
            found[table] = sa.or_(*ways)
    return found


def _own(table: sa.Table) -> bool:
    """Whether it names the case by itself; rows that the engine's own tables hang below the case go with it."""
    return "instance" in table.c and not table.c["instance"].foreign_keys


def _let_go(connection: sa.Connection, table: sa.Table, found: Iterable[sa.Table], instance_id: str) -> None:
    """What other cases have that points at rows of this table loses the link, if it can do without."""
    conditions_ = conditions(instance_id)
    for other in [t for t in found if _own(t)]:
        for key in other.foreign_keys:
            if key.column.table is not table:
                continue
            pointing = sa.and_(
                other.c["instance"] != instance_id, key.parent.in_(sa.select(key.column).where(conditions_[table]))
            )  # fmt: skip
            if key.parent.nullable:
                connection.execute(sa.update(other).where(pointing).values({key.parent.name: None}))
            elif connection.execute(sa.select(sa.literal(1)).select_from(other).where(pointing).limit(1)).first() is not None:
                raise StillUsed(table=other.name)
