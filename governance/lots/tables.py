"""Table of lots: the closed list, where the seed comes from, and later the seed."""

from __future__ import annotations

import sqlalchemy as sa

from engine.store.metadata import ID, Moment, PlainJson, metadata

lot = sa.Table(
    "governance_lot",
    metadata,
    sa.Column("id", ID, primary_key=True),
    sa.Column("instance", ID, nullable=False),
    #: what is drawn, once per case
    sa.Column("purpose", sa.String(120), nullable=False),
    #: keys in the order of their numbers 1, 2 …
    sa.Column("candidates", PlainJson, nullable=False),
    sa.Column("list_hash", sa.String(64), nullable=False),
    sa.Column("seats", sa.Integer, nullable=False),
    #: said before the list was closed: a value that nobody can know then
    sa.Column("seed_source", sa.Text, nullable=False),
    sa.Column("closed_at", Moment, nullable=False),
    #: null until drawn; then it never changes
    sa.Column("seed", sa.Text),
    sa.Column("drawn_at", Moment),
    sa.Column("person", sa.String(64)),
    sa.UniqueConstraint("instance", "purpose"),
)
