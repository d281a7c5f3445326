"""Migrations and the declared tables agree, on both databases."""

from __future__ import annotations

from collections.abc import Callable

from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext

from cogov import migrations
from engine.store.database import Database

OpenDatabase = Callable[[str], Database]


def test_the_migrated_schema_is_the_declared_one(database_url: str, open_database: OpenDatabase) -> None:
    migrations.upgrade(database_url, jobs=False)
    migrations.all_tables()
    with open_database(database_url).read() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        assert compare_metadata(context, migrations.metadata) == []


def test_a_second_upgrade_changes_nothing(database_url: str, open_database: OpenDatabase) -> None:
    migrations.upgrade(database_url)
    migrations.upgrade(database_url)
    with open_database(database_url).read() as connection:
        assert MigrationContext.configure(connection).get_current_revision() is not None
