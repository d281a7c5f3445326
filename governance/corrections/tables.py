"""Table of the requests. What was approved becomes a version in the history of the case; the request keeps what was asked."""

from __future__ import annotations

import sqlalchemy as sa

from engine.store.metadata import ID, Moment, PlainJson, TypedJson, metadata

PERSON = sa.String(64)

correction_request = sa.Table(
    "correction_request",
    metadata,
    sa.Column("id", ID, primary_key=True),
    sa.Column("task", ID, nullable=False),
    sa.Column("instance", ID, nullable=False),
    sa.Column("area", sa.String(64)),
    #: number of the version it corrects
    sa.Column("version", sa.Integer, nullable=False),
    #: the corrected submission
    sa.Column("form", TypedJson, nullable=False),
    sa.Column("reason", sa.Text, nullable=False),
    sa.Column("asked_by", PERSON, nullable=False),
    sa.Column("asked_at", Moment, nullable=False),
    #: whose correction it is, where somebody else entered it: person, unit, name, channel, note, file, digest
    sa.Column("entered", PlainJson),
    #: the task while the request is open: one at a time
    sa.Column("open_task", ID, unique=True),
    sa.Column("decided_by", PERSON),
    sa.Column("decided_at", Moment),
    #: approved | refused
    sa.Column("decision", sa.String(16)),
    sa.Column("decision_reason", sa.Text, nullable=False),
)
sa.Index("ix_correction_request_task", correction_request.c.task)
sa.Index("ix_correction_request_instance", correction_request.c.instance)
