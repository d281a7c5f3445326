"""Tables of imports."""

from __future__ import annotations

import sqlalchemy as sa

from engine.store.metadata import ID, Moment, PlainJson, metadata

import_run = sa.Table(
    "import_run",
    metadata,
    sa.Column("id", ID, primary_key=True),
    #: the layout it was read with: roster, or the procedure
    sa.Column("layout", sa.String(128), nullable=False),
    sa.Column("file", sa.String(255), nullable=False),
    sa.Column("digest", sa.String(80), nullable=False),
    sa.Column("at", Moment, nullable=False),
    #: person; null: the operator at the command line
    sa.Column("by", sa.String(64)),
    #: sort of thing → how many
    sa.Column("counts", PlainJson, nullable=False),
    sa.Column("undone_at", Moment),
    sa.Column("undone_by", sa.String(64)),
)

#: what it made, in order: a row of a directory table, an account, an instance
import_item = sa.Table(
    "import_item",
    metadata,
    sa.Column("run", ID, sa.ForeignKey("import_run.id"), primary_key=True),
    sa.Column("seq", sa.Integer, primary_key=True),
    sa.Column("sort", sa.String(64), nullable=False),
    sa.Column("ref", sa.String(64), nullable=False),
)
