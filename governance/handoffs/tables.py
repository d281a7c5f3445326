"""Table of hand-offs."""

from __future__ import annotations

import sqlalchemy as sa

from engine.store.metadata import ID, Moment, TypedJson, metadata

handoff = sa.Table(
    "handoff",
    metadata,
    sa.Column("id", ID, primary_key=True),
    sa.Column("instance", ID, nullable=False),
    sa.Column("number", sa.String(80)),
    sa.Column("area", sa.String(64)),
    #: procedure or body it goes to
    sa.Column("target", sa.String(128), nullable=False),
    sa.Column("title", sa.Text, nullable=False),
    sa.Column("reason", sa.Text, nullable=False),
    sa.Column("payload", TypedJson),
    #: open | closed
    sa.Column("state", sa.String(16), nullable=False),
    sa.Column("note", sa.Text, nullable=False),
    sa.Column("opened", Moment, nullable=False),
    sa.Column("closed", Moment),
    sa.Column("person", sa.String(64)),
)
sa.Index("ix_handoff_target", handoff.c.target, handoff.c.state)
sa.Index("ix_handoff_instance", handoff.c.instance)
