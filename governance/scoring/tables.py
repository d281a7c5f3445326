"""Tables of frozen score sheets and of results with the sheets they rest on."""

from __future__ import annotations

import sqlalchemy as sa

from engine.store.metadata import ID, Moment, TypedJson, metadata

score_sheet = sa.Table(
    "score_sheet",
    metadata,
    sa.Column("id", ID, primary_key=True),
    sa.Column("key", sa.String(64), nullable=False),
    sa.Column("version", sa.Integer, nullable=False),
    sa.Column("hash", sa.String(80), nullable=False),
    sa.Column("content", TypedJson, nullable=False),
    sa.Column("frozen", Moment, nullable=False),
    sa.UniqueConstraint("key", "version"),
    sa.UniqueConstraint("key", "hash"),
)

score_result = sa.Table(
    "score_result",
    metadata,
    sa.Column("id", ID, primary_key=True),
    sa.Column("instance", ID, nullable=False),
    #: idempotency key of the call: a repeated call gives the same result
    sa.Column("call", sa.String(200), nullable=False),
    sa.Column("sheet", ID, sa.ForeignKey("score_sheet.id"), nullable=False),
    sa.Column("direction", sa.String(64), nullable=False),
    sa.Column("at", Moment, nullable=False),
    #: the sheets as counted and the rules: enough to count again
    sa.Column("ballots", TypedJson, nullable=False),
    sa.Column("rules", TypedJson, nullable=False),
    sa.Column("outcome", TypedJson, nullable=False),
)
sa.Index("ix_score_result_instance", score_result.c.instance, score_result.c.at)
sa.Index("ix_score_result_call", score_result.c.call)
