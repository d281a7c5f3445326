"""An installation on a movable clock, and workbooks written by the test."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
from openpyxl import Workbook

from cogov.cases.world import World
from cogov.migrations import all_tables
from engine.store.database import Database
from tests.beginnings import begin

MONDAY = datetime.fromisoformat("2026-03-02T09:00+08:00")
SMALL = Path(__file__).parents[2] / "rosters/small_community.yaml"
NOBODY = "{areas: [], people: []}"
Sheets = Mapping[str, Sequence[Sequence[Any]]]
WriteBook = Callable[..., Path]


@pytest.fixture
def empty(database: Database, tmp_path: Path) -> World:
    """Calendar and the bundled procedures, nobody in the directory; on SQLite and on PostgreSQL."""
    return begin(database, NOBODY, MONDAY, tmp_path / "files", area=None)


@pytest.fixture
def memory(tmp_path: Path) -> World:
    """Tables in memory, nothing in them."""
    all_tables()
    database = Database("sqlite://")
    database.create_all()
    return World(database, MONDAY, tmp_path / "files")


@pytest.fixture
def community(tmp_path: Path) -> World:
    """The small community of the example runs, in memory."""
    return begin(Database("sqlite://"), SMALL.read_text("utf8"), MONDAY, tmp_path / "files", area="yunqiao")


@pytest.fixture
def write_book(tmp_path: Path) -> WriteBook:
    """Write a workbook: sheet → rows, the first is the heading."""

    def write(sheets: Sheets, name: str = "book.xlsx") -> Path:
        book = Workbook()
        book.remove(book.active)
        for title, rows in sheets.items():
            sheet = book.create_sheet(title)
            for row in rows:
                sheet.append(list(row))
        path = tmp_path / name
        book.save(path)
        return path

    return write
