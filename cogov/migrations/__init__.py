"""The schema of the database, migrated with Alembic from its first table on."""

from __future__ import annotations

import importlib
import importlib.util
import pkgutil
from pathlib import Path
from typing import TYPE_CHECKING

import sqlalchemy as sa

import engine
import governance
from engine.jobs.dbos import migrate_jobs
from engine.store.database import Database
from engine.store.metadata import metadata

if TYPE_CHECKING:
    from alembic.config import Config

HERE = Path(__file__).parent

__all__ = ["all_tables", "config", "is_current", "metadata", "upgrade"]


def all_tables() -> None:
    """Import every module that declares tables: ``tables`` of each package of engine and governance."""
    for root in (engine, governance):
        for package in pkgutil.iter_modules(root.__path__):
            name = f"{root.__name__}.{package.name}.tables"
            if package.ispkg and importlib.util.find_spec(name) is not None:
                importlib.import_module(name)


def config() -> Config:
    """Alembic's configuration without a file; put an open connection into ``attributes["connection"]``."""
    from alembic.config import Config

    found = Config()
    found.set_main_option("script_location", str(HERE))
    return found


def is_current(database: Database) -> bool:
    """Whether the newest migration of this release has run, or one of a later release: while machines are upgraded one by one, the
    old ones go on. Asked at every start without Alembic, whose import alone takes a second."""
    newest = max(path.stem.split("_")[0] for path in (HERE / "versions").glob("[0-9]*.py"))
    inspector = sa.inspect(database.reader)
    if not inspector.has_table("alembic_version"):
        return False
    with database.read() as connection:
        found = connection.execute(sa.text("SELECT version_num FROM alembic_version")).scalar()
    return found is not None and str(found) >= newest


def _upgrade(database: Database) -> None:
    from alembic import command

    with database.write() as connection:
        settings = config()
        settings.attributes["connection"] = connection
        command.upgrade(settings, "head")


def upgrade(database_url: str, *, jobs: bool = True) -> None:
    """Bring the schema to the newest version; with `jobs`, the job engine's own tables too. Safe to call at every start."""
    database = Database(database_url)
    try:
        if not is_current(database):
            _upgrade(database)
        if jobs and not database.in_memory:
            migrate_jobs(database)
    finally:
        database.dispose()
