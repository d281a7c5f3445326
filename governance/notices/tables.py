"""One row per notice and person."""

from __future__ import annotations

import sqlalchemy as sa

from engine.store.metadata import ID, Moment, metadata

notice = sa.Table(
    "governance_notice",
    metadata,
    sa.Column("id", ID, primary_key=True),
    sa.Column("person", sa.String(64), nullable=False),
    # the selector that brought it to the person
    sa.Column("selector", sa.String(200), nullable=False),
    sa.Column("kind", sa.String(60), nullable=False),
    sa.Column("title_zh", sa.Text, nullable=False),
    sa.Column("title_en", sa.Text, nullable=False),
    sa.Column("link", sa.String(300)),
    sa.Column("instance", ID),
    # the same occasion is told to a person once
    sa.Column("occasion", sa.String(300), nullable=False),
    sa.Column("at", Moment, nullable=False),
    sa.Column("read_at", Moment),
    sa.UniqueConstraint("person", "occasion"),
    sa.Index(None, "person", "read_at"),
    sa.Index(None, "instance"),
)
