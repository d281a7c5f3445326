"""Rows over the declared defaults; append-only, the newest `valid_from` of the nearest area holds."""

from __future__ import annotations

import sqlalchemy as sa

from engine.store.metadata import ID, Moment, TypedJson, metadata

setting = sa.Table(
    "governance_setting",
    metadata,
    sa.Column("id", ID, primary_key=True),
    sa.Column("key", sa.String(100), nullable=False),
    sa.Column("value", TypedJson),
    # [A] assumption, [S0]… seed, law and article, or the decision it rests on
    sa.Column("source", sa.String(200), nullable=False),
    # null: the whole installation
    sa.Column("area", sa.String(64)),
    sa.Column("valid_from", Moment, nullable=False),
    sa.Column("changed_by", sa.String(64)),
    sa.Column("changed_at", Moment, nullable=False),
    sa.Index(None, "key"),
)
