"""Issued papers and their numbers in the database. The only module of papers with SQL."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from engine.store import rows
from engine.store.tables import finished_instance, instance
from governance.papers.tables import paper_issue, paper_number, paper_sequence

I = paper_issue.c  # noqa: E741  the columns


def hold(connection: sa.Connection, instance_id: str) -> None:
    """One issue at a time in a case. On SQLite the transaction itself holds."""
    for table in (instance, finished_instance):
        connection.execute(sa.select(table.c.id).where(table.c.id == instance_id).with_for_update())


def insert(connection: sa.Connection, values: Mapping[str, Any]) -> None:
    connection.execute(paper_issue.insert(), dict(values))


def newest(connection: sa.Connection, instance_id: str, paper: str, scope: str, language: str) -> dict[str, Any] | None:
    condition = (I.instance == instance_id, I.paper == paper, I.scope == scope, I.language == language)
    return _first(connection, sa.select(paper_issue).where(*condition).order_by(I.version.desc()))


def by_id(connection: sa.Connection, issue: str) -> dict[str, Any] | None:
    return _first(connection, sa.select(paper_issue).where(I.id == issue))


def by_code(connection: sa.Connection, code: str) -> dict[str, Any] | None:
    return _first(connection, sa.select(paper_issue).where(I.code == code))


def by_content(connection: sa.Connection, digest: str) -> dict[str, Any] | None:
    """The issue that this very file belongs to."""
    return _first(connection, sa.select(paper_issue).where(sa.or_(I.sealed == digest, I.pdf == digest, I.docx == digest)))


def of_instance(connection: sa.Connection, instance_id: str) -> list[dict[str, Any]]:
    """Every issued version of the case's papers, the newest first."""
    found = connection.execute(sa.select(paper_issue).where(I.instance == instance_id).order_by(I.at.desc(), I.version.desc(), I.id.desc()))
    return [dict(r._mapping) for r in found]


def keep_pdf(connection: sa.Connection, issue: str, digest: str, at: datetime) -> None:
    """The first one made counts; a second one made meanwhile is dropped."""
    connection.execute(paper_issue.update().where(I.id == issue, I.pdf.is_(None)).values(pdf=digest, pdf_at=at))


def keep_sealed(connection: sa.Connection, issue: str, digest: str, certificate: str, at: datetime) -> None:
    """As `keep_pdf`."""
    values = {"sealed": digest, "certificate": certificate, "sealed_at": at}
    connection.execute(paper_issue.update().where(I.id == issue, I.sealed.is_(None)).values(**values))


def number_of(connection: sa.Connection, instance_id: str, paper: str, scope: str) -> str | None:
    condition = (paper_number.c.instance == instance_id, paper_number.c.paper == paper, paper_number.c.scope == scope)
    return connection.execute(sa.select(paper_number.c.number).where(*condition)).scalar_one_or_none()


def number_taken(connection: sa.Connection, number: str) -> bool:
    return connection.execute(sa.select(paper_number.c.paper).where(paper_number.c.number == number)).first() is not None


def keep_number(connection: sa.Connection, instance_id: str, paper: str, scope: str, number: str) -> None:
    connection.execute(paper_number.insert(), {"instance": instance_id, "paper": paper, "scope": scope, "number": number})


def take_number(connection: sa.Connection, series: str, area: str, year: int) -> int:
    """The next number of that series. The line stays locked until commit; a rollback gives it back."""
    table = paper_sequence
    which = (table.c.series == series, table.c.area == area, table.c.year == year)
    following = table.update().where(*which).values(last=table.c.last + 1).returning(table.c.last)
    taken = connection.execute(following).scalar()
    if taken is None:
        rows.insert_missing(connection, table, [{"series": series, "area": area, "year": year, "last": 0}])
        taken = connection.execute(following).scalar_one()
    return int(taken)


def _first(connection: sa.Connection, query: sa.Select[Any]) -> dict[str, Any] | None:
    found = connection.execute(query.limit(1)).first()
    return None if found is None else dict(found._mapping)
