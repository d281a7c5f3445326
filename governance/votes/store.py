"""Votes in the database. Every function takes the open connection of the command."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from governance.directory import store as directory
from governance.votes.tables import ballot, box, elector, vote

Row = dict[str, Any]


def insert(connection: sa.Connection, row: Mapping[str, Any], electors: Sequence[Mapping[str, Any]]) -> None:
    connection.execute(vote.insert(), dict(row))
    connection.execute(elector.insert(), [dict(e) for e in electors])
    if row["method"] == "secret":
        connection.execute(box.insert(), {"vote": row["id"], "papers": []})


def get(connection: sa.Connection, vote_id: str, *, lock: bool = False) -> Row | None:
    """The vote; `lock` holds it until the transaction ends (PostgreSQL; SQLite holds the whole database)."""
    query = sa.select(vote).where(vote.c.id == vote_id)
    return _one(connection, query.with_for_update() if lock else query)


def opened_by(connection: sa.Connection, instance: str, call: str) -> Row | None:
    return _one(connection, sa.select(vote).where(vote.c.instance == instance, vote.c.call == call))


def of_meeting(connection: sa.Connection, meeting: str) -> list[Row]:
    """Votes of a meeting, oldest first."""
    return _all(connection, sa.select(vote).where(vote.c.meeting == meeting).order_by(vote.c.opened, vote.c.id))


def of_instance(connection: sa.Connection, instance: str) -> list[Row]:
    return _all(connection, sa.select(vote).where(vote.c.instance == instance).order_by(vote.c.opened, vote.c.id))


def change(connection: sa.Connection, vote_id: str, **values: Any) -> None:
    connection.execute(vote.update().where(vote.c.id == vote_id).values(revision=vote.c.revision + 1, **values))


def waiting_for(connection: sa.Connection, person: str, now: datetime) -> list[Row]:
    """Open votes in which this person has still to cast a ballot, for his own seat, one he represents now, or as proxy.

    Each row is the vote with `elector_no`, `elector_seat` and `seat_name`. Hands are counted, not cast."""
    sits = {s.id for s in directory.seats_of_people(connection, [person], now, now)}
    own = sa.or_(sa.and_(elector.c.membership.is_(None), elector.c.person == person), elector.c.membership.in_(sorted(sits)))
    his = sa.or_(elector.c.proxy_by == person, sa.and_(own, elector.c.proxy_by.is_(None)))
    query = (
        sa.select(vote, elector.c.no.label("elector_no"), elector.c.name.label("seat_name"), elector.c.seat.label("elector_seat"))
        .join(elector, elector.c.vote == vote.c.id)
        .where(
            vote.c.state == "open",
            vote.c.method != "hands",
            sa.or_(vote.c.closes_at.is_(None), vote.c.closes_at > now),
            elector.c.status == "eligible",
            elector.c.voted.is_(False),
            his,
        )
        .order_by(vote.c.opened, vote.c.id, elector.c.no)
    )
    return _all(connection, query)


# Electors


def electors(connection: sa.Connection, vote_id: str) -> list[Row]:
    return _all(connection, sa.select(elector).where(elector.c.vote == vote_id).order_by(elector.c.no))


def electors_of(connection: sa.Connection, votes: Iterable[str]) -> list[Row]:
    """Electors of several votes, by vote and number."""
    query = sa.select(elector).where(elector.c.vote.in_(sorted(set(votes)))).order_by(elector.c.vote, elector.c.no)
    return _all(connection, query)


def mark_voted(connection: sa.Connection, vote_id: str, no: int, press: Mapping[str, Any] | None = None) -> bool:
    """Whether the flag changed: of two presses at once one finds it set."""
    flag = sa.and_(elector.c.vote == vote_id, elector.c.no == no, elector.c.voted.is_(False))
    return bool(connection.execute(elector.update().where(flag).values(voted=True, press=press)).rowcount)


def mark_withdrawn(connection: sa.Connection, vote_id: str, no: int) -> None:
    """He may vote again. The key of his press stays: the old request sent again does not cast for him."""
    connection.execute(elector.update().where(elector.c.vote == vote_id, elector.c.no == no).values(voted=False))


def rewrite_electors(connection: sa.Connection, vote_id: str) -> None:
    """Write the electors again in order of their numbers: neither place nor transaction of a row tells who voted when."""
    rows = [{**e, "press": None} for e in electors(connection, vote_id)]
    connection.execute(elector.delete().where(elector.c.vote == vote_id))
    connection.execute(elector.insert(), rows)


# Ballots


def add_ballot(connection: sa.Connection, row: Mapping[str, Any]) -> None:
    connection.execute(ballot.insert(), dict(row))


def withdraw_ballot(connection: sa.Connection, vote_id: str, seat: str, at: datetime) -> bool:
    standing = sa.and_(ballot.c.vote == vote_id, ballot.c.seat == seat, ballot.c.withdrawn.is_(None))
    return bool(connection.execute(ballot.update().where(standing).values(withdrawn=at)).rowcount)


def ballots(connection: sa.Connection, vote_id: str) -> list[Row]:
    """Ballots that stand, by id: an order that says nothing."""
    return _all(connection, sa.select(ballot).where(ballot.c.vote == vote_id, ballot.c.withdrawn.is_(None)).order_by(ballot.c.id))


def ballots_of(connection: sa.Connection, votes: Iterable[str]) -> list[Row]:
    """Standing ballots of several votes."""
    query = sa.select(ballot).where(ballot.c.vote.in_(sorted(set(votes))), ballot.c.withdrawn.is_(None)).order_by(ballot.c.id)
    return _all(connection, query)


def add_ballots(connection: sa.Connection, rows: Sequence[Mapping[str, Any]]) -> None:
    if rows:
        connection.execute(ballot.insert(), [dict(r) for r in rows])


def papers(connection: sa.Connection, vote_id: str) -> list[str] | None:
    """What lies in the closed box of a secret vote; None once it was emptied."""
    found = connection.execute(sa.select(box.c.papers).where(box.c.vote == vote_id)).scalar_one_or_none()
    return None if found is None else list(found)


def put_papers(connection: sa.Connection, vote_id: str, options: Sequence[str]) -> None:
    connection.execute(box.update().where(box.c.vote == vote_id).values(papers=list(options)))


def drop_box(connection: sa.Connection, vote_id: str) -> None:
    connection.execute(box.delete().where(box.c.vote == vote_id))


def _one(connection: sa.Connection, query: sa.Select[Any]) -> Row | None:
    found = connection.execute(query).first()
    return None if found is None else dict(found._mapping)


def _all(connection: sa.Connection, query: sa.Select[Any]) -> list[Row]:
    return [dict(r._mapping) for r in connection.execute(query)]
