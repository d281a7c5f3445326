"""Tables of documents."""

from __future__ import annotations

import sqlalchemy as sa

from engine.store.metadata import ID, Moment, PlainJson, metadata

document = sa.Table(
    "document",
    metadata,
    sa.Column("id", ID, primary_key=True),
    sa.Column("instance", ID, nullable=False),
    sa.Column("kind", sa.String(64), nullable=False),
    sa.Column("created", Moment, nullable=False),
)
sa.Index("ix_document_instance", document.c.instance)

#: texts by their hash, kept once
document_text = sa.Table(
    "document_text",
    metadata,
    sa.Column("hash", sa.String(80), primary_key=True),
    sa.Column("body", sa.Text, nullable=False),
)

document_version = sa.Table(
    "document_version",
    metadata,
    sa.Column("document", ID, sa.ForeignKey("document.id"), primary_key=True),
    sa.Column("version", sa.Integer, primary_key=True),
    sa.Column("title", sa.Text, nullable=False),
    sa.Column("hash", sa.String(80), sa.ForeignKey("document_text.hash"), nullable=False),
    sa.Column("at", Moment, nullable=False),
    sa.Column("person", sa.String(64)),
)

#: record of a distribution copy; it has no legal weight
document_seal = sa.Table(
    "document_seal",
    metadata,
    sa.Column("id", ID, primary_key=True),
    sa.Column("document", ID, sa.ForeignKey("document.id"), nullable=False),
    sa.Column("version", sa.Integer, nullable=False),
    sa.Column("hash", sa.String(80), nullable=False),
    sa.Column("signing", ID),
    sa.Column("receivers", PlainJson, nullable=False),
    sa.Column("at", Moment, nullable=False),
    sa.UniqueConstraint("document", "hash"),
)
