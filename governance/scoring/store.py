"""Score sheets and results in the database."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import sqlalchemy as sa

from governance.scoring.tables import score_result, score_sheet


def sheet_by_hash(connection: sa.Connection, key: str, content_hash: str) -> dict[str, Any] | None:
    found = connection.execute(sa.select(score_sheet).where(score_sheet.c.key == key, score_sheet.c.hash == content_hash)).first()
    return None if found is None else dict(found._mapping)


def sheet_by_id(connection: sa.Connection, sheet: str) -> dict[str, Any] | None:
    found = connection.execute(sa.select(score_sheet).where(score_sheet.c.id == sheet)).first()
    return None if found is None else dict(found._mapping)


def newest_version(connection: sa.Connection, key: str) -> int:
    return int(connection.execute(sa.select(sa.func.max(score_sheet.c.version)).where(score_sheet.c.key == key)).scalar() or 0)


def insert_sheet(connection: sa.Connection, sheet: Mapping[str, Any]) -> None:
    connection.execute(score_sheet.insert(), dict(sheet))


def insert_result(connection: sa.Connection, result: Mapping[str, Any]) -> None:
    connection.execute(score_result.insert(), dict(result))


def result_by_id(connection: sa.Connection, result: str) -> dict[str, Any] | None:
    found = connection.execute(sa.select(score_result).where(score_result.c.id == result)).first()
    return None if found is None else dict(found._mapping)


def results_of(connection: sa.Connection, instance: str) -> list[dict[str, Any]]:
    """Results of an instance, oldest first, each with key and version of its sheet."""
    query = sa.select(score_result, score_sheet.c.key, score_sheet.c.version, score_sheet.c.content.label("sheet_content")).join(
        score_sheet
    )
    return [
        dict(r._mapping)
        for r in connection.execute(query.where(score_result.c.instance == instance).order_by(score_result.c.at, score_result.c.id))
    ]
