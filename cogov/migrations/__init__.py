"""The schema of the database, migrated with Alembic from its first table on."""

from __future__ import annotations

import importlib
import importlib.util
import pkgutil
from pathlib import Path

from alembic import command
from alembic.config import Config

import engine
import governance
from engine.jobs.dbos import migrate_jobs
from engine.store.database import Database
from engine.store.metadata import metadata

HERE = Path(__file__).parent

__all__ = ["all_tables", "config", "metadata", "upgrade"]


def all_tables() -> None:
    """Import every module that declares tables: ``tables`` of each package of engine and governance."""
    for root in (engine, governance):
        for package in pkgutil.iter_modules(root.__path__):
            name = f"{root.__name__}.{package.name}.tables"
            if package.ispkg and importlib.util.find_spec(name) is not None:
                importlib.import_module(name)


def config() -> Config:
    """Alembic's configuration without a file; put an open connection into ``attributes["connection"]``."""
    found = Config()
    found.set_main_option("script_location", str(HERE))
    return found


def upgrade(database_url: str, *, jobs: bool = True) -> None:
    """Bring the schema to the newest version; with `jobs`, the job engine's own tables too. Safe to call at every start."""
    database = Database(database_url)
    try:
        with database.write() as connection:
            settings = config()
            settings.attributes["connection"] = connection
            command.upgrade(settings, "head")
        if jobs and not database.in_memory:
            migrate_jobs(database)
    finally:
        database.dispose()
