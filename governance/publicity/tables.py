"""Tables of publicity."""

from __future__ import annotations

import sqlalchemy as sa

from engine.store.metadata import ID, Moment, PlainJson, TypedJson, metadata

publication = sa.Table(
    "publication",
    metadata,
    sa.Column("id", ID, primary_key=True),
    #: random, stands in the public address
    sa.Column("slug", sa.String(32), nullable=False),
    sa.Column("instance", ID, nullable=False),
    sa.Column("area", sa.String(64)),
    sa.Column("kind", sa.String(64), nullable=False),
    sa.Column("subject", sa.Text, nullable=False),
    sa.Column("version", sa.Integer, nullable=False),
    sa.Column("title", sa.Text, nullable=False),
    #: the redacted copy, never the record itself
    sa.Column("body", sa.Text, nullable=False),
    sa.Column("hash", sa.String(80), nullable=False),
    sa.Column("places", PlainJson, nullable=False),
    sa.Column("files", PlainJson, nullable=False),
    sa.Column("objection_channel", sa.Text, nullable=False),
    sa.Column("days", sa.Integer, nullable=False),
    #: natural | working
    sa.Column("basis", sa.String(16), nullable=False),
    sa.Column("start_at", Moment, nullable=False),
    sa.Column("end_at", Moment, nullable=False),
    sa.Column("computation", PlainJson, nullable=False),
    #: posted | under_objection | clean | objection_upheld | withdrawn
    sa.Column("state", sa.String(24), nullable=False),
    sa.Column("posted", Moment, nullable=False),
    sa.Column("ended", Moment),
    sa.Column("ended_reason", sa.Text, nullable=False),
    sa.Column("certificate", TypedJson),
    sa.UniqueConstraint("slug"),
)
sa.Index("ix_publication_wall", publication.c.state, publication.c.start_at)
sa.Index("ix_publication_instance", publication.c.instance)

#: what was on show before the text was changed and the clock began anew
publication_version = sa.Table(
    "publication_version",
    metadata,
    sa.Column("publication", ID, sa.ForeignKey("publication.id"), primary_key=True),
    sa.Column("version", sa.Integer, primary_key=True),
    sa.Column("title", sa.Text, nullable=False),
    sa.Column("body", sa.Text, nullable=False),
    sa.Column("hash", sa.String(80), nullable=False),
    sa.Column("start_at", Moment, nullable=False),
    sa.Column("end_at", Moment, nullable=False),
    sa.Column("posted", Moment, nullable=False),
    sa.Column("person", sa.String(64)),
)

publication_photo = sa.Table(
    "publication_photo",
    metadata,
    sa.Column("publication", ID, sa.ForeignKey("publication.id"), primary_key=True),
    sa.Column("version", sa.Integer, primary_key=True),
    sa.Column("file", sa.String(64), primary_key=True),
    sa.Column("place", sa.String(64), nullable=False),
    sa.Column("at", Moment, nullable=False),
    sa.Column("person", sa.String(64)),
)

publication_objection = sa.Table(
    "publication_objection",
    metadata,
    sa.Column("publication", ID, sa.ForeignKey("publication.id"), primary_key=True),
    #: number or instance of the objection
    sa.Column("objection", sa.String(80), primary_key=True),
    sa.Column("version", sa.Integer, nullable=False),
    sa.Column("received", Moment, nullable=False),
    sa.Column("late", sa.Boolean, nullable=False),
    #: None while it is open
    sa.Column("outcome", sa.String(24)),
    sa.Column("decided", Moment),
)
