"""Tables of the directory. Every row that says who holds what has `valid_from` ≤ t < `valid_to` (domain 2.4)."""

from __future__ import annotations

import sqlalchemy as sa

from engine.store.metadata import Moment, PlainJson, metadata

#: Directory ids are chosen by people or imports and stand in selectors, so they are readable text.
SLUG = sa.String(64)


def _validity() -> tuple[sa.Column[object], sa.Column[object]]:
    return sa.Column("valid_from", Moment, nullable=False), sa.Column("valid_to", Moment)


def _names() -> tuple[sa.Column[str], sa.Column[str]]:
    return sa.Column("name_zh", sa.String(200), nullable=False), sa.Column("name_en", sa.String(200), nullable=False, default="")


#: One row per version: a re-divided grid keeps its old boundaries and parent for old cases.
area = sa.Table(
    "directory_area",
    metadata,
    sa.Column("id", SLUG, nullable=False),
    *_names(),
    sa.Column("level", sa.String(20), nullable=False),
    # the short code that stands in register numbers (domain 2.1)
    sa.Column("code", sa.String(20)),
    sa.Column("parent", SLUG),
    sa.Column("geometry", PlainJson),
    *_validity(),
    sa.PrimaryKeyConstraint("id", "valid_from"),
)

unit = sa.Table(
    "directory_unit",
    metadata,
    sa.Column("id", SLUG, primary_key=True),
    sa.Column("kind", sa.String(30), nullable=False),
    *_names(),
    sa.Column("uscc", sa.String(18)),
    sa.Column("legal_form", sa.String(60)),
    sa.Column("parent", SLUG),
    sa.Column("area", SLUG),
    sa.Column("status", sa.String(20), nullable=False, default="active"),
    *_validity(),
    sa.Index(None, "area"),
)

power = sa.Table(
    "directory_power",
    metadata,
    sa.Column("id", SLUG, primary_key=True),
    sa.Column("unit", SLUG, nullable=False),
    sa.Column("kind", sa.String(30), nullable=False),
    sa.Column("legal_basis", sa.String(200), nullable=False),
    sa.Column("area", SLUG),
    *_validity(),
    sa.Index(None, "unit"),
)

person = sa.Table(
    "directory_person",
    metadata,
    sa.Column("id", SLUG, primary_key=True),
    *_names(),
    sa.Column("phone", sa.String(30)),
    sa.Column("party_member", sa.Boolean, nullable=False, default=False),
    sa.Column("status", sa.String(20), nullable=False, default="active"),
)

post = sa.Table(
    "directory_post",
    metadata,
    sa.Column("id", SLUG, primary_key=True),
    sa.Column("role", sa.String(60), nullable=False),
    # code of the one post in the establishment plan (holder:<code>@<of>); the role's code unless it has its own
    sa.Column("code", sa.String(60), nullable=False),
    sa.Column("title_zh", sa.String(100), nullable=False, default=""),
    sa.Column("title_en", sa.String(100), nullable=False, default=""),
    sa.Column("of", SLUG, nullable=False),
    sa.Column("person", SLUG, nullable=False),
    sa.Column("acting", sa.Boolean, nullable=False, default=False),
    sa.Column("substitute_of", SLUG),
    *_validity(),
    sa.Index(None, "of", "role"),
    sa.Index(None, "person"),
)

committee = sa.Table(
    "directory_committee",
    metadata,
    sa.Column("id", SLUG, primary_key=True),
    sa.Column("kind", sa.String(40), nullable=False),
    *_names(),
    sa.Column("area", SLUG),
    sa.Column("parent", SLUG),
    sa.Column("charter_version", sa.String(40)),
    sa.Column("rules", PlainJson),
    *_validity(),
)

#: A seat: of a person, or of a unit that names a representative (rows of `representative`).
membership = sa.Table(
    "directory_membership",
    metadata,
    sa.Column("id", SLUG, primary_key=True),
    sa.Column("committee", SLUG, nullable=False),
    sa.Column("person", SLUG),
    sa.Column("unit", SLUG),
    sa.Column("role", sa.String(60), nullable=False),
    sa.Column("voting", sa.Boolean, nullable=False, default=True),
    sa.Column("weight", sa.Numeric(9, 3), nullable=False, default=1),
    sa.Column("appointed_by", SLUG),
    # resignation | closed | expelled | moved …: then there is no hand-over period
    sa.Column("ceased_reason", sa.String(60)),
    *_validity(),
    sa.CheckConstraint("(person IS NULL) <> (unit IS NULL)", name="person_or_unit"),
    sa.Index(None, "committee"),
    sa.Index(None, "person"),
)

representative = sa.Table(
    "directory_representative",
    metadata,
    sa.Column("id", SLUG, primary_key=True),
    sa.Column("membership", SLUG, sa.ForeignKey("directory_membership.id"), nullable=False),
    sa.Column("person", SLUG, nullable=False),
    sa.Column("letter", SLUG),
    *_validity(),
    sa.Index(None, "membership"),
    sa.Index(None, "person"),
)

delegation = sa.Table(
    "directory_delegation",
    metadata,
    sa.Column("id", SLUG, primary_key=True),
    sa.Column("from_person", SLUG, nullable=False),
    sa.Column("to_person", SLUG, nullable=False),
    sa.Column("scope", PlainJson, nullable=False),
    sa.Column("letter", SLUG),
    sa.Column("revocable", sa.Boolean, nullable=False, default=True),
    sa.Column("revoked_at", Moment),
    *_validity(),
    sa.CheckConstraint("from_person <> to_person", name="two_people"),
    sa.Index(None, "to_person"),
    sa.Index(None, "from_person"),
)
