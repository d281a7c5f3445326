"""Tables of the registers."""

from __future__ import annotations

import sqlalchemy as sa

from engine.store.metadata import ID, Moment, PlainJson, TypedJson, metadata

register_row = sa.Table(
    "register_row",
    metadata,
    sa.Column("id", ID, primary_key=True),
    sa.Column("register", sa.String(64), nullable=False),
    sa.Column("instance", ID, nullable=False),
    #: empty for registers with one row per instance
    sa.Column("key", sa.String(120), nullable=False),
    #: a procedure that is called again in the same case opens the next row
    sa.Column("generation", sa.Integer, nullable=False),
    sa.Column("process", sa.String(128), nullable=False),
    sa.Column("number", sa.String(80)),
    sa.Column("title", sa.Text, nullable=False),
    sa.Column("area", sa.String(64)),
    sa.Column("unit", sa.String(64)),
    sa.Column("owner", sa.String(64)),
    sa.Column("starter", sa.String(64)),
    sa.Column("state", sa.String(64), nullable=False),
    sa.Column("stage", sa.String(64)),
    sa.Column("access", sa.String(32), nullable=False),
    sa.Column("opened", Moment, nullable=False),
    sa.Column("due", Moment),
    sa.Column("closed", Moment),
    sa.Column("moved", Moment, nullable=False),
    #: in tenths, so that it sorts and compares exactly
    sa.Column("score_tenths", sa.Integer),
    sa.Column("columns", TypedJson, nullable=False),
    sa.Column("flags", PlainJson, nullable=False),
    sa.Column("version", sa.Integer, nullable=False),
    #: how many moves it has made; numbers them
    sa.Column("moves", sa.Integer, nullable=False),
    sa.UniqueConstraint("register", "instance", "key", "generation"),
    sa.UniqueConstraint("register", "number"),
)
sa.Index("ix_register_row_board", register_row.c.register, register_row.c.stage, register_row.c.moved)
sa.Index("ix_register_row_opened", register_row.c.register, register_row.c.opened, register_row.c.id)
sa.Index("ix_register_row_due", register_row.c.register, register_row.c.due)
sa.Index("ix_register_row_instance", register_row.c.instance)
#: "does he have a row here" for the menu of every page
sa.Index("ix_register_row_starter", register_row.c.starter, register_row.c.register)
sa.Index("ix_register_row_owner", register_row.c.owner, register_row.c.register)

#: units and persons that are the parties of a row (access class parties, "by unit")
register_party = sa.Table(
    "register_party",
    metadata,
    sa.Column("row", ID, sa.ForeignKey("register_row.id"), primary_key=True),
    sa.Column("ref", sa.String(64), primary_key=True),
    sa.Column("kind", sa.String(16), nullable=False),
)
sa.Index("ix_register_party_ref", register_party.c.ref)

#: values of columns that point at another case: its number or its instance
register_link = sa.Table(
    "register_link",
    metadata,
    sa.Column("row", ID, sa.ForeignKey("register_row.id"), primary_key=True),
    sa.Column("target", sa.String(80), primary_key=True),
)
sa.Index("ix_register_link_target", register_link.c.target)

register_move = sa.Table(
    "register_move",
    metadata,
    sa.Column("id", ID, primary_key=True),
    sa.Column("row", ID, sa.ForeignKey("register_row.id"), nullable=False),
    sa.Column("seq", sa.Integer, nullable=False),
    sa.Column("at", Moment, nullable=False),
    sa.Column("person", sa.String(64)),
    sa.Column("person_name", sa.String(120), nullable=False),
    sa.Column("mandate_zh", sa.String(200), nullable=False),
    sa.Column("mandate_en", sa.String(200), nullable=False),
    sa.Column("element", sa.String(128)),
    sa.Column("before", sa.String(64)),
    sa.Column("after", sa.String(64), nullable=False),
    #: keys of the columns that changed; never their values, which have access classes of their own
    sa.Column("changed", PlainJson, nullable=False),
)
sa.Index("ix_register_move_row", register_move.c.row, register_move.c.seq)

#: the last number taken, per register, area and year: locked until the transaction ends, so there are no gaps
register_sequence = sa.Table(
    "register_sequence",
    metadata,
    sa.Column("register", sa.String(64), primary_key=True),
    sa.Column("area", sa.String(64), primary_key=True),
    sa.Column("year", sa.Integer, primary_key=True),
    sa.Column("last", sa.Integer, nullable=False),
)

#: the catalogue of what was archived (档案目录)
archive_line = sa.Table(
    "archive_line",
    metadata,
    sa.Column("id", ID, primary_key=True),
    sa.Column("number", sa.String(80), nullable=False),
    sa.Column("instance", ID, nullable=False),
    sa.Column("row", ID, sa.ForeignKey("register_row.id")),
    sa.Column("register", sa.String(64)),
    sa.Column("process", sa.String(128), nullable=False),
    sa.Column("title", sa.Text, nullable=False),
    sa.Column("area", sa.String(64)),
    sa.Column("owner", sa.String(64)),
    sa.Column("retention", sa.String(64), nullable=False),
    #: None = permanent
    sa.Column("years", sa.Integer),
    sa.Column("source", sa.String(64), nullable=False),
    sa.Column("archived", Moment, nullable=False),
    sa.Column("keep_until", sa.Date),
    sa.Column("metrics", TypedJson, nullable=False),
    #: when the case was removed; the line stays
    sa.Column("removed", Moment),
    sa.UniqueConstraint("number"),
)
sa.Index("ix_archive_line_instance", archive_line.c.instance)
