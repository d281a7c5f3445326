"""Table of reservations."""

from __future__ import annotations

import sqlalchemy as sa

from engine.store.metadata import ID, Moment, metadata

reservation = sa.Table(
    "reservation",
    metadata,
    sa.Column("id", ID, primary_key=True),
    sa.Column("resource", sa.String(120), nullable=False),
    #: number (or other name) of the case that holds it
    sa.Column("holder", sa.String(120), nullable=False),
    sa.Column("instance", ID, nullable=False),
    #: both days included
    sa.Column("first_day", sa.Date, nullable=False),
    sa.Column("last_day", sa.Date, nullable=False),
    sa.Column("reserved", Moment, nullable=False),
    sa.Column("released", Moment),
    sa.Column("reason", sa.Text, nullable=False),
)
sa.Index("ix_reservation_resource", reservation.c.resource, reservation.c.last_day)
sa.Index("ix_reservation_holder", reservation.c.holder)

#: one line per resource ever reserved: locked while it is reserved, so that two cases cannot both find it free
reserved_resource = sa.Table(
    "reserved_resource",
    metadata,
    sa.Column("resource", sa.String(120), primary_key=True),
    sa.Column("last", Moment, nullable=False),
)
