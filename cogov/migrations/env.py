"""Run by Alembic. The caller opens the connection and owns its transaction (see `cogov.migrations.upgrade`)."""

from __future__ import annotations

from alembic import context

from cogov.migrations import all_tables, metadata

all_tables()
connection = context.config.attributes.get("connection")
if connection is None:
    raise RuntimeError("migrations run through cogov.migrations.upgrade, which gives the connection")
# SQLite cannot alter most things in place: batch mode rebuilds the table
context.configure(
    connection=connection,
    target_metadata=metadata,
    render_as_batch=connection.dialect.name == "sqlite",
    compare_type=True,
    render_item=context.config.attributes.get("render_item"),
)
context.run_migrations()
