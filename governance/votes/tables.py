"""Tables of votes. What nobody may join lies apart: electors know that they voted, ballots know the choice (conventions 12)."""

from __future__ import annotations

import sqlalchemy as sa

from engine.store.metadata import ID, Moment, PlainJson, TypedJson, metadata
from governance.meetings.tables import meeting

PERSON = sa.String(64)

vote = sa.Table(
    "vote",
    metadata,
    sa.Column("id", ID, primary_key=True),
    sa.Column("instance", ID, nullable=False),
    #: the call that opened it: a repeated call finds it
    sa.Column("call", sa.String(200), nullable=False),
    sa.Column("meeting", ID, sa.ForeignKey(meeting.c.id)),
    sa.Column("item", sa.Integer),
    sa.Column("area", sa.String(64)),
    sa.Column("title", sa.Text, nullable=False),
    sa.Column("motion", sa.Text, nullable=False),
    sa.Column("hash", sa.String(80), nullable=False),
    #: hands | named | secret | written
    sa.Column("method", sa.String(16), nullable=False),
    #: [{code, zh, en}]
    sa.Column("options", PlainJson, nullable=False),
    #: entitled | present | voting
    sa.Column("base", sa.String(16), nullable=False),
    sa.Column("threshold", sa.String(24), nullable=False),
    sa.Column("rule", sa.String(120), nullable=False),
    sa.Column("rule_version", sa.String(64), nullable=False),
    #: articles and assumption tags: [{what, tag, zh, en}]
    sa.Column("sources", PlainJson, nullable=False),
    #: threshold of taking part (written votes), null where presence was checked when it was opened
    sa.Column("quorum", sa.String(24)),
    sa.Column("casting_vote", sa.Boolean, nullable=False),
    sa.Column("chair", PERSON),
    sa.Column("proposers", PlainJson, nullable=False),
    #: open | closed | certified | void | annulled (certified, and undone later: count and record stay readable)
    sa.Column("state", sa.String(16), nullable=False),
    #: one more with every change of what may be shown
    sa.Column("revision", sa.Integer, nullable=False),
    sa.Column("opened", Moment, nullable=False),
    sa.Column("closes_at", Moment),
    sa.Column("closed", Moment),
    #: {option: number} of a show of hands
    sa.Column("hands", PlainJson),
    #: the chair's casting vote
    sa.Column("casting", sa.String(16)),
    #: the stored count; a recount must give the same
    sa.Column("result", TypedJson),
    sa.Column("tellers", PlainJson, nullable=False),
    sa.Column("certified", Moment),
    sa.Column("certified_by", PERSON),
    sa.Column("record", TypedJson),
    sa.Column("record_hash", sa.String(80)),
    #: why, when and by whom it was voided or annulled
    sa.Column("void_reason", sa.Text, nullable=False),
    sa.Column("voided", Moment),
    sa.Column("voided_by", PERSON),
    sa.UniqueConstraint("instance", "call"),
)
sa.Index("ix_vote_meeting", vote.c.meeting)
sa.Index("ix_vote_state", vote.c.state)

#: the electorate as it was when the vote was opened
elector = sa.Table(
    "vote_elector",
    metadata,
    sa.Column("vote", ID, sa.ForeignKey("vote.id"), primary_key=True),
    sa.Column("no", sa.Integer, primary_key=True),
    #: seat of the meeting; without a meeting the number as text
    sa.Column("seat", ID, nullable=False),
    sa.Column("person", PERSON),
    sa.Column("unit", sa.String(64)),
    sa.Column("name", sa.Text, nullable=False),
    sa.Column("membership", sa.String(64)),
    #: exact decimal as text
    sa.Column("weight", sa.String(32), nullable=False),
    #: eligible | absent | recused
    sa.Column("status", sa.String(16), nullable=False),
    sa.Column("proxy_by", PERSON),
    #: that he voted, never when: a time would join him to a ballot
    sa.Column("voted", sa.Boolean, nullable=False),
    #: {key, complete}: the client's key of the press that counted (as a hash) and its answer, for the same request sent again; never
    #: the choice nor a hash of it (three options are soon tried). Gone when a secret vote is certified or voided
    sa.Column("press", PlainJson),
    sa.UniqueConstraint("vote", "seat"),
)
sa.Index("ix_vote_elector_person", elector.c.person)
sa.Index("ix_vote_elector_proxy_by", elector.c.proxy_by)

#: named and written ballots: who, what, when; of a secret vote only after certification and then without seat and time
ballot = sa.Table(
    "vote_ballot",
    metadata,
    sa.Column("id", ID, primary_key=True),
    sa.Column("vote", ID, sa.ForeignKey("vote.id"), nullable=False),
    sa.Column("seat", ID),
    sa.Column("option", sa.String(32), nullable=False),
    sa.Column("weight", sa.String(32), nullable=False),
    sa.Column("at", Moment),
    sa.Column("by", PERSON),
    sa.Column("mandate", PlainJson),
    sa.Column("withdrawn", Moment),
    sqlite_with_rowid=False,
)
sa.Index("ix_vote_ballot_vote", ballot.c.vote)
sa.Index(
    "uq_vote_ballot_standing",
    ballot.c.vote,
    ballot.c.seat,
    unique=True,
    sqlite_where=sa.and_(ballot.c.withdrawn.is_(None), ballot.c.seat.is_not(None)),
    postgresql_where=sa.and_(ballot.c.withdrawn.is_(None), ballot.c.seat.is_not(None)),
)

#: the closed box of a secret vote: one row, all its papers shuffled at every cast, so that no order, row or transaction joins
#: a paper to a voter; emptied into `vote_ballot` when the count is certified
box = sa.Table(
    "vote_box",
    metadata,
    sa.Column("vote", ID, sa.ForeignKey("vote.id"), primary_key=True),
    sa.Column("papers", PlainJson, nullable=False),
)
