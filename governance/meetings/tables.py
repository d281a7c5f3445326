"""Tables of meetings. A meeting is a record; the process that opened it carries the order of things."""

from __future__ import annotations

import sqlalchemy as sa

from engine.store.metadata import ID, Moment, PlainJson, TypedJson, metadata

PERSON = sa.String(64)

meeting = sa.Table(
    "meeting",
    metadata,
    sa.Column("id", ID, primary_key=True),
    sa.Column("instance", ID, nullable=False),
    #: the call that opened it: a repeated call finds it
    sa.Column("call", sa.String(200), nullable=False),
    sa.Column("number", sa.String(64)),
    sa.Column("area", sa.String(64)),
    sa.Column("committee", sa.String(64)),
    sa.Column("title", sa.Text, nullable=False),
    sa.Column("kind", sa.String(32), nullable=False),
    sa.Column("mode", sa.String(16), nullable=False),
    sa.Column("venue", sa.Text, nullable=False),
    sa.Column("start_at", Moment, nullable=False),
    sa.Column("end_at", Moment, nullable=False),
    sa.Column("chair", PERSON, nullable=False),
    sa.Column("secretary", PERSON, nullable=False),
    #: class of domain 2.5: public | members | party | parties | staff
    sa.Column("access", sa.String(24), nullable=False),
    #: selectors of the sides and the mediator (class parties)
    sa.Column("parties", PlainJson, nullable=False),
    #: the context that D5 gave, frozen with its version and sources
    sa.Column("rules", TypedJson, nullable=False),
    sa.Column("open_to_public", sa.Boolean, nullable=False),
    sa.Column("observer_quota", sa.Integer),
    sa.Column("materials", PlainJson, nullable=False),
    sa.Column("urgent", sa.Boolean, nullable=False),
    sa.Column("urgent_reason", sa.Text, nullable=False),
    #: draft | announced | open | adjourned | no_quorum | held | minuted | confirmed | archived | cancelled
    sa.Column("state", sa.String(16), nullable=False),
    sa.Column("attempt", sa.Integer, nullable=False),
    #: one more with every change a page shows
    sa.Column("revision", sa.Integer, nullable=False),
    #: UUIDv4 behind the QR code at the door
    sa.Column("check_in_code", ID, nullable=False),
    #: latest moments for notice and materials, with an account of the computation
    sa.Column("periods", TypedJson, nullable=False),
    #: earlier dates and adjournments: [{at, from, to, reason, by}]
    sa.Column("moves", TypedJson, nullable=False),
    sa.Column("sent_at", Moment),
    sa.Column("opened_at", Moment),
    sa.Column("ended_at", Moment),
    sa.Column("created", Moment, nullable=False),
    sa.UniqueConstraint("instance", "call"),
)
sa.Index("ix_meeting_start", meeting.c.start_at)
sa.Index("ix_meeting_committee", meeting.c.committee)
sa.Index("uq_meeting_check_in_code", meeting.c.check_in_code, unique=True)

#: one line per person or unit invited or admitted
seat = sa.Table(
    "meeting_seat",
    metadata,
    sa.Column("id", ID, primary_key=True),
    sa.Column("meeting", ID, sa.ForeignKey("meeting.id"), nullable=False),
    sa.Column("no", sa.Integer, nullable=False),
    sa.Column("person", PERSON),
    sa.Column("unit", sa.String(64)),
    #: the committee seat it rests on; its term is looked up at every act
    sa.Column("membership", sa.String(64)),
    sa.Column("name", sa.Text, nullable=False),
    sa.Column("capacity", sa.String(16), nullable=False),
    sa.Column("voting", sa.Boolean, nullable=False),
    #: exact decimal as text
    sa.Column("weight", sa.String(32), nullable=False),
    sa.Column("grp", sa.String(64)),
    sa.Column("side", sa.String(64)),
    sa.Column("selector", sa.String(200)),
    sa.Column("admitted_by", PERSON),
    #: attend | absent | proxy; null: not answered
    sa.Column("answer", sa.String(16)),
    sa.Column("proxy", PERSON),
    sa.Column("proxy_letter", PlainJson),
    sa.Column("answer_reason", sa.Text),
    sa.Column("answered_at", Moment),
    sa.Column("answered_by", PERSON),
    #: sign | object | refused_to_sign | silent, to the minutes
    sa.Column("confirmation", sa.String(24)),
    sa.Column("confirmation_text", sa.Text),
    sa.Column("confirmed_by", PERSON),
    sa.Column("confirmed_at", Moment),
    sa.UniqueConstraint("meeting", "no"),
)
sa.Index("ix_meeting_seat_person", seat.c.person)

#: who was there for which seat, from when to when
attendance = sa.Table(
    "meeting_attendance",
    metadata,
    sa.Column("id", ID, primary_key=True),
    sa.Column("meeting", ID, sa.ForeignKey("meeting.id"), nullable=False),
    sa.Column("seat", ID, sa.ForeignKey("meeting_seat.id"), nullable=False),
    sa.Column("person", PERSON),
    #: he is there for somebody else's seat
    sa.Column("proxy", sa.Boolean, nullable=False),
    sa.Column("letter", PlainJson),
    sa.Column("signed_in", Moment, nullable=False),
    sa.Column("signed_out", Moment),
    #: self | code | secretary | chair | case
    sa.Column("way", sa.String(16), nullable=False),
    sa.Column("mandate", PlainJson),
    sa.Column("entered_by", PERSON),
)
sa.Index("ix_meeting_attendance_meeting", attendance.c.meeting)
# nobody is present twice on one seat
sa.Index(
    "uq_meeting_attendance_present",
    attendance.c.seat,
    unique=True,
    sqlite_where=attendance.c.signed_out.is_(None),
    postgresql_where=attendance.c.signed_out.is_(None),
)

item = sa.Table(
    "meeting_item",
    metadata,
    sa.Column("id", ID, primary_key=True),
    sa.Column("meeting", ID, sa.ForeignKey("meeting.id"), nullable=False),
    sa.Column("seq", sa.Integer, nullable=False),
    sa.Column("topic", sa.Text, nullable=False),
    sa.Column("proposer", sa.Text),
    sa.Column("seconders", PlainJson, nullable=False),
    #: inform | discuss | vote | report
    sa.Column("item_kind", sa.String(16), nullable=False),
    sa.Column("minutes", sa.Integer, nullable=False),
    sa.Column("motion", sa.Text),
    sa.Column("lead_unit", sa.String(64)),
    sa.Column("method", sa.String(16)),
    sa.Column("threshold", sa.String(24)),
    sa.Column("base", sa.String(16)),
    #: it stood on the agenda that was sent; others cannot be voted [L-BJWY 35]
    sa.Column("sent", sa.Boolean, nullable=False),
    #: waiting | current | done | carried_over | closed
    sa.Column("state", sa.String(16), nullable=False),
    sa.Column("outcome", sa.Text),
    sa.Column("begun", Moment),
    sa.Column("ended", Moment),
    sa.UniqueConstraint("meeting", "seq"),
)

recusal = sa.Table(
    "meeting_recusal",
    metadata,
    sa.Column("id", ID, primary_key=True),
    sa.Column("meeting", ID, sa.ForeignKey("meeting.id"), nullable=False),
    #: number of the agenda item; 0 is every item
    sa.Column("item", sa.Integer, nullable=False),
    sa.Column("seat", ID, sa.ForeignKey("meeting_seat.id"), nullable=False),
    sa.Column("relation", sa.String(24), nullable=False),
    sa.Column("detail", sa.Text, nullable=False),
    #: recuse | limited | none
    sa.Column("decision", sa.String(16), nullable=False),
    sa.Column("decided_by", PERSON),
    sa.Column("at", Moment, nullable=False),
    sa.UniqueConstraint("meeting", "item", "seat"),
)

speech = sa.Table(
    "meeting_speech",
    metadata,
    sa.Column("id", ID, primary_key=True),
    sa.Column("meeting", ID, sa.ForeignKey("meeting.id"), nullable=False),
    sa.Column("item", sa.Integer, nullable=False),
    sa.Column("speaker", sa.Text, nullable=False),
    sa.Column("speaker_name", sa.Text, nullable=False),
    #: for | against | reserved | proposal
    sa.Column("stance", sa.String(16), nullable=False),
    sa.Column("text", sa.Text, nullable=False),
    sa.Column("at", Moment, nullable=False),
    sa.Column("noted_by", PERSON),
    sa.Column("mandate", PlainJson),
)
sa.Index("ix_meeting_speech_meeting", speech.c.meeting)
