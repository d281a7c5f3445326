"""A dispatch of a case with its two counters, what happened to it, and final designations."""

from __future__ import annotations

import sqlalchemy as sa

from engine.store.metadata import ID, Moment, PlainJson, metadata

dispatch = sa.Table(
    "governance_dispatch",
    metadata,
    sa.Column("id", ID, primary_key=True),
    sa.Column("instance", ID, nullable=False),
    #: number of the case, or whatever names it
    sa.Column("case_no", sa.String(80), nullable=False),
    sa.Column("area", sa.String(64)),
    sa.Column("category", sa.String(64)),
    #: kind of power the case needs; null: none
    sa.Column("power", sa.String(64)),
    sa.Column("lead", sa.String(64), nullable=False),
    sa.Column("co_units", PlainJson, nullable=False),
    sa.Column("basis", sa.Text, nullable=False),
    #: stays in touch with the requester while units dispute [L-BJJS 14]
    sa.Column("first_receiver", sa.String(64), nullable=False),
    #: sent | accepted | objected | designated
    sa.Column("state", sa.String(16), nullable=False),
    sa.Column("objections", sa.Integer, nullable=False),
    #: objections that were upheld: the case went to another unit
    sa.Column("reroutes", sa.Integer, nullable=False),
    #: units that have shown that they are not competent
    sa.Column("excluded", PlainJson, nullable=False),
    #: final, cannot be returned [L-WF12345 22; L-ZJZF 17]
    sa.Column("designated", sa.Boolean, nullable=False),
    sa.Column("sent_at", Moment, nullable=False),
    sa.Column("accepted_at", Moment),
    sa.UniqueConstraint("instance", "case_no"),
    sa.Index(None, "lead", "state"),
)

dispatch_event = sa.Table(
    "governance_dispatch_event",
    metadata,
    sa.Column("id", ID, primary_key=True),
    sa.Column("dispatch", ID, sa.ForeignKey("governance_dispatch.id"), nullable=False),
    #: sent | accepted | silent | objected | upheld | rejected | designated
    sa.Column("kind", sa.String(16), nullable=False),
    sa.Column("unit", sa.String(64)),
    sa.Column("basis", sa.Text, nullable=False),
    sa.Column("reason", sa.Text, nullable=False),
    sa.Column("at", Moment, nullable=False),
    sa.Column("person", sa.String(64)),
    sa.Index(None, "dispatch"),
)

#: Rulings on who is competent, also without a dispatch (departments that dispute in a meeting).
designation = sa.Table(
    "governance_designation",
    metadata,
    sa.Column("id", ID, primary_key=True),
    sa.Column("instance", ID, nullable=False),
    sa.Column("case_no", sa.String(80), nullable=False),
    sa.Column("unit", sa.String(64), nullable=False),
    sa.Column("power", sa.String(64)),
    sa.Column("basis", sa.Text, nullable=False),
    sa.Column("by", sa.String(64)),
    sa.Column("at", Moment, nullable=False),
    sa.Index(None, "case_no"),
    sa.Index(None, "instance"),
)
