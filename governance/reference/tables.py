"""The stamp of the reference data."""

from __future__ import annotations

import sqlalchemy as sa

from engine.store.metadata import metadata

#: One row. Its token is a new random one after every change of directory, settings or calendars: a number could come twice,
#: when a transaction that raised it is rolled back.
stamp = sa.Table(
    "governance_reference_stamp",
    metadata,
    sa.Column("id", sa.Integer, primary_key=True, autoincrement=False),
    sa.Column("token", sa.String(36), nullable=False),
)
