"""Tables of opinion rounds. Answers are rows, never variables of a process."""

from __future__ import annotations

import sqlalchemy as sa

from engine.store.metadata import ID, Moment, PlainJson, TypedJson, metadata

opinion_round = sa.Table(
    "opinion_round",
    metadata,
    sa.Column("id", ID, primary_key=True),
    #: random, stands in the public address
    sa.Column("slug", sa.String(32), nullable=False),
    sa.Column("instance", ID, nullable=False),
    sa.Column("area", sa.String(64)),
    sa.Column("title", sa.Text, nullable=False),
    sa.Column("subject", sa.Text, nullable=False),
    #: code of opinion_method
    sa.Column("method", sa.String(24), nullable=False),
    #: [{key, text: {zh, en}, kind, options, multiple, most, required}]
    sa.Column("questions", PlainJson, nullable=False),
    #: [{key, zh, en}]
    sa.Column("groups", PlainJson, nullable=False),
    #: household | person | unit
    sa.Column("one_per", sa.String(16), nullable=False),
    #: answers are taken from people who were not invited, too
    sa.Column("public", sa.Boolean, nullable=False),
    #: class of the result
    sa.Column("access", sa.String(32), nullable=False),
    #: selectors of those who run it: they hand out personal links and write down answers, beside those with the right of intake
    sa.Column("organisers", PlainJson, nullable=False),
    #: whoever lives elsewhere is marked and not counted
    sa.Column("residents_of", sa.String(64)),
    #: exact share, "1/2"
    sa.Column("min_rate", sa.String(40), nullable=False),
    sa.Column("opened_at", Moment, nullable=False),
    sa.Column("closes_at", Moment, nullable=False),
    #: how the closing moment was computed
    sa.Column("computation", PlainJson, nullable=False),
    sa.Column("extensions", sa.Integer, nullable=False),
    #: open | closed | withdrawn
    sa.Column("state", sa.String(16), nullable=False),
    sa.Column("closed_at", Moment),
    #: salt of device fingerprints; gone when the round is closed, so that no fingerprint can be tried out any more
    sa.Column("salt", sa.String(64)),
    sa.Column("invited", sa.Integer, nullable=False),
    #: invited slots with an answer that counts
    sa.Column("answered", sa.Integer, nullable=False),
    #: counts every answer and change
    sa.Column("revision", sa.Integer, nullable=False),
    sa.Column("adoption_version", sa.Integer, nullable=False),
    sa.Column("adoption_hash", sa.String(80)),
    sa.Column("adopted_at", Moment),
    sa.UniqueConstraint("slug"),
    sa.Index(None, "instance"),
    sa.Index(None, "state", "closes_at"),
)

#: One household, person or unit of a round: invited, or come by itself to a public one.
opinion_slot = sa.Table(
    "opinion_slot",
    metadata,
    sa.Column("id", ID, primary_key=True),
    sa.Column("round", ID, sa.ForeignKey("opinion_round.id"), nullable=False),
    #: person:…, unit:…, household:<address in one spelling>
    sa.Column("key", sa.String(200), nullable=False),
    #: person | unit | household | name
    sa.Column("kind", sa.String(16), nullable=False),
    #: id in the directory, for persons and units
    sa.Column("ref", sa.String(64)),
    sa.Column("name", sa.String(200), nullable=False),
    sa.Column("group", sa.String(64)),
    sa.Column("invited", sa.Boolean, nullable=False),
    #: hash of the token of the personal link, made when the link is handed out; gone when the round is closed
    sa.Column("token", sa.String(80)),
    #: who handed the link out and when; the link itself was shown to him, once
    sa.Column("handed_by", sa.String(64)),
    sa.Column("handed_at", Moment),
    #: it has an answer that counts
    sa.Column("answered", sa.Boolean, nullable=False),
    sa.UniqueConstraint("round", "key"),
    sa.UniqueConstraint("token"),
    sa.Index(None, "ref"),
)

opinion_answer = sa.Table(
    "opinion_answer",
    metadata,
    sa.Column("id", ID, primary_key=True),
    sa.Column("round", ID, sa.ForeignKey("opinion_round.id"), nullable=False),
    sa.Column("slot", ID, sa.ForeignKey("opinion_slot.id"), nullable=False),
    sa.Column("at", Moment, nullable=False),
    sa.Column("answers", TypedJson, nullable=False),
    #: name, telephone, address … of who answered; class staff
    sa.Column("identity", TypedJson),
    sa.Column("person", sa.String(64)),
    #: staff who wrote it down for somebody else
    sa.Column("entered_by", sa.String(64)),
    #: web | link | public | door | paper | phone | talk
    sa.Column("channel", sa.String(16), nullable=False),
    #: by account, personal link or staff: a claim of the same household without proof does not replace it
    sa.Column("verified", sa.Boolean, nullable=False),
    #: salted fingerprint of address and browser
    sa.Column("device", sa.String(64)),
    sa.Column("counted", sa.Boolean, nullable=False),
    #: why it is not counted: superseded | non_resident | not_listed | unverified | flooding; null while it counts
    sa.Column("mark", sa.String(16)),
    sa.Column("reviewed_by", sa.String(64)),
    sa.Column("review_reason", sa.Text),
    sa.Index(None, "round", "counted"),
    sa.Index(None, "round", "device"),
    sa.Index(None, "slot"),
)

#: What became of the opinions, public; a corrected table is the next version.
opinion_adoption = sa.Table(
    "opinion_adoption",
    metadata,
    sa.Column("round", ID, sa.ForeignKey("opinion_round.id"), primary_key=True),
    sa.Column("version", sa.Integer, primary_key=True),
    sa.Column("no", sa.Integer, primary_key=True),
    sa.Column("text", sa.Text, nullable=False),
    sa.Column("count", sa.Integer, nullable=False),
    sa.Column("group", sa.String(64)),
    #: adopted | partly | not_adopted
    sa.Column("adopted", sa.String(16), nullable=False),
    sa.Column("reason", sa.Text, nullable=False),
    sa.Column("at", Moment, nullable=False),
    sa.Column("person", sa.String(64)),
)
