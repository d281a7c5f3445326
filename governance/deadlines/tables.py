"""A deadline, what was changed about it, and the thresholds it has passed."""

from __future__ import annotations

import sqlalchemy as sa

from engine.store.metadata import ID, Moment, PlainJson, metadata

_OPEN = sa.text("state IN ('running', 'paused')")

deadline = sa.Table(
    "governance_deadline",
    metadata,
    sa.Column("id", ID, primary_key=True),
    sa.Column("instance", ID, nullable=False),
    sa.Column("process", sa.String(255), nullable=False),
    sa.Column("number", sa.String(60)),
    sa.Column("area", sa.String(64)),
    sa.Column("token", ID, nullable=False),
    sa.Column("element", sa.String(255), nullable=False),
    # id of the deadline in the model
    sa.Column("code", sa.String(255), nullable=False),
    sa.Column("limit_text", sa.String(40), nullable=False),
    # natural | working
    sa.Column("clock", sa.String(10), nullable=False),
    sa.Column("calendar", sa.String(40), nullable=False),
    sa.Column("calendar_version", sa.Integer, nullable=False),
    sa.Column("started_at", Moment, nullable=False),
    # while paused: when it will be due if nobody resumes it before the longest pause is over
    sa.Column("due_at", Moment, nullable=False),
    sa.Column("original_due_at", Moment, nullable=False),
    # running | paused | met | late_met | cancelled
    sa.Column("state", sa.String(10), nullable=False),
    sa.Column("ladder", sa.String(60), nullable=False),
    sa.Column("steps", PlainJson, nullable=False),
    # index into steps of the next threshold
    sa.Column("next_step", sa.Integer, nullable=False),
    # the pending alarm: next threshold, or the end of the longest pause; null when there is none left
    sa.Column("next_at", Moment),
    # an alarm with another generation is void
    sa.Column("generation", sa.Integer, nullable=False),
    # time of its own clock used before `counted_from`, and left when it was paused, in microseconds
    sa.Column("used_us", sa.BigInteger, nullable=False),
    sa.Column("counted_from", Moment, nullable=False),
    sa.Column("left_us", sa.BigInteger),
    sa.Column("paused_at", Moment),
    sa.Column("pauses", sa.Integer, nullable=False),
    sa.Column("paused_us", sa.BigInteger, nullable=False),
    sa.Column("pause_reason", sa.String(60)),
    sa.Column("extensions", sa.Integer, nullable=False),
    # set once and never cleared
    sa.Column("overdue_at", Moment),
    sa.Column("closed_at", Moment),
    sa.Column("text_zh", sa.Text, nullable=False),
    sa.Column("text_en", sa.Text, nullable=False),
    sa.Column("account", PlainJson, nullable=False),
    sa.Index(None, "token"),
    sa.Index(None, "instance", "code", "started_at"),
    sa.Index(None, "state", "due_at"),
    sa.Index("ix_governance_deadline_open", "instance", "due_at", sqlite_where=_OPEN, postgresql_where=_OPEN),
)

deadline_change = sa.Table(
    "governance_deadline_change",
    metadata,
    sa.Column("id", ID, primary_key=True),
    sa.Column("deadline", ID, sa.ForeignKey("governance_deadline.id"), nullable=False),
    # pause | resume | extend
    sa.Column("kind", sa.String(10), nullable=False),
    sa.Column("at", Moment, nullable=False),
    sa.Column("requested_by", sa.String(64)),
    sa.Column("approved_by", sa.String(64)),
    sa.Column("reason", sa.String(60)),
    sa.Column("note", sa.Text, nullable=False, default=""),
    sa.Column("due_before", Moment, nullable=False),
    sa.Column("due_after", Moment, nullable=False),
    sa.Column("text_zh", sa.Text, nullable=False),
    sa.Column("text_en", sa.Text, nullable=False),
    sa.Index(None, "deadline"),
)

deadline_mark = sa.Table(
    "governance_deadline_mark",
    metadata,
    sa.Column("deadline", ID, sa.ForeignKey("governance_deadline.id"), nullable=False),
    sa.Column("percent", sa.Integer, nullable=False),
    # when the threshold was passed, and when that was noticed
    sa.Column("passed_at", Moment, nullable=False),
    sa.Column("noticed_at", Moment, nullable=False),
    sa.Column("told", PlainJson, nullable=False),
    sa.PrimaryKeyConstraint("deadline", "percent"),
)

#: A unit that let a deadline pass: counted when it happens again within a short time.
overdue = sa.Table(
    "governance_overdue",
    metadata,
    sa.Column("deadline", ID, sa.ForeignKey("governance_deadline.id"), nullable=False),
    # unit, area or committee that answers for the work
    sa.Column("unit", sa.String(64), nullable=False),
    sa.Column("at", Moment, nullable=False),
    sa.PrimaryKeyConstraint("deadline", "unit"),
    sa.Index(None, "unit", "at"),
)

#: What a step of the ladder set going, once per deadline.
deadline_action = sa.Table(
    "governance_deadline_action",
    metadata,
    sa.Column("deadline", ID, sa.ForeignKey("governance_deadline.id"), nullable=False),
    sa.Column("action", sa.String(40), nullable=False),
    # percent, or repeat
    sa.Column("step", sa.String(10), nullable=False),
    sa.Column("at", Moment, nullable=False),
    sa.PrimaryKeyConstraint("deadline", "action"),
)
