"""Tables of signings and their signatories' slots."""

from __future__ import annotations

import sqlalchemy as sa

from engine.store.metadata import ID, Moment, PlainJson, metadata

signing = sa.Table(
    "signing",
    metadata,
    sa.Column("id", ID, primary_key=True),
    sa.Column("instance", ID, nullable=False),
    sa.Column("document", ID, nullable=False),
    sa.Column("version", sa.Integer, nullable=False),
    sa.Column("hash", sa.String(80), nullable=False),
    sa.Column("sequential", sa.Boolean, nullable=False),
    sa.Column("reason", sa.Text, nullable=False),
    #: open | complete | refused | void | expired
    sa.Column("state", sa.String(16), nullable=False),
    sa.Column("ended_reason", sa.Text, nullable=False),
    sa.Column("opened", Moment, nullable=False),
    sa.Column("ended", Moment),
)
sa.Index("ix_signing_instance", signing.c.instance)

#: one line per signatory and answer; a voided signature stays as what it was
signature = sa.Table(
    "signature",
    metadata,
    sa.Column("id", ID, primary_key=True),
    sa.Column("signing", ID, sa.ForeignKey("signing.id"), nullable=False),
    sa.Column("slot", sa.Integer, nullable=False),
    sa.Column("selector", sa.String(200), nullable=False),
    sa.Column("unit", sa.String(64)),
    sa.Column("name", sa.Text, nullable=False),
    sa.Column("expected_capacity", sa.String(64)),
    #: pending | signed | refused | void
    sa.Column("state", sa.String(16), nullable=False),
    sa.Column("person", sa.String(64)),
    sa.Column("person_name", sa.String(120)),
    sa.Column("capacity", sa.String(64)),
    sa.Column("method", sa.String(32)),
    sa.Column("agreed_e_sign", sa.Boolean),
    sa.Column("hash", sa.String(80)),
    #: post, membership … relied on: kind, id, selector, texts; or the power of attorney
    sa.Column("mandate", PlainJson),
    sa.Column("authority", PlainJson, nullable=False),
    sa.Column("reason", sa.Text),
    #: as the signatory stated it (paper is entered later)
    sa.Column("signed_at", Moment),
    sa.Column("recorded", Moment),
    sa.UniqueConstraint("signing", "slot"),
)
