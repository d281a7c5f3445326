"""Tables of the designer. A draft is the files of one procedure that are not published yet; publishing removes it."""

from __future__ import annotations

import sqlalchemy as sa

from engine.store.metadata import ID, Moment, PlainJson, metadata

_PERSON = sa.String(64)

designer_draft = sa.Table(
    "designer_draft",
    metadata,
    sa.Column("id", ID, primary_key=True),
    #: of the procedure: its folder, its process id; one draft for each
    sa.Column("key", sa.String(64), nullable=False, unique=True),
    sa.Column("title_zh", sa.String(200), nullable=False),
    sa.Column("title_en", sa.String(200), nullable=False),
    #: path → digest of what was deployed when the draft was made (or brought up to date)
    sa.Column("base", PlainJson, nullable=False),
    #: version of the process then; null: there was none
    sa.Column("base_version", sa.Integer),
    #: raised by every change of a file
    sa.Column("revision", sa.Integer, nullable=False),
    sa.Column("created_at", Moment, nullable=False),
    sa.Column("created_by", _PERSON),
    sa.Column("updated_at", Moment, nullable=False),
    sa.Column("updated_by", _PERSON),
    sa.Column("note", sa.Text, nullable=False),
    #: the last check: of which revision, how many errors and warnings it found
    sa.Column("checked_revision", sa.Integer),
    sa.Column("errors", sa.Integer),
    sa.Column("warnings", sa.Integer),
)

#: Only the newest content is kept. A file that was taken away keeps its row without content, so that a lost race is seen.
designer_file = sa.Table(
    "designer_file",
    metadata,
    sa.Column("draft", ID, sa.ForeignKey("designer_draft.id", ondelete="CASCADE"), primary_key=True),
    sa.Column("path", sa.String(300), primary_key=True),
    sa.Column("content", sa.LargeBinary),
    sa.Column("digest", sa.String(80)),
    #: revision of the draft that changed it last
    sa.Column("revision", sa.Integer, nullable=False),
    sa.Column("changed_at", Moment, nullable=False),
    sa.Column("changed_by", _PERSON),
)

#: What was published from the designer, and why: one row for each version it made.
designer_release = sa.Table(
    "designer_release",
    metadata,
    sa.Column("deployment", ID, sa.ForeignKey("deployment.id"), primary_key=True),
    sa.Column("key", sa.String(64), nullable=False, index=True),
    sa.Column("version", sa.Integer, nullable=False),
    sa.Column("note", sa.Text, nullable=False),
    #: what it opened to more readers, each confirmed by `by`: list of publishing.plain
    sa.Column("lowered", PlainJson),
    sa.Column("at", Moment, nullable=False),
    sa.Column("by", _PERSON),
)
