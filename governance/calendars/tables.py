"""A calendar's versions are never changed: a correction is the next version, and old deadlines name the one they used."""

from __future__ import annotations

import sqlalchemy as sa

from engine.store.metadata import Moment, PlainJson, metadata

calendar_version = sa.Table(
    "governance_calendar_version",
    metadata,
    sa.Column("calendar", sa.String(40), nullable=False),
    sa.Column("version", sa.Integer, nullable=False),
    # null: the installation's calendar
    sa.Column("area", sa.String(64)),
    sa.Column("zone", sa.String(60), nullable=False),
    # [["09:00", "12:00"], …]
    sa.Column("hours", PlainJson, nullable=False),
    # years whose holidays are published and entered
    sa.Column("years", PlainJson, nullable=False),
    sa.Column("basis", sa.String(300), nullable=False),
    sa.Column("made_at", Moment, nullable=False),
    sa.Column("made_by", sa.String(64)),
    sa.PrimaryKeyConstraint("calendar", "version"),
)

#: Only the days that differ from Monday–Friday.
calendar_day = sa.Table(
    "governance_calendar_day",
    metadata,
    sa.Column("calendar", sa.String(40), nullable=False),
    sa.Column("version", sa.Integer, nullable=False),
    sa.Column("day", sa.Date, nullable=False),
    # rest | work
    sa.Column("kind", sa.String(10), nullable=False),
    sa.Column("name_zh", sa.String(100), nullable=False, default=""),
    sa.Column("name_en", sa.String(100), nullable=False, default=""),
    # other hours on this day; null: the calendar's
    sa.Column("hours", PlainJson),
    sa.PrimaryKeyConstraint("calendar", "version", "day"),
)
