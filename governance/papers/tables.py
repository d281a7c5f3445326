"""Tables of papers."""

from __future__ import annotations

import sqlalchemy as sa

from engine.store.metadata import ID, Moment, PlainJson, TypedJson, metadata

#: an issued version of a paper. What it says never changes; the PDFs are made once, after the issue
paper_issue = sa.Table(
    "paper_issue",
    metadata,
    sa.Column("id", ID, primary_key=True),
    sa.Column("instance", ID, nullable=False),
    sa.Column("paper", sa.String(64), nullable=False),
    #: token of the called procedure it was filled in; empty: the case itself
    sa.Column("scope", sa.String(36), nullable=False),
    sa.Column("language", sa.String(8), nullable=False),
    sa.Column("version", sa.Integer, nullable=False),
    sa.Column("number", sa.String(80)),
    sa.Column("title_zh", sa.Text, nullable=False),
    sa.Column("title_en", sa.Text, nullable=False),
    #: class of its readers, and what the class depends on
    sa.Column("access", sa.String(32), nullable=False),
    sa.Column("area", sa.String(64)),
    sa.Column("owner", sa.String(64)),
    sa.Column("parties", PlainJson, nullable=False),
    #: selectors, persons, units or committees who alone may read it; null: the class decides
    sa.Column("readers", PlainJson),
    #: digest of the template, the values that were put in, and the hash of the text it stands for (a frozen document), if any
    sa.Column("template", sa.String(80), nullable=False),
    sa.Column("filled_with", TypedJson, nullable=False),
    sa.Column("seals", sa.Boolean, nullable=False),
    #: digests of the contents
    sa.Column("docx", sa.String(80), nullable=False),
    sa.Column("pdf", sa.String(80)),
    sa.Column("pdf_at", Moment),
    sa.Column("sealed", sa.String(80)),
    sa.Column("sealed_at", Moment),
    #: certificate (SHA-256 of its DER) the seal was made with
    sa.Column("certificate", sa.String(80)),
    #: what the verification page is asked with; tells nothing
    sa.Column("code", sa.String(32), nullable=False, unique=True),
    sa.Column("at", Moment, nullable=False),
    sa.Column("person", sa.String(64)),
    sa.Column("person_name", sa.String(120), nullable=False),
    sa.Column("mandate_zh", sa.String(200), nullable=False),
    sa.Column("mandate_en", sa.String(200), nullable=False),
    sa.Column("element", sa.String(128)),
    sa.UniqueConstraint("instance", "paper", "scope", "language", "version"),
)
sa.Index("ix_paper_issue_docx", paper_issue.c.docx)
sa.Index("ix_paper_issue_pdf", paper_issue.c.pdf)
sa.Index("ix_paper_issue_sealed", paper_issue.c.sealed)

#: numbers that were given: one for all versions and languages of a paper, never twice within its series
paper_number = sa.Table(
    "paper_number",
    metadata,
    sa.Column("instance", ID, primary_key=True),
    sa.Column("paper", sa.String(64), primary_key=True),
    sa.Column("scope", sa.String(36), primary_key=True),
    sa.Column("number", sa.String(80), nullable=False, unique=True),
)

#: the last number taken, per pattern, area and year: locked until the transaction ends, so there are no gaps
paper_sequence = sa.Table(
    "paper_sequence",
    metadata,
    sa.Column("series", sa.String(120), primary_key=True),
    sa.Column("area", sa.String(64), primary_key=True),
    sa.Column("year", sa.Integer, primary_key=True),
    sa.Column("last", sa.Integer, nullable=False),
)
