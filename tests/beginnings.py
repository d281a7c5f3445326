"""How a test world begins: roster, calendar and procedures, written once for all worlds that begin at the same moment with the same
people."""

from __future__ import annotations

import hashlib
import os
import tempfile
from datetime import datetime
from pathlib import Path
from typing import Any

import psycopg
import sqlalchemy as sa
import yaml
from psycopg import sql

from cogov.bootstrap import bundled_files
from cogov.cases.world import World
from engine.commands.library import Library
from engine.store.database import Database

#: folders of processes/ and forms/; None: all
Procedures = tuple[str, ...] | None
#: (roster, area, moment, procedures)
_Key = tuple[str, str | None, datetime, Procedures]
#: a beginning → a prepared database and the definitions read for it
_KEPT: dict[_Key, tuple[bytes, Library]] = {}
#: the same on a PostgreSQL server: (server, beginning) → the name of a database to copy
_TEMPLATES: dict[tuple[str, _Key], tuple[str, Library]] = {}


def begin(
    database: Database, roster: str, at: datetime, folder: Path, *, area: str | None, procedures: Procedures = None, **options: Any
) -> World:  # fmt: skip
    """A world in which the people of the roster (its YAML text) work with the bundled procedures (a few are quicker to deploy).
    `options` go to World.

    The database becomes a copy of the beginning: what was in it is gone."""
    key = (roster, area, at, procedures)
    if database.url.get_backend_name() != "sqlite":
        library = _copy_template(database, key)
        return World(database, at, folder, library=library, **options)
    if key not in _KEPT:
        _KEPT[key] = _beginning(key)
    snapshot, library = _KEPT[key]
    if not database.in_memory:
        database.dispose()  # nobody may hold the file that is replaced
        Path(str(database.url.database)).write_bytes(snapshot)
    world = World(database, at, folder, library=library, **options)
    if database.in_memory:
        database.restore(snapshot)
    return world


def drop_templates(server: str) -> None:
    """Remove what `begin` keeps on the server (its URL, as tests know it)."""
    place = _place(sa.make_url(server))
    with psycopg.connect(server, autocommit=True) as admin:
        for key in [k for k in _TEMPLATES if k[0] == place]:
            name, _ = _TEMPLATES.pop(key)
            admin.execute(sql.SQL("DROP DATABASE {} WITH (FORCE)").format(sql.Identifier(name)))


def _copy_template(database: Database, key: _Key) -> Library:
    """Make the PostgreSQL database a copy of the beginning: some 3 s quicker than preparing it again."""
    place = _place(database.url)
    if (place, key) not in _TEMPLATES:
        digest = hashlib.sha256(repr(key).encode()).hexdigest()[:12]
        name = f"cogov_begin_{os.getpid()}_{digest}"
        with _admin(database.url) as admin:
            admin.execute(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(name)))  # a beginning that failed
            admin.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(name)))
        _TEMPLATES[place, key] = name, _prepared(database.url.set(database=name), key)
    name, library = _TEMPLATES[place, key]
    database.dispose()  # nobody may be in a database that is replaced
    own = sql.Identifier(str(database.url.database))
    with _admin(database.url) as admin:
        admin.execute(sql.SQL("DROP DATABASE {} WITH (FORCE)").format(own))
        admin.execute(sql.SQL("CREATE DATABASE {} TEMPLATE {}").format(own, sql.Identifier(name)))
    return library


def _prepared(url: sa.URL, key: _Key) -> Library:
    database = Database(url.render_as_string(hide_password=False))
    with tempfile.TemporaryDirectory() as files:
        world = _prepare(database, Path(files), key)
    database.dispose()  # a database somebody is in cannot be copied
    return world.app.engine.runtime.library


def _place(url: sa.URL) -> str:
    return f"{url.host}:{url.port}"


def _admin(url: sa.URL) -> psycopg.Connection[Any]:
    plain = url.set(drivername="postgresql", database="postgres")
    return psycopg.connect(plain.render_as_string(hide_password=False), autocommit=True)


def _beginning(key: _Key) -> tuple[bytes, Library]:
    database = Database("sqlite://")
    with tempfile.TemporaryDirectory() as files:
        world = _prepare(database, Path(files), key)
    snapshot = database.snapshot()
    database.dispose()
    return snapshot, world.app.engine.runtime.library


def _prepare(database: Database, folder: Path, key: _Key) -> World:
    roster, area, at, procedures = key
    world = World(database, at, folder)
    database.create_all()  # all tables are declared once the application is wired
    files = {path: content for path, content in bundled_files().items() if procedures is None or path.split("/")[1] in procedures}
    world.prepare(yaml.safe_load(roster), area=area, files=files)
    return world
