"""The table of uploaded files."""

from __future__ import annotations

import sqlalchemy as sa

from engine.store.metadata import ID, Moment, metadata

#: one row per upload; several rows may share one content. Ids are UUIDv4: an id is all the public has to name its file.
file = sa.Table(
    "file",
    metadata,
    sa.Column("id", ID, primary_key=True),
    sa.Column("name", sa.String(255), nullable=False),
    sa.Column("size", sa.BigInteger, nullable=False),
    sa.Column("media_type", sa.String(100), nullable=False),
    sa.Column("digest", sa.String(80), nullable=False, index=True, comment="of the stored content"),
    sa.Column("source_digest", sa.String(80), nullable=False, index=True, comment="of what was sent, before a picture was cleaned"),
    sa.Column("uploaded_by", sa.String(200), index=True, comment="person; null: the public"),
    sa.Column("at", Moment, nullable=False),
    sa.Column("instance", ID, index=True, comment="null: not submitted with a form yet"),
)
