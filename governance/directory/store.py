"""Reads and writes of the directory. Functions take the open connection of the command; moments are aware."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

import sqlalchemy as sa

from engine.definitions.model import Label
from governance.directory.tables import area, committee, delegation, membership, person, post, power, representative, unit
from governance.reference import store as reference

_TABLES: Mapping[str, sa.Table] = {t.name.removeprefix("directory_"): t for t in (area, unit, power, person, post, committee)} | {
    t.name.removeprefix("directory_"): t for t in (membership, representative, delegation)
}

#: Escape character of LIKE patterns.
_ESCAPE = "\\"


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """An area, unit or committee as the tree knows it."""

    id: str
    #: area | unit | committee
    sort: str
    kind: str
    name: Label
    #: of the same sort
    parent: str | None
    area: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Held:
    """A post held at an instant."""

    id: str
    role: str
    code: str
    title: Label
    of: str
    person: str
    acting: bool
    substitute_of: str | None
    valid_to: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Seat:
    """A seat held by a person at an instant; with `unit` the person is its named representative."""

    id: str
    committee: str
    person: str
    unit: str | None
    role: str
    voting: bool
    weight: Decimal
    valid_from: datetime
    valid_to: datetime | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Stand:
    """A delegation in force."""

    id: str
    from_person: str
    to_person: str
    scope: Mapping[str, Any]
    valid_to: datetime | None = None


def insert(connection: sa.Connection, table: str, rows: Sequence[Mapping[str, Any]]) -> None:
    """Insert rows into the table named without its prefix (``post`` …)."""
    if rows:
        connection.execute(_TABLES[table].insert(), [dict(r) for r in rows])
        reference.renew(connection)


def end(connection: sa.Connection, table: str, row: str, at: datetime, **values: Any) -> bool:
    """End the validity of a row that is still open at `at`; False when there is none."""
    t = _TABLES[table]
    still_open = sa.or_(t.c.valid_to.is_(None), t.c.valid_to > at)
    ended = connection.execute(t.update().where(t.c.id == row, still_open).values(valid_to=at, **values)).rowcount > 0
    reference.renew(connection)
    return ended


def revoke(connection: sa.Connection, row: str, at: datetime) -> bool:
    """Revoke a delegation; False when it is not revocable or not there."""
    found = sa.and_(delegation.c.id == row, delegation.c.revocable.is_(True), delegation.c.revoked_at.is_(None))
    revoked = connection.execute(delegation.update().where(found).values(revoked_at=at)).rowcount > 0
    reference.renew(connection)
    return revoked


def next_change(connection: sa.Connection, at: datetime, handover: timedelta) -> datetime | None:
    """The first moment after `at` at which a validity begins or ends, or the hand-over after a term; None when none is known."""
    moments = [c for t in _TABLES.values() for c in (t.c.get("valid_from"), t.c.get("valid_to"), t.c.get("revoked_at")) if c is not None]
    firsts = [sa.select(sa.func.min(c)).where(c > at) for c in moments]
    found = [m for (m,) in connection.execute(sa.union_all(*firsts)) if m is not None]
    ending = connection.execute(sa.select(sa.func.min(membership.c.valid_to)).where(membership.c.valid_to > at - handover)).scalar()
    return min([*found, *([ending + handover] if ending is not None else [])], default=None)


def places(connection: sa.Connection, ids: Iterable[str], at: datetime) -> dict[str, Place]:
    """Areas (in the version of that instant), units and committees with these ids."""
    wanted = sorted(set(ids))
    if not wanted:
        return {}
    rows = sa.union_all(
        _place("area", area, area.c.level, area.c.parent, sa.null(), at).where(area.c.id.in_(wanted)),
        _place("unit", unit, unit.c.kind, unit.c.parent, unit.c.area, None).where(unit.c.id.in_(wanted)),
        _place("committee", committee, committee.c.kind, committee.c.parent, committee.c.area, None).where(committee.c.id.in_(wanted)),
    )
    return {
        r.id: Place(id=r.id, sort=r.sort, kind=r.kind, name=Label(r.name_zh, r.name_en), parent=r.parent, area=r.area)
        for r in connection.execute(rows)
    }


def all_areas(connection: sa.Connection, at: datetime) -> list[Place]:
    """Every area in the version of that instant, by id."""
    rows = _place("area", area, area.c.level, area.c.parent, sa.null(), at).order_by(area.c.id)
    return [
        Place(id=r.id, sort=r.sort, kind=r.kind, name=Label(r.name_zh, r.name_en), parent=r.parent, area=r.area)
        for r in connection.execute(rows)
    ]


def all_committees(connection: sa.Connection, at: datetime) -> list[Place]:
    """Every committee that exists at that instant, by id."""
    rows = _place("committee", committee, committee.c.kind, committee.c.parent, committee.c.area, at).order_by(committee.c.id)
    return [
        Place(id=r.id, sort=r.sort, kind=r.kind, name=Label(r.name_zh, r.name_en), parent=r.parent, area=r.area)
        for r in connection.execute(rows)
    ]


def area_code(connection: sa.Connection, area_id: str) -> str | None:
    """The short code of an area for numbers; its id when it has none, None when there is no such area."""
    t = area
    row = connection.execute(sa.select(t.c.code, t.c.id).where(t.c.id == area_id).order_by(t.c.valid_from.desc())).first()
    return None if row is None else row.code or row.id


def area_tree(connection: sa.Connection, at: datetime) -> dict[str, str | None]:
    """Area id → parent id, in the versions of that instant. A city district has some thousand areas."""
    return {r.id: r.parent for r in connection.execute(sa.select(area.c.id, area.c.parent).where(_valid(area, at)))}


def is_empty(connection: sa.Connection) -> bool:
    """Whether there are neither areas nor people."""
    return all(connection.execute(sa.select(t.c.id).limit(1)).first() is None for t in (area, person))


def names(connection: sa.Connection, people: Iterable[str]) -> dict[str, Label]:
    """Names of persons."""
    wanted = sorted(set(people))
    if not wanted:
        return {}
    rows = connection.execute(sa.select(person.c.id, person.c.name_zh, person.c.name_en).where(person.c.id.in_(wanted)))
    return {r.id: Label(r.name_zh, r.name_en) for r in rows}


def person_row(connection: sa.Connection, person_id: str) -> Mapping[str, Any] | None:
    row = connection.execute(sa.select(person).where(person.c.id == person_id)).mappings().first()
    return dict(row) if row else None


def unit_row(connection: sa.Connection, unit_id: str) -> Mapping[str, Any] | None:
    row = connection.execute(sa.select(unit).where(unit.c.id == unit_id)).mappings().first()
    return dict(row) if row else None


def powers_of(connection: sa.Connection, unit_id: str, at: datetime) -> list[Mapping[str, Any]]:
    """Powers a unit has at that instant: {kind, legal_basis, area}."""
    query = (
        sa.select(power.c.kind, power.c.legal_basis, power.c.area).where(power.c.unit == unit_id, _valid(power, at)).order_by(power.c.kind)
    )
    return [dict(r) for r in connection.execute(query).mappings()]


def posts_of_people(connection: sa.Connection, people: Iterable[str], at: datetime) -> list[Held]:
    return _held(connection, post.c.person.in_(sorted(set(people))), at)


def posts_of_role(connection: sa.Connection, role: str, at: datetime) -> list[Held]:
    """Posts of this role held anywhere."""
    return _held(connection, post.c.role == role, at)


def posts_of_roles(connection: sa.Connection, roles: Iterable[str], at: datetime) -> list[Held]:
    """Posts of these roles held anywhere."""
    wanted = sorted(set(roles))
    return _held(connection, post.c.role.in_(wanted), at) if wanted else []


def posts_at(connection: sa.Connection, of: Iterable[str], at: datetime) -> list[Held]:
    """Posts held at these areas, units or committees."""
    return _held(connection, post.c.of.in_(sorted(set(of))), at)


def post_row(connection: sa.Connection, post_id: str) -> Mapping[str, Any] | None:
    row = connection.execute(sa.select(post).where(post.c.id == post_id)).mappings().first()
    return dict(row) if row else None


def seats_of_people(connection: sa.Connection, people: Iterable[str], since: datetime, at: datetime) -> list[Seat]:
    """Seats of these people that began by `at` and had not ended by `since` (``since < at``: includes the hand-over)."""
    wanted = sorted(set(people))
    return _seats(connection, sa.or_(membership.c.person.in_(wanted), representative.c.person.in_(wanted)), since, at)


def seats_in(connection: sa.Connection, committees: Iterable[str], since: datetime, at: datetime) -> list[Seat]:
    return _seats(connection, membership.c.committee.in_(sorted(set(committees))), since, at)


def seats_by_id(connection: sa.Connection, memberships: Iterable[str], at: datetime) -> list[Seat]:
    """These seats with who sits there at that instant; those whose term is over are left out."""
    return _seats(connection, membership.c.id.in_(sorted(set(memberships))), at, at)


def membership_row(connection: sa.Connection, membership_id: str) -> Mapping[str, Any] | None:
    row = connection.execute(sa.select(membership).where(membership.c.id == membership_id)).mappings().first()
    return dict(row) if row else None


def current_representative(connection: sa.Connection, membership_id: str, at: datetime) -> str | None:
    """Row id of the representative of a unit's seat at that instant."""
    query = sa.select(representative.c.id).where(representative.c.membership == membership_id, _valid(representative, at))
    return connection.execute(query).scalar_one_or_none()


def expiring_seats(connection: sa.Connection, start: datetime, until: datetime) -> list[Seat]:
    """Seats whose term ends in ``[start, until)`` and that were not ended for a reason."""
    ending = sa.and_(membership.c.valid_to >= start, membership.c.valid_to < until)
    return _seats(connection, ending, start, start)


def delegations_to(connection: sa.Connection, person_id: str, at: datetime) -> list[Stand]:
    return _stands(connection, delegation.c.to_person == person_id, at)


def delegations_from(connection: sa.Connection, people: Iterable[str], at: datetime) -> list[Stand]:
    return _stands(connection, delegation.c.from_person.in_(sorted(set(people))), at)


def exists(connection: sa.Connection, kind: str, ref: str, at: datetime) -> bool:
    """Whether the person, unit, area, committee or post is there and active at that instant."""
    t = _TABLES[kind]
    query = sa.select(sa.literal(1)).where(t.c.id == ref)
    if "status" in t.c:
        query = query.where(t.c.status == "active")
    if "valid_from" in t.c:
        query = query.where(_valid(t, at))
    return connection.execute(query.limit(1)).first() is not None


def find(
    connection: sa.Connection, kind: str, q: str, at: datetime, *, areas: Sequence[str] | None, kinds: Sequence[str] | None, limit: int
) -> list[Mapping[str, Any]]:
    """Rows of a kind whose id or name contains `q`, valid at that instant, best first: {id, name_zh, name_en, kind, area}."""
    t = _TABLES[kind]
    place = t.c.area if "area" in t.c else (t.c.id if kind == "area" else sa.null())
    sort = t.c.kind if "kind" in t.c else (t.c.level if kind == "area" else sa.literal(""))
    text = q.replace(_ESCAPE, _ESCAPE * 2).replace("%", r"\%").replace("_", r"\_")
    matches = [c.ilike(f"%{text}%", escape=_ESCAPE) for c in (t.c.name_zh, t.c.name_en, t.c.id)]
    begins = sa.case((sa.or_(*(c.ilike(f"{text}%", escape=_ESCAPE) for c in (t.c.name_zh, t.c.name_en))), 0), else_=1)
    query = sa.select(t.c.id, t.c.name_zh, t.c.name_en, sort.label("kind"), place.label("area")).where(sa.or_(*matches))
    if "status" in t.c:
        query = query.where(t.c.status == "active")
    if "valid_from" in t.c:
        query = query.where(_valid(t, at))
    if areas is not None and kind != "person":
        query = query.where(place.in_(sorted(set(areas))))
    if kinds is not None:
        query = query.where(sort.in_(sorted(set(kinds))))
    return [dict(r) for r in connection.execute(query.order_by(begins, t.c.name_zh, t.c.id).limit(limit)).mappings()]


def find_posts(connection: sa.Connection, q: str, named: Sequence[str], at: datetime, limit: int) -> list[Held]:
    """Posts whose holder, title or role code contains `q`, or whose role is one of `named`."""
    text = f"%{q.replace(_ESCAPE, _ESCAPE * 2).replace('%', chr(92) + '%').replace('_', chr(92) + '_')}%"
    holder = sa.select(person.c.id).where(
        sa.or_(person.c.name_zh.ilike(text, escape=_ESCAPE), person.c.name_en.ilike(text, escape=_ESCAPE))
    )
    matches = [c.ilike(text, escape=_ESCAPE) for c in (post.c.title_zh, post.c.title_en, post.c.role, post.c.id)]
    return _held(connection, sa.or_(post.c.person.in_(holder), post.c.role.in_(named), *matches), at)[:limit]


def _place(sort: str, t: sa.Table, kind: Any, parent: Any, place: Any, at: datetime | None) -> sa.Select[Any]:
    text = sa.String(64)
    query = sa.select(
        t.c.id,
        sa.literal(sort).label("sort"),
        kind.label("kind"),
        t.c.name_zh,
        t.c.name_en,
        parent.label("parent"),
        sa.cast(place, text).label("area"),
    )
    return query if at is None else query.where(_valid(t, at))


def _held(connection: sa.Connection, condition: sa.ColumnElement[bool], at: datetime) -> list[Held]:
    query = sa.select(post).where(condition, _valid(post, at)).order_by(post.c.valid_from, post.c.id)
    return [
        Held(
            id=r.id,
            role=r.role,
            code=r.code,
            title=Label(r.title_zh, r.title_en),
            of=r.of,
            person=r.person,
            acting=r.acting,
            substitute_of=r.substitute_of,
            valid_to=r.valid_to,
        )
        for r in connection.execute(query)
    ]


def _seats(connection: sa.Connection, condition: sa.ColumnElement[bool], since: datetime, at: datetime) -> list[Seat]:
    """Seats with the person who sits there at `at`: the member, or the unit's representative of that instant."""
    now = sa.and_(representative.c.membership == membership.c.id, _valid(representative, at))
    not_over = sa.or_(
        membership.c.valid_to.is_(None),
        membership.c.valid_to > at,
        sa.and_(membership.c.valid_to > since, membership.c.ceased_reason.is_(None)),
    )
    sitter = sa.func.coalesce(membership.c.person, representative.c.person)
    query = (
        sa.select(membership, sitter.label("sitter"))
        .join_from(membership, representative, now, isouter=True)
        .where(condition, membership.c.valid_from <= at, not_over, sitter.is_not(None))
        .order_by(membership.c.valid_from, membership.c.id)
    )
    return [
        Seat(
            id=r.id,
            committee=r.committee,
            person=r.sitter,
            unit=r.unit,
            role=r.role,
            voting=r.voting,
            weight=Decimal(r.weight),
            valid_from=r.valid_from,
            valid_to=r.valid_to,
        )
        for r in connection.execute(query)
    ]


def _stands(connection: sa.Connection, condition: sa.ColumnElement[bool], at: datetime) -> list[Stand]:
    not_revoked = sa.or_(delegation.c.revoked_at.is_(None), delegation.c.revoked_at > at)
    query = sa.select(delegation).where(condition, _valid(delegation, at), not_revoked).order_by(delegation.c.id)
    return [
        Stand(id=r.id, from_person=r.from_person, to_person=r.to_person, scope=r.scope, valid_to=r.valid_to)
        for r in connection.execute(query)
    ]


def _valid(t: sa.Table, at: datetime) -> sa.ColumnElement[bool]:
    return sa.and_(t.c.valid_from <= at, sa.or_(t.c.valid_to.is_(None), t.c.valid_to > at))
