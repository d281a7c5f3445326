"""A person has at most one account; tokens belong to an account."""

from __future__ import annotations

import sqlalchemy as sa

from engine.store.metadata import ID, Moment, PlainJson, metadata

account = sa.Table(
    "governance_account",
    metadata,
    sa.Column("id", ID, primary_key=True),
    sa.Column("person", sa.String(64), nullable=False, unique=True),
    # case-folded
    sa.Column("login", sa.String(100), nullable=False, unique=True),
    sa.Column("password_hash", sa.String(200), nullable=False),
    sa.Column("failures", sa.Integer, nullable=False, default=0),
    sa.Column("locked_until", Moment),
    # how often it was locked since the last success: each lock is twice as long
    sa.Column("locks", sa.Integer, nullable=False, default=0),
    sa.Column("disabled", sa.Boolean, nullable=False, default=False),
    sa.Column("created_at", Moment, nullable=False),
    # a session older than this is void
    sa.Column("password_changed_at", Moment, nullable=False),
)

api_token = sa.Table(
    "governance_api_token",
    metadata,
    sa.Column("id", ID, primary_key=True),
    sa.Column("account", ID, sa.ForeignKey("governance_account.id"), nullable=False),
    sa.Column("name", sa.String(100), nullable=False),
    # digest of the secret with its algorithm; the secret itself is shown once
    sa.Column("digest", sa.String(100), nullable=False, unique=True),
    sa.Column("scopes", PlainJson, nullable=False),
    sa.Column("created_at", Moment, nullable=False),
    sa.Column("expires_at", Moment, nullable=False),
    sa.Column("revoked_at", Moment),
    sa.Column("used_at", Moment),
    sa.Index(None, "account"),
)
