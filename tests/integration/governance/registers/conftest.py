"""Rows in a register without an engine."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from governance.registers import store
from governance.registers.rows import Row

NOW = datetime(2026, 3, 23, 2, 0, tzinfo=UTC)


@pytest.fixture
def database(empty_database):
    return empty_database


@pytest.fixture
def put(database):
    """Store a row; every field has a default."""
    count = 0

    def add(**fields) -> Row:
        nonlocal count
        count += 1
        values = {
            "id": f"r{count:03}",
            "register": "walks",
            "instance": f"i{count}",
            "process": "walk",
            "title": f"散步 {count}",
            "state": "planned",
            "stage": "talk",
            "access": "public",
            "opened": NOW,
            "moved": NOW,
            "number": f"SB-{count:03}",
        }
        row = Row(**{**values, **fields})
        with database.write() as connection:
            store.insert_rows(connection, [row])
        return row

    return add
