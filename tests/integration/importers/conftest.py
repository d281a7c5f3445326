"""An installation on a movable clock, and workbooks written by the test."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
import yaml
from openpyxl import Workbook

from cogov.bootstrap import bundled_files
from cogov.cases.world import World
from cogov.migrations import all_tables
from engine.actor import SYSTEM
from engine.store.database import Database

MONDAY = datetime.fromisoformat("2026-03-02T09:00+08:00")
SMALL = Path(__file__).parents[2] / "rosters/small_community.yaml"
Sheets = Mapping[str, Sequence[Sequence[Any]]]
WriteBook = Callable[..., Path]


@pytest.fixture
def empty(database: Database, tmp_path: Path) -> World:
    """Tables and the bundled procedures, nobody in the directory; on SQLite and on PostgreSQL."""
    world = World(database, MONDAY, tmp_path / "files")
    world.app.engine.deploy(bundled_files(), actor=SYSTEM)
    return world


@pytest.fixture
def memory(tmp_path: Path) -> World:
    """The same in memory."""
    all_tables()
    database = Database("sqlite://")
    database.create_all()
    return World(database, MONDAY, tmp_path / "files")


@pytest.fixture
def community(memory: World) -> World:
    """The small community of the example runs, in memory."""
    memory.prepare(yaml.safe_load(SMALL.read_text("utf8")), area="yunqiao")
    return memory


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
