"""How a test world begins: roster, calendar and procedures, written once for all worlds that begin at the same moment with the same
people."""

from __future__ import annotations

import tempfile
from datetime import datetime
from pathlib import Path
from typing import Any

import yaml

from cogov.bootstrap import bundled_files
from cogov.cases.world import World
from engine.commands.library import Library
from engine.store.database import Database

#: folders of processes/ and forms/; None: all
Procedures = tuple[str, ...] | None
#: (roster, area, moment, procedures) → a prepared database and the definitions read for it
_KEPT: dict[tuple[str, str | None, datetime, Procedures], tuple[bytes, Library]] = {}


def begin(
    database: Database, roster: str, at: datetime, folder: Path, *, area: str | None, procedures: Procedures = None, **options: Any
) -> World:  # fmt: skip
    """A world in which the people of the roster (its YAML text) work with the bundled procedures (a few are quicker to deploy).
    `options` go to World.

    The database must be empty; on SQLite it becomes a copy of the beginning."""
    if database.url.get_backend_name() != "sqlite":
        world = World(database, at, folder, **options)
        _prepare(world, roster, area, procedures)
        return world
    key = (roster, area, at, procedures)
    if key not in _KEPT:
        _KEPT[key] = _beginning(roster, at, area, procedures)
    snapshot, library = _KEPT[key]
    if not database.in_memory:
        database.dispose()  # nobody may hold the file that is replaced
        Path(str(database.url.database)).write_bytes(snapshot)
    world = World(database, at, folder, library=library, **options)
    if database.in_memory:
        database.restore(snapshot)
    return world


def _beginning(roster: str, at: datetime, area: str | None, procedures: Procedures) -> tuple[bytes, Library]:
    database = Database("sqlite://")
    with tempfile.TemporaryDirectory() as files:
        world = World(database, at, Path(files))
        _prepare(world, roster, area, procedures)
    snapshot = database.snapshot()
    database.dispose()
    return snapshot, world.app.engine.runtime.library


def _prepare(world: World, roster: str, area: str | None, procedures: Procedures) -> None:
    world.app.database.create_all()  # all tables are declared once the application is wired
    files = {path: content for path, content in bundled_files().items() if procedures is None or path.split("/")[1] in procedures}
    world.prepare(yaml.safe_load(roster), area=area, files=files)
